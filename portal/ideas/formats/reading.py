"""Reads a file with ideas, whatever its format, one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO

from portal.ideas.formats import consul, decidim, plain
from portal.ideas.formats.rows import (
    Format,
    ProposalRow,
    Read,
    Reading,
    Refused,
    Result,
    Skipped,
    SkipReason,
    UnreadableFile,
    UnreadableRow,
)
from portal.ideas.formats.sources import host
from portal.ideas.formats.tables import Record, Table, open_table
from portal.kernel.i18n import _l

Cells = Mapping[str, str]
SkipTest = Callable[[Cells], SkipReason | None]
Parse = Callable[[Cells], ProposalRow]


def read(
    stream: BinaryIO, format_: Format | None = None, *, source: str = "", language: str = "nb", names: bool = False
) -> Reading:
    """Open a file with ideas; its rows are read as they are asked for, and never all at once.

    `stream` can be read twice. The format is found from the headings unless it is given. `source` is the address or
    name of the portal it comes from, needed where the file doesn't tell; `language` is that of texts which don't tell
    theirs. People's names are left out unless `names`. Raises UnreadableFile, whose message is for people.
    """
    table = open_table(stream)
    headings = [" ".join(heading.split()).lower() for heading in table.headings]
    chosen = format_ or detect(headings)
    skip, parse, required = _parser(chosen, source, language, names)
    if chosen is Format.CSV:
        headings = [plain.heading(heading) for heading in headings]
    _require(headings, required)
    return Reading(chosen, table.encoding, table.separator, _results(table, headings, skip, parse))


def detect(headings: Sequence[str]) -> Format:
    """Say whose file it is by its headings."""
    found = set(headings)
    if found >= decidim.MARKS:
        return Format.DECIDIM
    return Format.CONSUL if found >= consul.MARKS else Format.CSV


def _parser(chosen: Format, source: str, language: str, names: bool) -> tuple[SkipTest, Parse, Sequence[str]]:
    if chosen is Format.DECIDIM:
        parse = partial(decidim.proposal, source=host(source), names=names)
        return decidim.skip_reason, parse, decidim.REQUIRED
    if chosen is Format.CONSUL:
        return consul.skip_reason, partial(consul.proposal, source=source, language=language), consul.REQUIRED
    parse = partial(plain.proposal, source=source, language=language, names=names)
    return _never, parse, plain.REQUIRED


def _never(_cells: Cells) -> None:
    return None


def _require(headings: Sequence[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in headings]
    if missing:
        raise UnreadableFile(
            _l("Fila mangler kolonnen %(names)s. Er det riktig fil og format?", names=", ".join(missing))
        )


def _results(table: Table, headings: Sequence[str], skip: SkipTest, parse: Parse) -> Iterator[Result]:
    for record in table.records:
        yield record if isinstance(record, Refused) else _result(record, headings, skip, parse)


def _result(record: Record, headings: Sequence[str], skip: SkipTest, parse: Parse) -> Result:
    # Of two columns with one heading the first that says something counts.
    cells: dict[str, str] = {}
    for heading, cell in zip(headings, record.cells, strict=True):
        cells[heading] = cells.get(heading) or cell
    try:
        reason = skip(cells)
        return Skipped(record.row, reason) if reason else Read(record.row, parse(cells))
    except UnreadableRow as error:
        return Refused(record.row, record.line, error.args[0])

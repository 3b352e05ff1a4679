"""`portal import ideas` and `portal export ideas`: ideas from other portals and spreadsheets, and back to a file."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NoReturn

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from portal.ideas.actions.importing import Taken, import_ideas
from portal.ideas.formats.plain import guarded, write_csv
from portal.ideas.formats.reading import read
from portal.ideas.formats.rows import Format, ProposalRow, Read, Reading, Refused, Skipped, UnreadableFile
from portal.ideas.queries.importing import BATCH, exported, find_campaign, known, public_ideas
from portal.kernel.commands import export_group, import_group
from portal.kernel.errors import DomainError
from portal.kernel.i18n import LANGUAGES
from portal.kernel.identity import SYSTEM

A_LINE_EVERY = 2000
"""Rows between two lines when there is no terminal to draw a bar on."""


@dataclass
class _Tally:
    """What has come of the file so far."""

    rows: int = 0
    taken: Taken = field(default_factory=Taken)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: int = 0


@import_group.command("ideas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice([each.value for each in Format]), help="Found by itself when left out."
)
@click.option("--source", default="", help="Address or name of the portal it comes from, where the file doesn't tell.")
@click.option("--names", is_flag=True, help="Take in the names of those who proposed. Only when you have a ground to.")
@click.option(
    "--language", default="nb", show_default=True, metavar=f"{'|'.join(LANGUAGES)}|…", help="Of texts that don't tell."
)
@click.option("--campaign", help="The short name of a campaign to put them in.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where refused rows are listed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@with_appcontext
def import_(  # noqa: PLR0917 - click names them all
    file: Path,
    format_: str | None,
    source: str,
    names: bool,
    language: str,
    campaign: str | None,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Take in ideas from FILE: Decidim's proposals export, CONSUL's open data, or a plain CSV with headings.

    A second run changes nothing, and one that was stopped goes on where it was. Nobody is told of what is taken in.
    """
    if len(language) != 2 or not (language.isascii() and language.isalpha()):
        raise click.BadParameter("two letters, as in nb, nn or en.", param_hint="--language")
    refused_file = report or Path(f"{file}.refused.csv")
    try:
        campaign_id = find_campaign(campaign) if campaign else None
        with file.open("rb") as stream:
            reading = read(
                stream, Format(format_) if format_ else None, source=source, language=language.lower(), names=names
            )
            click.echo(f"{file}: {reading.format.value}, {reading.encoding}, separator {reading.separator!r}.")
            tally = _take_in(reading, stream, refused_file, campaign_id, dry_run=dry_run)
    except UnreadableFile as error:
        _fail(str(error.args[0]))
    except DomainError as error:
        _fail(str(error.message))
    except sa.exc.DBAPIError as error:
        _fail(f"the database refused: {str(error.orig).strip().splitlines()[0]}. Run the same command again to go on.")
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}")
    _summarise(tally, refused_file, dry_run=dry_run)


@export_group.command("ideas")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--names", is_flag=True, help="Take the names that ideas are shown under along.")
@with_appcontext
def export(file: Path, names: bool) -> None:
    """Write the ideas that everybody may read to a CSV FILE, which `portal import ideas` reads back the same."""
    unfinished = file.with_name(f"{file.name}.part")
    total = public_ideas()
    try:
        with unfinished.open("w", newline="", encoding="utf-8-sig") as out:
            write_csv(_told(exported(names=names), total), out)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        _fail(f"{error.filename}: {error.strerror}")
    click.echo(f"{total} ideas are in {file}.")


def _take_in(
    reading: Reading, stream: BinaryIO, refused_file: Path, campaign_id: int | None, *, dry_run: bool
) -> _Tally:
    tally, batch = _Tally(), list[ProposalRow]()
    with _Refusals(refused_file) as refusals, _Progress(stream) as progress:
        for result in reading.results:
            tally.rows += 1
            if isinstance(result, Read):
                batch.append(result.proposal)
            elif isinstance(result, Skipped):
                tally.skipped[result.reason.value] += 1
            else:
                tally.refused += 1
                refusals.add(result)
            if len(batch) == BATCH:
                tally.taken += _take(batch, campaign_id, dry_run=dry_run)
                batch.clear()
            progress.at(tally.rows)
        tally.taken += _take(batch, campaign_id, dry_run=dry_run)
    return tally


def _take(batch: list[ProposalRow], campaign_id: int | None, *, dry_run: bool) -> Taken:
    if not dry_run:
        return import_ideas(SYSTEM, batch, campaign_id=campaign_id)
    fresh = {(row.source, row.origin_id) for row in batch} - known(batch)
    return Taken(new=len(fresh), unchanged=len(batch) - len(fresh))


class _Refusals:
    """A file with the rows that were refused; it is made when there is one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[Refused] = []

    def __enter__(self) -> _Refusals:
        return self

    def add(self, refused: Refused) -> None:
        self._lines.append(refused)

    def __exit__(self, *_: object) -> None:
        if not self._lines:
            return
        with self._path.open("w", newline="", encoding="utf-8-sig") as out:
            writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
            writer.writerow(("row", "line", "reason"))
            writer.writerows((each.row, each.line, guarded(str(each.reason))) for each in self._lines)


class _Progress:
    """A bar on a terminal, by how much of the file is read; otherwise a plain line now and then."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._bar = click.progressbar(length=os.fstat(stream.fileno()).st_size) if sys.stdout.isatty() else None

    def __enter__(self) -> _Progress:
        if self._bar is not None:
            self._bar.__enter__()
        return self

    def at(self, rows: int) -> None:
        if self._bar is not None:
            self._bar.update(self._stream.tell() - self._bar.pos)
        elif rows % A_LINE_EVERY == 0:
            click.echo(f"{rows} rows read.")

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)


def _told(rows: Iterator[ProposalRow], total: int) -> Iterator[ProposalRow]:
    if sys.stdout.isatty():
        with click.progressbar(rows, length=total) as bar:
            yield from bar
        return
    for number, row in enumerate(rows, 1):
        yield row
        if number % A_LINE_EVERY == 0:
            click.echo(f"{number} of {total} written.")


def _summarise(tally: _Tally, refused_file: Path, *, dry_run: bool) -> None:
    skipped = "".join(f", {count} {reason}" for reason, count in sorted(tally.skipped.items()))
    click.echo(
        f"{tally.rows} rows: {tally.taken.new} new, {tally.taken.unchanged} here already, "
        f"{tally.skipped.total()} passed over{f' ({skipped[2:]})' if skipped else ''}, {tally.refused} refused."
    )
    if tally.taken.without_place:
        click.echo(f"{tally.taken.without_place} of the new ones lie outside the map: taken in without a place.")
    if tally.refused:
        click.echo(f"The refused rows and why: {refused_file}", err=True)
    if dry_run:
        click.echo("Nothing was changed.")


def _fail(message: str) -> NoReturn:
    click.echo(f"portal: {message}", err=True)
    sys.exit(1)

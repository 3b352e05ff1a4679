"""Tables in text files: finds encoding and separator by itself, and goes on after a row that is broken."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.ideas.formats.rows import Refused, UnreadableFile, UnreadableRow
from portal.kernel.i18n import _l

SEPARATORS = (";", ",", "\t")
MAX_LINE = 1_000_000
MAX_RECORD = 1_000_000
"""Letters of one row, over all its lines: what a quotation mark that was never closed may swallow before we go back."""
_CHUNK = 1 << 16
_BROKEN = re.compile("[\udc80-\udcff]")
_NAMED_SEPARATOR = re.compile("sep=([;,|\t])\r?\n?", re.IGNORECASE)
LONGEST_FIELD = 131_072
"""Letters in one field of a row."""


@dataclass(frozen=True)
class Record:
    """One row of a table, as many cells as there are headings."""

    row: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """An open table: its headings as they are written, and the rest, read as it is asked for."""

    encoding: str
    separator: str
    headings: tuple[str, ...]
    records: Iterator[Record | Refused]


def open_table(stream: BinaryIO) -> Table:
    """Open a table from a stream that can be read twice; raise UnreadableFile when it has no headings.

    The stream is gone through once to find its encoding. At no time is more than a row in memory.
    """
    encoding = find_encoding(stream)
    stream.seek(0)
    lines = _Lines(io.TextIOWrapper(stream, encoding=encoding, errors=_errors(encoding), newline=""))
    separator = _separator(lines)
    reader = _Reader(lines, separator)
    headings = reader.headings()
    return Table(encoding, separator, headings, reader.records(len(headings)))


def find_encoding(stream: BinaryIO) -> str:
    """Return utf-8-sig, utf-16, utf-8, cp1252 or latin-1.

    A file is UTF-8 when nearly all beyond ASCII reads as that: letters of the older encodings almost never do. A few
    broken letters then spoil the rows they are in, and not the rest.
    """
    beginning = stream.read(3)
    if beginning.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if beginning[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = beyond = 0
    undefined = False
    while chunk := stream.read(_CHUNK):
        text = decoder.decode(chunk)
        broken += len(_BROKEN.findall(text))
        beyond += len(text) - len(text.encode("ascii", "ignore"))
        undefined = undefined or any(code in chunk for code in b"\x81\x8d\x8f\x90\x9d")
    broken += len(_BROKEN.findall(decoder.decode(b"", final=True)))
    if broken * 10 <= beyond - broken:
        return "utf-8"
    return "latin-1" if undefined else "cp1252"


def _errors(encoding: str) -> str:
    # A lone half of a character stands in the row it is in and refuses it there. UTF-16 has no such half to give.
    return "replace" if encoding == "utf-16" else "surrogateescape"


class _Lines:
    """The lines of a file, some of which can be given back to be read once more."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        """Since the last `mark`."""
        self.number = 0
        """Of the line that was read last."""
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_RECORD:
            raise UnreadableRow(_l("Et anførselstegn er åpnet og aldri lukket, eller raden er for lang."))
        return line

    def mark(self) -> None:
        """Begin a new row here."""
        self.taken, self._size = [], 0

    def back_to_second(self) -> None:
        """Give back all lines of the row but its first."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        self.mark()

    def give_back(self) -> None:
        """Give back the whole row."""
        self._again.extendleft(reversed(self.taken))
        self.number -= len(self.taken)
        self.mark()

    def let_go(self) -> None:
        """Leave the stream open to whoever opened it."""
        self._text.detach()

    def _read(self) -> str:
        line = self._text.readline(MAX_LINE)
        if len(line) == MAX_LINE and not line.endswith("\n"):
            while (rest := self._text.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
            self.number += 1
            raise UnreadableRow(_l("Linja er lengre enn %(letters)s tegn.", letters=MAX_LINE))
        return line


def _separator(lines: _Lines) -> str:
    """Find what parts the headings: what an Excel file says in its first line, else what gives the most of them."""
    try:
        first = next(lines)
    except (StopIteration, UnreadableRow):
        raise UnreadableFile(_l("Fila er tom, eller den er ikke en tabell.")) from None
    if named := _NAMED_SEPARATOR.fullmatch(first):
        lines.mark()
        return named[1]
    lines.give_back()
    return max(SEPARATORS, key=lambda separator: _width(first, separator))


def _width(line: str, separator: str) -> int:
    return len(next(csv.reader([line], delimiter=separator), []))


class _Reader:
    def __init__(self, lines: _Lines, separator: str) -> None:
        self._lines = lines
        csv.field_size_limit(LONGEST_FIELD)  # the limit is the process's, and others set theirs
        self._csv = csv.reader(lines, delimiter=separator, strict=True)
        self._row = 0

    def headings(self) -> tuple[str, ...]:
        for record in self._rows():
            if isinstance(record, Refused):
                break
            return record.cells
        raise UnreadableFile(_l("Fila er tom, eller den er ikke en tabell."))

    def records(self, width: int) -> Iterator[Record | Refused]:
        try:
            yield from self._records(width)
        finally:
            self._lines.let_go()

    def _records(self, width: int) -> Iterator[Record | Refused]:
        for record in self._rows():
            if isinstance(record, Refused):
                yield record
                continue
            try:
                yield Record(record.row, record.line, _checked(record.cells, width))
            except UnreadableRow as error:
                yield Refused(record.row, record.line, error.args[0])

    def _rows(self) -> Iterator[Record | Refused]:
        """Go through the rows; after a broken one go on at the line below the one it began in."""
        while True:
            self._lines.mark()
            line = self._lines.number + 1
            try:
                cells = next(self._csv)
            except StopIteration:
                return
            except UnreadableRow as error:
                yield self._broken(line, error.args[0])
            except csv.Error as error:
                yield self._broken(line, _reason(error))
            else:
                self._row += 1
                if cells:
                    yield Record(self._row, line, tuple(cells))

    def _broken(self, line: int, reason: object) -> Refused:
        self._row += 1
        self._lines.back_to_second()
        return Refused(self._row, line, reason)


def _reason(error: csv.Error) -> object:
    if "field larger" in str(error):
        return _l("Et felt er lengre enn %(letters)s tegn.", letters=LONGEST_FIELD)
    return _l("Anførselstegnene i raden er ikke satt riktig.")


def _checked(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    if len(cells) < width or any(cells[width:]):
        raise UnreadableRow(
            _l("Raden har %(found)s felt, mens overskriften har %(wanted)s.", found=len(cells), wanted=width)
        )
    for cell in cells:
        if "\0" in cell:
            raise UnreadableRow(_l("Raden har NUL-tegn i seg. Da er noe av den borte."))
        if _BROKEN.search(cell) or "\ufffd" in cell:
            raise UnreadableRow(_l("Raden har bokstaver som ikke kan leses."))
    return cells[:width]

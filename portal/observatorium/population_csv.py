"""The file with the municipality's population: read as a spreadsheet saves it, or refused with the reason."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import _l
from portal.observatorium.population import AgeBand, Gender

COLUMNS = ("alder", "kjønn", "lokalsamfunn", "antall")
LARGEST = 500_000
"""Bytes: five age bands, two genders and some hundred lokalsamfunn are far less."""
MOST = 10_000_000
"""Inhabitants in one row."""
BANDS: Mapping[str, AgeBand] = {
    **{band.value: band for band in AgeBand},
    "under 18": AgeBand.UNDER_18,
    "67 og eldre": AgeBand.FROM_67,
    "over 66": AgeBand.FROM_67,
}
GENDERS: Mapping[str, Gender] = {
    "kvinne": Gender.WOMAN,
    "kvinner": Gender.WOMAN,
    "k": Gender.WOMAN,
    "mann": Gender.MAN,
    "menn": Gender.MAN,
    "m": Gender.MAN,
}
SUMS = frozenset({"sum", "totalt", "total", "i alt"})

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Table:
    """Inhabitants by age band, gender and lokalsamfunn (its number as text), and all of them."""

    cells: Mapping[Key, int]

    @property
    def total(self) -> int:
        return sum(self.cells.values())


class UnreadableError(Exception):
    """The file can't be used; says why, in words for a person."""


def example(area: str) -> Sequence[str]:
    """Return the first lines of a file as it should be."""
    rows = (COLUMNS, ("0-17", "kvinne", area, "1203"), ("0-17", "mann", area, "1250"))
    return [";".join(row) for row in rows]


def read(data: bytes, areas: Mapping[str, int]) -> Table:
    """Read a file, with semicolon, comma or tabulator; raises UnreadableError.

    `areas` are the numbers of the lokalsamfunn by name: each must be in the file.
    """
    lines = _lines(data)
    if tuple(cell.casefold() for cell in lines[0][1]) != COLUMNS:
        raise UnreadableError(_l("Første linje må være: %(columns)s.", columns=";".join(COLUMNS)))
    known = {name.casefold(): str(number) for name, number in areas.items()}
    cells: dict[Key, int] = {}
    told: int | None = None
    for line, row in lines[1:]:
        if len(row) != len(COLUMNS):
            raise UnreadableError(_l("Linje %(line)s har ikke fire kolonner.", line=line))
        count = _count(line, row[3])
        if row[0].casefold() in SUMS:
            told = count
            continue
        key = _key(line, row, known)
        if key in cells:
            raise UnreadableError(_l("Linje %(line)s gjentar en tidligere linje.", line=line))
        cells[key] = count
    table = Table(cells)
    _check(table, told, areas)
    return table


def _lines(data: bytes) -> Sequence[tuple[int, list[str]]]:
    """Return the lines that hold something, with their numbers."""
    if len(data) > LARGEST:
        raise UnreadableError(_l("Fila er for stor. Den kan være høyst 500 kB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(
            _l("Fila er ikke lagret som UTF-8. Velg «CSV UTF-8» når du lagrer fra regnearket.")
        ) from None
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        lines = [(rows.line_num, [cell.strip() for cell in row]) for row in rows if any(map(str.strip, row))]
    except csv.Error:
        raise UnreadableError(_l("Fila er ikke en CSV-fil.")) from None
    if not lines:
        raise UnreadableError(_l("Fila er tom."))
    return lines


def _key(line: int, row: Sequence[str], areas: Mapping[str, str]) -> Key:
    age = row[0].casefold().replace("–", "-").replace(" år", "").replace(" - ", "-")
    refused: Any = None
    if age not in BANDS:
        bands = ", ".join(band.value for band in AgeBand)
        refused = _l(
            "Linje %(line)s: «%(word)s» er ikke en av aldersgruppene %(bands)s.", line=line, word=row[0], bands=bands
        )
    elif row[1].casefold() not in GENDERS:
        refused = _l("Linje %(line)s: «%(word)s» er verken kvinne eller mann.", line=line, word=row[1])
    elif row[2].casefold() not in areas:
        refused = _l("Linje %(line)s: «%(word)s» er ikke et lokalsamfunn her.", line=line, word=row[2])
    if refused is not None:
        raise UnreadableError(refused)
    return BANDS[age].value, GENDERS[row[1].casefold()].value, areas[row[2].casefold()]


def _count(line: int, text: str) -> int:
    digits = text.replace(" ", "").replace("\u00a0", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise UnreadableError(_l("Linje %(line)s: «%(word)s» er ikke et helt antall fra null.", line=line, word=text))
    return int(digits)


def _check(table: Table, told: int | None, areas: Mapping[str, int]) -> None:
    if table.total == 0:
        raise UnreadableError(_l("Fila har ingen innbyggere."))
    if told is not None and told != table.total:
        raise UnreadableError(_l("Summen i fila er %(told)s, men radene gir %(total)s.", told=told, total=table.total))
    given = {area for _age, _gender, area in table.cells}
    missing = [name for name, number in areas.items() if str(number) not in given]
    if missing:
        raise UnreadableError(
            _l("Det mangler tall for %(names)s. Skriv 0 der ingen bor.", names=", ".join(sorted(missing)))
        )

"""Reads a figure over time from a CSV file: «periode;verdi», for when there is no network or no table to ask."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from portal.observatorium.series_points import MOST_DIGITS, MOST_POINTS, Fault, Point, Unusable, checked, read_period

HEADER = ("periode", "verdi")
SIGNS = frozenset({"", ":", ".", "..", "-"})
"""What stands for a value that isn't there, as Statistics Norway writes it."""
MOST_BYTES = 200_000


@dataclass(frozen=True)
class Read:
    """The points of a file, and how it was encoded."""

    points: tuple[Point, ...]
    encoding: str


def read(content: bytes) -> Read:
    """Return the points; raise Unusable, which says what is wrong, and on which line."""
    text, encoding = _text(content)
    lines = csv.reader(text.splitlines(), delimiter=";")
    try:
        rows = [(lines.line_num, row) for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unusable(Fault.COLUMNS, str(lines.line_num)) from error
    if not rows or tuple(cell.strip().casefold() for cell in rows[0][1]) != HEADER:
        raise Unusable(Fault.HEADER, ";".join(rows[0][1]) if rows else "")
    if len(rows) - 1 > MOST_POINTS:
        raise Unusable(Fault.TOO_MANY, str(len(rows) - 1))
    return Read(checked([_point(line, row) for line, row in rows[1:]]), encoding)


def _text(content: bytes) -> tuple[str, str]:
    """Decode UTF-8, or the Latin-1 that older spreadsheets write; UTF-16 and what isn't text are refused."""
    if b"\x00" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unusable(Fault.ENCODING)
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def _point(line: int, row: list[str]) -> Point:
    if len(row) != len(HEADER):
        raise Unusable(Fault.COLUMNS, str(line))
    period, cell = read_period(row[0]), row[1].strip()
    if cell in SIGNS:
        return Point(period, None, cell)
    return Point(period, _number(cell, line))


def _number(cell: str, line: int) -> Decimal:
    """Read «1 234,5» and «1234.5»; a point for thousands and a comma for decimals in one number are refused."""
    bare = cell.replace("\xa0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
    plain = bare.replace(",", ".")
    if not bare.isascii() or "_" in plain or "e" in plain.casefold():
        raise Unusable(Fault.VALUE, f"{line}: {cell}")
    try:
        found = Decimal(plain)
    except InvalidOperation as error:
        raise Unusable(Fault.VALUE, f"{line}: {cell}") from error
    if not found.is_finite() or len(plain) > MOST_DIGITS:
        raise Unusable(Fault.VALUE, f"{line}: {cell}")
    return found

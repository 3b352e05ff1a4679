"""What a dataset is: its name, its rows, and the dictionary that says what each column means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.kernel.i18n import _l

BATCH = 200
"""Rows that are read at a time: the memory an export takes, however much there is."""
ROUNDED = 3
"""Decimals of a place: some hundred metres, so that no point is somebody's door."""
HIDDEN = ":"
"""In a CSV file: it is known, but hidden so that nobody can be told from it. In JSON it is null."""


class Kind(StrEnum):
    """What a cell holds; the values are the datatypes of CSV on the Web (W3C)."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "boolean"
    DATE = "date"
    MOMENT = "dateTime"
    MONTH = "gYearMonth"
    ADDRESS = "anyURI"


class Licence(StrEnum):
    """What the datasets may be used under; the values are SPDX identifiers."""

    NLOD = "NLOD-2.0"


LICENCES: Mapping[Licence, tuple[str, str]] = {
    Licence.NLOD: ("NLOD 2.0", "https://data.norge.no/nlod/no/2.0"),
}
"""What people call each, and where it is read."""
ITS_OWN = _l("Hver rad har sin egen lisens. Den står i kolonnen «licence».")
"""What is said of a dataset that has none as a whole."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column: its name in the files, and what it means."""

    name: str
    meaning: Any
    kind: Kind = Kind.TEXT
    values: Sequence[str] = ()
    """The only words there are; empty when it can be anything."""
    is_list: bool = False
    always: bool = False
    """Never empty."""
    may_be_hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A set of open data: nothing that isn't shown in public, and no name of a person."""

    name: str
    """In addresses and of its files."""
    title: Any
    description: Any
    keywords: Sequence[Any]
    themes: Sequence[str]
    """Of the EU's «data theme»."""
    resource: str
    """The same in the API."""
    fields: Sequence[Field]
    rows: Callable[[], Iterator[Mapping[str, Any]]]
    """Read some at a time; every row has every field."""
    licence: Licence | None = Licence.NLOD
    """None: each row has its own, in the column `licence`."""


def every(read: Callable[[str | None], Any]) -> Iterator[Any]:
    """Return every item of a list that is read page by page, from a cursor to the next."""
    cursor: str | None = None
    while True:
        page = read(cursor)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def picked(item: object, fields: Sequence[Field]) -> dict[str, Any]:
    """Return what an item says in the fields of a dataset, and nothing else."""
    return {field.name: getattr(item, field.name) for field in fields}


def rounded(degrees: float | None) -> float | None:
    """Return a place so roughly that no point is somebody's door."""
    return None if degrees is None else round(degrees, ROUNDED)

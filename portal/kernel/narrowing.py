"""Narrowing a list by what stands after the question mark of its address: reading it, and what a page shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

E = TypeVar("E", bound=StrEnum)

LONGEST = 200
"""Letters that are read of what is looked for."""


@dataclass(frozen=True)
class Tag:
    """One thing a list is narrowed to, and the address of the list without it."""

    text: str
    url: str


@dataclass(frozen=True)
class Link:
    """One way to show a list, as its order, and whether it is the one."""

    text: Any
    url: str
    chosen: bool


@dataclass(frozen=True)
class Pick:
    """One select of the form that narrows a list: what can be chosen, in groups, and what is."""

    name: str
    label: Any
    groups: Sequence[tuple[str, Sequence[tuple[str, Any]]]]
    chosen: str

    @property
    def is_offered(self) -> bool:
        """Say whether there is anything to choose."""
        return any(options for _group, options in self.groups)


def one_of(kind: type[E], value: str | None) -> E | None:
    """Return the member of an enum that has this value; None when there is none."""
    return next((each for each in kind if each.value == value), None)


def number(value: str) -> int | None:
    """Return a number that a row can have; None for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 and int(value) else None


def word(value: str) -> str:
    """Return what can be a word of an address; nothing for anything else."""
    return value if value.isascii() and value.isprintable() and len(value) <= 80 else ""

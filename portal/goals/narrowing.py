"""The goals and the indicators that a list can be narrowed to, as they stand in an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.goals.events import GOAL
from portal.goals.queries import choices
from portal.kernel.content import Option
from portal.kernel.i18n import language
from portal.kernel.narrowing import number

INDICATOR = "indicator"


def goal(value: str) -> int | None:
    """Return one of the 17; None for anything else."""
    found = number(value)
    return found if found and found <= 17 else None


def indicator(value: str) -> int | None:
    """Read «1.8», which is how people know it, into the number that links point at; None for anything else."""
    if not value:
        return None
    return next((each.id for each in choices(INDICATOR, language()) if _first_word(each) == value), None)


def indicator_number(id_: int | None) -> str:
    """Return what people call an indicator, as «1.8»; nothing for none."""
    found = (each for each in choices(INDICATOR, language()) if each.id == id_) if id_ else ()
    return next((_first_word(each) for each in found), "")


def labels(kind: str) -> Mapping[int, str]:
    """Return what all of a kind are called, by number."""
    return {each.id: each.label for each in choices(kind, language())}


def options(kind: str) -> list[tuple[str, Sequence[tuple[str, Any]]]]:
    """Return the groups of a select: the value in the address, and what it is called."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for each in choices(kind, language()):
        value = str(each.id) if kind == GOAL else _first_word(each)
        groups.setdefault(each.group, []).append((value, each.label))
    return list(groups.items())


def _first_word(option: Option) -> str:
    return option.label.split(" ", 1)[0]

"""The rule that makes the municipality's own colour of what was found in the parts. Ours, not the standard's.

It is explained on the method page, with an example made by the functions here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.observatorium.catalogue import Level


class PartLevel(StrEnum):
    """What can be said of a sub-indicator."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NOT_ASSESSED = "not_assessed"
    NOT_RELEVANT = "not_relevant"


class Why(StrEnum):
    """Which line of the rule gave the colour."""

    NOTHING_ASSESSED = "nothing_assessed"
    NOTHING_RELEVANT = "nothing_relevant"
    A_RED = "a_red"
    A_YELLOW = "a_yellow"
    NOT_ALL_ASSESSED = "not_all_assessed"
    ALL_GREEN = "all_green"


_COLOURS = {
    Why.NOTHING_ASSESSED: None,
    Why.NOTHING_RELEVANT: None,
    Why.A_RED: Level.RED,
    Why.A_YELLOW: Level.YELLOW,
    Why.NOT_ALL_ASSESSED: Level.YELLOW,
    Why.ALL_GREEN: Level.GREEN,
}


def counted_as(level: PartLevel, *, evidence: Iterable[bool] = (), is_confirmed: bool = True) -> PartLevel:
    """Return what a sub-indicator counts as.

    `evidence` says of each piece whether it is valid on the closing date. When there is evidence and none of it is, the
    sub-indicator counts as not assessed. So does a green without evidence, and what was copied from an earlier round
    and isn't confirmed.
    """
    if level is PartLevel.NOT_ASSESSED or not is_confirmed:
        return PartLevel.NOT_ASSESSED
    if level is PartLevel.NOT_RELEVANT:
        return level
    valid = list(evidence)
    missing = level is PartLevel.GREEN and not valid
    expired = bool(valid) and not any(valid)
    return PartLevel.NOT_ASSESSED if missing or expired else level


def why(parts: Iterable[PartLevel]) -> Why:
    """Return the line of the rule that decides the colour of an indicator with these sub-indicators."""
    every = list(parts)
    relevant = {part for part in every if part is not PartLevel.NOT_RELEVANT}
    if every and not relevant:
        return Why.NOTHING_RELEVANT
    if relevant <= {PartLevel.NOT_ASSESSED}:
        return Why.NOTHING_ASSESSED
    if PartLevel.RED in relevant:
        return Why.A_RED
    if PartLevel.YELLOW in relevant:
        return Why.A_YELLOW
    return Why.NOT_ALL_ASSESSED if PartLevel.NOT_ASSESSED in relevant else Why.ALL_GREEN


def colour(parts: Iterable[PartLevel]) -> Level | None:
    """Return the colour of an indicator with these sub-indicators; none is grey."""
    return _COLOURS[why(parts)]


def counts(parts: Iterable[PartLevel]) -> dict[PartLevel, int]:
    """Return how many sub-indicators count as what: always shown beside the colour."""
    every = list(parts)
    return {level: every.count(level) for level in PartLevel}

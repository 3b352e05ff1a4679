"""Comparing two published rounds of the municipality: what moved, and whether by more than the figures leave unsure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.observatorium.catalogue import sort_key
from portal.observatorium.results import IndicatorResult

BY_CHANCE = 0.006
"""How often two 95 % intervals are apart though nothing moved, by the model: 2.77 standard errors, rounded up."""


class Moved(StrEnum):
    """Which way the share that answered green has gone, where the intervals are apart."""

    UP = "up"
    DOWN = "down"


class Unlike(StrEnum):
    """Why two rounds can't be compared."""

    METHOD = "method"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, kw_only=True)
class Version:
    """What the figures of a round were made with."""

    method: str
    catalogue: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One indicator in the earlier and the later round."""

    indicator: str
    before: IndicatorResult
    after: IndicatorResult
    moved: Moved | None
    compared: bool
    """Whether the shares of both are told, of the same groups: else nothing is known of a change."""


def unlike(one: Version, other: Version) -> tuple[Unlike, ...]:
    """Return why the figures of two rounds mean different things; nothing when they can be compared."""
    reasons = {Unlike.METHOD: one.method != other.method, Unlike.CATALOGUE: one.catalogue != other.catalogue}
    return tuple(reason for reason, holds in reasons.items() if holds)


def compare(before: Iterable[IndicatorResult], after: Iterable[IndicatorResult]) -> Sequence[Change]:
    """Put the results of two comparable rounds beside each other, in the order of the indicators."""
    earlier = {result.indicator: result for result in before}
    later = {result.indicator: result for result in after}
    return [
        Change(
            indicator=number,
            before=earlier[number],
            after=later[number],
            moved=moved(earlier[number], later[number]),
            compared=comparable(earlier[number], later[number]),
        )
        for number in sorted(earlier.keys() & later.keys(), key=sort_key)
    ]


def comparable(before: IndicatorResult, after: IndicatorResult) -> bool:
    """Say whether the figures of both are told, and are of the same groups."""
    told = before.overall.interval is not None and after.overall.interval is not None
    return told and before.overall.covers == after.overall.covers


def moved(before: IndicatorResult, after: IndicatorResult) -> Moved | None:
    """Say «up» or «down» only when the intervals of the green share are apart, and the same groups are covered."""
    old, new = before.overall.interval, after.overall.interval
    if old is None or new is None or before.overall.covers != after.overall.covers:
        return None
    if new.green[0] > old.green[1]:
        return Moved.UP
    return Moved.DOWN if new.green[1] < old.green[0] else None


def expected_by_chance(comparisons: int) -> float:
    """Return how many would seem changed though nothing moved, if the model held."""
    return round(comparisons * BY_CHANCE, 1)


class Since(StrEnum):
    """What is known of a colour since something was done about it."""

    AWAITED = "awaited"
    UP = "up"
    DOWN = "down"
    UNSURE = "unsure"
    """The intervals meet: what differs may be chance, whatever the colours say."""
    HIDDEN = "hidden"
    UNLIKE = "unlike"


@dataclass(frozen=True, kw_only=True)
class Stand:
    """What one published round said of an indicator, and what its figures were made with."""

    slug: str
    title: str
    version: Version
    result: IndicatorResult


def since(stands: Sequence[Stand]) -> Since:
    """Say what is known of the way from the first of some rounds to the last, oldest first."""
    if len(stands) < 2:
        return Since.AWAITED
    first, last = stands[0], stands[-1]
    if unlike(first.version, last.version):
        return Since.UNLIKE
    if not comparable(first.result, last.result):
        return Since.HIDDEN
    went = moved(first.result, last.result)
    return Since(went.value) if went else Since.UNSURE

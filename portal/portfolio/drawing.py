"""Where bars and lines of the portfolio's charts stand: per cent along the page, pixels down it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

HEIGHT = 208
"""Pixels of the plot of a course."""
MARGIN = 28
"""Pixels above and under the outermost values, for their labels."""
EDGES = (3, 97)
"""Per cent along the page between which a course is drawn."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """What was planned and what is gained, of one thing; `label` is its name, `href` its page."""

    label: str
    planned: Decimal
    gained: Decimal
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class PairBar:
    """A drawn pair: the plan as a frame, what is gained as its filling. Widths are per cent of the longest bar."""

    pair: Pair
    planned_width: float
    gained_width: float

    @property
    def end(self) -> float:
        """Return where the longer of the two ends."""
        return max(self.planned_width, self.gained_width)


def pair_bars(pairs: Iterable[Pair]) -> tuple[PairBar, ...]:
    """Lay pairs out on one scale from 0. What went the wrong way has no filling: its number says so."""
    pairs = tuple(pairs)
    longest = max([*(pair.planned for pair in pairs), *(pair.gained for pair in pairs), Decimal(0)]) or Decimal(1)
    return tuple(
        PairBar(
            pair=pair,
            planned_width=_per_cent(pair.planned, longest),
            gained_width=_per_cent(pair.gained, longest),
        )
        for pair in pairs
    )


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A value on a day, and where it stands."""

    day: date
    value: Decimal
    x: float
    y: float

    @property
    def anchor(self) -> str:
        """Return to which side of the mark there is room for its label."""
        return "start" if self.x < 25 else "end" if self.x > 75 else "middle"


@dataclass(frozen=True, kw_only=True)
class Course:
    """Measurements over time, and the straight way from baseline to target that was planned."""

    baseline: Mark | None
    target: Mark
    measured: tuple[Mark, ...]
    lines: tuple[tuple[Mark, Mark], ...]
    """From the baseline through the measurements, in order."""
    height: int = HEIGHT

    @property
    def falls(self) -> bool:
        """Say whether the target is below where it began: labels stand where there is room then."""
        first = self.baseline or (self.measured[0] if self.measured else None)
        return first is not None and first.y <= self.target.y


def course(
    baseline: tuple[date, Decimal] | None, target: tuple[date, Decimal], measured: Sequence[tuple[date, Decimal]]
) -> Course:
    """Lay out a benefit's course; measurements come oldest first.

    The scale goes from the lowest value to the highest: lines show change, so it needs no 0.
    """
    known = [*([baseline] if baseline else []), target, *measured]
    days = [day.toordinal() for day, _value in known]
    values = [value for _day, value in known]

    def mark(point: tuple[date, Decimal]) -> Mark:
        day, value = point
        return Mark(day=day, value=value, x=_across(day.toordinal(), days), y=_down(value, values))

    start = mark(baseline) if baseline else None
    marks = tuple(mark(point) for point in measured)
    way = [*([start] if start else []), *marks]
    return Course(baseline=start, target=mark(target), measured=marks, lines=tuple(pairwise(way)))


def _per_cent(value: Decimal, longest: Decimal) -> float:
    return round(float(100 * max(value, Decimal(0)) / longest), 2)


def _across(day: int, days: Sequence[int]) -> float:
    low, high = min(days), max(days)
    first, last = EDGES
    return round(first + (last - first) * (day - low) / (high - low), 2) if high > low else 50.0


def _down(value: Decimal, values: Sequence[Decimal]) -> float:
    low, high = min(values), max(values)
    if high == low:
        return HEIGHT / 2
    return round(MARGIN + (HEIGHT - 2 * MARGIN) * float((high - value) / (high - low)), 1)

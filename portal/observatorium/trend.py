"""A small chart of a figure over time: where its dots, lines and axis lie, for a drawing as wide as the page allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.observatorium.series_points import Point

HEIGHT = 132
TOP, BOTTOM = 26, 104
"""In pixels: room for a figure above the highest dot, and for the periods under the lowest."""
LEFT, RIGHT = 6.0, 94.0
"""In per cent of the width: half a label goes outside on either side."""
APART = 24.0
"""Per cent between two labels, so that they don't meet on a narrow screen."""


@dataclass(frozen=True)
class Dot:
    """A point that has a value; `named` when its value is written at it."""

    point: Point
    x: float
    y: float
    named: bool


@dataclass(frozen=True)
class Trend:
    """A drawn series. A gap in the figures is a gap in the line."""

    dots: tuple[Dot, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    zero: float | None
    """Where zero lies, when it is within the drawing."""
    height: int = HEIGHT


def draw(points: Sequence[Point]) -> Trend | None:
    """Return the drawing; none before there are two values to draw a line between.

    Zero is always within it, so that a small change doesn't look large.
    """
    told = [(place, point.value) for place, point in enumerate(points) if point.value is not None]
    if len(told) < 2:
        return None
    low, high = min(Decimal(0), *(value for _, value in told)), max(Decimal(0), *(value for _, value in told))
    across = (RIGHT - LEFT) / (len(points) - 1)
    named = _named(told, across)
    dots = tuple(
        Dot(points[place], round(LEFT + across * place, 3), _height(value, low, high), place in named)
        for place, value in told
    )
    pairs = zip(zip(told, dots, strict=True), zip(told[1:], dots[1:], strict=True), strict=False)
    lines = tuple((a.x, a.y, b.x, b.y) for ((at, _), a), ((then, _), b) in pairs if then == at + 1)
    return Trend(dots, lines, _height(Decimal(0), low, high))


def _named(told: Sequence[tuple[int, Decimal]], across: float) -> set[int]:
    """Choose the dots that get their value written: the last, then first, highest and lowest where they fit."""
    chosen = {told[-1][0]}
    for place in (told[0][0], max(told, key=_by_value)[0], min(told, key=_by_value)[0]):
        if all(abs(place - other) * across >= APART for other in chosen):
            chosen.add(place)
    return chosen


def _by_value(told: tuple[int, Decimal]) -> Decimal:
    return told[1]


def _height(value: Decimal, low: Decimal, high: Decimal) -> float:
    share = (value - low) / (high - low) if high > low else Decimal(0)
    return round(float(BOTTOM - share * (BOTTOM - TOP)), 2)

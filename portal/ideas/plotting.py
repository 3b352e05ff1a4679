"""Where ideas stand in the plot of value against feasibility, and where there is room for their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 480
LEFT, RIGHT, TOP, BOTTOM = 48, 24, 24, 48
LINE = 18
"""The height of a name."""
LETTER = 7.2
"""The width of a letter, about."""
LENGTHS = (28, 18)
"""Letters of a name, and of one where there is little room; the table has the whole of it."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """Something with a value and a feasibility, 1–5."""

    number: int
    name: str
    value: float
    feasibility: float


@dataclass(frozen=True, kw_only=True)
class Dot:
    """Where it is drawn, and its name: `anchor` start or end; no name when there is no room for it."""

    point: Point
    x: float
    y: float
    name: str
    name_x: float
    name_y: float
    anchor: str


def plot(points: Sequence[Point]) -> list[Dot]:
    """Lay the points out, feasibility along and value up, each name where it hides no other; most valuable first."""
    ordered = sorted(points, key=lambda point: (-point.value, -point.feasibility, point.number))
    places = [(x_of(point.feasibility), y_of(point.value)) for point in ordered]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in places]
    dots = []
    for point, (x, y) in zip(ordered, places, strict=True):
        name, box, anchor = _named(point.name, x, y, taken)
        if box is not None:
            taken.append(box)
        dots.append(
            Dot(
                point=point,
                x=round(x, 1),
                y=round(y, 1),
                name=name,
                name_x=round(x + (11 if anchor == "start" else -11), 1),
                name_y=round((box[1] + box[3]) / 2 if box else y, 1),
                anchor=anchor,
            )
        )
    return dots


def x_of(feasibility: float) -> float:
    """Return where 1–5 stands along the plot."""
    return LEFT + (feasibility - 1) / 4 * (WIDTH - LEFT - RIGHT)


def y_of(value: float) -> float:
    """Return where 1–5 stands up the plot."""
    return HEIGHT - BOTTOM - (value - 1) / 4 * (HEIGHT - TOP - BOTTOM)


Box = tuple[float, float, float, float]


def _named(name: str, x: float, y: float, taken: Sequence[Box]) -> tuple[str, Box | None, str]:
    """Return the name as long as there is room for, where it stands, and which end of it is at the dot."""
    for letters in LENGTHS:
        shown = name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"
        box, anchor = _room(x, y, len(shown) * LETTER, taken)
        if box is not None:
            return shown, box, anchor
    return "", None, "start"


def _room(x: float, y: float, width: float, taken: Sequence[Box]) -> tuple[Box | None, str]:
    """Return the first free box beside the dot: to the right or left, level with it, under it or over it."""
    for down in (0, LINE, -LINE):
        for anchor in ("start", "end"):
            left = x + 9 if anchor == "start" else x - 9 - width
            box = (left, y + down - LINE / 2, left + width, y + down + LINE / 2)
            inside = left >= 4 and left + width <= WIDTH - 4 and box[1] >= 0 and box[3] <= HEIGHT - BOTTOM / 2
            if inside and not any(_meet(box, other) for other in taken if not _holds(other, x, y)):
                return box, anchor
    return None, "start"


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: Box, x: float, y: float) -> bool:
    return box == (x - 7, y - 7, x + 7, y + 7)

"""A map as a picture that needs no script: tiles, outlines, names and marks, in the pixels of a zoom."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.places import geometry
from portal.places.gathering import Cell
from portal.places.geometry import DEPTH, Box, Outline, Point, Ring

TILE = 256
Size = tuple[int, int]
WIDE: Size = (720, 720)
"""Pixels of the map of many things."""
SMALL: Size = (480, 240)
"""Pixels of the map of one thing."""
CLOSE, CLOSEST = 13, 15
"""The zoom of a map of one thing: where only the lokalsamfunn is known, and where the point is."""
OUTSIDE = 40
"""Pixels beyond the picture that the country's outline is cut at."""
LETTER = 7.5
"""Width of a letter of a name, about."""


@dataclass(frozen=True)
class Area:
    """A lokalsamfunn to be drawn."""

    name: str
    point: Point
    outline: Outline | None


@dataclass(frozen=True)
class Tile:
    """One tile of the background, and where its upper left corner is."""

    zoom: int
    column: int
    row: int
    x: float
    y: float


@dataclass(frozen=True)
class Name:
    """The name of a lokalsamfunn, centred at a point."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """Where things are, how many, and the box to look closer at."""

    x: float
    y: float
    radius: float
    count: int
    box: Box
    is_approximate: bool
    kind: str
    """Of a thing that stands alone; empty for several."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that is drawn, from the back to the front."""

    width: int
    height: int
    land: str
    """The country's outline as a path, under everything: what there is when no tile comes."""
    tiles: Sequence[Tile]
    shapes: Sequence[str]
    """Paths of outlines, as SVG writes them."""
    dots: Sequence[tuple[float, float]]
    """Lokalsamfunn without an outline."""
    names: Sequence[Name]
    marks: Sequence[Mark]


def zoom_for(frame: Box, size: Size) -> int:
    """Return the deepest zoom at which the frame fits in so many pixels."""
    left, top, right, bottom = frame.corners
    across, down = (right - left) / size[0], (bottom - top) / size[1]
    pixels = max(across, down, 1.0)  # steps a pixel
    return max(0, min(17, DEPTH - 8 - math.ceil(math.log2(pixels))))


def draw(
    frame: Box,
    zoom: int,
    size: Size,
    areas: Sequence[Area],
    cells: Iterable[Cell],
    *,
    tiles: bool,
    named: bool = True,
    land: Iterable[Ring] = (),
) -> Picture:
    """Draw the frame in the middle of a picture of so many pixels; `land`: the rings of what isn't sea."""
    left, top, right, bottom = frame.corners
    pane = _Pane(zoom, size, (left + right) / 2, (top + bottom) / 2)
    marks = [_mark(pane, cell) for cell in cells if pane.holds(*pane.at(cell.x, cell.y))]
    return Picture(
        width=size[0],
        height=size[1],
        land="".join(_cut(pane, ring) for ring in land),
        tiles=pane.tiles() if tiles else (),
        shapes=[_path(pane, area.outline) for area in areas if area.outline],
        dots=[pane.point(area.point) for area in areas if not area.outline],
        names=_names(pane, areas, marks) if named else (),
        marks=marks,
    )


def around(cell: Cell, areas: Sequence[Area], *, tiles: bool, land: Iterable[Ring] = ()) -> Picture:
    """Draw where one thing is, and the outline of its lokalsamfunn."""
    zoom = CLOSEST if cell.exact else CLOSE
    return draw(cell.box, zoom, SMALL, areas, [cell], tiles=tiles, named=not cell.exact, land=land)


@dataclass(frozen=True)
class _Pane:
    """A picture's place in the Mercator square."""

    zoom: int
    size: Size
    middle_x: float
    middle_y: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where in the picture a place of the square is."""
        step = 1 << (DEPTH - 8 - self.zoom)
        return (
            round((x - self.middle_x) / step + self.size[0] / 2, 1),
            round((y - self.middle_y) / step + self.size[1] / 2, 1),
        )

    def point(self, point: Point) -> tuple[float, float]:
        return self.at(*geometry.mercator(point))

    def holds(self, x: float, y: float) -> bool:
        return -20 <= x <= self.size[0] + 20 and -20 <= y <= self.size[1] + 20

    def tiles(self) -> list[Tile]:
        """Return the tiles that the picture touches, row by row."""
        side = 1 << (DEPTH - self.zoom)
        step = side // TILE
        half_x, half_y = self.size[0] / 2 * step, self.size[1] / 2 * step
        columns = range(int((self.middle_x - half_x) // side), int((self.middle_x + half_x) // side) + 1)
        rows = range(int((self.middle_y - half_y) // side), int((self.middle_y + half_y) // side) + 1)
        return [Tile(self.zoom, column, row, *self.at(column * side, row * side)) for row in rows for column in columns]


def _mark(pane: _Pane, cell: Cell) -> Mark:
    x, y = pane.at(cell.x, cell.y)
    radius = 8.0 if cell.count == 1 else round(12 + 5 * math.log10(cell.count), 1)
    kind = cell.kind if cell.count == 1 else ""
    return Mark(x, y, radius, cell.count, cell.box, is_approximate=cell.exact == 0, kind=kind)


def _path(pane: _Pane, outline: Outline) -> str:
    """Return an outline as a path, without the points that can't be told from the one before."""
    return "".join(_closed(_points(pane, ring)) for ring in geometry.rings(outline))


def _cut(pane: _Pane, ring: Ring) -> str:
    """Return what of a ring is in the picture, as a path; its edge along the picture's isn't seen."""
    frame = (-OUTSIDE, -OUTSIDE, pane.size[0] + OUTSIDE, pane.size[1] + OUTSIDE)
    points = geometry.clipped(_points(pane, ring), frame)
    return _closed([(round(x, 1), round(y, 1)) for x, y in points]) if points else ""


def _points(pane: _Pane, ring: Ring) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for longitude, latitude in ring:
        point = pane.point(Point(latitude, longitude))
        if not points or math.dist(point, points[-1]) >= 1:
            points.append(point)
    return points


def _closed(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z"


def _names(pane: _Pane, areas: Sequence[Area], marks: Sequence[Mark]) -> list[Name]:
    """Return the names that have room: none lies on another, on a mark, or out of the picture."""
    taken = [(mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius) for mark in marks]
    names = []
    for area in areas:
        x, y = pane.point(area.point)
        half = len(area.name) * LETTER / 2
        for below in (0, 20, -20, 34):
            place = (x - half, y + below - 8, x + half, y + below + 8)
            if _fits(place, pane.size) and not any(_touch(place, other) for other in taken):
                taken.append(place)
                names.append(Name(area.name, x, round(y + below + 4, 1)))
                break
    return names


def _fits(place: tuple[float, float, float, float], size: Size) -> bool:
    return place[0] >= 0 and place[1] >= 0 and place[2] <= size[0] and place[3] <= size[1]


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

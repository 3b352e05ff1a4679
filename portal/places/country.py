"""The whole country as a picture: its outline, the municipalities as dots, and who has something from whom.

Drawn in the transverse Mercator projection about 15° east, which national maps of Norway use (UTM zone 33): the north
is no larger than it is. It needs no tiles, so nobody's server is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from portal.places.geometry import EARTH_KM, Box, Place, Point, Ring, clipped

MERIDIAN = 15.0
"""Degrees east that the picture is upright along."""
SIZE = (640, 800)
MARGIN = 26
"""Pixels round what must be seen."""
LEAST_KM = 60
"""Across a closer look: the outline says no more than that."""
ROOM = 0.25
"""Degrees of latitude round the municipalities that a picture is of, at least."""
LETTER = 7.6
"""Width of a letter of a name, about, in pixels."""
BEND = 0.16
"""How far a line bows out, as a share of its length: to and fro don't lie on each other."""
NEAREST = 1.3
"""Pixels between two points of the outline: a nearer one can't be seen."""
HEAD = 9.0
"""Pixels of an arrow's head."""

OUTSIDE = 40
"""Pixels beyond the picture that the outline is cut at: its edge isn't seen."""


@dataclass(frozen=True, eq=False)
class Land:
    """The rings of a country, projected."""

    rings: Sequence[Sequence[Place]]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A municipality that has something to do with it."""

    key: str
    """Its number."""
    name: str
    point: Point
    weight: int = 1
    """How much it has to do with it."""
    tone: str = ""
    """How it is drawn: `gives`, `takes` or `both`."""


@dataclass(frozen=True)
class Link:
    """That one municipality has something from another: from, to, and how much."""

    source: str
    target: str
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class CountryMark:
    """One municipality on the picture, or several too near each other to be told apart."""

    x: float
    y: float
    radius: float
    spots: Sequence[Spot]
    box: Box
    """Place they lie, to look closer at."""

    @property
    def tone(self) -> str:
        tones = {spot.tone for spot in self.spots}
        return tones.pop() if len(tones) == 1 else "both"

    @property
    def name(self) -> str:
        """The name of a municipality that stands alone."""
        return self.spots[0].name if len(self.spots) == 1 else ""


@dataclass(frozen=True, kw_only=True)
class Arc:
    """A line with an arrow's head, as SVG writes paths."""

    path: str
    head: str
    width: float
    count: int


@dataclass(frozen=True, kw_only=True)
class CountryName:
    """A name beside its mark."""

    text: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class CountryMap:
    """All that is drawn, from the back to the front."""

    width: int
    height: int
    land: str
    dots: str
    """Every municipality, as one path of points with round ends."""
    arcs: Sequence[Arc]
    marks: Sequence[CountryMark]
    names: Sequence[CountryName]


def around(spots: Sequence[Spot]) -> Box:
    """Return the part of the country some municipalities lie in, with room for their names."""
    north, south = max(each.point.latitude for each in spots), min(each.point.latitude for each in spots)
    east, west = max(each.point.longitude for each in spots), min(each.point.longitude for each in spots)
    up, across = max(ROOM, (north - south) * 0.15), max(2 * ROOM, (east - west) * 0.15)
    return Box(west - across, south - up, east + across, north + up)


def draw(
    land: Land,
    everywhere: Sequence[Point],
    spots: Sequence[Spot],
    links: Iterable[Link] = (),
    *,
    box: Box | None = None,
) -> CountryMap:
    """Draw the country, or what lies in a box; `land`: `outline` of it, `everywhere`: all municipalities' points."""
    pane = _Pane.of([project(each) for each in (_edge(box) if box else everywhere)])
    marks = _merged(pane, spots)
    return CountryMap(
        width=SIZE[0],
        height=SIZE[1],
        land=_land(pane, land),
        dots="".join(f"M{x:g} {y:g}h0" for x, y in map(pane.at, everywhere) if pane.holds((x, y))),
        arcs=_arcs(marks, links),
        marks=marks,
        names=_names(marks),
    )


def outline(rings: Iterable[Ring]) -> Land:
    """Return the rings of a country in the picture's projection: costly, and the same for every picture."""
    return Land([[project(Point(latitude, longitude)) for longitude, latitude in ring] for ring in rings])


def project(point: Point) -> Place:
    """Return kilometres eastwards of the meridian and southwards of the equator.

    On the sphere: x = R · artanh(cos φ · sin λ), y = −R · atan2(tan φ, cos λ), λ from the meridian (Snyder 1987, 8-1).
    """
    latitude, across = math.radians(point.latitude), math.radians(point.longitude - MERIDIAN)
    east = EARTH_KM * math.atanh(math.cos(latitude) * math.sin(across))
    return east, -EARTH_KM * math.atan2(math.tan(latitude), math.cos(across))


@dataclass(frozen=True)
class _Pane:
    """Place the picture lies on the projected earth."""

    left: float
    top: float
    scale: float
    """Pixels a kilometre."""
    offset: Place = field(default=(0.0, 0.0))

    @classmethod
    def of(cls, seen: Sequence[Place]) -> _Pane:
        """Return the pane that shows all of these in its middle, as large as they can be."""
        left, right = min(x for x, _ in seen), max(x for x, _ in seen)
        top, bottom = min(y for _, y in seen), max(y for _, y in seen)
        across, down = max(right - left, LEAST_KM), max(bottom - top, LEAST_KM)
        room = SIZE[0] - 2 * MARGIN, SIZE[1] - 2 * MARGIN
        scale = min(room[0] / across, room[1] / down)
        offset = (SIZE[0] - (right - left) * scale) / 2, (SIZE[1] - (bottom - top) * scale) / 2
        return cls(left, top, scale, offset)

    def at(self, point: Point) -> Place:
        return self.place(project(point))

    def place(self, projected: Place) -> Place:
        """Return where in the picture something is."""
        x, y = projected
        return (
            round((x - self.left) * self.scale + self.offset[0], 1),
            round((y - self.top) * self.scale + self.offset[1], 1),
        )

    def holds(self, where: Place, margin: float = 4) -> bool:
        return -margin <= where[0] <= SIZE[0] + margin and -margin <= where[1] <= SIZE[1] + margin


def _edge(box: Box) -> list[Point]:
    across = [box.west, (box.west + box.east) / 2, box.east]
    return [Point(latitude, longitude) for latitude in (box.south, box.north) for longitude in across]


@lru_cache(maxsize=8)
def _land(pane: _Pane, land: Land) -> str:
    """Return the outline as a path, without what is out of the picture or too small to see."""
    frame = (-OUTSIDE, -OUTSIDE, SIZE[0] + OUTSIDE, SIZE[1] + OUTSIDE)
    parts = []
    for ring in land.rings:
        points: list[Place] = []
        for point in clipped([pane.place(each) for each in ring], frame):
            if not points or math.dist(point, points[-1]) >= NEAREST:
                points.append(point)
        if len(points) > 3:
            parts.append("M" + "L".join(map(_pair, points)) + "Z")
    return "".join(parts)


def _merged(pane: _Pane, spots: Sequence[Spot]) -> list[CountryMark]:
    """Return the marks that have room beside each other: the heaviest takes those too near it into itself."""
    groups: list[list[Spot]] = []
    for spot in sorted(spots, key=lambda each: (-each.weight, each.key)):
        here = pane.at(spot.point)
        if not pane.holds(here):
            continue
        near = next((each for each in groups if math.dist(_middle(pane, each), here) < _reach(each, spot)), None)
        if near is None:
            groups.append([spot])
        else:
            near.append(spot)
    marks = [_mark(pane, each) for each in groups]
    return sorted(marks, key=lambda mark: (mark.y, mark.x))


def _mark(pane: _Pane, spots: Sequence[Spot]) -> CountryMark:
    x, y = _middle(pane, spots)
    west, east = min(each.point.longitude for each in spots), max(each.point.longitude for each in spots)
    south, north = min(each.point.latitude for each in spots), max(each.point.latitude for each in spots)
    box = Box(west - 0.25, south - 0.12, east + 0.25, north + 0.12)
    return CountryMark(x=round(x, 1), y=round(y, 1), radius=_radius(spots), spots=spots, box=box)


def _middle(pane: _Pane, spots: Sequence[Spot]) -> Place:
    places = [pane.at(each.point) for each in spots]
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _radius(spots: Sequence[Spot]) -> float:
    """Return a radius whose area says how much it is; what is several is large enough to hold a number."""
    least = 6.0 if len(spots) == 1 else 13.0
    return round(min(24.0, max(least, 4.5 * math.sqrt(sum(each.weight for each in spots)))), 1)


def _reach(spots: Sequence[Spot], other: Spot) -> float:
    return _radius(spots) + _radius([other]) + 2


def _arcs(marks: Sequence[CountryMark], links: Iterable[Link]) -> list[Arc]:
    """Return a line for each pair of marks, as broad as there is much between them."""
    standing: Mapping[str, int] = {spot.key: at for at, mark in enumerate(marks) for spot in mark.spots}
    counted: dict[tuple[int, int], int] = {}
    for link in links:
        pair = standing.get(link.source), standing.get(link.target)
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            counted[pair[0], pair[1]] = counted.get((pair[0], pair[1]), 0) + link.count
    return [_arc(marks[source], marks[target], count) for (source, target), count in sorted(counted.items())]


def _arc(source: CountryMark, target: CountryMark, count: int) -> Arc:
    """Return a bow from the edge of one mark to the edge of another, with a head where it ends."""
    ax, ay, bx, by = source.x, source.y, target.x, target.y
    bend_x, bend_y = (ax + bx) / 2 - (by - ay) * BEND, (ay + by) / 2 + (bx - ax) * BEND
    start = _towards((ax, ay), (bend_x, bend_y), source.radius + 1)
    tip = _towards((bx, by), (bend_x, bend_y), target.radius + 2)
    neck = _towards(tip, (bend_x, bend_y), HEAD)
    side_x, side_y = (neck[1] - tip[1]) * 0.42, (tip[0] - neck[0]) * 0.42
    width = round(min(5.0, 1.25 + 0.75 * math.sqrt(count)), 2)
    head = [tip, (neck[0] + side_x, neck[1] + side_y), (neck[0] - side_x, neck[1] - side_y)]
    return Arc(
        path=f"M{_pair(start)}Q{_pair((bend_x, bend_y))} {_pair(neck)}",
        head="M" + "L".join(map(_pair, head)) + "Z",
        width=width,
        count=count,
    )


def _towards(start: Place, end: Place, length: float) -> Place:
    """Return what lies so far from the start on the way to the end, and never past it."""
    whole = math.dist(start, end)
    share = min(1.0, length / whole) if whole else 0.0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _pair(where: Place) -> str:
    return f"{round(where[0], 1):g} {round(where[1], 1):g}"


def _names(marks: Sequence[CountryMark]) -> list[CountryName]:
    """Return the names that have room on one side of their marks, the heaviest first."""
    taken = [(each.x - each.radius, each.y - each.radius, each.x + each.radius, each.y + each.radius) for each in marks]
    names = []
    for mark in sorted(marks, key=lambda each: -each.radius):
        if not mark.name:
            continue
        text = mark.name.partition(" - ")[0]  # «Trondheim - Tråante»: both names don't fit
        length = len(text) * LETTER
        for side in (1, -1):
            edge = mark.x + side * (mark.radius + 5)
            left, right = sorted((edge, edge + side * length))
            place = (left, mark.y - 9, right, mark.y + 9)
            if left >= 0 and right <= SIZE[0] and not any(_touch(place, other) for other in taken):
                taken.append(place)
                anchor = "start" if side == 1 else "end"
                names.append(CountryName(text=text, x=round(edge, 1), y=round(mark.y + 5, 1), anchor=anchor))
                break
    return names


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

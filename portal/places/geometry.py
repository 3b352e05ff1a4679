"""Points and outlines: Web Mercator, distance, whether a point lies in an outline, and outlines with fewer points."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

DEPTH = 30
WORLD = 1 << DEPTH
"""Steps from one edge of the Web Mercator square to the other: 4 cm at the equator, and whole numbers sum exactly."""
MERCATOR_LATITUDE = 85.051128
"""Where the square ends, in degrees."""
EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

Place = tuple[float, float]
"""A place in a plane: across and down."""
Ring = Sequence[Sequence[float]]
"""Points of longitude and latitude, the last the same as the first."""
Outline = Mapping[str, Any]
"""A GeoJSON MultiPolygon."""


@dataclass(frozen=True)
class Point:
    """A place on the earth: WGS 84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Box:
    """A part of the map between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{round(side, 5):.10g}" for side in (self.west, self.south, self.east, self.north))

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """Least x, least y, greatest x, greatest y in steps of the Mercator square; y grows southwards."""
        left, top = mercator(Point(self.north, self.west))
        right, bottom = mercator(Point(self.south, self.east))
        return left, top, right, bottom

    def wider(self, share: float) -> Box:
        """Return the box with a margin of a share of its sides."""
        high, wide = (self.north - self.south) * share, (self.east - self.west) * share
        return Box(
            max(-180.0, self.west - wide),
            max(-90.0, self.south - high),
            min(180.0, self.east + wide),
            min(90.0, self.north + high),
        )


def box(text: str) -> Box | None:
    """Read «west,south,east,north» in degrees; None when it isn't a part of the map."""
    try:
        west, south, east, north = (float(side) for side in text.split(","))
    except ValueError:
        return None
    within = -180 <= west < east <= 180 and -90 <= south < north <= 90  # false for nan too
    return Box(west, south, east, north) if within else None


def around(points: Sequence[Point], least: float = 0.02) -> Box | None:
    """Return the smallest box that holds the points and is at least `least` degrees high; None without points."""
    if not points:
        return None
    south, north = min(each.latitude for each in points), max(each.latitude for each in points)
    west, east = min(each.longitude for each in points), max(each.longitude for each in points)
    high, wide = max(0.0, least - (north - south)) / 2, max(0.0, 2 * least - (east - west)) / 2
    return Box(west - wide, south - high, east + wide, north + high)


def mercator(point: Point) -> tuple[int, int]:
    """Return where a point is in the Web Mercator square (EPSG:3857): x eastwards, y southwards, from 0 to WORLD - 1.

    x = (λ + 180°) / 360°, y = (1 - asinh(tan φ) / π) / 2, as tiles are numbered.
    """
    latitude = math.radians(max(-MERCATOR_LATITUDE, min(MERCATOR_LATITUDE, point.latitude)))
    x = (point.longitude + 180) / 360
    y = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2
    return _step(x), _step(y)


def unproject(x: float, y: float) -> Point:
    """Return the point of the earth at a place in the Web Mercator square: the inverse of `mercator`."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / WORLD))))
    return Point(latitude, x / WORLD * 360 - 180)


def distance_km(one: Point, other: Point) -> float:
    """Return the distance along the earth in kilometres (haversine)."""
    first, second = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def rings(outline: Outline) -> Iterator[Ring]:
    """Return every ring of an outline: around its parts, and around the holes in them."""
    for polygon in outline["coordinates"]:
        yield from polygon


def contains(outline: Outline, point: Point) -> bool:
    """Say whether a point lies within an outline and not in a hole of it, by how often a ray eastwards crosses it.

    A point right on the border is in one or the other of two neighbours, never in both.
    """
    crossings = 0
    for ring in rings(outline):
        for (west, south), (east, north) in pairwise(ring):
            if (south > point.latitude) != (north > point.latitude):
                at = west + (point.latitude - south) * (east - west) / (north - south)
                crossings += at > point.longitude
    return crossings % 2 == 1


def inside(outline: Outline) -> Point:
    """Return a point within an outline, near its middle: the centroid, or the middle of the widest part beside it."""
    centroid = _centroid(max((polygon[0] for polygon in outline["coordinates"]), key=lambda ring: abs(_area(ring))))
    if contains(outline, centroid):
        return centroid
    crossed = sorted(_crossings(outline, centroid.latitude))
    spans = [(east - west, (west + east) / 2) for west, east in zip(crossed[::2], crossed[1::2], strict=False)]
    return Point(centroid.latitude, max(spans)[1]) if spans else centroid


def simplified(ring: Ring, tolerance: float) -> list[list[float]]:
    """Return a ring with fewer points, none of it further from the old than `tolerance` degrees of latitude.

    Douglas and Peucker's method (1973), without recursion; degrees of longitude are shortened as they are at the
    ring's first point. What would become thinner than a triangle is kept as it is.
    """
    points = [list(point[:2]) for point in ring]
    if len(points) < 5:
        return points
    shorter = math.cos(math.radians(points[0][1]))
    middle = max(range(len(points)), key=lambda at: math.dist(points[0], points[at]))
    keep = {0, middle, len(points) - 1}
    waiting = [(0, middle), (middle, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        apart = [(_off(points[at], points[first], points[last], shorter), at) for at in range(first + 1, last)]
        furthest, at = max(apart, default=(0.0, 0))
        if furthest > tolerance:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [points[at] for at in sorted(keep)] if len(keep) > 3 else points


def clipped(points: Sequence[Place], frame: tuple[float, float, float, float]) -> list[Place]:
    """Return what of a ring lies in a frame (left, top, right, bottom), in the plane; nothing when it lies outside.

    Sutherland and Hodgman's method (1974): what is cut off follows the frame's edge.
    """
    left, top, right, bottom = frame
    kept = list(points)
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept = _cut(kept, axis, limit, sign)
    return kept


def _cut(points: Sequence[Place], axis: int, limit: float, sign: int) -> list[Place]:
    """Keep what lies on one side of a line that is upright or level."""
    kept: list[Place] = []
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        was_in, is_in = (sign * (each[axis] - limit) >= 0 for each in (before, here))
        if was_in is not is_in:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if is_in:
            kept.append(here)
    return kept


def _step(share: float) -> int:
    return min(WORLD - 1, max(0, math.floor(share * WORLD)))


def _area(ring: Ring) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _centroid(ring: Ring) -> Point:
    """Return the centroid of a ring's area; the mean of its points when it has none."""
    west, south = ring[0][0], ring[0][1]  # near zero, so that little is lost in the subtraction
    moved = [(point[0] - west, point[1] - south) for point in ring]
    area = _area(moved)
    if abs(area) < 1e-12:
        return Point(south + sum(y for _x, y in moved) / len(moved), west + sum(x for x, _y in moved) / len(moved))
    x = y = 0.0
    for a, b in pairwise(moved):
        cross = a[0] * b[1] - b[0] * a[1]
        x, y = x + (a[0] + b[0]) * cross, y + (a[1] + b[1]) * cross
    return Point(south + y / (6 * area), west + x / (6 * area))


def _crossings(outline: Outline, latitude: float) -> Iterator[float]:
    for ring in rings(outline):
        for (west, south), (east, north) in pairwise(ring):
            if (south > latitude) != (north > latitude):
                yield west + (latitude - south) * (east - west) / (north - south)


def _off(point: Sequence[float], first: Sequence[float], last: Sequence[float], shorter: float) -> float:
    """Return how far a point is from the line between two others, in degrees of latitude."""
    ax, ay = (last[0] - first[0]) * shorter, last[1] - first[1]
    bx, by = (point[0] - first[0]) * shorter, point[1] - first[1]
    length = ax * ax + ay * ay
    along = max(0.0, min(1.0, (ax * bx + ay * by) / length)) if length else 0.0
    return math.hypot(bx - along * ax, by - along * ay)

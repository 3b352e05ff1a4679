"""Points, outlines and the Mercator square, as pure functions."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.places import geometry
from portal.places.geometry import WORLD, Box, Point

POINTS = st.builds(Point, st.floats(56, 72), st.floats(2, 33))
SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]
HOLE = [[4.0, 4.0], [6.0, 4.0], [6.0, 6.0], [4.0, 6.0], [4.0, 4.0]]
HORSESHOE = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [6.0, 9.0], [6.0, 3.0], [3.0, 3.0], [3.0, 9.0], [0.0, 9.0], [0.0, 0.0]]


def outline(*polygons: list[list[list[float]]]) -> dict[str, object]:
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


@given(POINTS)
def test_a_point_comes_back_from_the_square_within_four_centimetres(point: Point) -> None:
    x, y = geometry.mercator(point)
    assert 0 <= x < WORLD
    assert 0 <= y < WORLD
    assert geometry.distance_km(point, geometry.unproject(x, y)) < 0.00006


def test_the_square_is_the_one_that_tiles_are_numbered_in() -> None:
    # Oslo town hall: tile 12/2170/1191 of every web map in EPSG:3857
    x, y = geometry.mercator(Point(59.9119, 10.7334))
    assert (x >> 18, y >> 18) == (2170, 1191)
    assert geometry.mercator(Point(0, 0)) == (WORLD // 2, WORLD // 2)


def test_the_poles_and_the_date_line_stay_in_the_square() -> None:
    for point in (Point(90, 180), Point(-90, -180)):
        assert all(0 <= each < WORLD for each in geometry.mercator(point))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert geometry.distance_km(Point(59, 10), Point(60, 10)) == pytest.approx(111.19, abs=0.01)
    assert geometry.distance_km(Point(60, 10), Point(60, 11)) == pytest.approx(55.6, abs=0.1)


@given(st.floats(-1, 11), st.floats(-1, 11))
def test_a_point_is_in_a_square_when_its_numbers_say_so(longitude: float, latitude: float) -> None:
    for side in (longitude, latitude):
        if min(abs(side), abs(side - 10)) < 1e-9:
            return
    inside = 0 < longitude < 10 and 0 < latitude < 10
    assert geometry.contains(outline([SQUARE]), Point(latitude, longitude)) is inside


@given(st.floats(0.01, 9.99), st.floats(0.01, 9.99))
def test_a_hole_is_outside(longitude: float, latitude: float) -> None:
    if any(abs(side - edge) < 1e-9 for side in (longitude, latitude) for edge in (4, 6)):
        return
    in_hole = 4 < longitude < 6 and 4 < latitude < 6
    assert geometry.contains(outline([SQUARE, HOLE]), Point(latitude, longitude)) is not in_hole


@given(st.floats(-5, 25), st.floats(-1, 11))
def test_neighbours_share_no_point_not_even_on_their_border(longitude: float, latitude: float) -> None:
    east = [[x + 10, y] for x, y in SQUARE]
    held = [geometry.contains(outline([ring]), Point(latitude, longitude)) for ring in (SQUARE, east)]
    assert sum(held) <= 1


def test_a_place_on_the_border_of_two_belongs_to_one_of_them() -> None:
    east = [[x + 10, y] for x, y in SQUARE]
    assert sum(geometry.contains(outline([ring]), Point(5, 10)) for ring in (SQUARE, east)) == 1


@pytest.mark.parametrize("rings", [[SQUARE], [SQUARE, HOLE], [HORSESHOE]])
def test_the_point_of_an_outline_lies_in_it(rings: list[list[list[float]]]) -> None:
    assert geometry.contains(outline(rings), geometry.inside(outline(rings)))


def test_the_largest_part_has_the_point() -> None:
    islet = [[20.0, 20.0], [20.1, 20.0], [20.1, 20.1], [20.0, 20.0]]
    assert geometry.inside(outline([islet], [SQUARE])) == Point(5, 5)


@given(st.lists(st.tuples(st.floats(10.0, 10.3), st.floats(59.5, 59.8)), min_size=4, max_size=60))
def test_simplifying_moves_no_line_further_than_it_may(corners: list[tuple[float, float]]) -> None:
    ring = [list(each) for each in [*corners, corners[0]]]
    simple = geometry.simplified(ring, 0.002)
    assert simple[0] == ring[0]
    assert simple[-1] == ring[-1]
    assert len(simple) <= len(ring)
    shorter = math.cos(math.radians(ring[0][1]))
    for point in ring:
        nearest = min(geometry._off(point, first, last, shorter) for first, last in pairwise(simple))
        assert nearest <= 0.002 + 1e-9


def test_a_straight_line_needs_no_points_between() -> None:
    many = [[10 + step / 1000, 59.5] for step in range(100)]
    ring = [*many, [10.05, 59.6], many[0]]
    assert len(geometry.simplified(ring, 0.0001)) == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2,3",
        "a,b,c,d",
        "10,59,9,60",
        "10,60,11,59",
        "nan,59,11,60",
        "10,59,inf,60",
        "10,59,11,60,1",
        "-181,0,1,1",
    ],
)
def test_what_is_no_box_is_none(text: str) -> None:
    assert geometry.box(text) is None


def test_a_box_is_written_as_it_is_read() -> None:
    box = Box(10.3, 59.52, 10.61234, 59.9)
    assert str(box) == "10.3,59.52,10.61234,59.9"
    assert geometry.box(str(box)) == box


SIDE = st.floats(-100, 100)


@given(SIDE, SIDE, SIDE, SIDE)
def test_what_is_clipped_is_what_lies_in_both(left: float, top: float, wide: float, high: float) -> None:
    wide, high = abs(wide) + 1, abs(high) + 1
    ring = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    kept = geometry.clipped(ring, (-20, -30, 40, 50))
    across = min(left + wide, 40) - max(left, -20)
    down = min(top + high, 50) - max(top, -30)
    assert all(-20.001 <= x <= 40.001 and -30.001 <= y <= 50.001 for x, y in kept)
    assert area(kept) == pytest.approx(across * down if across > 0 and down > 0 else 0, abs=1e-6)


def test_what_lies_within_the_frame_is_kept_as_it_is() -> None:
    ring = [(0.0, 0.0), (3.0, 1.0), (2.0, 4.0)]
    assert geometry.clipped(ring, (-1, -1, 5, 5)) == ring
    assert geometry.clipped([], (0, 0, 1, 1)) == []


def area(ring: list[tuple[float, float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2

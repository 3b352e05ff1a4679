"""The picture of the country: where things stand, what is gathered, and that lines begin and end at their marks."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import municipalities
from portal.places import queries
from portal.places.country import SIZE, CountryMap, Link, Spot, draw, outline, project
from portal.places.geometry import EARTH_KM, Box, Point

EVERYWHERE = [Point(each.latitude, each.longitude) for each in municipalities.all_municipalities()]
ASKER, BERUM, BERGEN, TROMSO, VADSO = "3203", "3201", "4601", "5501", "5607"
SQUARE = [[10.0, 63.0], [12.0, 63.0], [12.0, 64.0], [10.0, 64.0], [10.0, 63.0]]


def spot(number: str, weight: int = 1, tone: str = "gives") -> Spot:
    found = queries.spot(number, weight=weight, tone=tone)
    assert found is not None
    return found


def drawn(*spots: Spot, links: tuple[Link, ...] = (), box: Box | None = None) -> CountryMap:
    return draw(outline([SQUARE]), EVERYWHERE, spots, links, box=box)


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?\d+\.?\d*", path)]


def test_every_municipality_is_in_the_picture_and_north_is_up() -> None:
    picture = drawn(spot(VADSO), spot(BERGEN))
    assert picture.dots.count("M") == len(EVERYWHERE) == 357
    vadso, bergen = picture.marks
    assert (vadso.name, bergen.name) == ("Vadsø", "Bergen")
    assert vadso.y < bergen.y
    assert vadso.x > bergen.x
    assert all(0 < mark.x < SIZE[0] and 0 < mark.y < SIZE[1] for mark in picture.marks)


def test_the_north_is_no_larger_than_it_is() -> None:
    """A degree of latitude is as long at Lindesnes as at Nordkapp, on the meridian of the map."""
    south, north = (project(Point(at, 15))[1] - project(Point(at + 1, 15))[1] for at in (58.0, 70.0))
    assert south == pytest.approx(north) == pytest.approx(EARTH_KM * math.pi / 180)


@given(st.floats(57.8, 71.3), st.floats(4.5, 31.2))
def test_the_projection_keeps_angles(latitude: float, longitude: float) -> None:
    """A small step east is as long on the paper as one of the same length north, and at a right angle to it."""
    step = 1e-4
    here = project(Point(latitude, longitude))
    north = project(Point(latitude + step, longitude))
    east = project(Point(latitude, longitude + step / math.cos(math.radians(latitude))))
    up, across = ((there[0] - here[0], there[1] - here[1]) for there in (north, east))
    assert math.hypot(*up) == pytest.approx(math.hypot(*across), rel=1e-3)
    assert up[0] * across[0] + up[1] * across[1] == pytest.approx(0, abs=1e-3 * math.hypot(*up) ** 2)


def test_neighbours_that_would_lie_on_each_other_are_one_mark_until_one_looks_closer() -> None:
    (both,) = drawn(spot(ASKER, 4), spot(BERUM)).marks
    assert both.name == ""
    assert {each.key for each in both.spots} == {ASKER, BERUM}
    closer = drawn(spot(ASKER, 4), spot(BERUM), box=both.box)
    assert {mark.name for mark in closer.marks} == {"Asker", "Bærum"}
    assert {name.text for name in closer.names} == {"Asker", "Bærum"}


def test_what_is_out_of_a_closer_look_is_left_out() -> None:
    picture = drawn(spot(ASKER), spot(TROMSO), links=(Link(ASKER, TROMSO),), box=Box(9, 59, 12, 60.5))
    assert [mark.name for mark in picture.marks] == ["Asker"]
    assert picture.arcs == []
    assert picture.land == ""


def test_a_line_goes_from_the_edge_of_the_giver_to_the_edge_of_the_taker() -> None:
    picture = drawn(spot(ASKER, 9), spot(TROMSO), links=(Link(ASKER, TROMSO, 4),))
    (arc,) = picture.arcs
    tromso, asker = picture.marks
    start, tip = numbers(arc.path)[:2], numbers(arc.head)[:2]
    assert math.dist(start, (asker.x, asker.y)) == pytest.approx(asker.radius + 1, abs=0.3)
    assert math.dist(tip, (tromso.x, tromso.y)) == pytest.approx(tromso.radius + 2, abs=0.3)
    assert arc.count == 4


def test_to_and_fro_are_two_lines_that_bow_apart() -> None:
    there, back = drawn(spot(ASKER), spot(TROMSO), links=(Link(ASKER, TROMSO), Link(TROMSO, ASKER))).arcs
    bends = [numbers(arc.path)[2:4] for arc in (there, back)]
    assert math.dist(*bends) > 50


def test_lines_between_municipalities_in_one_mark_are_not_drawn_and_others_are_joined() -> None:
    links = (Link(ASKER, BERUM), Link(ASKER, TROMSO, 2), Link(BERUM, TROMSO), Link(ASKER, "9999"))
    picture = drawn(spot(ASKER, 4), spot(BERUM), spot(TROMSO), links=links)
    assert [arc.count for arc in picture.arcs] == [3]


def test_names_lie_neither_on_marks_nor_on_each_other() -> None:
    every = [spot(each.number) for each in municipalities.all_municipalities()[::9]]
    picture = drawn(*every)
    assert sum(len(mark.spots) for mark in picture.marks) == len(every)
    assert all(0 <= name.x <= SIZE[0] for name in picture.names)
    alone = [mark for mark in picture.marks if mark.name]
    assert 0 < len(picture.names) <= len(alone)


def test_the_outline_is_in_the_picture_and_an_island_too_small_to_see_is_not() -> None:
    speck = [[10.0, 63.0], [10.001, 63.0], [10.001, 63.001], [10.0, 63.0]]
    both = draw(outline([SQUARE, speck]), EVERYWHERE, [])
    assert both.land == drawn().land
    assert both.land.count("M") == 1


def test_a_mark_of_givers_and_takers_is_drawn_as_both() -> None:
    (mark,) = drawn(spot(ASKER, 4, "gives"), spot(BERUM, 4, "takes")).marks
    assert mark.tone == "both"
    (alike,) = drawn(spot(ASKER, 4, "takes"), spot(BERUM, 4, "takes")).marks
    assert alike.tone == "takes"


def test_a_municipality_that_is_not_in_the_register_has_no_place() -> None:
    assert queries.spot("0000") is None


def test_the_built_outline_holds_the_mainland_and_nothing_far_from_it() -> None:
    rings = queries.outline_of_norway()
    points = [point for ring in rings for point in ring]
    assert len(points) > 1000
    assert all(4 < longitude < 32 and 57.5 < latitude < 71.5 for longitude, latitude in points)
    assert all(ring[0] == ring[-1] for ring in rings)
    near = queries.country_map([]).land
    assert near.startswith("M")
    assert len(near) < 60_000

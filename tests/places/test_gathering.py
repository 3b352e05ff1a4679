"""The map's clusters: nothing is lost, nothing is counted twice, and it costs the same however much there is."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import clock
from portal.kernel.db import db
from portal.places import gathering, geometry, queries
from portal.places.gathering import Cell
from portal.places.geometry import Box, Point
from portal.places.models import Location, Neighbourhood
from tests.places.things import Things

ASKER = Box(10.3, 59.52, 10.65, 59.91)
SIZE = 1 << 18
PLACES = st.lists(st.tuples(st.integers(0, SIZE * 6), st.integers(0, SIZE * 6)), max_size=80)


def scatter(count: int, kind: str = "bench") -> list[Point]:
    """Put many things in Asker at once, past the actions."""
    random = Random(count)  # noqa: S311 - made-up places, no secret
    points = [Point(random.uniform(59.53, 59.9), random.uniform(10.31, 10.64)) for _ in range(count)]
    rows = []
    for number, point in enumerate(points, start=1):
        x, y = geometry.mercator(point)
        rows.append(
            {"kind": kind, "target_id": number, "latitude": point.latitude, "longitude": point.longitude}
            | {"address": "", "x": x, "y": y, "is_public": number % 10 != 0, "placed_at": clock.now()}
        )
    db.session.execute(sa.insert(Location), rows)
    db.session.commit()
    return points


@given(PLACES)
def test_merging_loses_nothing_and_leaves_no_two_on_each_other(places: list[tuple[int, int]]) -> None:
    alone = [Cell.of("bench", number, x, y, True) for number, (x, y) in enumerate(places)]
    merged = gathering.merged(alone, SIZE)
    assert sum(each.count for each in merged) == len(places)
    assert sum(each.sum_x for each in merged) == sum(x for x, _y in places)
    assert sum(each.sum_y for each in merged) == sum(y for _x, y in places)
    assert sum(each.exact for each in merged) == len(places)


@given(PLACES)
def test_merging_does_not_ask_in_which_order(places: list[tuple[int, int]]) -> None:
    cells = [Cell.of("bench", number, x, y, True) for number, (x, y) in enumerate(dict.fromkeys(places))]
    assert gathering.merged(cells, SIZE) == gathering.merged(cells[::-1], SIZE)


@pytest.mark.parametrize("zoom", [0, 5, 10, 13, 18])
def test_every_public_thing_is_in_one_cluster(benches: Things, zoom: int) -> None:
    scatter(500)
    benches.titles = {number: f"Benk {number}" for number in range(1, 501)}
    found = queries.clusters(ASKER, zoom)
    assert sum(each.count for each in found) == 450
    assert all((each.card is not None) == (each.count == 1) for each in found)


def test_what_is_gathered_is_the_same_when_the_map_is_moved_a_little(benches: Things) -> None:
    scatter(400)
    benches.titles = dict.fromkeys(range(1, 401), "Benk")
    inner = Box(10.42, 59.65, 10.5, 59.75)

    def within(box: Box) -> set[tuple[int, Point]]:
        return {
            (each.count, each.point)
            for each in queries.clusters(box, 12)
            if inner.west < each.point.longitude < inner.east and inner.south < each.point.latitude < inner.north
        }

    assert within(Box(10.35, 59.6, 10.57, 59.8)) == within(Box(10.3512, 59.6013, 10.5715, 59.8017))


def test_a_box_holds_only_what_lies_in_it(benches: Things) -> None:
    inside, outside = benches.add(59.6, 10.4), benches.add(59.8, 10.5)
    found = queries.clusters(Box(10.39, 59.59, 10.41, 59.61), 16)
    assert [each.card.ref for each in found if each.card] == [inside]
    assert [each.card.ref for each in queries.list_in(Box(10.39, 59.59, 10.41, 59.61)).items] == [inside]
    assert [each.card.ref for each in queries.list_in().items] == [outside, inside]
    assert db.session.scalars(queries.in_box("bench", Box(10.39, 59.59, 10.41, 59.61))).all() == [inside.id]


def test_a_list_may_say_itself_what_is_shown(benches: Things) -> None:
    hidden, _other = benches.add(59.6, 10.4, hidden=True), benches.add(59.6, 10.4)
    within = sa.select(Location.target_id).where(Location.target_id == hidden.id)
    [found] = queries.clusters(ASKER, 18, within=within, kind="bench")
    assert found.card
    assert found.card.ref == hidden
    assert queries.map_view(within=within, kind="bench").total == 1


def test_things_that_only_have_a_lokalsamfunn_stand_in_a_heap(
    benches: Things, neighbourhood: Callable[..., Neighbourhood]
) -> None:
    place = neighbourhood("Heggedal", 59.789, 10.448)
    for _ in range(3):
        benches.add(neighbourhood_id=place.id)
    [heap] = queries.clusters(ASKER, 22)
    assert (heap.count, heap.is_heap, heap.is_approximate) == (3, True, True)
    assert geometry.distance_km(heap.point, place.point) < 0.001
    assert heap.box.west < place.longitude < heap.box.east


def test_a_hostile_box_gets_no_more_cells_than_a_screen_has(benches: Things) -> None:
    whole = Box(-180, -85, 180, 85)
    for zoom in (0, 10, 22):
        size = gathering.cell_size(whole, zoom)
        left, top, right, bottom = gathering.whole_cells(whole, size)
        assert (right - left + 1) // size * ((bottom - top + 1) // size) <= gathering.MOST_CELLS
    scatter(300)
    assert sum(each.count for each in queries.clusters(whole, 22)) == 270


def test_ten_thousand_cost_no_more_statements(benches: Things, count_queries: Callable[..., object]) -> None:
    scatter(10_000)
    benches.titles = dict.fromkeys(range(1, 10_001), "Benk")
    with count_queries(at_most=1):
        found = queries.clusters(ASKER, 13)
    assert sum(each.count for each in found) == 9000
    with count_queries(at_most=4):
        page = queries.map_page(box=None, kind=None, cursor=None)
    assert page.counts == {"bench": 9000}
    assert page.view.total == 9000
    assert len(page.rows.items) == queries.ROWS
    assert page.rows.next


def test_the_list_goes_on_where_it_stopped(benches: Things) -> None:
    scatter(45)
    benches.titles = dict.fromkeys(range(1, 46), "Benk")
    seen, cursor = [], None
    while True:
        page = queries.list_in(ASKER, cursor=cursor)
        seen += [each.card.ref.id for each in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [number for number in range(45, 0, -1) if number % 10]

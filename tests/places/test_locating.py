"""Saying where a thing is, and who sees it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import Terms
from portal.places import actions, kinds, queries
from portal.places.actions import PlaceDraft
from portal.places.models import Location, Neighbourhood
from tests.places.things import Things
from tests.support.cast import Cast

Make = Callable[..., Neighbourhood]
HEGGEDAL = (59.789, 10.448)
SQUARE = {
    "type": "MultiPolygon",
    "coordinates": [[[[10.4, 59.7], [10.5, 59.7], [10.5, 59.85], [10.4, 59.85], [10.4, 59.7]]]],
}


def test_a_thing_stands_where_its_author_says(benches: Things) -> None:
    ref = benches.add(*HEGGEDAL, address="Heggedalsveien 1")
    found = queries.location(ref)
    assert found is not None
    assert (found.latitude, found.longitude, found.address) == (*HEGGEDAL, "Heggedalsveien 1")
    assert found.is_public
    assert not found.is_approximate


def test_a_point_in_an_outline_is_in_that_lokalsamfunn(benches: Things, neighbourhood: Make) -> None:
    heggedal = neighbourhood("Heggedal", *HEGGEDAL, SQUARE)
    inside, outside = benches.add(*HEGGEDAL), benches.add(59.9, 10.448)
    assert queries.locations([inside, outside])[inside].neighbourhood is heggedal
    assert queries.locations([inside, outside])[outside].neighbourhood is None
    assert db.session.scalars(queries.in_neighbourhood("bench", heggedal.id)).all() == [inside.id]


def test_a_lokalsamfunn_is_enough(benches: Things, neighbourhood: Make) -> None:
    heggedal = neighbourhood("Heggedal", *HEGGEDAL)
    ref, there = benches.add(neighbourhood_id=heggedal.id), benches.add(*HEGGEDAL)
    found, exact = queries.location(ref), queries.location(there)
    assert found is not None
    assert exact is not None
    assert found.is_approximate
    assert (found.latitude, found.x, found.y) == (None, exact.x, exact.y)


def test_what_a_person_chose_is_kept_beside_the_point(benches: Things, neighbourhood: Make) -> None:
    neighbourhood("Heggedal", *HEGGEDAL, SQUARE)
    vollen = neighbourhood("Vollen", 59.806, 10.487)
    found = queries.location(benches.add(*HEGGEDAL, neighbourhood_id=vollen.id))
    assert found is not None
    assert found.neighbourhood is vollen


def test_a_thing_can_be_moved_and_taken_off(benches: Things) -> None:
    ref = benches.add(*HEGGEDAL)
    actions.locate(SYSTEM, ref, PlaceDraft(latitude=59.9, longitude=10.4))
    found = queries.location(ref)
    assert found is not None
    assert found.latitude == 59.9
    actions.locate(SYSTEM, ref, PlaceDraft(address="Et sted"))
    assert queries.location(ref) is None
    actions.locate(SYSTEM, ref, None)
    assert queries.location(ref) is None


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (PlaceDraft(latitude=52.52, longitude=13.4), "latitude"),
        (PlaceDraft(latitude=float("nan"), longitude=10.4), "latitude"),
        (PlaceDraft(latitude=59.9, longitude=370.4), "latitude"),
        (PlaceDraft(latitude=59.9), "latitude"),
        (PlaceDraft(longitude=10.4), "latitude"),
        (PlaceDraft(latitude=59.9, longitude=10.4, address="x" * 201), "address"),
        (PlaceDraft(neighbourhood_id=999_999), "neighbourhood"),
    ],
)
def test_a_place_that_cannot_be_is_refused(benches: Things, draft: PlaceDraft, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.locate(SYSTEM, Ref("bench", 1), draft)
    assert refused.value.field == field
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Location)) == 0


@pytest.mark.parametrize("point", [(70.98, 25.97), (57.98, 7.05), (62.6, 3.9), (69.65, 30.05)])
def test_all_of_the_mainland_and_its_coast_will_do(benches: Things, point: tuple[float, float]) -> None:
    assert queries.location(benches.add(*point)) is not None


def test_only_what_everybody_may_see_is_shown(benches: Things) -> None:
    hidden = benches.add(*HEGGEDAL, hidden=True)
    shown = benches.add(*HEGGEDAL)
    assert not queries.locations([hidden])[hidden].is_public
    benches.hidden = {shown.id}
    actions.show(SYSTEM, "bench", [hidden.id, shown.id])
    found = queries.locations([hidden, shown])
    assert (found[hidden].is_public, found[shown].is_public) == (True, False)


def test_things_without_a_place_cost_one_look(benches: Things, count_queries: Callable[..., object]) -> None:
    with count_queries(at_most=1):
        actions.show(SYSTEM, "bench", [1])


# -- people ------------------------------------------------------------------------------------------------------------


def test_a_person_gets_their_places(benches: Things, cast: Cast) -> None:
    benches.add(*HEGGEDAL, address="Heggedalsveien 1", by=cast.actor("resident"))
    benches.add(59.9, 10.4, by=cast.actor("resident2"))
    [place] = kinds.export(cast.resident.id)["places"]
    assert (place["on"], place["address"], place["latitude"]) == ("bench:1", "Heggedalsveien 1", HEGGEDAL[0])


def test_an_erased_person_leaves_no_place_but_on_what_others_have(benches: Things, cast: Cast) -> None:
    resident = cast.actor("resident")
    own = benches.add(*HEGGEDAL, by=resident)
    others = benches.add(*HEGGEDAL, by=resident)
    benches.authors[others.id] = cast.resident2.id
    held = benches.add(*HEGGEDAL, by=resident)
    kinds.erase(cast.resident.id, Terms(held=frozenset({held})))
    found = queries.locations([own, others, held])
    assert set(found) == {others, held}
    assert found[others].placed_by_id is None
    assert found[held].placed_by_id == cast.resident.id


def test_a_reaction_leaves_things_of_unknown_kinds_alone(app: Flask) -> None:
    actions.show(SYSTEM, "nothing", [1])
    assert queries.location(Ref("nothing", 1)) is None

"""Saying what a thing serves: the set of one kind is replaced, and only what everybody can see is counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.goals.actions import link
from portal.goals.models import Link, Subgoal
from portal.goals.queries import choices, linked, links
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.identity import SYSTEM
from tests.participation.talk import ask, asked, of, restrict
from tests.support.cast import Cast

THING = Ref("indicator", 101)


def a_subgoal(code: str = "3.1", goal: int = 3, **values: object) -> Subgoal:
    made = Subgoal(code=code, goal=goal, text_nb=f"Delmål {code}", text_nn="", text_en="", **values)
    db.session.add(made)
    db.session.commit()
    return made


def test_what_a_thing_serves_is_replaced_one_kind_at_a_time(cast: Cast) -> None:
    subgoal = a_subgoal()
    assert link(SYSTEM, THING, "goal", [3, 11, 11])
    assert link(SYSTEM, THING, "subgoal", [subgoal.id])
    assert link(SYSTEM, THING, "goal", [11, 17])
    assert not link(SYSTEM, THING, "goal", [17, 11]), "said before"
    other = Ref("indicator", 102)
    assert links([other, THING]) == {
        other: [],
        THING: [Ref("goal", 11), Ref("goal", 17), Ref("subgoal", subgoal.id)],
    }
    link(SYSTEM, THING, "goal", [])
    assert links([THING]) == {THING: [Ref("subgoal", subgoal.id)]}
    assert links([]) == {}


@pytest.mark.parametrize(
    ("kind", "number"), [("goal", 18), ("goal", 0), ("subgoal", 1), ("contribution", 1), ("no", 1)]
)
def test_what_cannot_be_chosen_is_refused_and_nothing_changes(cast: Cast, kind: str, number: int) -> None:
    link(SYSTEM, THING, "goal", [3])
    with pytest.raises(Invalid) as refusal:
        link(SYSTEM, THING, kind, [number])
    assert refusal.value.field == kind
    assert links([THING]) == {THING: [Ref("goal", 3)]}


def test_a_subgoal_that_has_gone_out_of_the_plan_can_stay_but_not_be_chosen(cast: Cast) -> None:
    subgoal = a_subgoal()
    link(SYSTEM, THING, "subgoal", [subgoal.id])
    subgoal.active = False
    db.session.commit()
    assert not link(SYSTEM, THING, "subgoal", [subgoal.id])
    with pytest.raises(Invalid):
        link(SYSTEM, Ref("indicator", 102), "subgoal", [subgoal.id])


def test_what_serves_a_subgoal_serves_its_goal(cast: Cast) -> None:
    third, tenth = a_subgoal(), a_subgoal("10.1", 10)
    link(SYSTEM, THING, "subgoal", [third.id])
    link(SYSTEM, Ref("indicator", 102), "goal", [3])
    link(SYSTEM, Ref("indicator", 103), "subgoal", [tenth.id])
    found = {
        to: sorted(db.session.scalars(linked("indicator", to)))
        for to in (Ref("goal", 3), Ref("subgoal", third.id), Ref("goal", 10), Ref("goal", 4))
    }
    assert list(found.values()) == [[101, 102], [101], [103], []]
    assert db.session.scalars(linked("idea", Ref("goal", 3))).all() == []


def test_only_what_everybody_can_see_is_counted_from_the_moment_it_is_so(cast: Cast) -> None:
    shown, waiting = asked(cast.actor("resident")), ask(cast.actor("resident"), "Senere?")
    restrict(of(waiting), Restriction(state=PublicationState.PENDING))
    for each in (shown, waiting):
        link(SYSTEM, of(each), "goal", [3])
    public = sa.select(Link.target_id).where(Link.is_public).order_by(Link.target_id)
    assert db.session.scalars(public).all() == [shown.id]


def test_links_cost_the_same_for_many_things(cast: Cast, count_queries: Callable[..., object]) -> None:
    refs = [Ref("indicator", 101 + number) for number in range(10)] + [Ref("round", 1)]
    for ref in refs:
        link(SYSTEM, ref, "goal", [3])
    with count_queries(at_most=1):  # type: ignore[attr-defined]  # a context manager
        assert all(links(refs).values())


def test_forms_offer_what_the_municipality_has_chosen_first(cast: Cast) -> None:
    assert [each.id for each in choices("goal", "nb")] == list(range(1, 18))
    assert choices("goal", "en")[0].label == "1 No poverty"
    assert {each.group for each in choices("goal", "nb")} == {""}, "nothing is chosen"
    a_subgoal("3.10")
    a_subgoal("3.2")
    assert [each.label for each in choices("subgoal", "en")] == ["3.2 Delmål 3.2", "3.10 Delmål 3.10"]
    assert choices("contribution", "nb") == choices("no", "nb") == ()

"""Which solutions help with a thing: for the pages of others, in one statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.goals.actions import link
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.observatorium.catalogue import row_number
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.queries.serving import came_of, read, serving
from tests.solutions.test_listing import change
from tests.support.ideas import published
from tests.support.solutions import imported, shared

INDICATOR = Ref("indicator", row_number("2.6"))


def titles(to: Ref, limit: int = 10) -> list[str]:
    rows = sorted(db.session.execute(serving(to, limit=limit)), key=lambda row: row[0])
    return [read(row).title for row in rows]


def test_those_most_others_use_come_first_and_only_as_many_as_asked_for(cast: Any) -> None:
    for title, used in (("Ingen", 0), ("Mange", 5), ("Noen", 2)):
        solution = change(shared(cast.actor("employee"), title), in_use=used)
        link(cast.actor("employee"), Ref(SOLUTION, solution.id), "indicator", [INDICATOR.id])
    shared(cast.actor("employee"), "Noe annet")
    assert titles(INDICATOR) == ["Mange", "Noen", "Ingen"]
    assert titles(INDICATOR, limit=2) == ["Mange", "Noen"]


def test_what_came_of_an_idea_is_told_with_whose_it_is(cast: Any) -> None:
    idea = published(cast.actor("resident"))
    ref = Ref("idea", idea.id)
    shared(cast.actor("employee"), "Av ideen", origin=ref)
    imported(cast.actor("adviser"), "Fra en annen")
    (found,) = came_of(ref, limit=3)
    assert (found.title, found.slug, found.municipality, found.in_use) == ("Av ideen", "av-ideen", "Asker", 0)
    assert titles(ref) == ["Av ideen"]


def test_what_is_not_public_serves_nothing(cast: Any) -> None:
    solution = shared(cast.actor("employee"), indicators=(INDICATOR.id,))
    assert titles(INDICATOR) == [solution.title]
    for state in set(PublicationState) - {PublicationState.PUBLISHED}:
        change(solution, state=state)
        assert titles(INDICATOR) == []


def test_it_can_be_read_in_one_statement_with_what_others_have(cast: Any, count_queries: Any) -> None:
    shared(cast.actor("employee"), indicators=(INDICATOR.id,))
    with count_queries(at_most=1):
        both = sa.union_all(serving(INDICATOR, limit=2), serving(Ref("goal", 3), limit=2))
        assert len(db.session.execute(both).all()) == 1

"""Many at once: how many use a solution is how many rows say so, and each adopter has one row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import ServiceArea
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict
from portal.kernel.identity import Actor, Role
from portal.solutions.actions.adopting import begin_adoption, change_adoption, withdraw_adoption
from portal.solutions.adoption import Adopter, AdopterKind, Step
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution
from tests.cocreation.doing import people, together
from tests.solutions.adopting import draft
from tests.support.solutions import shared


@atomic
def units(actor: Actor, count: int) -> list[Adopter]:
    """Return some units of the municipality."""
    rows = [ServiceArea(name=f"Enhet {number}") for number in range(count)]
    db.session.add_all(rows)
    db.session.flush()
    return [Adopter(AdopterKind.UNIT, str(each.id)) for each in rows]


def made(app: Flask, count: int) -> tuple[list[Actor], list[Adopter], int]:
    """Return some advisers, some units, and the number of a solution."""
    with app.app_context():
        advisers = people(count, Role.IDEA_MANAGER)
        adopters = units(advisers[0], count)
        solution_id = shared(advisers[0]).id
        db.session.remove()
        return advisers, adopters, solution_id


def counted(solution_id: int) -> tuple[int, int]:
    """Return how many use a solution as it is stored, and as the rows say."""
    using = Adoption.step == Step.IN_USE, Adoption.state != PublicationState.WITHDRAWN
    rows = sa.select(sa.func.count()).select_from(Adoption).where(Adoption.solution_id == solution_id, *using)
    return db.session.get_one(Solution, solution_id, populate_existing=True).in_use, db.session.scalar(rows) or 0


def test_ten_who_take_it_in_use_at_the_same_moment_are_ten(own_app: Flask) -> None:
    advisers, adopters, solution_id = made(own_app, 10)
    pairs = zip(advisers, adopters, strict=True)
    works = [lambda who=who, of=of: begin_adoption(who, solution_id, of, draft()) for who, of in pairs]
    assert all(isinstance(each, Adoption) for each in together(own_app, works))
    with own_app.app_context():
        assert counted(solution_id) == (10, 10)


def test_those_who_come_and_go_meanwhile_are_counted_exactly(own_app: Flask) -> None:
    advisers, adopters, solution_id = made(own_app, 8)

    def work(index: int, who: Actor, of: Adopter) -> Callable[[], Any]:
        def run() -> None:
            adoption = begin_adoption(who, solution_id, of, draft(Step.PILOTING))
            for step in (Step.IN_USE, Step.STOPPED, Step.IN_USE):
                adoption = change_adoption(who, adoption.id, draft(step), version=adoption.version)
            if index % 2:
                withdraw_adoption(who, adoption.id)

        return run

    works = [work(index, *pair) for index, pair in enumerate(zip(advisers, adopters, strict=True))]
    assert together(own_app, works) == [None] * 8
    with own_app.app_context():
        assert counted(solution_id) == (4, 4)


def test_two_who_tell_for_the_same_unit_are_one_and_the_other_is_told(own_app: Flask) -> None:
    advisers, (of, *_others), solution_id = made(own_app, 4)
    got = together(own_app, [lambda who=who: begin_adoption(who, solution_id, of, draft()) for who in advisers])
    assert sum(isinstance(each, Adoption) for each in got) == 1
    assert sum(isinstance(each, Conflict) for each in got) == 3
    with own_app.app_context():
        assert counted(solution_id) == (1, 1)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AdoptionStep)) == 1


def test_one_form_sent_four_times_is_one(own_app: Flask) -> None:
    (who, *_), (of, *_others), solution_id = made(own_app, 1)
    got = together(own_app, [lambda: begin_adoption(who, solution_id, of, draft(), key="k" * 32)] * 4)
    assert len({each.id for each in got}) == 1
    with own_app.app_context():
        assert counted(solution_id) == (1, 1)


def test_of_two_changes_to_one_the_second_is_refused(own_app: Flask) -> None:
    advisers, (of, *_others), solution_id = made(own_app, 3)
    with own_app.app_context():
        adoption = begin_adoption(advisers[0], solution_id, of, draft(Step.INTERESTED))
        number, version = adoption.id, adoption.version
        db.session.remove()
    got = together(
        own_app,
        [lambda who=who: change_adoption(who, number, draft(), version=version) for who in advisers],
    )
    assert sum(isinstance(each, Conflict) for each in got) == 2
    with own_app.app_context():
        assert counted(solution_id) == (1, 1)

"""The demo's solutions: what it has is what was promised, made the way people make them, and can be read."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from portal.demo import load, solutions
from portal.goals.models import Link
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.participation.models import Contribution
from portal.solutions.adoption import Step
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution, SolutionTranslation, SolutionVersion
from tests.support.cocreation import started
from tests.support.ideas import published

HOME = "3203"


@pytest.fixture
def told(cast: Any) -> Sequence[Solution]:
    """Load the solutions beside the idea and the project that two of them come of."""
    areas = load.make_service_areas(cast.actors)
    published(cast.actor("volunteer"), "Byttedag for vinterklær")
    started(cast.actor("employee2"), "Vi steller parken selv")
    crowd = [cast.actor(name) for name in ("resident", "resident2", "knowledge")]
    solutions.load(Random(1), cast.actors, crowd, areas)  # noqa: S311 - made-up content
    db.session.expire_all()
    return db.session.scalars(sa.select(Solution).order_by(Solution.id)).all()


def number(model: Any, *that: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*that)) or 0


def test_ten_of_three_partners_and_two_of_its_own_are_shown_and_some_words_wait(told: Sequence[Solution]) -> None:
    shown = [each for each in told if each.state is PublicationState.PUBLISHED]
    theirs = [each.municipality_number for each in shown if each.municipality_number != HOME]
    own = {each.origin_kind for each in shown if each.municipality_number == HOME}
    assert (len(theirs), len(set(theirs)), len(shown)) == (10, 3, 12)
    assert own == {"idea", "project"}
    assert [each.state for each in told].count(PublicationState.PENDING) == 1
    assert number(Adoption, Adoption.state == PublicationState.PENDING) == 1


def test_somebody_is_at_every_step_and_those_who_use_each_are_counted(told: Sequence[Solution]) -> None:
    adoptions = db.session.scalars(sa.select(Adoption)).all()
    shown_at = {each.id: each.shown_at for each in told}
    steps = sa.select(AdoptionStep.at, Adoption.solution_id).join(Adoption, Adoption.id == AdoptionStep.adoption_id)
    assert {each.step for each in adoptions} == set(Step)
    assert all(each.learning for each in adoptions if each.step is Step.STOPPED)
    for each in told:
        assert each.in_use == number(Adoption, Adoption.solution_id == each.id, Adoption.step == Step.IN_USE)
    assert all(at > shown_at[solution_id] for at, solution_id in db.session.execute(steps))


def test_each_serves_something_and_some_are_translated_changed_and_asked_about(told: Sequence[Solution]) -> None:
    serves = db.session.execute(sa.select(Link.target_id, Link.to_kind).where(Link.kind == SOLUTION))
    written = db.session.scalars(sa.select(Contribution).where(Contribution.kind == SOLUTION)).all()
    answered = {each.parent_id for each in written if each.is_official}
    assert {tuple(each) for each in serves} == {(each.id, kind) for each in told for kind in ("goal", "indicator")}
    assert {each.id for each in written if each.parent_id is None} == answered != set()
    assert {each.state for each in written} == {PublicationState.PUBLISHED}
    assert set(db.session.scalars(sa.select(SolutionTranslation.language))) == {"nn", "en"}
    assert db.session.scalars(sa.select(SolutionVersion.edition)).all() == [1]


def test_the_list_and_the_spread_of_each_can_be_read(told: Sequence[Solution], visitor: Any) -> None:
    reader = visitor()
    for each in told:
        if each.state is PublicationState.PUBLISHED:
            reader.get_url(f"/losninger/{each.id}/spredning")
    assert "Parkverter som steller parken selv" in reader.get_url("/losninger/").text

"""How much there is of solutions, and how much of it waits for somebody: as parts of another page's one statement."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.kernel.content import PublicationState
from portal.kernel.identity import Actor, Role
from portal.participation.models import Contribution, Form
from portal.solutions import policy
from portal.solutions.adoption import Step
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution

GOING = (Step.INTERESTED, Step.PILOTING)

Count = sa.ScalarSelect[int]


def public_counts() -> Mapping[str, Count]:
    """Return how many solutions are shared, and how many times one is in use with somebody else."""
    shared = sa.select(sa.func.count(Solution.id)).where(policy.visible())
    in_use = sa.select(sa.func.coalesce(sa.func.sum(Solution.in_use), 0)).where(policy.visible())
    return {"solutions": shared.scalar_subquery(), "solutions_in_use": in_use.scalar_subquery()}


def counts_for(actor: Actor) -> Mapping[str, Count]:
    """Return what waits for those who look after a municipality's solutions: partner staff, and advisers at home."""
    number = policy.municipality_of(actor)
    if number is None or not actor.has(Role.PARTNER, Role.IDEA_MANAGER):
        return {}
    own = sa.and_(Solution.municipality_number == number, Solution.source_uri.is_(None))
    changes = sa.select(sa.func.count(Solution.id)).where(own, Solution.state == PublicationState.CHANGES_REQUESTED)
    going = sa.select(sa.func.count(Adoption.id)).where(
        Adoption.municipality_number == number,
        Adoption.source_uri.is_(None),
        Adoption.step.in_(GOING),
        Adoption.state != PublicationState.WITHDRAWN,
    )
    return {
        "solutions_own": sa.select(sa.func.count(Solution.id)).where(own, policy.visible()).scalar_subquery(),
        "solutions_changes": changes.scalar_subquery(),
        "solutions_questions": _unanswered(own).scalar_subquery(),
        "adoptions_going": going.scalar_subquery(),
    }


def _unanswered(own: sa.ColumnElement[bool]) -> sa.Select[int]:
    """Select how many questions about one's solutions nobody has answered for the municipality."""
    answer = aliased(Contribution)
    answered = sa.exists().where(answer.parent_id == Contribution.id, answer.is_official)
    return sa.select(sa.func.count(Contribution.id)).where(
        Contribution.kind == SOLUTION,
        Contribution.form == Form.QUESTION,
        Contribution.parent_id.is_(None),
        Contribution.state == PublicationState.PUBLISHED,
        Contribution.target_id.in_(sa.select(Solution.id).where(own, policy.visible())),
        ~answered,
    )

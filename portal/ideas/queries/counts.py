"""How much there is of ideas, and how much of it waits for somebody: as parts of another page's one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.models.ideas import Idea
from portal.ideas.queries import desk, waiting
from portal.ideas.stages import Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.identity import Actor

SOON = timedelta(days=3)
"""When a first answer is due soon."""

Count = sa.ScalarSelect[int]


def public_counts() -> Mapping[str, Count]:
    """Return how many ideas everybody can see, and how many of them have come to use."""
    published = Idea.state == PublicationState.PUBLISHED
    return {"ideas": _count(published), "ideas_realised": _count(published, Idea.stage == Stage.REALISED)}


def counts_for(actor: Actor) -> Mapping[str, Count]:
    """Return what waits for somebody: their own drafts, what they are asked to change, and the cases they handle."""
    mine = Idea.author_id == actor.id
    found = {
        "ideas_drafts": _count(mine, Idea.state == PublicationState.DRAFT),
        "ideas_changes": _count(mine, Idea.state == PublicationState.CHANGES_REQUESTED),
    }
    if not policy.may_see_cases(actor):
        return found
    handled, now = desk.handled_by(actor), clock.now()
    unanswered = sa.and_(handled, waiting.unanswered())
    soon = Idea.answer_due_at.between(now, now + SOON)
    return found | {
        "cases_late": _count(unanswered, Idea.answer_due_at < now),
        "cases_due": _count(unanswered, soon),
        "cases_mine": _count(handled, desk.is_open(), Idea.responsible_id == actor.id),
    }


def _count(*conditions: Any) -> Count:
    return sa.select(sa.func.count(Idea.id)).where(*conditions).scalar_subquery()

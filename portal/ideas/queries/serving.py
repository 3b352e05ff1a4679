"""Ideas that serve a goal or want to change an indicator's colour: the most supported of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.goals.queries import linked
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.rows import standing
from portal.ideas.stages import IdeaKind
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.participation.models import Tally


@dataclass(frozen=True, kw_only=True)
class ServingIdea:
    """An idea as another thing's page shows it."""

    id: int
    slug: str
    title: str
    language: str
    status: str
    """In words: how far the case has come, or what was decided."""
    supports: int


def serving(actor: Actor, to: Ref, *, limit: int) -> Sequence[ServingIdea]:
    """Return the most supported ideas that point to a thing and the reader can see, in one statement."""
    supports = sa.func.coalesce(Tally.supports, 0)
    statement = (
        sa.select(Idea.id, Idea.title, Idea.language, Idea.stage, Idea.decision, supports)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .where(Idea.id.in_(linked(IDEA, to)), policy.visible(actor))
        .order_by(supports.desc(), Idea.id.desc())
        .limit(limit)
    )
    return [
        ServingIdea(
            id=id_,
            slug=slug(title),
            title=title,
            language=language,
            status=standing(IdeaKind.INNOVATION, stage, decision, None)[0],
            supports=number,
        )
        for id_, title, language, stage, decision, number in db.session.execute(statement)
    ]

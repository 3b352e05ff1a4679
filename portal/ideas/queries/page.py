"""The page of one idea: what its author says, and all that has come of it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.policy import Abilities, abilities
from portal.ideas.queries import cases, thieves
from portal.ideas.queries.rows import standing
from portal.ideas.slugs import slug
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.identity import Actor
from portal.participation.queries import panels


@dataclass(frozen=True, kw_only=True)
class IdeaPage:
    """Everything that the page of an idea shows."""

    idea: Idea
    slug: str
    byline: str
    status: str
    tone: str
    may: Abilities
    panel: panels.Panel
    timeline: cases.Timeline
    thief: thieves.Panel | None


def idea_page(actor: Actor, idea_id: int) -> IdeaPage:
    """Return the page of an idea to those who may read it; raises NotFound."""
    found = db.session.execute(
        sa.select(Idea, shown_name(Idea)).where(Idea.id == idea_id, policy.readable(actor))
    ).one_or_none()
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    idea, byline = found
    ref = Ref(IDEA, idea.id)
    thief = thieves.panel(actor, idea)
    status, tone = standing(idea.kind, idea.stage, idea.decision, thief.thief.degree if thief else None)
    return IdeaPage(
        idea=idea,
        slug=slug(idea.title),
        byline=byline or "",
        status=status,
        tone=tone,
        may=abilities(actor, idea),
        panel=panels.panel(actor, ref),
        timeline=cases.timeline(actor, idea),
        thief=thief,
    )

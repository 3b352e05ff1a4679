"""Who is asked whether an idea helped, and what they said."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.cases import Helped, Verdict
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.cases import Timeline, timeline
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.models import Support

NOT_ASKED = _l(
    "Vi spør bare dem som foreslo eller støttet dette om det hjalp, og først en uke etter at saken er ferdig."
)


@dataclass(frozen=True, kw_only=True)
class VerdictPage:
    """The page where one says whether it helped, with what came of it."""

    idea: Idea
    case: Timeline
    said: Helped | None


def verdict_page(actor: Actor, idea_id: int) -> VerdictPage:
    """Return what is asked of somebody. Raises NotFound, or Forbidden to those who weren't asked."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id))
    case = timeline(actor, idea)
    if not case.helped.may_say:
        raise Forbidden(NOT_ASKED)
    said = db.session.scalar(
        sa.select(Verdict.helped).where(Verdict.idea_id == idea_id, Verdict.account_id == actor.id)
    )
    return VerdictPage(idea=idea, case=case, said=said)


def is_asked(actor: Actor, idea: Idea) -> bool:
    """Say whether somebody is one of those who were asked: the author, and who supports it."""
    if idea.asked_at is None or not actor.is_signed_in:
        return False
    return policy.is_author(actor, idea) or _supports(idea.id, actor.id)


def people_behind(idea_id: int) -> list[int]:
    """Return the author and the supporters of an idea."""
    author = sa.select(Idea.author_id).where(Idea.id == idea_id)
    supporters = sa.select(Support.account_id).where(Support.kind == IDEA, Support.target_id == idea_id)
    return sorted(set(db.session.scalars(sa.union(author, supporters))))


def _supports(idea_id: int, account_id: int | None) -> bool:
    row = sa.select(Support.account_id).where(
        Support.kind == IDEA, Support.target_id == idea_id, Support.account_id == account_id
    )
    return db.session.scalar(row) is not None

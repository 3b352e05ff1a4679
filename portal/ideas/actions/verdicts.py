"""Whether it helped: author and supporters are asked once, some days after the end, and may change their minds."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.events.cases import IdeaAsked, VerdictGiven
from portal.ideas.models.cases import Helped, Verdict
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.queries import verdicts
from portal.ideas.stages import ENDED
from portal.kernel import clock
from portal.kernel.db import atomic, db, upsert
from portal.kernel.errors import Forbidden
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor

ASKED_AFTER = timedelta(days=7)
"""So long after the end that people have had time to see whether it helped, so soon that they remember."""
AT_A_TIME = 50


@atomic
def ask_who_waited(actor: Actor = SYSTEM) -> int:
    """Ask the people behind the cases that ended a while ago, once for each; return how many cases.

    What was imported isn't asked about: those who proposed it aren't here.
    """
    ended = (
        sa.select(Idea)
        .where(
            Idea.stage.in_(ENDED),
            Idea.state.in_(policy.SHOWN),
            Idea.asked_at.is_(None),
            Idea.sent_at.is_not(None),
            Idea.stage_since <= clock.now() - ASKED_AFTER,
            Idea.id.not_in(sa.select(Origin.idea_id)),
        )
        .order_by(Idea.stage_since, Idea.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(ended).all()
    for idea in found:
        idea.asked_at = clock.now()
    db.session.flush()
    for idea in found:
        publish(IdeaAsked(actor=actor, idea_id=idea.id))
    return len(found)


@atomic
def give_verdict(actor: Actor, idea_id: int, helped: Helped) -> None:
    """Say whether it helped; said again, it is changed. Only those who were asked may."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id, populate_existing=True))
    if not verdicts.is_asked(actor, idea):
        raise Forbidden(verdicts.NOT_ASKED)
    values = {"idea_id": idea.id, "account_id": actor.id, "helped": helped, "at": clock.now()}
    upsert(Verdict, values, change=("helped", "at"))
    publish(VerdictGiven(actor=actor, idea_id=idea.id))

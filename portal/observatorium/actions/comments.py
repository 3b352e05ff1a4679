"""Comments on indicators: written by people, shown when a moderator has read them, never tied to a rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.actions.rating import open_to
from portal.observatorium.catalogue import catalogue
from portal.observatorium.events.rounds import CommentChanged, CommentWithdrawn, CommentWritten
from portal.observatorium.models.rounds import Comment, Round


@dataclass(frozen=True, kw_only=True)
class CommentDraft:
    """What somebody writes about an indicator, and in which language."""

    round: str
    indicator: str
    text: str
    language: str = "nb"


@atomic
def comment(actor: Actor, draft: CommentDraft) -> Comment:
    """Write a comment, or rewrite one's own; it waits for a moderator either way."""
    round_ = open_to(actor, draft.round)
    if catalogue().indicator(draft.indicator) is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    if not draft.text:
        raise Invalid("comment", _l("Skriv en kommentar, eller la feltet stå tomt."))
    mine = _find(actor, round_, draft.indicator)
    if mine is None:
        return _write(actor, round_, draft)
    if mine.text != draft.text:
        mine.text, mine.language, mine.state = draft.text, draft.language, PublicationState.PENDING
        db.session.flush()
        publish(CommentChanged(actor=actor, **_told(mine)))
    return mine


@atomic
def withdraw_comment(actor: Actor, comment_id: int) -> None:
    """Take one's own comment back, at any time; the text is removed."""
    found = _lock(comment_id)
    if found is None or not policy.may_withdraw_comment(actor, found):
        raise NotFound(_l("Vi finner ikke denne kommentaren."))
    if found.state is PublicationState.WITHDRAWN:
        return
    found.state, found.text = PublicationState.WITHDRAWN, ""
    db.session.flush()
    publish(CommentWithdrawn(actor=actor, **_told(found)))


def _find(actor: Actor, round_: Round, indicator: str) -> Comment | None:
    return db.session.scalar(
        sa.select(Comment).where(
            Comment.round_id == round_.id, Comment.indicator == indicator, Comment.author_id == actor.id
        )
    )


def _lock(comment_id: int) -> Comment | None:
    return db.session.get(Comment, comment_id, with_for_update=True, populate_existing=True)


def _write(actor: Actor, round_: Round, draft: CommentDraft) -> Comment:
    made = Comment(
        round_id=round_.id,
        indicator=draft.indicator,
        author_id=actor.id,
        text=draft.text,
        language=draft.language,
        state=PublicationState.PENDING,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    publish(CommentWritten(actor=actor, **_told(made)))
    return made


def _told(found: Comment) -> dict[str, Any]:
    return {"comment_id": found.id, "round_id": found.round_id, "indicator": found.indicator}

"""Telling moderators that something waits: once a day, and at once when a case is overdue."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Actor
from portal.moderation import casework, letters
from portal.moderation.casework import Step
from portal.moderation.models import Appeal, Case, CaseEvent


@atomic
def tell_waiting(actor: Actor = SYSTEM) -> int:
    """Write to the moderators how much waits; nothing when nothing does. Returns how many cases wait."""
    cases = _count(sa.select(sa.func.count()).select_from(Case).where(Case.closed_at.is_(None)))
    appeals = _count(sa.select(sa.func.count()).select_from(Appeal).where(Appeal.decided_at.is_(None)))
    if cases + appeals:
        letters.tell_moderators("waiting", cases=cases, appeals=appeals)
    return cases


@atomic
def tell_overdue(actor: Actor = SYSTEM) -> int:
    """Write to the moderators of the cases that have become overdue, each case once; return how many."""
    told = sa.select(CaseEvent.case_id).where(CaseEvent.what == Step.OVERDUE_TOLD)
    overdue = db.session.scalars(
        sa.select(Case)
        .where(Case.closed_at.is_(None), Case.due_at <= clock.now(), Case.id.not_in(told))
        .order_by(Case.id)
        .with_for_update(skip_locked=True)
    ).all()
    for case in overdue:
        casework.note(case, actor, Step.OVERDUE_TOLD)
    if overdue:
        letters.tell_moderators("overdue", cases=len(overdue))
    return len(overdue)


def _count(statement: sa.Select[int]) -> int:
    return db.session.scalar(statement) or 0

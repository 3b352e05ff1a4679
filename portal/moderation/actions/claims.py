"""Taking a case, so that two people never work on one unknowingly, and letting it go."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, policy
from portal.moderation.casework import Step
from portal.moderation.events import CaseClaimed, CaseReleased
from portal.moderation.models import Case

LASTS = timedelta(minutes=15)


@atomic
def claim(actor: Actor, case_id: int) -> Case:
    """Take a case for a quarter of an hour, or for a quarter more. Conflict when somebody else has it."""
    case = casework.locked(case_id)
    if not policy.may_decide(actor, case):
        raise Forbidden(_l("Du kan ikke behandle en sak om noe du har skrevet selv."))
    if case.closed_at is not None:
        raise Conflict(_l("Saken er alt avgjort."))
    casework.refuse_if_taken(actor, case)
    return _take(actor, case)


@atomic
def claim_next(actor: Actor, after: int | None = None) -> Case | None:
    """Take the case that is due first of those nobody has, never the one just left; None when there is none."""
    if not policy.may_moderate(actor):
        raise Forbidden
    free = sa.or_(Case.claimed_until.is_(None), Case.claimed_until <= clock.now(), Case.claimed_by_id == actor.id)
    case = db.session.scalar(
        sa.select(Case)
        .where(Case.closed_at.is_(None), free, Case.author_id != actor.id, Case.id != (after or 0))
        .order_by(Case.due_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return _take(actor, case) if case is not None else None


@atomic
def release(actor: Actor, case_id: int) -> None:
    """Let a case that one has go."""
    case = casework.locked(case_id)
    if case.claimed_by_id != actor.id or actor.id is None:
        return
    _hold(case, None, None)
    casework.note(case, actor, Step.RELEASED)
    publish(CaseReleased(actor=actor, **casework.facts(case)))


def _take(actor: Actor, case: Case) -> Case:
    was_mine = case.claimed_by_id == actor.id and case.claimed_until is not None and case.claimed_until > clock.now()
    _hold(case, actor.id, clock.now() + LASTS)
    if not was_mine:
        casework.note(case, actor, Step.CLAIMED)
        publish(CaseClaimed(actor=actor, **casework.facts(case)))
    return case


def _hold(case: Case, account_id: int | None, until: datetime | None) -> None:
    """Write who has the case; not through the model, whose version tells when the case itself has changed."""
    db.session.execute(sa.update(Case).where(Case.id == case.id).values(claimed_by_id=account_id, claimed_until=until))
    db.session.refresh(case)

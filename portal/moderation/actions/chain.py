"""Publishing the head of the audit trail each day: who has kept it can tell whether the trail was changed since."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.audit import AuditEntry, AuditSeal
from portal.kernel.db import atomic, db
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor
from portal.moderation.events import ChainHeadPublished


@atomic
def publish_head(actor: Actor = SYSTEM) -> bool:
    """Publish the newest link of the chain, once a day; return whether it was done. The worker calls it."""
    today = clock.start_of_day(clock.today())
    published = sa.select(AuditEntry.id).where(
        AuditEntry.name == ChainHeadPublished.name, AuditEntry.occurred_at >= today
    )
    newest = db.session.scalar(sa.select(AuditSeal).order_by(AuditSeal.seq.desc()).limit(1))
    if newest is None or db.session.scalar(published.limit(1)) is not None:
        return False
    publish(ChainHeadPublished(actor=actor, day=clock.today(), number=newest.seq, head=newest.hash))
    return True

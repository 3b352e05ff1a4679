"""How much waits for moderators: as parts of another page's one statement."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.identity import Actor
from portal.moderation import policy
from portal.moderation.models import Case


def counts_for(actor: Actor) -> Mapping[str, sa.ScalarSelect[int]]:
    """Return how many cases are open, and how many of them are late; nothing to those who don't moderate."""
    if not policy.may_moderate(actor):
        return {}
    is_open = sa.select(sa.func.count(Case.id)).where(Case.closed_at.is_(None))
    return {
        "moderation_open": is_open.scalar_subquery(),
        "moderation_late": is_open.where(Case.due_at <= clock.now()).scalar_subquery(),
    }

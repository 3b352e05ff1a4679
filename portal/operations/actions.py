"""Stepping in where something is stuck."""

from __future__ import annotations

from portal.kernel import outbox
from portal.kernel.db import atomic
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.outbox import OutboxRow
from portal.operations import policy
from portal.operations.events import SendingGivenUp, SendingRetried


@atomic
def retry(actor: Actor, row_id: int) -> None:
    """Let a stuck sending be tried again at once."""
    row = _stuck(actor, row_id)
    outbox.retry(row)
    publish(SendingRetried(actor=actor, row_id=row.id, topic=row.topic, attempts=row.attempts))


@atomic
def give_up(actor: Actor, row_id: int, reason: str) -> None:
    """Decide that a stuck sending is never to be sent, and say why; what it held is forgotten."""
    row = _stuck(actor, row_id)
    if not reason:
        raise Invalid("reason", _l("Skriv hvorfor den ikke skal sendes."))
    outbox.give_up(row)
    publish(SendingGivenUp(actor=actor, row_id=row.id, topic=row.topic, attempts=row.attempts, reason=reason))


def _stuck(actor: Actor, row_id: int) -> OutboxRow:
    if not policy.may_operate(actor):
        raise Forbidden(_l("Bare en administrator kan gjøre dette."))
    row = outbox.lock_stuck(row_id)
    if row is None:
        raise Conflict(_l("Sendingen står ikke fast lenger."))
    return row

"""What moderation does when people write, rewrite or take back a text."""

from __future__ import annotations

from portal.kernel.events import Event
from portal.moderation.actions import queueing


def queue(event: Event) -> None:
    """Let what was written be shown, or open a case; the municipality's own answers say `is_official`."""
    subject = event.subject()
    if subject is not None:
        queueing.take_in(event.actor, subject, official=bool(getattr(event, "is_official", False)))


def close(event: Event) -> None:
    """Close the case of what was taken back."""
    subject = event.subject()
    if subject is not None:
        queueing.close_gone(event.actor, subject)

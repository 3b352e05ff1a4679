"""What search does when something happens to a thing: the index follows in the same transaction."""

from __future__ import annotations

from portal.kernel.events import Event
from portal.search import actions


def index(event: Event) -> None:
    """Put the thing it happened to into the index, change it there, or take it out."""
    subject = event.subject()
    if subject is not None:
        actions.index(event.actor, subject.kind, [subject.id])

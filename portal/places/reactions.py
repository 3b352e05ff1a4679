"""What the map does when something happens to a thing: it shows only what everybody may see."""

from __future__ import annotations

from portal.kernel.events import Event
from portal.places import actions


def show(event: Event) -> None:
    """Show the thing on the map, or take it off, as its kind says now; nothing when it has no place."""
    subject = event.subject()
    if subject is not None:
        actions.show(event.actor, subject.kind, [subject.id])

"""What search does when something happens to a thing: the index follows in the same transaction."""

from __future__ import annotations

from portal.kernel.events import Event
from portal.kernel.extensions import content
from portal.search import actions


def index(event: Event) -> None:
    """Put the thing it happened to into the index, change it there, or take it out; what is written on it follows."""
    subject = event.subject()
    if subject is None:
        return
    actions.index(event.actor, subject.kind, [subject.id])
    for kind in content():
        if kind.written_on and (ids := kind.written_on(subject)):
            actions.index(event.actor, kind.name, ids)

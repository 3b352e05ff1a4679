"""What goals do when something happens to a thing: what everybody can see of it, is counted."""

from __future__ import annotations

from portal.goals import actions
from portal.kernel.events import Event


def show(event: Event) -> None:
    """Keep whether everybody can see the thing it happened to."""
    if subject := event.subject():
        actions.show(event.actor, subject)

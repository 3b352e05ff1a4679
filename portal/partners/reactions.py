"""What partners are told when something happens to a solution."""

from __future__ import annotations

from portal.kernel.db import db
from portal.kernel.events import Event
from portal.partners.actions.feed import note_change
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import SolutionTranslation


def tell_partners(event: Event) -> None:
    """Put the solution that something happened to last in the feed, in the same transaction."""
    ref = event.subject()
    if ref is None:
        return
    if ref.kind == SOLUTION:
        note_change(event.actor, ref.id)
    elif ref.kind == TRANSLATION:
        translation = db.session.get(SolutionTranslation, ref.id)
        if translation is not None:
            note_change(event.actor, translation.solution_id)

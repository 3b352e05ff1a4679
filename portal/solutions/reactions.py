"""What solutions do when moderation decides about their translations: search finds them in the languages they have."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.events import Event
from portal.search import actions as search
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import SolutionTranslation


def index_translated(event: Event) -> None:
    """Put a solution into the search index anew when one of its translations was shown, restricted or taken back."""
    subject = event.subject()
    if subject is None or subject.kind != TRANSLATION:
        return
    of = sa.select(SolutionTranslation.solution_id).where(SolutionTranslation.id == subject.id)
    search.index(event.actor, SOLUTION, db.session.scalars(of).all())

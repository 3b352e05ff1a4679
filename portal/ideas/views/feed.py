"""The Atom feed of a list of ideas."""

from __future__ import annotations

from flask import url_for

from portal.ideas.queries.rows import IdeaRow
from portal.kernel.atom import Entry


def entry(row: IdeaRow) -> Entry:
    """Return how an idea stands in a feed: it is new each time the idea or its case has moved."""
    return Entry(
        id=url_for("ideas.permanent", idea_id=row.id),
        address=url_for("ideas.show", idea_id=row.id, slug=row.slug),
        title=row.title,
        published=row.shown_at,
        updated=row.changed_at,
        language=row.language,
        summary=row.line or row.title,
        category=(row.stage.value, str(row.status)),
    )

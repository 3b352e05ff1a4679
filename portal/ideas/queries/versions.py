"""What an idea said before its author changed it: the words that went and came, newest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.models.ideas import Idea, IdeaVersion
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.participation.differences import Change, Piece, differences

SHOWN = 30
"""How many changes the history goes back."""
FIELDS = {
    "title": _l("Tittel"),
    "summary": _l("Kort fortalt"),
    "challenge": _l("Utfordringen"),
    "solution": _l("Forslaget"),
    "usefulness": _l("Nytten for andre"),
}


@dataclass(frozen=True)
class Changed:
    """One text and what became of its words."""

    label: Any
    pieces: Sequence[Piece]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One change: when, in which texts; none of them when a moderator has hidden what it said before."""

    at: datetime
    hidden: bool
    language: str
    texts: Sequence[Changed]


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """How an idea has been changed since people could see it."""

    idea: Idea
    slug: str
    wordings: Sequence[Wording]


def versions_page(actor: Actor, idea_id: int) -> VersionsPage:
    """Return the changes of an idea to those who may read it, in two statements; raises NotFound."""
    idea = db.session.scalar(sa.select(Idea).where(Idea.id == idea_id, policy.readable(actor)))
    if idea is None:
        raise NotFound(policy.NOT_FOUND)
    newest = sa.select(IdeaVersion).where(IdeaVersion.idea_id == idea_id).order_by(IdeaVersion.id.desc()).limit(SHOWN)
    wordings: list[Wording] = []
    after: Idea | IdeaVersion = idea
    for before in db.session.scalars(newest):
        texts = [] if before.hidden else _changed(before, after)
        wordings.append(Wording(at=before.until, hidden=before.hidden, language=before.language, texts=texts))
        after = after if before.hidden else before
    return VersionsPage(idea=idea, slug=slug(idea.title), wordings=wordings)


def _changed(before: IdeaVersion, after: Idea | IdeaVersion) -> list[Changed]:
    compared = [
        Changed(label, differences(getattr(before, name), getattr(after, name))) for name, label in FIELDS.items()
    ]
    return [each for each in compared if any(piece.change is not Change.KEPT for piece in each.pieces)]

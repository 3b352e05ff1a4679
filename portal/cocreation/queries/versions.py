"""What a project said before its owners changed it: the words that went and came, newest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.cocreation.models.projects import Project, ProjectVersion
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel.db import db
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.differences import Change, Piece, differences

SHOWN = 30
"""How many changes the history goes back."""
FIELDS = {
    "title": _l("Navn"),
    "summary": _l("Kort fortalt"),
    "challenge": _l("Utfordringen"),
    "goal": _l("Målet"),
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
    """How a project has been changed since people could see it."""

    frame: Frame
    wordings: Sequence[Wording]


def versions_page(actor: Actor, project_id: int) -> VersionsPage:
    """Return the changes of a project to those who may read it, in two statements; raises NotFound."""
    top = frame(actor, project_id)
    newest = (
        sa.select(ProjectVersion)
        .where(ProjectVersion.project_id == project_id)
        .order_by(ProjectVersion.id.desc())
        .limit(SHOWN)
    )
    wordings: list[Wording] = []
    after: Project | ProjectVersion = top.project
    for before in db.session.scalars(newest):
        texts = [] if before.hidden else _changed(before, after)
        wordings.append(Wording(at=before.until, hidden=before.hidden, language=before.language, texts=texts))
        after = after if before.hidden else before
    return VersionsPage(frame=top, wordings=wordings)


def _changed(before: ProjectVersion, after: Project | ProjectVersion) -> list[Changed]:
    compared = [
        Changed(label, differences(getattr(before, name), getattr(after, name))) for name, label in FIELDS.items()
    ]
    return [each for each in compared if any(piece.change is not Change.KEPT for piece in each.pieces)]

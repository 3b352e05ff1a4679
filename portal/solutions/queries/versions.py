"""What a solution said before its owners changed it: the words that went and came, newest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.participation.differences import Change, Piece, differences
from portal.solutions import policy
from portal.solutions.models.solutions import Solution, SolutionVersion
from portal.solutions.words import TEXTS

SHOWN = 30
"""How many changes the history goes back."""


@dataclass(frozen=True)
class Changed:
    """One text and what became of its words."""

    label: Any
    pieces: Sequence[Piece]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One change: when, from which version, in which texts; none when a moderator has hidden what it said before."""

    at: datetime
    edition: int
    """That there was before the change."""
    hidden: bool
    language: str
    texts: Sequence[Changed]


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """How a solution has been changed since people could see it."""

    solution: Solution
    slug: str
    wordings: Sequence[Wording]


def versions_page(actor: Actor, solution_id: int) -> VersionsPage:
    """Return the changes of a solution to those who may read it, in two statements; raises NotFound."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    newest = (
        sa.select(SolutionVersion)
        .where(SolutionVersion.solution_id == solution_id)
        .order_by(SolutionVersion.id.desc())
        .limit(SHOWN)
    )
    wordings: list[Wording] = []
    after: Solution | SolutionVersion = solution
    for before in db.session.scalars(newest):
        texts = [] if before.hidden else _changed(before, after)
        wordings.append(
            Wording(
                at=before.until, edition=before.edition, hidden=before.hidden, language=before.language, texts=texts
            )
        )
        after = after if before.hidden else before
    return VersionsPage(solution=solution, slug=slug(solution.title, "losning"), wordings=wordings)


def _changed(before: SolutionVersion, after: Solution | SolutionVersion) -> list[Changed]:
    compared = [
        Changed(label, differences(getattr(before, name), getattr(after, name))) for name, label in TEXTS.items()
    ]
    return [each for each in compared if any(piece.change is not Change.KEPT for piece in each.pieces)]

"""Projects that came of a thing, or want to move an indicator: the ones with the newest sign of life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Project
from portal.cocreation.phases import PHASES, Phase
from portal.goals.queries import linked
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.slugs import slug


@dataclass(frozen=True, kw_only=True)
class ServingProject:
    """A project as another thing's page shows it."""

    id: int
    slug: str
    title: str
    language: str
    phase: Phase
    is_over: bool

    @property
    def phase_word(self) -> str:
        return str(PHASES[self.phase])


def started_from(origin: Ref, *, limit: int) -> Sequence[ServingProject]:
    """Return the projects that were started from a thing and everybody can see, in one statement."""
    which = sa.and_(Project.origin_kind == origin.kind, Project.origin_id == origin.id)
    return [read(row) for row in db.session.execute(_ranked(which, limit).order_by("place"))]


def serving(to: Ref, *, limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    """Select the projects that point to a thing or were started from it, and everybody can see.

    In plain columns, so that a page can read it in one statement with what others have: place (from 1), number, title,
    language, phase, nothing, and 1 when it is over. `read` makes them what is shown.
    """
    began = sa.and_(Project.origin_kind == to.kind, Project.origin_id == to.id)
    return _ranked(sa.or_(Project.id.in_(linked(PROJECT, to)), began), limit)


def read(row: Sequence[Any]) -> ServingProject:
    """Return a project of `serving` as it is shown."""
    _place, id_, title, language, phase, _nothing, is_over = row
    return ServingProject(
        id=id_,
        slug=slug(title, "prosjekt"),
        title=title,
        language=language,
        phase=Phase(phase),
        is_over=bool(is_over),
    )


def _ranked(which: sa.ColumnElement[bool], limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    place = sa.func.row_number().over(order_by=(Project.alive_at.desc(), Project.id.desc()))
    ranked = (
        sa.select(
            place.label("place"),
            Project.id,
            Project.title,
            Project.language,
            sa.cast(Project.phase, sa.String).label("standing"),
            sa.cast(sa.null(), sa.String).label("also"),
            sa.case((Project.ended_at.is_(None), 0), else_=1).label("number"),
        )
        .where(which, policy.visible())
        .subquery()
    )
    return sa.select(*ranked.c).where(ranked.c.place <= limit)

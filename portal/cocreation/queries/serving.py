"""Projects that came of a thing, or want to move an indicator: the ones with the newest sign of life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    return _read(sa.and_(Project.origin_kind == origin.kind, Project.origin_id == origin.id), limit)


def serving(to: Ref, *, limit: int) -> Sequence[ServingProject]:
    """Return the projects that point to a thing, or were started from it, in one statement."""
    began = sa.and_(Project.origin_kind == to.kind, Project.origin_id == to.id)
    return _read(sa.or_(Project.id.in_(linked(PROJECT, to)), began), limit)


def _read(which: sa.ColumnElement[bool], limit: int) -> Sequence[ServingProject]:
    statement = (
        sa.select(Project.id, Project.title, Project.language, Project.phase, Project.ended_at)
        .where(which, policy.visible())
        .order_by(Project.alive_at.desc(), Project.id.desc())
        .limit(limit)
    )
    return [
        ServingProject(
            id=id_,
            slug=slug(title, "prosjekt"),
            title=title,
            language=language,
            phase=phase,
            is_over=ended_at is not None,
        )
        for id_, title, language, phase, ended_at in db.session.execute(statement)
    ]

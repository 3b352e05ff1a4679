"""All projects as staff see them: by type, phase and party, those that are quiet, and where the type drifted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.cocreation import policy
from portal.cocreation.models.classifying import Classification
from portal.cocreation.models.projects import Party, PartyKind, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.listing import NEEDS
from portal.cocreation.typology import Answers, ProjectType, classify
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate
from portal.kernel.slugs import slug

QUIET_DAYS = 60
"""Days without a sign of life before a project that runs is called stale."""
ON_A_PAGE = 50
MOST_IN_FILE = 5000
STEPS = ("problem", "goals", "design", "carry_out", "goal_locked", "frame_locked", "could_end_elsewhere")


class Sort(StrEnum):
    """The order of the overview."""

    NEWEST = "newest"
    STALE = "stale"
    """The longest without a sign of life first; only what runs."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the overview is narrowed to."""

    type: ProjectType | None = None
    is_open: bool = False
    """Only those whose type isn't settled."""
    phase: Phase | None = None
    party: PartyKind | None = None
    mine: bool = False
    """Only those of the reader's own service areas."""
    drifted: bool = False
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class OverviewRow:
    """One project as staff follow it up."""

    project: Project
    slug: str
    area: str
    parties: Sequence[str]
    needs: int
    first_type: ProjectType | None
    """What the first party that answered said it was; None before anybody has."""
    quiet_days: int

    @property
    def is_stale(self) -> bool:
        return self.project.ended_at is None and self.quiet_days >= QUIET_DAYS

    @property
    def has_drifted(self) -> bool:
        return self.project.type is not None and self.first_type not in {None, self.project.type}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many projects run, by type and by phase; and how many of them are stale."""

    running: int
    ended: int
    waiting: int
    """For a moderator."""
    stale: int
    by_type: Mapping[ProjectType | None, int]
    by_phase: Mapping[Phase, int]


@dataclass(frozen=True, kw_only=True)
class OverviewPage:
    """Everything that the overview shows."""

    figures: Figures
    rows: Sequence[OverviewRow]
    next: str | None


def overview_page(actor: Actor, asked: Filters, cursor: str | None) -> OverviewPage:
    """Return one page of the overview in four statements. Raises Forbidden."""
    _must(actor)
    order: tuple[Any, ...] = (Project.shown_at.desc(), Project.id.desc())
    if asked.sort is Sort.STALE:
        order = (Project.alive_at, Project.id)
    found = paginate(_rows(actor, asked), *order, cursor=cursor, limit=ON_A_PAGE)
    return OverviewPage(figures=_figures(), rows=_told(found.items), next=found.next)


def all_rows(actor: Actor, asked: Filters) -> Sequence[OverviewRow]:
    """Return what is asked for, for a file. Raises Forbidden."""
    _must(actor)
    return _told(db.session.execute(_rows(actor, asked).order_by(Project.id).limit(MOST_IN_FILE)).all())


def _must(actor: Actor) -> None:
    if not policy.may_overview(actor):
        raise Forbidden


def _rows(actor: Actor, asked: Filters) -> sa.Select[Any]:
    return (
        sa.select(Project, ServiceArea.name, NEEDS)
        .outerjoin(ServiceArea, ServiceArea.id == Project.service_area_id)
        .where(policy.visible_to_staff(actor), *_conditions(actor, asked))
    )


def _conditions(actor: Actor, asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.type:
        yield Project.type == asked.type
    if asked.is_open:
        yield Project.type.is_(None)
    if asked.phase:
        yield Project.phase == asked.phase
    if asked.party:
        yield sa.exists().where(Party.project_id == Project.id, Party.kind == asked.party, Party.left_at.is_(None))
    if asked.mine:
        yield Project.service_area_id.in_(actor.service_areas)
    if asked.sort is Sort.STALE:
        yield Project.ended_at.is_(None)
    if asked.drifted:
        yield Project.id.in_(_drifted())


def _told(found: Sequence[Any]) -> list[OverviewRow]:
    ids = [project.id for project, _area, _needs in found]
    parties, firsts, now = _parties(ids), _firsts(ids), clock.now()
    return [
        OverviewRow(
            project=project,
            slug=slug(project.title, "prosjekt"),
            area=area or "",
            parties=parties.get(project.id, []),
            needs=needs,
            first_type=firsts.get(project.id),
            quiet_days=(now - project.alive_at).days,
        )
        for project, area, needs in found
    ]


def _parties(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = sa.select(Party.project_id, Party.name).where(Party.project_id.in_(ids), Party.left_at.is_(None))
    for project_id, name in db.session.execute(rows.order_by(Party.id)):
        found.setdefault(project_id, []).append(name)
    return found


def _firsts(ids: Sequence[int] | None) -> dict[int, ProjectType]:
    """Return what the first answer in each project meant by the rule; of all projects when none are named."""
    first = sa.select(sa.func.min(Classification.id)).group_by(Classification.project_id)
    if ids is not None:
        first = first.where(Classification.project_id.in_(ids))
    answered = sa.select(Classification).where(Classification.id.in_(first))
    return {
        each.project_id: classify(Answers(**{step: getattr(each, step) for step in STEPS})).type
        for each in db.session.scalars(answered)
    }


def _drifted() -> list[int]:
    """Return the projects whose type differs from the first answer's: the rule is ours, so it is asked here."""
    firsts = _firsts(None)
    settled = sa.select(Project.id, Project.type).where(Project.type.is_not(None), Project.id.in_(firsts))
    return [id_ for id_, type_ in db.session.execute(settled) if firsts[id_] is not type_]


def _figures() -> Figures:
    """Count in one statement: what is shown, and what waits."""
    quiet = Project.alive_at < clock.now() - timedelta(days=QUIET_DAYS)
    runs = Project.ended_at.is_(None)
    rows = db.session.execute(
        sa.select(
            Project.state,
            Project.type,
            Project.phase,
            runs,
            sa.func.count(),
            sa.func.sum(sa.case((sa.and_(runs, quiet), 1), else_=0)),
        )
        .where(Project.state.in_([PublicationState.PUBLISHED, PublicationState.PENDING]))
        .group_by(Project.state, Project.type, Project.phase, runs)
    ).all()
    by_type: dict[ProjectType | None, int] = dict.fromkeys([*ProjectType, None], 0)
    by_phase = dict.fromkeys(Phase, 0)
    running = ended = waiting = stale = 0
    for state, type_, phase, is_running, number, quiet_ones in rows:
        if state is PublicationState.PENDING:
            waiting += number
        elif is_running:
            running, stale = running + number, stale + quiet_ones
            by_type[type_] += number
            by_phase[phase] += number
        else:
            ended += number
    return Figures(running=running, ended=ended, waiting=waiting, stale=stale, by_type=by_type, by_phase=by_phase)

"""Projects as the API gives them: what their pages show in public, and no person's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.cocreation import policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.process import PhaseMove
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.queries.listing import GOAL, INDICATOR, NEEDS, Filters, conditions
from portal.goals.queries import links
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.paging import paginate
from portal.kernel.slugs import slug
from portal.participation.models import Tally
from portal.places.models import Location, Neighbourhood


@dataclass(frozen=True, kw_only=True)
class PartyItem:
    """A party to a project, and what it does in each step: leads, together, input or none."""

    name: str
    kind: str
    """municipality, organisation, business, knowledge or residents."""
    contact: str
    """A title, never a name."""
    problem: str
    goals: str
    design: str
    carry_out: str


@dataclass(frozen=True, kw_only=True)
class ProjectItem:
    """One project. Times are UTC; texts are the parties' own, in `lang`, with a small part of Markdown."""

    id: int
    url: str
    title: str
    summary: str
    challenge: str
    goal: str
    type: str | None
    """steered, responsible, equal or facilitating, after Ulrich; nothing while the parties haven't settled it."""
    central_actor: float | None
    """Of all parties' answers: − the municipality leads, + civil society."""
    predictability: float | None
    state: str
    """The phase it is in: need, concept, plan, carry_out, close or realise."""
    lang: str
    parties: list[PartyItem]
    origin: str | None
    """What it was started from, as kind:number."""
    service_area: str | None
    neighbourhood: str | None
    latitude: float | None
    longitude: float | None
    goals: list[int]
    indicators: list[str]
    open_needs: int
    """What it needs from others now, with places left."""
    supports: int
    questions: int
    comments: int
    ended: str | None
    ending: str | None
    """succeeded, partly, failed or stopped."""
    learning: str
    created: str
    updated: str
    """When anything last happened in it."""


@dataclass(frozen=True, kw_only=True)
class ProjectList:
    """Projects, newest first."""

    items: list[ProjectItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class MoveItem:
    """A step from one phase to another; `by` is a title, never a name."""

    decided: str
    came_from: str
    came_to: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ProjectWhole:
    """One project with its way through the phases, the first step on top."""

    project: ProjectItem
    phases: list[MoveItem]


Addresses = Callable[[int, str], str]
"""From a project's number and slug to its address."""


def projects(asked: Filters, since: datetime | None, cursor: str | None, limit: int, address: Addresses) -> ProjectList:
    """Return one page of what everybody can see: three statements, and one when there are words to look for."""
    statement = _rows().where(*conditions(asked))
    if since:
        statement = statement.where(sa.or_(Project.shown_at >= since, Project.alive_at >= since))
    found = paginate(statement, Project.shown_at.desc(), Project.id.desc(), cursor=cursor, limit=limit)
    return ProjectList(items=_items(found.items, address), next=found.next)


def project(number: int, address: Addresses) -> ProjectWhole:
    """Return one project that everybody can see; raises NotFound."""
    found = db.session.execute(_rows().where(Project.id == number, policy.visible())).all()
    if not found:
        raise NotFound
    moves = db.session.scalars(sa.select(PhaseMove).where(PhaseMove.project_id == number).order_by(PhaseMove.number))
    return ProjectWhole(
        project=_items(found, address)[0],
        phases=[
            MoveItem(
                decided=each.decided_on.isoformat(),
                came_from=each.came_from.value,
                came_to=each.came_to.value,
                by=each.by_title,
            )
            for each in moves
        ],
    )


def _rows() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Project,
            Tally,
            ServiceArea.name.label("service_area"),
            Neighbourhood.name.label("neighbourhood"),
            Location.latitude,
            Location.longitude,
            NEEDS.label("needs"),
        )
        .select_from(Project)
        .outerjoin(Tally, sa.and_(Tally.kind == PROJECT, Tally.target_id == Project.id))
        .outerjoin(ServiceArea, ServiceArea.id == Project.service_area_id)
        .outerjoin(Location, sa.and_(Location.kind == PROJECT, Location.target_id == Project.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
    )


def _items(found: Sequence[Any], address: Addresses) -> list[ProjectItem]:
    ids = [each.Project.id for each in found]
    serves = links([Ref(PROJECT, each) for each in ids])
    kind = content().find(INDICATOR)
    numbers = {each.id: each.label.split(" ", 1)[0] for each in kind.options("nb")} if kind and kind.options else {}
    parties = _parties(ids)
    return [
        _item(each, address, serves[Ref(PROJECT, each.Project.id)], numbers, parties.get(each.Project.id, []))
        for each in found
    ]


def _parties(ids: Sequence[int]) -> dict[int, list[PartyItem]]:
    found: dict[int, list[PartyItem]] = {}
    rows = sa.select(Party).where(Party.project_id.in_(ids), Party.left_at.is_(None)).order_by(Party.id)
    for each in db.session.scalars(rows):
        steps = {step: getattr(each, step).value for step in ("problem", "goals", "design", "carry_out")}
        item = PartyItem(name=each.name, kind=each.kind.value, contact=each.contact_title, **steps)
        found.setdefault(each.project_id, []).append(item)
    return found


def _item(
    found: Any, address: Addresses, serves: Sequence[Ref], numbers: dict[int, str], parties: list[PartyItem]
) -> ProjectItem:
    project, tally = found.Project, found.Tally or _NOTHING
    return ProjectItem(
        id=project.id,
        url=address(project.id, slug(project.title, "prosjekt")),
        title=project.title,
        summary=project.summary,
        challenge=project.challenge,
        goal=project.goal,
        type=project.type.value if project.type else None,
        central_actor=project.central_actor,
        predictability=project.predictability,
        state=project.phase.value,
        lang=project.language,
        parties=parties,
        origin=f"{project.origin_kind}:{project.origin_id}" if project.origin_kind else None,
        service_area=found.service_area,
        neighbourhood=found.neighbourhood,
        latitude=found.latitude,
        longitude=found.longitude,
        goals=[each.id for each in serves if each.kind == GOAL],
        indicators=[numbers[each.id] for each in serves if each.kind == INDICATOR and each.id in numbers],
        open_needs=0 if project.ended_at else found.needs,
        supports=tally.supports,
        questions=tally.questions,
        comments=tally.comments,
        ended=_moment(project.ended_at) if project.ended_at else None,
        ending=project.ending.value if project.ending else None,
        learning=project.learning,
        created=_moment(project.shown_at),
        updated=_moment(max(project.shown_at, project.alive_at)),
    )


_NOTHING = Tally(supports=0, questions=0, comments=0)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The list of projects: what a reader asks of it as conditions, and one page of it in an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.cocreation import policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.models.together import Need
from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.goals.queries import linked
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.paging import paginate
from portal.kernel.richtext import excerpt
from portal.kernel.slugs import slug
from portal.places.models import Location, Neighbourhood
from portal.search.queries import matching

GOAL, INDICATOR = "goal", "indicator"
ON_A_PAGE = 20
LINE = 160
"""Letters of the one line of meaning."""
READ = 600
"""Letters that are read of a text to make the line of."""


class Sort(StrEnum):
    """The order of the list."""

    NEWEST = "newest"
    ALIVE = "alive"
    """The last sign of life."""
    NEEDS = "needs"
    """Those that need the most help now."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to."""

    words: str = ""
    type: ProjectType | None = None
    phase: Phase | None = None
    service_area: int | None = None
    neighbourhood: str = ""
    goal: int | None = None
    indicator: int | None = None
    ended: bool | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a reader can choose among: (value, name), by name."""

    areas: Sequence[tuple[int, str]]
    neighbourhoods: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ProjectRow:
    """One project in a list."""

    id: int
    slug: str
    title: str
    line: str
    language: str
    type: ProjectType | None
    phase: Phase
    is_ended: bool
    parties: int
    needs: int
    """Open now, with places left."""
    place: str
    shown_at: datetime
    alive_at: datetime


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of the list."""

    rows: Sequence[ProjectRow]
    next: str | None
    choices: Choices


def open_needs() -> sa.Select[int]:
    """Select the number of each need that everybody can see and that has places left."""
    return sa.select(Need.id).where(
        Need.state == PublicationState.PUBLISHED, Need.closed_at.is_(None), Need.taken < Need.capacity
    )


NEEDS = (
    open_needs()
    .where(Need.project_id == Project.id)
    .with_only_columns(sa.func.count())
    .correlate(Project)
    .scalar_subquery()
)
PARTIES = (
    sa.select(sa.func.count())
    .where(Party.project_id == Project.id, Party.left_at.is_(None))
    .correlate(Project)
    .scalar_subquery()
)
ORDERS: Mapping[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (Project.shown_at.desc(), Project.id.desc()),
    Sort.ALIVE: (Project.alive_at.desc(), Project.id.desc()),
    Sort.NEEDS: (NEEDS.desc(), Project.id.desc()),
}


def list_page(asked: Filters, cursor: str | None) -> ListPage:
    """Return one page of the list: two statements, and one when there are words to look for."""
    statement = rows().where(*conditions(asked))
    found = paginate(statement, *ORDERS[asked.sort], cursor=cursor, limit=ON_A_PAGE)
    return ListPage(rows=[row(each) for each in found.items], next=found.next, choices=choices())


def newest(limit: int) -> Sequence[ProjectRow]:
    """Return the newest projects, for other pages, in one statement."""
    statement = rows().where(policy.visible()).order_by(*ORDERS[Sort.NEWEST]).limit(limit)
    return [row(each) for each in db.session.execute(statement)]


def conditions(asked: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what a project must be to stand in the list; one statement when there are words to find."""
    return [policy.visible(), *_where_it_stands(asked), *_about(asked)]


def choices() -> Choices:
    """Return what can be chosen among, in one statement."""
    areas = sa.select(
        sa.literal("area").label("what"), sa.cast(ServiceArea.id, sa.Text).label("value"), ServiceArea.name
    ).where(ServiceArea.active)
    places = sa.select(sa.literal("place"), Neighbourhood.slug, Neighbourhood.name).where(Neighbourhood.active)
    found = sorted(db.session.execute(sa.union_all(areas, places)).all(), key=lambda each: str(each[2]).casefold())
    return Choices(
        areas=[(int(value), name) for what, value, name in found if what == "area"],
        neighbourhoods=[(value, name) for what, value, name in found if what == "place"],
    )


def rows() -> sa.Select[Any]:
    """Select what a row shows, one row a project."""
    line = sa.func.coalesce(sa.func.nullif(Project.summary, ""), Project.challenge)
    return (
        sa.select(
            Project.id,
            Project.title,
            sa.func.substr(line, 1, READ).label("line"),
            Project.language,
            Project.type,
            Project.phase,
            Project.ended_at,
            Project.shown_at,
            Project.alive_at,
            PARTIES.label("parties"),
            NEEDS.label("needs"),
            sa.func.coalesce(Neighbourhood.name, Location.address, "").label("place"),
        )
        .select_from(Project)
        .outerjoin(Location, sa.and_(Location.kind == PROJECT, Location.target_id == Project.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
    )


def row(found: Any) -> ProjectRow:
    """Return one selected row."""
    return ProjectRow(
        id=found.id,
        slug=slug(found.title, "prosjekt"),
        title=found.title,
        line=excerpt(found.line, LINE),
        language=found.language,
        type=found.type,
        phase=found.phase,
        is_ended=found.ended_at is not None,
        parties=found.parties,
        needs=0 if found.ended_at else found.needs,
        place=found.place,
        shown_at=found.shown_at,
        alive_at=found.alive_at,
    )


def _where_it_stands(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.type:
        yield Project.type == asked.type
    if asked.phase:
        yield Project.phase == asked.phase
    if asked.ended is not None:
        yield Project.ended_at.is_not(None) if asked.ended else Project.ended_at.is_(None)
    if asked.sort is Sort.NEEDS:
        yield Project.ended_at.is_(None)


def _about(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.words:
        found = matching(asked.words, PROJECT)
        yield sa.false() if found is None else Project.id.in_(found)
    if asked.service_area:
        yield Project.service_area_id == asked.service_area
    if asked.neighbourhood:
        yield Project.id.in_(_in_neighbourhood(asked.neighbourhood))
    for kind, number in ((GOAL, asked.goal), (INDICATOR, asked.indicator)):
        if number:
            yield Project.id.in_(linked(PROJECT, Ref(kind, number)))


def _in_neighbourhood(slug_: str) -> sa.Select[int]:
    return (
        sa.select(Location.target_id)
        .join(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(Location.kind == PROJECT, Neighbourhood.slug == slug_)
    )

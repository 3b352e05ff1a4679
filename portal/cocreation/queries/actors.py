"""The directory of actors: organisations that the municipality has verified, what they offer and seek, and do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.accounts.queries.organisations import speaks_for
from portal.cocreation import policy
from portal.cocreation.events.posts import OFFER
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.models.together import NeedKind
from portal.cocreation.queries import listing
from portal.cocreation.queries.listing import ProjectRow
from portal.cocreation.queries.matching import open_offers
from portal.goals.events import GOAL
from portal.goals.queries import linked
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.kernel.paging import paginate
from portal.places.models import Location, Neighbourhood
from portal.places.queries import in_neighbourhood, neighbourhoods

ON_A_PAGE = 20
OF_EACH = 3
"""Offers, and wishes, that the list shows of an actor."""
MOST = 50
"""Of offers, wishes and projects on an actor's own page."""
NOT_FOUND = _l("Vi finner ikke denne aktøren. Den kan være tatt ut av lista.")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to; all but the group are asked of one and the same offer."""

    group: StakeholderGroup | None = None
    goal: int | None = None
    direction: Direction | None = None
    kind: NeedKind | None = None
    neighbourhood: int | None = None


@dataclass(frozen=True, kw_only=True)
class OfferRow:
    """What an actor offers or seeks, in a list."""

    id: int
    title: str
    language: str
    direction: Direction
    kind: NeedKind
    place: str
    is_open: bool
    is_shown: bool
    """Everybody can see it; else it waits, and only the actor's own do."""


@dataclass(frozen=True, kw_only=True)
class ActorRow:
    """An actor in the list."""

    organisation: Organisation
    offers: Sequence[OfferRow] = ()
    seeks: Sequence[OfferRow] = ()
    more: int = 0
    """Offers and wishes that the list doesn't show."""
    projects: int = 0


@dataclass(frozen=True, kw_only=True)
class ActorsPage:
    """One page of the directory."""

    rows: Sequence[ActorRow]
    next: str | None
    neighbourhoods: Sequence[Neighbourhood]
    is_spokesperson: bool


@dataclass(frozen=True, kw_only=True)
class ActorPage:
    """One actor."""

    organisation: Organisation
    offers: Sequence[OfferRow]
    seeks: Sequence[OfferRow]
    closed: Sequence[OfferRow] = field(default=())
    """For its own spokespersons, who can open them again."""
    projects: Sequence[ProjectRow] = ()
    is_own: bool
    verified_at: datetime


def actors_page(actor: Actor, asked: Filters, cursor: str | None) -> ActorsPage:
    """Return one page of the directory, by name: five statements at most."""
    found = paginate(
        sa.select(Organisation).where(*_listed(), *_conditions(asked)),
        Organisation.name,
        Organisation.id,
        cursor=cursor,
        limit=ON_A_PAGE,
    )
    ids = [each.id for each in found.items]
    offers, projects = _shortly(ids), _project_counts(ids)
    return ActorsPage(
        rows=[_row(each, offers.get(each.id, []), projects.get(each.id, 0)) for each in found.items],
        next=found.next,
        neighbourhoods=neighbourhoods(),
        is_spokesperson=bool(actor.id) and db.session.scalar(sa.select(speaks_for(actor.id or 0).exists())) is True,
    )


def actor_page(actor: Actor, organisation_id: int) -> ActorPage:
    """Return one actor with what it offers, seeks and does: four statements at most. Raises NotFound."""
    organisation = db.session.scalars(
        sa.select(Organisation).where(Organisation.id == organisation_id, *_listed())
    ).one_or_none()
    if organisation is None or organisation.verified_at is None:
        raise NotFound(NOT_FOUND)
    mine = speaks_for(actor.id or 0).where(Organisation.id == organisation_id)
    is_own = actor.is_signed_in and db.session.scalar(sa.select(mine.exists())) is True
    rows = _of_actor(organisation_id, is_own)
    open_ = [each for each in rows if each.is_open]
    return ActorPage(
        organisation=organisation,
        offers=[each for each in open_ if each.direction is Direction.OFFERS],
        seeks=[each for each in open_ if each.direction is Direction.SEEKS],
        closed=[each for each in rows if not each.is_open] if is_own else (),
        projects=_projects(organisation_id),
        is_own=is_own and policy.may_start(actor),
        verified_at=organisation.verified_at,
    )


def _listed() -> tuple[sa.ColumnElement[bool], ...]:
    return Organisation.verified_at.is_not(None), Organisation.closed_at.is_(None)


def _conditions(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.group:
        yield Organisation.group == asked.group
    of_offer = [*_of_offer(asked)]
    if of_offer:
        yield sa.exists().where(Offer.organisation_id == Organisation.id, *_shown(), *of_offer)


def _of_offer(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.goal:
        yield Offer.id.in_(linked(OFFER, Ref(GOAL, asked.goal)))
    if asked.direction:
        yield Offer.direction == asked.direction
    if asked.kind:
        yield Offer.kind == asked.kind
    if asked.neighbourhood:
        yield Offer.id.in_(in_neighbourhood(OFFER, asked.neighbourhood))


def _shown() -> tuple[sa.ColumnElement[bool], ...]:
    return Offer.state == PublicationState.PUBLISHED, Offer.closed_at.is_(None)


def _shortly(ids: Sequence[int]) -> dict[int, list[tuple[OfferRow, int]]]:
    """Return the newest few of each actor, and how many there are of their direction: one statement."""
    if not ids:
        return {}
    which = (Offer.organisation_id, Offer.direction)
    ranked = (
        sa.select(
            Offer.id,
            sa.func.row_number().over(partition_by=which, order_by=Offer.id.desc()).label("place_in_line"),
            sa.func.count().over(partition_by=which).label("number"),
        )
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(Offer.organisation_id.in_(ids), *open_offers())
        .subquery()
    )
    newest = _rows().add_columns(Offer.organisation_id, ranked.c.number).join(ranked, ranked.c.id == Offer.id)
    found: dict[int, list[tuple[OfferRow, int]]] = {}
    for row in db.session.execute(newest.where(ranked.c.place_in_line <= OF_EACH).order_by(Offer.id.desc())):
        found.setdefault(row.organisation_id, []).append((_offer_row(row), row.number))
    return found


def _of_actor(organisation_id: int, is_own: bool) -> list[OfferRow]:
    """Return an actor's offers and wishes, the newest first; those that wait or are closed to its own only."""
    stands = (Offer.state != PublicationState.WITHDRAWN,) if is_own else _shown()
    found = _rows().where(Offer.organisation_id == organisation_id, *stands)
    return [_offer_row(row) for row in db.session.execute(found.order_by(Offer.id.desc()).limit(MOST))]


def _rows() -> sa.Select[Offer, str]:
    at = sa.and_(Location.kind == OFFER, Location.target_id == Offer.id)
    return (
        sa.select(Offer, sa.func.coalesce(Neighbourhood.name, Location.address, "").label("place"))
        .outerjoin(Location, at)
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
    )


def _offer_row(row: sa.Row[Offer, str]) -> OfferRow:
    offer: Offer = row[0]
    return OfferRow(
        id=offer.id,
        title=offer.title,
        language=offer.language,
        direction=offer.direction,
        kind=offer.kind,
        place=row[1],
        is_open=offer.closed_at is None,
        is_shown=offer.state is PublicationState.PUBLISHED,
    )


def _row(organisation: Organisation, found: Sequence[tuple[OfferRow, int]], projects: int) -> ActorRow:
    offers = [each for each, _number in found if each.direction is Direction.OFFERS]
    seeks = [each for each, _number in found if each.direction is Direction.SEEKS]
    every = sum({each.direction: number for each, number in found}.values())
    return ActorRow(organisation=organisation, offers=offers, seeks=seeks, more=every - len(found), projects=projects)


def _project_counts(ids: Sequence[int]) -> dict[int, int]:
    counted = (
        sa.select(Party.organisation_id, sa.func.count(sa.distinct(Party.project_id)))
        .join(Project, Project.id == Party.project_id)
        .where(Party.organisation_id.in_(ids), Party.left_at.is_(None), policy.visible())
        .group_by(Party.organisation_id)
    )
    return {id_: count for id_, count in db.session.execute(counted) if id_ is not None} if ids else {}


def _projects(organisation_id: int) -> Sequence[ProjectRow]:
    """Return the public projects that an actor is party to, the newest first."""
    party = sa.select(Party.project_id).where(Party.organisation_id == organisation_id, Party.left_at.is_(None))
    found = listing.rows().where(policy.visible(), Project.id.in_(party)).order_by(Project.shown_at.desc()).limit(MOST)
    return [listing.row(each) for each in db.session.execute(found)]

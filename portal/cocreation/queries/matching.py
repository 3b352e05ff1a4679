"""Who could help whom: open needs, wishes and offers compared by what they share, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.cocreation import matching, policy
from portal.cocreation.events.posts import NEED, OFFER
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.matching import Common, Profile
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Need, NeedKind
from portal.cocreation.queries.measures import NEED_KINDS
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Link, Subgoal
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.i18n import _
from portal.places.geometry import Point
from portal.places.models import Location, Neighbourhood
from portal.search.words import canonical, words

CANDIDATES = 2000
"""The newest open needs, and the newest open offers, that are compared: as many as a page can look through."""
SHOWN = 5
OPPOSITE = {Direction.OFFERS: Direction.SEEKS, Direction.SEEKS: Direction.OFFERS}
Where = tuple[int | None, float | None, float | None]
"""A lokalsamfunn and a point."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A need, a wish or an offer that fits, and why."""

    ref: Ref
    title: str
    language: str
    kind: NeedKind
    direction: Direction | None
    """None: a project's need."""
    who: str
    """The project, or the organisation."""
    reasons: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Matches:
    """What fits an offer or a wish."""

    needs: Sequence[Match] = ()
    """Of projects; only an offer can help them."""
    offers: Sequence[Match] = ()
    """For a wish the offers, for an offer the wishes."""
    goals: Sequence[int] = ()
    """Those that the offer or wish serves itself."""


def offers_for_need(need: Need) -> Sequence[Match]:
    """Return the open offers that fit a need best: two statements. Nothing for a need that isn't open to all."""
    if need.state is not PublicationState.PUBLISHED or need.closed_at is not None:
        return ()
    here = sa.orm.aliased(Location)
    at = sa.and_(here.kind == PROJECT, here.target_id == need.project_id)
    rows = db.session.execute(
        _offers(Direction.OFFERS)
        .add_columns(here.neighbourhood_id.label("our"), here.latitude.label("north"), here.longitude.label("east"))
        .outerjoin(here, at)
    ).all()
    if not rows:
        return ()
    goals = _goals([(OFFER, [row.Offer.id for row in rows]), (PROJECT, [need.project_id])])
    where = (rows[0].our, rows[0].north, rows[0].east)
    mine = _profile(need, goals.get(Ref(PROJECT, need.project_id)), where)
    return _best(mine, _offer_candidates(rows, goals))


def for_offer(offer: Offer, location: Location | None) -> Matches:
    """Return what fits an offer or a wish, and its goals: three statements. Nothing fits what isn't open to all."""
    ref = Ref(OFFER, offer.id)
    if offer.state is not PublicationState.PUBLISHED or offer.closed_at is not None:
        return Matches(goals=sorted(_goals([(OFFER, [offer.id])]).get(ref, ())))
    others = _offers(OPPOSITE[offer.direction]).where(Offer.organisation_id != offer.organisation_id)
    offers = db.session.execute(others).all()
    needs = db.session.execute(_needs()).all() if offer.direction is Direction.OFFERS else ()
    compared = [
        (OFFER, [offer.id, *(row.Offer.id for row in offers)]),
        (PROJECT, [row.Need.project_id for row in needs]),
    ]
    goals = _goals(compared)
    where = (location.neighbourhood_id, location.latitude, location.longitude) if location else (None, None, None)
    mine = _profile(offer, goals.get(ref), where)
    return Matches(
        needs=_best(mine, _need_candidates(needs, goals)),
        offers=_best(mine, _offer_candidates(offers, goals)),
        goals=sorted(mine.goals),
    )


def open_offers() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for the offers and wishes that everybody can see and that hold; join the organisation."""
    return (
        Offer.state == PublicationState.PUBLISHED,
        Offer.closed_at.is_(None),
        Organisation.verified_at.is_not(None),
        Organisation.closed_at.is_(None),
    )


def _offers(direction: Direction) -> Any:
    at = sa.and_(Location.kind == OFFER, Location.target_id == Offer.id)
    return (
        sa.select(Offer, Organisation.name.label("who"), *_WHERE)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .outerjoin(Location, at)
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(Offer.direction == direction, *open_offers())
        .order_by(Offer.id.desc())
        .limit(CANDIDATES)
    )


def _needs() -> Any:
    at = sa.and_(Location.kind == PROJECT, Location.target_id == Project.id)
    return (
        sa.select(Need, Project.title.label("who"), *_WHERE)
        .join(Project, Project.id == Need.project_id)
        .outerjoin(Location, at)
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(
            policy.visible(),
            Project.ended_at.is_(None),
            Need.state == PublicationState.PUBLISHED,
            Need.closed_at.is_(None),
            Need.taken < Need.capacity,
        )
        .order_by(Need.id.desc())
        .limit(CANDIDATES)
    )


_WHERE = (
    Location.neighbourhood_id,
    Location.latitude,
    Location.longitude,
    Neighbourhood.name.label("neighbourhood"),
)


def _goals(of: Sequence[tuple[str, Sequence[int]]]) -> Mapping[Ref, frozenset[int]]:
    """Return the goals that things serve, also by way of a delmål: one statement."""
    mine = [sa.and_(Link.kind == kind, Link.target_id.in_(set(ids))) for kind, ids in of if ids]
    found: dict[Ref, set[int]] = {}
    rows = db.session.execute(
        sa.select(Link.kind, Link.target_id, sa.func.coalesce(Subgoal.goal, Link.to_id))
        .outerjoin(Subgoal, sa.and_(Link.to_kind == SUBGOAL, Subgoal.id == Link.to_id))
        .where(Link.to_kind.in_((GOAL, SUBGOAL)), sa.or_(*mine))
    )
    for kind, target_id, goal in rows:
        found.setdefault(Ref(kind, target_id), set()).add(goal)
    return {ref: frozenset(goals) for ref, goals in found.items()}


def _profile(post: Need | Offer, goals: frozenset[int] | None, where: Where) -> Profile:
    neighbourhood_id, latitude, longitude = where
    return Profile(
        kind=post.kind.value,
        goals=goals or frozenset(),
        skills={_form(each, post.language): each for each in post.skills if _form(each, post.language)},
        neighbourhood_id=neighbourhood_id,
        point=Point(latitude, longitude) if latitude is not None and longitude is not None else None,
    )


def _form(skill: str, language: str) -> str:
    """Return a skill in the form in which skills are compared: the stems of its words, whatever their order."""
    return " ".join(sorted(canonical(word, language) for word in words(skill)))


Candidate = tuple[int, Profile, tuple[Any, str, Ref, str]]


def _need_candidates(rows: Sequence[Any], goals: Mapping[Ref, frozenset[int]]) -> Iterator[Candidate]:
    for row in rows:
        project = Ref(PROJECT, row.Need.project_id)
        profile = _profile(row.Need, goals.get(project), (row.neighbourhood_id, row.latitude, row.longitude))
        yield row.Need.id, profile, (row.Need, row.who, Ref(NEED, row.Need.id), row.neighbourhood or "")


def _offer_candidates(rows: Sequence[Any], goals: Mapping[Ref, frozenset[int]]) -> Iterator[Candidate]:
    for row in rows:
        ref = Ref(OFFER, row.Offer.id)
        profile = _profile(row.Offer, goals.get(ref), (row.neighbourhood_id, row.latitude, row.longitude))
        yield row.Offer.id, profile, (row.Offer, row.who, ref, row.neighbourhood or "")


def _best(mine: Profile, candidates: Iterator[Candidate]) -> Sequence[Match]:
    return [
        Match(
            ref=ref,
            title=post.title,
            language=post.language,
            kind=post.kind,
            direction=getattr(post, "direction", None),
            who=who,
            reasons=reasons(common, post.kind, neighbourhood),
        )
        for (post, who, ref, neighbourhood), common in matching.best(mine, candidates, SHOWN)
    ]


def reasons(common: Common, kind: NeedKind, neighbourhood: str) -> list[str]:
    """Return what two have in common, in words: one for each thing that counts."""
    found = [_("bærekraftsmål %(number)d", number=number) for number in common.goals]
    if common.same_neighbourhood:
        found.append(_("samme lokalsamfunn: %(name)s", name=neighbourhood))
    elif common.kilometres is not None:
        found.append(_("mindre enn 5 km fra hverandre"))
    if common.same_kind:
        found.append(_("samme slags hjelp: %(kind)s", kind=str(NEED_KINDS[kind]).lower()))
    return found + [_("begge nevner «%(skill)s»", skill=skill) for skill in common.skills]

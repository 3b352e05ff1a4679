"""What is shown to somebody who proposes, changes or takes back an idea, and the page of all that is their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.accounts.queries import settings
from portal.accounts.queries.bylines import shown_name
from portal.accounts.queries.organisations import speaks_for
from portal.files.queries import Attachments, attachments_of
from portal.goals import queries as goals
from portal.goals.events import GOAL
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA, INDICATOR
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.ideas import Idea, Lineage
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries import campaigns
from portal.ideas.queries.rows import is_overdue, standing, waits_for_answer
from portal.ideas.stages import IdeaKind
from portal.kernel.content import Option, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.places.models import Location, Neighbourhood
from portal.places.queries import PlaceChoices, place_choices

MOST_OWN = 200
"""How many of one's own the list goes back."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of a new form asks to have filled in."""

    campaign: str | None = None
    """By its slug."""
    indicator: str | None = None
    """By its number: «1.8»."""
    goal: int | None = None
    parent_id: int | None = None
    lineage: Lineage = Lineage.INSPIRED
    is_told: bool = False


@dataclass(frozen=True)
class Parent:
    """The idea that another comes from."""

    id: int
    slug: str
    title: str
    language: str


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """Everything that the form shows: what is kept, and what there is to choose among."""

    kind: IdeaKind
    idea: Idea | None
    """None: nothing is written yet."""
    asked: Asked
    places: PlaceChoices
    thief: TimeThief | None = None
    location: Location | None = None
    parent: Parent | None = None
    campaign: Campaign | None = None
    campaigns: Sequence[Campaign] = ()
    areas: Sequence[tuple[int, str]] = ()
    organisations: Sequence[tuple[int, str]] = ()
    goal_options: Sequence[Option] = ()
    indicator_options: Sequence[Option] = ()
    goals: Sequence[int] = ()
    indicators: Sequence[int] = ()
    files: Attachments | None = None
    name: str = ""
    """The writer's own."""

    @property
    def is_sent(self) -> bool:
        return self.idea is not None and self.idea.state is not PublicationState.DRAFT


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """An idea as it will stand, to be looked over, and then told of when it is sent."""

    idea: Idea
    slug: str
    thief: TimeThief | None
    location: Location | None
    campaign: Campaign | None
    area: str | None
    byline: str
    answers: Sequence[campaigns.Answered]
    benefit_type: str
    serves: Sequence[str]
    """The goals and indicators, in words."""
    files: Attachments
    first_answer_days: int
    moderation_hours: int
    stays_internal: bool
    """Only staff and those who are invited see it, because of its campaign."""


class Place(StrEnum):
    """Where one's own idea stands, as its author sees it: what to do comes first."""

    CHANGES = "changes"
    DRAFT = "draft"
    WAITING = "waiting"
    SHOWN = "shown"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class OwnIdea:
    """One of somebody's own ideas, and what it waits for."""

    idea: Idea
    slug: str
    status: str
    tone: str
    waits: bool
    """For the municipality's first answer."""
    is_overdue: bool


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """All that somebody has proposed, by where it stands."""

    by_place: Mapping[Place, Sequence[OwnIdea]] = field(default_factory=dict)
    may_propose: bool = True

    @property
    def is_empty(self) -> bool:
        return not any(self.by_place.values())


PLACES: Mapping[PublicationState, Place] = {
    PublicationState.CHANGES_REQUESTED: Place.CHANGES,
    PublicationState.DRAFT: Place.DRAFT,
    PublicationState.PENDING: Place.WAITING,
    PublicationState.INTERNAL: Place.SHOWN,
    PublicationState.PUBLISHED: Place.SHOWN,
    PublicationState.HIDDEN: Place.ENDED,
    PublicationState.MERGED: Place.ENDED,
}


def new_page(actor: Actor, kind: IdeaKind, asked: Asked) -> DraftPage:
    """Return an empty form to somebody who may propose; raises Forbidden."""
    policy.must_propose(actor)
    parent = None
    if asked.parent_id is not None:
        found = policy.must_read(actor, db.session.get(Idea, asked.parent_id))
        parent = Parent(found.id, slug(found.title), found.title, found.language)
    return _page(actor, kind, asked, parent=parent, **_asked_links(asked))


def draft_page(actor: Actor, idea_id: int, asked: Asked | None = None) -> DraftPage:
    """Return the form of one's own idea, filled in; raises NotFound, Forbidden."""
    idea, location, thief, parent = _own(actor, idea_id)
    if not policy.may_edit(actor, idea):
        raise Forbidden(policy.LIMITED if actor.is_limited else _l("Denne ideen kan ikke endres nå."))
    ref = Ref(IDEA, idea.id)
    serves = goals.links([ref])[ref]
    return _page(
        actor,
        idea.kind,
        asked or Asked(),
        idea=idea,
        thief=thief,
        location=location,
        parent=parent,
        goals=[each.id for each in serves if each.kind == GOAL],
        indicators=[each.id for each in serves if each.kind == INDICATOR],
        files=attachments_of(actor, [ref])[ref],
    )


def review_page(actor: Actor, idea_id: int) -> ReviewPage:
    """Return one's own idea as it will stand, or stands since it was sent; raises NotFound, Forbidden."""
    found = db.session.execute(
        sa.select(Idea, Location, TimeThief, Campaign, ServiceArea.name, Neighbourhood, shown_name(Idea))
        .outerjoin(Location, _located())
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Campaign, Campaign.id == Idea.campaign_id)
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(Idea.id == idea_id)
    ).one_or_none()
    idea, location, thief, campaign, area, _neighbourhood, byline = found or (None,) * 7
    idea = _must_own(actor, idea)
    ref = Ref(IDEA, idea.id)
    return ReviewPage(
        idea=idea,
        slug=slug(idea.title),
        thief=thief,
        location=location,
        campaign=campaign,
        area=area,
        byline=byline or "",
        answers=campaigns.answers(idea, campaign),
        benefit_type=campaigns.benefit_types(campaign).get(idea.benefit_type, ""),
        serves=_in_words(goals.links([ref])[ref]),
        files=attachments_of(actor, [ref])[ref],
        first_answer_days=settings.value("first_answer_days"),
        moderation_hours=settings.value("moderation_hours"),
        stays_internal=campaign is not None and campaign.audience != "everybody",
    )


def own_idea(actor: Actor, idea_id: int) -> Idea:
    """Return one's own idea, to be taken back, thrown away or published; raises NotFound, Forbidden."""
    return _must_own(actor, db.session.get(Idea, idea_id))


def must_be_sent(idea: Idea) -> None:
    """Let nobody who only has a draft see what is told of what was sent in; raises Conflict."""
    if idea.state is PublicationState.DRAFT:
        raise Conflict(_l("Ideen er ikke sendt inn ennå."))


def own_page(actor: Actor) -> OwnPage:
    """Return all that somebody has proposed and not taken back, the last they touched first."""
    rows = db.session.execute(
        sa.select(Idea, TimeThief.degree)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .where(Idea.author_id == actor.id, Idea.state != PublicationState.WITHDRAWN)
        .order_by(Idea.saved_at.desc(), Idea.id.desc())
        .limit(MOST_OWN)
    )
    by_place: dict[Place, list[OwnIdea]] = {each: [] for each in Place}
    for idea, degree in rows:
        status, tone = standing(idea.kind, idea.stage, idea.decision, degree)
        by_place[PLACES[idea.state]].append(
            OwnIdea(
                idea=idea,
                slug=slug(idea.title),
                status=status,
                tone=tone,
                waits=waits_for_answer(idea),
                is_overdue=is_overdue(idea),
            )
        )
    return OwnPage(by_place=by_place, may_propose=policy.may_propose(actor))


def indicator_id(number: str, options: Sequence[Option]) -> int | None:
    """Return which option an indicator's number is: its label begins with it."""
    return next((each.id for each in options if each.label.split(" ")[0] == number), None)


def _asked_links(asked: Asked) -> dict[str, Any]:
    indicator = indicator_id(asked.indicator, goals.choices(INDICATOR, language())) if asked.indicator else None
    return {
        "goals": [asked.goal] if asked.goal in range(1, 18) else [],
        "indicators": [indicator] if indicator is not None else [],
    }


def _page(actor: Actor, kind: IdeaKind, asked: Asked, *, idea: Idea | None = None, **parts: Any) -> DraftPage:
    open_now = campaigns.to_choose(actor, kind, slug=asked.campaign, chosen=idea.campaign_id if idea else None)
    return DraftPage(
        places=place_choices(),
        kind=kind,
        idea=idea,
        asked=asked,
        campaigns=open_now,
        campaign=next((each for each in open_now if _is_chosen(each, idea, asked)), None),
        goal_options=goals.choices(GOAL, language()),
        indicator_options=goals.choices(INDICATOR, language()),
        name=actor.name,
        **_offers(actor, idea),
        **parts,
    )


def _is_chosen(campaign: Campaign, idea: Idea | None, asked: Asked) -> bool:
    return campaign.id == idea.campaign_id if idea else campaign.slug == asked.campaign


def _offers(actor: Actor, idea: Idea | None) -> dict[str, Any]:
    """Return service areas and organisations to choose among, in one statement."""
    mine = speaks_for(actor.id or 0).subquery()
    area = sa.or_(ServiceArea.active.is_(True), ServiceArea.id == (idea.service_area_id if idea else None))
    every = sa.union_all(
        sa.select(sa.literal("areas").label("what"), ServiceArea.id.label("id"), ServiceArea.name.label("name")).where(
            area
        ),
        sa.select(sa.literal("organisations"), mine.c.id, mine.c.name),
    ).subquery()
    found: dict[str, list[tuple[int, str]]] = {"areas": [], "organisations": []}
    for what, number, name in db.session.execute(sa.select(every).order_by(every.c.name, every.c.id)):
        found[what].append((number, name))
    return found


def _own(actor: Actor, idea_id: int) -> tuple[Idea, Location | None, TimeThief | None, Parent | None]:
    parent = sa.orm.aliased(Idea)
    found = db.session.execute(
        sa.select(Idea, Location, TimeThief, parent.id, parent.title, parent.language)
        .outerjoin(Location, _located())
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(parent, parent.id == Idea.parent_id)
        .where(Idea.id == idea_id)
    ).one_or_none()
    idea = _must_own(actor, found[0] if found else None)
    assert found is not None  # noqa: S101 - an idea was found
    number: int | None = found[3]
    above = Parent(number, slug(found[4]), found[4], found[5]) if number is not None else None
    return idea, found[1], found[2], above


def _must_own(actor: Actor, idea: Idea | None) -> Idea:
    found = policy.must_read(actor, idea)
    if not policy.is_author(actor, found):
        raise Forbidden(policy.NOT_YOURS)
    return found


def _located() -> sa.ColumnElement[bool]:
    return sa.and_(Location.kind == IDEA, Location.target_id == Idea.id)


def _in_words(refs: Sequence[Ref]) -> Sequence[str]:
    kinds = dict.fromkeys(each.kind for each in refs)
    labels = {Ref(kind, each.id): each.label for kind in kinds for each in goals.choices(kind, language())}
    return [labels[each] for each in refs if each in labels]

"""Ideas and tidstyver as the API gives them: what their pages show in public, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.accounts.queries.bylines import shown_name
from portal.goals.queries import links
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.models.cases import CaseStep
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries.filters import GOAL, INDICATOR, Filters, conditions
from portal.ideas.stages import thief_status
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS
from portal.kernel.paging import paginate
from portal.kernel.slugs import slug
from portal.participation.models import Tally
from portal.places.models import Location, Neighbourhood


@dataclass(frozen=True, kw_only=True)
class IdeaItem:
    """One idea. Times are UTC; texts are the author's own, in `lang`, with a small part of Markdown."""

    id: int
    url: str
    title: str
    summary: str
    challenge: str
    solution: str
    usefulness: str
    kind: str
    state: str
    """How far the case has come: received, assessing, decided, under_way, realised or closed."""
    decision: str | None
    lang: str
    byline: str
    """The name its author chose; empty when the account is gone."""
    told: bool
    """An experience that somebody tells, of what has been done."""
    service_area: str | None
    neighbourhood: str | None
    latitude: float | None
    longitude: float | None
    campaign: str | None
    inspired_by: int | None
    goals: list[int]
    indicators: list[str]
    supports: int
    arguments_for: int
    arguments_against: int
    questions: int
    comments: int
    answer_due: str | None
    """When a first answer is due; nothing when it has come."""
    answered: str | None
    created: str
    updated: str


@dataclass(frozen=True, kw_only=True)
class IdeaList:
    """Ideas, newest first."""

    items: list[IdeaItem]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class StepItem:
    """One public step of a case; `by` is a title, never a name."""

    at: str
    step: str
    by: str
    text: str
    lang: str


@dataclass(frozen=True, kw_only=True)
class IdeaWhole:
    """One idea with the public steps of its case, the first on top."""

    idea: IdeaItem
    steps: list[StepItem]


@dataclass(frozen=True, kw_only=True)
class TimeThiefItem:
    """One tidstyv. Hours a year are minutes × times × persons ÷ 60; nothing when a factor is unknown."""

    idea: IdeaItem
    status: str
    hit: list[str]
    cause: str | None
    within_control: bool | None
    owner: str | None
    minutes: float | None
    times: int | None
    persons: int | None
    hours: float | None
    hours_after: float | None
    """As measured for itself afterwards."""


@dataclass(frozen=True, kw_only=True)
class TimeThiefList:
    """Tidstyver, newest first."""

    items: list[TimeThiefItem]
    next: str | None


Addresses = Any
"""From an idea's number and slug to its address."""


def ideas(asked: Filters, since: datetime | None, cursor: str | None, limit: int, address: Addresses) -> IdeaList:
    """Return one page of what everybody can see: two statements, and one when there are words to look for."""
    found, following = _page(asked, since, cursor, limit)
    return IdeaList(items=_items(found, address), next=following)


def time_thieves(
    asked: Filters, since: datetime | None, cursor: str | None, limit: int, address: Addresses
) -> TimeThiefList:
    """Return one page of tidstyver."""
    found, following = _page(asked, since, cursor, limit)
    pairs = zip(_items(found, address), found, strict=True)
    return TimeThiefList(items=[_thief(item, each) for item, each in pairs if each.TimeThief], next=following)


def idea(number: int, address: Addresses) -> IdeaWhole:
    """Return one idea that everybody can see; raises NotFound."""
    found = db.session.execute(_rows().where(Idea.id == number, Idea.state == PublicationState.PUBLISHED)).all()
    if not found:
        raise NotFound
    steps = db.session.scalars(
        sa.select(CaseStep).where(CaseStep.idea_id == number, CaseStep.is_public).order_by(CaseStep.id)
    )
    return IdeaWhole(
        idea=_items(found, address)[0],
        steps=[
            StepItem(at=_moment(each.at), step=each.step.value, by=each.by_title, text=each.text, lang=each.language)
            for each in steps
        ],
    )


def _page(asked: Filters, since: datetime | None, cursor: str | None, limit: int) -> tuple[Sequence[Any], str | None]:
    statement = _rows().where(Idea.state == PublicationState.PUBLISHED, *conditions(ANONYMOUS, asked))
    if since:
        statement = statement.where(sa.or_(Idea.shown_at >= since, Idea.edited_at >= since, Idea.stage_since >= since))
    found = paginate(statement, Idea.shown_at.desc(), Idea.id.desc(), cursor=cursor, limit=limit)
    return found.items, found.next


def _rows() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Idea,
            TimeThief,
            Tally,
            shown_name(Idea).label("byline"),
            ServiceArea.name.label("service_area"),
            Campaign.slug.label("campaign"),
            Neighbourhood.name.label("neighbourhood"),
            Location.latitude,
            Location.longitude,
        )
        .select_from(Idea)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(
            Campaign,
            sa.and_(Campaign.id == Idea.campaign_id, Campaign.is_announced, Campaign.audience == Audience.EVERYBODY),
        )
        .outerjoin(Location, sa.and_(Location.kind == IDEA, Location.target_id == Idea.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
    )


def _items(found: Sequence[Any], address: Addresses) -> list[IdeaItem]:
    serves = links([Ref(IDEA, each.Idea.id) for each in found])
    kind = content().find(INDICATOR)
    numbers = {each.id: each.label.split(" ", 1)[0] for each in kind.options("nb")} if kind and kind.options else {}
    return [_item(each, address, serves.get(Ref(IDEA, each.Idea.id), []), numbers) for each in found]


def _item(found: Any, address: Addresses, serves: Sequence[Ref], numbers: dict[int, str]) -> IdeaItem:
    idea, tally = found.Idea, found.Tally or _NOTHING
    waits = idea.answered_at is None and idea.sent_at is not None
    return IdeaItem(
        id=idea.id,
        url=address(idea.id, slug(idea.title)),
        title=idea.title,
        summary=idea.summary,
        challenge=idea.challenge,
        solution=idea.solution,
        usefulness=idea.usefulness,
        kind=idea.kind.value,
        state=idea.stage.value,
        decision=idea.decision.value if idea.decision else None,
        lang=idea.language,
        byline=found.byline or "",
        told=idea.is_told,
        service_area=found.service_area,
        neighbourhood=found.neighbourhood,
        latitude=found.latitude,
        longitude=found.longitude,
        campaign=found.campaign,
        inspired_by=idea.parent_id,
        goals=[each.id for each in serves if each.kind == GOAL],
        indicators=[numbers[each.id] for each in serves if each.kind == INDICATOR and each.id in numbers],
        supports=tally.supports,
        arguments_for=tally.arguments_for,
        arguments_against=tally.arguments_against,
        questions=tally.questions,
        comments=tally.comments,
        answer_due=_moment(idea.answer_due_at) if waits else None,
        answered=_moment(idea.answered_at) if idea.answered_at else None,
        created=_moment(idea.shown_at),
        updated=_moment(max(filter(None, (idea.shown_at, idea.edited_at, idea.stage_since)))),
    )


def _thief(item: IdeaItem, found: Any) -> TimeThiefItem:
    thief = found.TimeThief
    return TimeThiefItem(
        idea=item,
        status=thief_status(found.Idea.stage, found.Idea.decision, thief.degree).value,
        hit=list(thief.hit),
        cause=thief.cause.value if thief.cause else None,
        within_control=thief.within_control,
        owner=thief.owner.value if thief.owner else None,
        minutes=_number(thief.minutes),
        times=thief.times,
        persons=thief.persons,
        hours=_number(thief.hours),
        hours_after=_number(thief.hours_after),
    )


_NOTHING = Tally(supports=0, arguments_for=0, arguments_against=0, questions=0, comments=0)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

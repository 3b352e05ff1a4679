"""What a reader asks of the list of ideas, as conditions that its list, map, board, feed and API share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.goals.queries import linked
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import Decision, IdeaKind, Rung, Stage
from portal.ideas.trilingual import told
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.places.geometry import Box
from portal.places.models import Location, Neighbourhood
from portal.places.queries import in_box
from portal.search.queries import matching

GOAL, INDICATOR = "goal", "indicator"


class Sort(StrEnum):
    """The order of the list."""

    NEWEST = "newest"
    SUPPORTS = "supports"
    DISCUSSED = "discussed"
    DUE = "due"
    """Those that wait for a first answer, the nearest deadline first."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to. `internal`: to what isn't public and the reader can see all the same."""

    words: str = ""
    kind: IdeaKind | None = None
    status: Stage | Decision | None = None
    rung: Rung | None = None
    service_area: int | None = None
    neighbourhood: str = ""
    goal: int | None = None
    indicator: int | None = None
    campaign: str = ""
    answered: bool | None = None
    internal: bool = False
    family: int | None = None
    """The idea that all of them come from, itself included."""
    box: Box | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a reader can choose among: (value, name), by name."""

    areas: Sequence[tuple[int, str]]
    neighbourhoods: Sequence[tuple[str, str]]
    campaigns: Sequence[tuple[str, str]]


def conditions(actor: Actor, asked: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what an idea must be to stand in the list, wherever it is; one statement when there are words to find."""
    return [_in_state(asked), policy.visible(actor), *_of_the_case(asked), *_about(asked)]


def inside(asked: Filters) -> list[sa.ColumnElement[bool]]:
    """Return the condition that it stands in the part of the map that is asked for; none when it is all of it."""
    return [Idea.id.in_(in_box(IDEA, asked.box))] if asked.box else []


def waiting() -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for what waits for its first answer; the index of due dates holds the first two."""
    return (
        Idea.answered_at.is_(None),
        Idea.sent_at.is_not(None),
        Idea.stage.in_([Stage.RECEIVED, Stage.ASSESSING]),
    )


def choices(actor: Actor) -> Choices:
    """Return what can be chosen among, in one statement."""
    areas = sa.select(
        sa.literal("area").label("what"), sa.cast(ServiceArea.id, sa.Text).label("value"), ServiceArea.name
    ).where(ServiceArea.active)
    places = sa.select(sa.literal("place"), Neighbourhood.slug, Neighbourhood.name).where(Neighbourhood.active)
    campaigns = sa.select(sa.literal("campaign"), Campaign.slug, sa.cast(Campaign.title, sa.Text)).where(
        policy.campaigns_open_to(actor)
    )
    by_kind: dict[str, list[tuple[str, str]]] = {"area": [], "place": [], "campaign": []}
    for what, value, name in db.session.execute(sa.union_all(areas, places, campaigns)):
        by_kind[what].append((value, told(json.loads(name), language()).text if what == "campaign" else name))
    by_name = {what: sorted(found, key=lambda each: each[1].casefold()) for what, found in by_kind.items()}
    return Choices(
        areas=[(int(value), name) for value, name in by_name["area"]],
        neighbourhoods=by_name["place"],
        campaigns=by_name["campaign"],
    )


def _in_state(asked: Filters) -> sa.ColumnElement[bool]:
    """One state, so that the list walks an index. A campaign of a closed group holds nothing but what is internal."""
    if asked.internal:
        return Idea.state == PublicationState.INTERNAL
    if asked.campaign:
        return sa.true()
    return Idea.state == PublicationState.PUBLISHED


def _of_the_case(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.kind:
        yield Idea.kind == asked.kind
    if asked.status:
        yield Idea.decision == asked.status if isinstance(asked.status, Decision) else Idea.stage == asked.status
    if asked.rung:
        yield ON_RUNG[asked.rung]
    if asked.answered is not None:
        yield Idea.answered_at.is_not(None) if asked.answered else Idea.answered_at.is_(None)
    if asked.sort is Sort.DUE:
        yield from waiting()


def _about(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.words:
        yield _holds(asked)
    if asked.service_area:
        yield Idea.service_area_id == asked.service_area
    if asked.family:
        yield sa.or_(Idea.id == asked.family, Idea.parent_id == asked.family)
    if asked.neighbourhood:
        yield Idea.id.in_(_in_neighbourhood(asked.neighbourhood))
    if asked.campaign:
        yield Idea.campaign_id == _campaign(asked.campaign)
    for kind, number in ((GOAL, asked.goal), (INDICATOR, asked.indicator)):
        if number:
            yield Idea.id.in_(linked(IDEA, Ref(kind, number)))


def _holds(asked: Filters) -> sa.ColumnElement[bool]:
    if asked.internal:  # what is internal is in no index
        return sa.or_(*(text.icontains(asked.words, autoescape=True) for text in (Idea.title, Idea.challenge)))
    found = matching(asked.words, IDEA)
    return sa.false() if found is None else Idea.id.in_(found)


def _in_neighbourhood(slug: str) -> sa.Select[int]:
    return (
        sa.select(Location.target_id)
        .join(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .where(Location.kind == IDEA, Neighbourhood.slug == slug)
    )


def _campaign(slug: str) -> Any:
    return sa.select(Campaign.id).where(Campaign.slug == slug).scalar_subquery()


ON_RUNG: Mapping[Rung, sa.ColumnElement[bool]] = {
    Rung.NEW: Idea.stage.in_([Stage.RECEIVED, Stage.ASSESSING]),
    Rung.USEFUL: sa.and_(
        Idea.stage.in_([Stage.DECIDED, Stage.UNDER_WAY]),
        sa.or_(Idea.decision.is_(None), Idea.decision != Decision.REJECTED),
    ),
    Rung.REALISED: Idea.stage == Stage.REALISED,
}
"""The same as `stages.rung`."""

"""The page of one idea: what its author says, and all that has come of it, in four statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from portal.accounts.models import ServiceArea
from portal.accounts.queries.bylines import shown_name
from portal.files.queries import Attachments, attached, sorted_files
from portal.goals.models import Link, Subgoal
from portal.ideas import policy
from portal.ideas.benefit_types import STANDARD as BENEFITS
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import CaseStep, Merge, Step
from portal.ideas.models.ideas import Idea, IdeaVersion, Lineage, Origin
from portal.ideas.policy import Abilities, abilities
from portal.ideas.queries import campaigns, cases, thieves
from portal.ideas.queries.filters import GOAL, INDICATOR
from portal.ideas.queries.rows import standing
from portal.ideas.stages import Rung, rung
from portal.ideas.staleness import Standstill, staleness
from portal.ideas.trilingual import Told, told
from portal.kernel import parts
from portal.kernel.content import Card, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.kernel.together import together
from portal.participation.models import Tally
from portal.participation.queries import panels
from portal.places import queries as places
from portal.places.models import Location, Neighbourhood
from portal.places.picture import Picture
from portal.portfolio.queries import panels as portfolio

RESULTS = frozenset({Step.PROGRESS, Step.REALISED, Step.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Kin:
    """An idea that this one comes from, or that comes from this one."""

    id: int
    slug: str
    title: str
    language: str
    status: str
    tone: str
    lineage: Lineage


@dataclass(frozen=True, kw_only=True)
class IdeaPage:
    """Everything that the page of an idea shows."""

    idea: Idea
    ref: Ref
    slug: str
    byline: str
    status: str
    tone: str
    rung: Rung | None
    service_area: str
    benefit_type: str
    campaign: Campaign | None
    campaign_title: Told | None
    answers: Sequence[campaigns.Answered]
    origin: Origin | None
    merged_into: Kin | None
    has_versions: bool
    may: Abilities
    is_author: bool
    panel: panels.Panel
    timeline: cases.Timeline
    came_of_it: Sequence[cases.StepRow]
    """What was told while it was under way, and when it ended."""
    standstill: Standstill | None
    thief: thieves.Panel | None
    files: Attachments
    portfolio: portfolio.Panel
    location: Location | None
    picture: Picture | None
    has_tiles: bool
    parent: Kin | None
    children: Sequence[Kin]
    goals: Sequence[Card]
    subgoals: Sequence[Subgoal]
    indicators: Sequence[Card]
    parts: Sequence[parts.Loaded]


def address_of(actor: Actor, idea_id: int) -> str:
    """Return the words of an idea's address to those who may read it; raises NotFound."""
    readable = sa.select(Idea.title).where(Idea.id == idea_id, policy.readable(actor))
    title = db.session.scalar(readable)
    if title is None:
        raise NotFound(policy.NOT_FOUND)
    return slug(title)


def idea_page(actor: Actor, idea_id: int) -> IdeaPage:
    """Return the page of an idea to those who may read it; raises NotFound.

    Four statements: the idea with all that there is one of, what there are several of, what is written on it, and the
    replies; and one of the observatory's when it is to change an indicator's colour.
    """
    found = _found(actor, idea_id)
    idea, ref, of_thief, of_standing = found.Idea, Ref(IDEA, idea_id), found[-7:], found[-15:-7]
    thief = thieves.panel_of(actor, idea, of_thief)
    stands = panels.standing_of(of_standing)
    children, steps, files, subgoals, goals, indicators, *of_portfolio = _several(actor, idea, ref)
    timeline = cases.timeline_of(actor, idea, steps, found[-18:-15], is_supporter=stands.supported)
    cards = content().cards([*(Ref(GOAL, each) for each in goals), *(Ref(INDICATOR, each) for each in indicators)])
    status, tone = standing(idea.kind, idea.stage, idea.decision, thief.thief.degree if thief else None)
    code = language()
    return IdeaPage(
        idea=idea,
        ref=ref,
        slug=slug(idea.title),
        byline=found.byline or "",
        status=status,
        tone=tone,
        rung=rung(idea.stage, idea.decision),
        service_area=found.service_area or "",
        benefit_type=_benefit_type(idea, found.Campaign, code),
        campaign=found.Campaign,
        campaign_title=told(found.Campaign.title, code) if found.Campaign else None,
        answers=campaigns.answers(idea, found.Campaign),
        origin=found.Origin,
        merged_into=_kin(found.kept),
        has_versions=found.has_versions,
        may=abilities(actor, idea),
        is_author=policy.is_author(actor, idea),
        panel=panels.panel(actor, ref, standing=stands),
        timeline=timeline,
        came_of_it=[step for step in timeline.steps if step.step in RESULTS and step.text],
        standstill=staleness(idea.stage, timeline.quiet_days, is_overdue=timeline.is_overdue),
        thief=thief,
        files=sorted_files(actor, ref, files),
        portfolio=portfolio.panel_of(actor, ref, of_portfolio),
        location=found.Location,
        picture=places.point_picture(found.Location) if found.Location else None,
        has_tiles=places.has_tiles(),
        parent=_kin(found.parent, idea.lineage),
        children=[kin for each in children if (kin := _kin(each, each.lineage))],
        goals=[card for ref_, card in cards.items() if ref_.kind == GOAL],
        subgoals=subgoals,
        indicators=[card for ref_, card in cards.items() if ref_.kind == INDICATOR],
        parts=parts.parts_of(actor, ref, [Ref(INDICATOR, each) for each in indicators]),
    )


def _found(actor: Actor, idea_id: int) -> Any:
    """Read the idea with all that there is one of."""
    parent, kept = orm.aliased(Idea, name="parent"), orm.aliased(Idea, name="kept")
    versions = sa.exists().where(IdeaVersion.idea_id == Idea.id, IdeaVersion.hidden.is_(False)).correlate(Idea)
    statement = (
        sa.select(
            Idea,
            shown_name(Idea).label("byline"),
            ServiceArea.name.label("service_area"),
            Campaign,
            parent,
            kept,
            Origin,
            Location,
            versions.label("has_versions"),
            *cases.verdict_counts(),
            *panels.standing_columns(actor),
        )
        .select_from(Idea)
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(Campaign, sa.and_(Campaign.id == Idea.campaign_id, policy.campaigns_open_to(actor)))
        .outerjoin(parent, sa.and_(parent.id == Idea.parent_id, parent.state == PublicationState.PUBLISHED))
        .outerjoin(Merge, sa.and_(Merge.merged_id == Idea.id, Merge.undone_at.is_(None)))
        .outerjoin(kept, kept.id == Merge.kept_id)
        .outerjoin(Origin, Origin.idea_id == Idea.id)
        .outerjoin(Location, sa.and_(Location.kind == IDEA, Location.target_id == Idea.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .options(orm.contains_eager(Location.neighbourhood))
        .where(Idea.id == idea_id, policy.readable(actor))
    )
    found = db.session.execute(thieves.beside(actor, idea_id, statement)).one_or_none()
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    return found


def _several(actor: Actor, idea: Idea, ref: Ref) -> list[Sequence[Any]]:
    """Read what there are several of: children, steps, files, what it serves, and the parts of the portfolio."""
    serves = (Link.kind == IDEA, Link.target_id == idea.id)
    return together(
        sa.select(Idea).where(Idea.parent_id == idea.id, Idea.state == PublicationState.PUBLISHED),
        sa.select(CaseStep).where(CaseStep.idea_id == idea.id, CaseStep.is_public),
        attached(actor, ref),
        sa.select(Subgoal).where(Subgoal.id.in_(sa.select(Link.to_id).where(*serves, Link.to_kind == "subgoal"))),
        sa.select(Link.to_id).where(*serves, Link.to_kind == GOAL),
        sa.select(Link.to_id).where(*serves, Link.to_kind == INDICATOR),
        *portfolio.on(actor, ref),
    )


def _kin(idea: Idea | None, lineage: Lineage | None = None) -> Kin | None:
    if idea is None:
        return None
    status, tone = standing(idea.kind, idea.stage, idea.decision, None)
    return Kin(
        id=idea.id,
        slug=slug(idea.title),
        title=idea.title,
        language=idea.language,
        status=status,
        tone=tone,
        lineage=lineage or Lineage.INSPIRED,
    )


def _benefit_type(idea: Idea, campaign: Campaign | None, code: str) -> str:
    own = {each["key"]: told(each, code).text for each in campaign.benefit_types} if campaign else {}
    return own.get(idea.benefit_type) or str(BENEFITS.get(idea.benefit_type, ""))

"""What staff see of assessments: one's own, and the others' when one has given one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.ideas import policy
from portal.ideas.assessing import Given, RiskBand, Spread, along, band, by_criterion, risk_cells
from portal.ideas.criteria import Axis, Criterion
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import Assessment
from portal.ideas.models.ideas import Idea
from portal.ideas.plotting import Dot, Point, plot
from portal.ideas.queries.campaigns import criteria
from portal.ideas.queries.rows import standing
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel.db import by_ids, db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug

OPEN_STAGES = (Stage.RECEIVED, Stage.ASSESSING)
"""While the case is here, nobody sees what others gave before they have given their own."""
MOST = 500
"""Ideas in the plot, the newest."""


@dataclass(frozen=True, kw_only=True)
class OneAssessment:
    """What one of the staff gave."""

    name: str
    assessment: Assessment


@dataclass(frozen=True, kw_only=True)
class AssessmentPage:
    """An idea to assess, and what came in."""

    idea: Idea
    slug: str
    criteria: Sequence[Criterion]
    mine: Assessment | None
    given: int
    """How many have assessed it."""
    shown: Sequence[OneAssessment]
    """Nothing while one's own is missing."""
    spreads: Mapping[str, Spread | None]
    cells: Mapping[tuple[int, int], int]
    may_assess: bool
    is_blind: bool


@dataclass(frozen=True, kw_only=True)
class PortfolioRow:
    """An idea in the portfolio: the means of those who assessed it."""

    id: int
    slug: str
    title: str
    status: str
    n: int
    value: float | None
    feasibility: float | None
    risk: RiskBand | None
    """The most serious that anybody gave."""


@dataclass(frozen=True, kw_only=True)
class PortfolioPage:
    """Value against feasibility, with names, and what one hasn't assessed yet."""

    rows: Sequence[PortfolioRow]
    dots: Sequence[Dot]
    waiting: Sequence[PortfolioRow]
    """Assessed by others but not by the reader, who may not see what they gave."""
    campaign: Campaign | None


def assessment_page(actor: Actor, idea_id: int) -> AssessmentPage:
    """Return an idea with what the reader may see of its assessments. Raises NotFound or Forbidden."""
    _must_see(actor)
    idea = policy.must_read(actor, by_ids(Idea, [idea_id]).get(idea_id))
    campaign = db.session.get(Campaign, idea.campaign_id) if idea.campaign_id else None
    rows = db.session.execute(
        sa.select(Assessment, Account.name)
        .join(Account, Account.id == Assessment.assessor_id)
        .where(Assessment.idea_id == idea.id)
        .order_by(Assessment.id)
    ).all()
    mine = next((row[0] for row in rows if row[0].assessor_id == actor.id), None)
    is_blind = _is_blind(idea, has_given=mine is not None)
    shown = [] if is_blind else [OneAssessment(name=name, assessment=each) for each, name in rows]
    given = [_given(each.assessment) for each in shown]
    asked = criteria(campaign)
    return AssessmentPage(
        idea=idea,
        slug=slug(idea.title),
        criteria=asked,
        mine=mine,
        given=len(rows),
        shown=shown,
        spreads=by_criterion(given, [each.key for each in asked]),
        cells=risk_cells(given),
        may_assess=policy.may_assess(actor, idea),
        is_blind=is_blind,
    )


def portfolio_page(actor: Actor, campaign_slug: str | None = None) -> PortfolioPage:
    """Return the assessed ideas as a portfolio, in three statements; blind where one's own is missing."""
    _must_see(actor)
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == campaign_slug)) if campaign_slug else None
    assessed = sa.exists().where(Assessment.idea_id == Idea.id)
    wanted = sa.select(Idea).where(policy.visible(actor), assessed).order_by(Idea.id.desc()).limit(MOST)
    if campaign_slug:
        wanted = wanted.where(Idea.campaign_id == (campaign.id if campaign else 0))
    ideas = db.session.scalars(wanted).all()
    by_idea: dict[int, list[Assessment]] = {idea.id: [] for idea in ideas}
    for each in db.session.scalars(sa.select(Assessment).where(Assessment.idea_id.in_(by_idea))):
        by_idea[each.idea_id].append(each)
    campaigns = by_ids(Campaign, {idea.campaign_id for idea in ideas if idea.campaign_id})
    open_, waiting = [], []
    for idea in ideas:
        has_given = any(each.assessor_id == actor.id for each in by_idea[idea.id])
        if _is_blind(idea, has_given=has_given):
            waiting.append(_row(idea, [], (), n=len(by_idea[idea.id])))
        else:
            asked = criteria(campaigns.get(idea.campaign_id or 0))
            open_.append(_row(idea, by_idea[idea.id], asked, n=len(by_idea[idea.id])))
    points = [
        Point(number=row.id, name=row.title, value=row.value, feasibility=row.feasibility)
        for row in open_
        if row.value is not None and row.feasibility is not None
    ]
    open_.sort(key=lambda row: (-(row.value or 0), -(row.feasibility or 0), row.id))
    return PortfolioPage(rows=open_, dots=plot(points), waiting=waiting, campaign=campaign)


def _row(idea: Idea, assessments: Sequence[Assessment], asked: Sequence[Criterion], *, n: int) -> PortfolioRow:
    given = [_given(each) for each in assessments]
    cells = risk_cells(given)
    return PortfolioRow(
        id=idea.id,
        slug=slug(idea.title),
        title=idea.title,
        status=standing(IdeaKind.INNOVATION, idea.stage, idea.decision, None)[0],
        n=n,
        value=along(given, [each.key for each in asked if each.axis is Axis.VALUE]),
        feasibility=along(given, [each.key for each in asked if each.axis is Axis.FEASIBILITY]),
        risk=band(*max(cells, key=lambda cell: cell[0] * cell[1])) if cells else None,
    )


def _given(assessment: Assessment) -> Given:
    return Given(
        {key: int(score) for key, score in assessment.scores.items()}, assessment.likelihood, assessment.consequence
    )


def _is_blind(idea: Idea, *, has_given: bool) -> bool:
    """Those who can't assess it, as its author among the staff, wait until it is decided."""
    return not has_given and idea.stage in OPEN_STAGES


def _must_see(actor: Actor) -> None:
    if not policy.may_see_cases(actor):
        raise Forbidden(_l("Bare ansatte ser vurderingene."))

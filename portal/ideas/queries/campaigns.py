"""What the pages of campaigns show, and what a campaign adds to the ideas in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.ideas import policy, questions
from portal.ideas.benefit_types import STANDARD as STANDARD_BENEFITS
from portal.ideas.criteria import STANDARD as STANDARD_CRITERIA
from portal.ideas.criteria import Axis, Criterion
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.campaigns import Campaign, CampaignMember
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.rows import IdeaRow, row, rows
from portal.ideas.questions import Question, QuestionKind
from portal.ideas.stages import IdeaKind, Stage
from portal.ideas.trilingual import Told, told
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate
from portal.participation.models import Tally

NOT_FOUND = _l("Vi finner ikke denne kampanjen.")
ON_A_PAGE = 20


class Phase(StrEnum):
    """Where a campaign stands today: computed from its dates, so that nothing has to close it."""

    MAKING = "making"
    COMING = "coming"
    OPEN = "open"
    OVER = "over"


PHASES: Mapping[Phase, Any] = {
    Phase.MAKING: _l("Lages"),
    Phase.COMING: _l("Kommer"),
    Phase.OPEN: _l("Åpen nå"),
    Phase.OVER: _l("Over"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A campaign in the reader's language."""

    id: int
    slug: str
    kind: IdeaKind | None
    title: Told
    lead: Told
    introduction: Told
    goal: Told
    result: Told
    opens_on: date
    closes_on: date
    phase: Phase
    is_closed_group: bool
    days_left: int
    """The last day is 0."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What came of a campaign: of what everybody can see."""

    ideas: int = 0
    supports: int = 0
    decided: int = 0
    realised: int = 0


@dataclass(frozen=True, kw_only=True)
class CampaignsPage:
    """All the campaigns that somebody can see."""

    by_phase: Mapping[Phase, Sequence[Shown]]
    may_manage: bool


@dataclass(frozen=True, kw_only=True)
class CampaignPage:
    """One campaign with its ideas."""

    campaign: Shown
    ideas: Sequence[IdeaRow]
    next: str | None
    numbers: Numbers
    may_manage: bool


@dataclass(frozen=True, kw_only=True)
class Answered:
    """A campaign's question and what an author answered, in words."""

    question: Told
    answer: str
    language: str
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class ManagePage:
    """One campaign as those who run it see it."""

    campaign: Campaign
    shown: Shown
    questions: Sequence[Question]
    members: Sequence[sa.Row[int, str, str | None]] = field(default_factory=tuple)
    """Number, name and e-mail address of those who are invited."""


def phase(campaign: Campaign) -> Phase:
    """Say where a campaign stands today."""
    today = clock.today()
    if not campaign.is_announced:
        return Phase.MAKING
    if today < campaign.opens_on:
        return Phase.COMING
    return Phase.OPEN if today <= campaign.closes_on else Phase.OVER


def shown(campaign: Campaign) -> Shown:
    """Return a campaign in the reader's language."""
    code = language()
    texts = {name: told(getattr(campaign, name), code) for name in ("title", "lead", "introduction", "goal", "result")}
    return Shown(
        id=campaign.id,
        slug=campaign.slug,
        kind=campaign.kind,
        opens_on=campaign.opens_on,
        closes_on=campaign.closes_on,
        phase=phase(campaign),
        is_closed_group=campaign.audience != "everybody",
        days_left=(campaign.closes_on - clock.today()).days,
        **texts,
    )


def index_page(actor: Actor) -> CampaignsPage:
    """Return the campaigns that somebody can see, those that end first at the top; what is over the other way round."""
    seen = sa.select(Campaign).where(policy.campaigns_open_to(actor)).order_by(Campaign.closes_on, Campaign.id)
    by_phase: dict[Phase, list[Shown]] = {each: [] for each in Phase}
    for campaign in db.session.scalars(seen):
        by_phase[phase(campaign)].append(shown(campaign))
    by_phase[Phase.OVER].reverse()
    return CampaignsPage(by_phase=by_phase, may_manage=policy.may_manage(actor))


def find(actor: Actor, slug: str) -> Campaign:
    """Return a campaign to somebody who can see it; raises NotFound."""
    found = db.session.scalars(
        sa.select(Campaign).where(Campaign.slug == slug, policy.campaigns_open_to(actor))
    ).one_or_none()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def campaign_page(actor: Actor, slug: str, cursor: str | None) -> CampaignPage:
    """Return a campaign with its ideas, newest first; raises NotFound."""
    campaign = find(actor, slug)
    listed = rows().where(Idea.campaign_id == campaign.id, policy.visible(actor))
    found = paginate(listed, Idea.shown_at.desc(), Idea.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    return CampaignPage(
        campaign=shown(campaign),
        ideas=[row(each) for each in found.items],
        next=found.next,
        numbers=_numbers(actor, campaign),
        may_manage=policy.may_manage(actor),
    )


def manage_page(actor: Actor, campaign_id: int, *, members: bool = False) -> ManagePage:
    """Return a campaign to those who run it; raises Forbidden, NotFound."""
    if not policy.may_manage(actor):
        raise Forbidden
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(NOT_FOUND)
    invited: Sequence[sa.Row[int, str, str | None]] = ()
    if members:
        people = sa.select(Account.id, Account.name, Account.email).join(
            CampaignMember, CampaignMember.account_id == Account.id
        )
        invited = db.session.execute(
            people.where(CampaignMember.campaign_id == campaign.id).order_by(Account.name, Account.id)
        ).all()
    return ManagePage(
        campaign=campaign, shown=shown(campaign), questions=questions.read(campaign.questions), members=invited
    )


def to_choose(actor: Actor, kind: IdeaKind, *, slug: str | None, chosen: int | None) -> Sequence[Campaign]:
    """Return the campaigns one can propose into now, and the one asked for or chosen before, whatever it is now."""
    today = clock.today()
    is_open = sa.and_(Campaign.is_announced.is_(True), Campaign.opens_on <= today, Campaign.closes_on >= today)
    wanted = sa.or_(is_open, Campaign.slug == (slug or ""), Campaign.id == (chosen or 0))
    of_kind = sa.or_(Campaign.kind.is_(None), Campaign.kind == kind)
    seen = sa.or_(policy.campaigns_open_to(actor), Campaign.id == (chosen or 0))
    return db.session.scalars(
        sa.select(Campaign).where(wanted, of_kind, seen).order_by(Campaign.closes_on, Campaign.id)
    ).all()


def benefit_types(campaign: Campaign | None) -> Mapping[str, str]:
    """Return the benefit types to choose from, in the reader's language: the campaign's own, or the standard ones."""
    code = language()
    if campaign is not None and campaign.benefit_types:
        return {each["key"]: told(each, code).text for each in campaign.benefit_types}
    return {key: str(label) for key, label in STANDARD_BENEFITS.items()}


def criteria(campaign: Campaign | None) -> Sequence[Criterion]:
    """Return what ideas are assessed by, in the reader's language: the campaign's own, or the standard criteria."""
    code = language()
    if campaign is None or not campaign.criteria:
        return STANDARD_CRITERIA
    return [
        Criterion(
            key=each["key"],
            axis=Axis(each["axis"]),
            **{name: told(each[name], code).text for name in ("name", "low", "high")},
        )
        for each in campaign.criteria
    ]


def answers(idea: Idea, campaign: Campaign | None) -> Sequence[Answered]:
    """Return what an author answered to the campaign's own questions, in words, in the order they were asked."""
    code = language()
    found = []
    for question in questions.read(campaign.questions if campaign else ()):
        said = str(idea.answers.get(question.key, ""))
        if not said:
            continue
        option = question.option(said) if question.kind is QuestionKind.CHOICE else None
        words = told(option, code) if option else Told(said, idea.language)
        found.append(
            Answered(
                question=told(question.label, code),
                answer=words.text,
                language=words.language,
                is_long=question.kind is QuestionKind.LONG,
            )
        )
    return found


def _numbers(actor: Actor, campaign: Campaign) -> Numbers:
    decided = Idea.stage.not_in([Stage.RECEIVED, Stage.ASSESSING])
    ideas, supports, decided_on, realised = db.session.execute(
        sa.select(
            sa.func.count(Idea.id),
            sa.func.coalesce(sa.func.sum(Tally.supports), 0),
            sa.func.count(Idea.id).filter(decided),
            sa.func.count(Idea.id).filter(Idea.stage == Stage.REALISED),
        )
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .where(Idea.campaign_id == campaign.id, policy.visible(actor))
    ).one()
    return Numbers(ideas=ideas, supports=supports, decided=decided_on, realised=realised)

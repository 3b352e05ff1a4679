"""One case as those who handle it see it: the author's words, what has happened, and what can be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from portal.accounts.models import Account, ServiceArea
from portal.accounts.queries.bylines import shown_name
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.queries import staff
from portal.ideas.queries.cases import Timeline, timeline
from portal.ideas.queries.staff import Offered
from portal.ideas.queries.waiting import BEFORE_DECISION
from portal.ideas.stages import Decision, Stage, goes_back, may_follow
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.participation.models import Tally
from portal.portfolio.queries.panels import is_measured


class Doing(StrEnum):
    """What can be done with a case; the value stands in the address."""

    ASSIGN = "fordel"
    ANSWER = "svar"
    ASSESS = "vurder"
    DECIDE = "beslutt"
    RECEIPT = "kvittering"
    WORK = "i-gang"
    PROGRESS = "fremdrift"
    REALISE = "nyttiggjort"
    CLOSE = "avslutt"
    REOPEN = "gjenoppta"
    NOTE = "notat"
    FILE = "arkiv"


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A case, and what can be done with it."""

    idea: Idea
    byline: str
    area: str | None
    responsible: str | None
    supports: int
    case: Timeline
    doing: Doing | None
    """What the open form is for."""
    next: Doing | None
    """What would be right to do now."""
    can: Sequence[Doing]
    offered: Offered | None
    """Who can be given the case, when that is what the form is for."""
    is_measured: bool
    may_manage: bool


def case_page(actor: Actor, idea_id: int, doing: Doing | None = None, area_id: int | None = None) -> CasePage:
    """Return a case to those who handle it; `doing`: the form that is open, else that of the next step.

    `area_id`: the service area chosen in the form, whose people are offered. Raises NotFound or Forbidden.
    """
    handler = orm.aliased(Account)  # the byline reads another account
    row = db.session.execute(
        sa.select(Idea, shown_name(Idea), ServiceArea.name, handler.name, Tally.supports)
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(handler, handler.id == Idea.responsible_id)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .where(Idea.id == idea_id)
    ).one_or_none()
    idea = policy.must_handle(actor, row[0] if row else None)
    _idea, byline, area, responsible, supports = row or (idea, "", None, None, 0)
    suggested = suggest(actor, idea)
    shown = doing or suggested
    assigns = shown is Doing.ASSIGN
    return CasePage(
        idea=idea,
        byline=byline or "",
        area=area,
        responsible=responsible,
        supports=supports or 0,
        case=timeline(actor, idea, internal=True),
        doing=shown,
        next=suggested,
        can=[each for each in Doing if may_do(idea, each)],
        offered=staff.offered(area_id or idea.service_area_id) if assigns else None,
        is_measured=shown is Doing.REALISE and is_measured(Ref(IDEA, idea.id)),
        may_manage=policy.may_manage(actor),
    )


def may_do(idea: Idea, doing: Doing) -> bool:
    """Say whether something can be done with a case where it stands; who may is the policy's to say."""
    stage, decision = idea.stage, idea.decision
    after = _LEADS_TO.get(doing)
    if after is not None:
        return may_follow(stage, after, decision) and not goes_back(stage, after)
    asked: Mapping[Doing, bool] = {
        Doing.RECEIPT: stage is Stage.DECIDED and decision is Decision.SENT_ON,
        Doing.PROGRESS: stage not in BEFORE_DECISION,
        Doing.REOPEN: stage not in BEFORE_DECISION,
    }
    return asked.get(doing, True)


def suggest(actor: Actor, idea: Idea) -> Doing | None:
    """Return what would be right to do now; None when the case is over."""
    if idea.stage in BEFORE_DECISION:
        nobody = idea.service_area_id is None or idea.responsible_id is None
        if nobody and policy.may_manage(actor) and idea.stage is Stage.RECEIVED and idea.answered_at is None:
            return Doing.ASSIGN
        if idea.answered_at is None:
            return Doing.ANSWER
        return Doing.ASSESS if idea.stage is Stage.RECEIVED else Doing.DECIDE
    if idea.stage is Stage.DECIDED:
        return _AFTER[idea.decision] if idea.decision else Doing.WORK
    return Doing.PROGRESS if idea.stage is Stage.UNDER_WAY else None


_LEADS_TO: Mapping[Doing, Stage] = {
    Doing.ASSESS: Stage.ASSESSING,
    Doing.DECIDE: Stage.DECIDED,
    Doing.WORK: Stage.UNDER_WAY,
    Doing.REALISE: Stage.REALISED,
    Doing.CLOSE: Stage.CLOSED,
}
_AFTER: Mapping[Any, Doing | None] = {
    Decision.IN_THE_LINE: Doing.WORK,
    Decision.PROJECT: Doing.WORK,
    Decision.COCREATION: Doing.WORK,
    Decision.SENT_ON: Doing.RECEIPT,
    Decision.REJECTED: None,
}

"""What waits for those who handle cases: the piles with their numbers, and the cases of one pile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, ServiceArea
from portal.accounts.queries import settings
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.cases import CaseStep, Step, Verdict
from portal.ideas.models.ideas import Idea
from portal.ideas.queries import waiting
from portal.ideas.stages import ENDED, Decision, Stage
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate
from portal.participation.models import Tally

PER_PAGE = 30
NOBODY = -1
"""The number that the filter has for cases nobody is responsible for."""


class Pile(StrEnum):
    """Which cases somebody wants to see."""

    DUE = "frist"
    UNASSIGNED = "ufordelt"
    MINE = "mine"
    DECISION = "beslutning"
    QUIET = "stille"
    UNTOLD = "etterord"
    OPEN = "apne"
    ALL = "alle"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody narrows the list to."""

    pile: Pile = Pile.DUE
    service_area_id: int | None = None
    responsible_id: int | None = None
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """A case in the list: enough to choose the next one."""

    idea: Idea
    area: str | None
    responsible: str | None
    supports: int
    days_left: int | None
    """Until the first answer is due, in Norwegian days: 0 is today, 1 tomorrow, below 0 overdue. None: answered."""
    is_late: bool
    days: int
    """Since something was told of it."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The piles with their numbers, and one page of the pile that is open."""

    counts: Mapping[Pile, int]
    late: int
    today: int
    """Due today, and not late yet."""
    tomorrow: int
    rows: Sequence[CaseRow]
    next: str | None
    quiet_days: int
    areas: Sequence[tuple[int, str]]
    people: Sequence[tuple[int, str]]
    """Those who have a case that the reader sees."""
    may_manage: bool


def desk(actor: Actor, wanted: Wanted, cursor: str | None = None) -> Desk:
    """Return what waits for somebody, in four statements however much it is. Raises Forbidden."""
    if not policy.may_see_cases(actor):
        raise Forbidden
    quiet_days = settings.value("progress_days")
    piles = _piles(actor, quiet_days)
    mine = handled_by(actor)
    now, (today, tomorrow) = clock.now(), _days()
    counted = db.session.execute(
        sa.select(
            *(sa.func.count().filter(condition).label(f"pile_{pile.name}") for pile, condition in piles.items()),
            _count(Idea.answer_due_at <= now).label("late"),
            _count(Idea.answer_due_at > now, Idea.answer_due_at < today).label("today"),
            _count(Idea.answer_due_at >= today, Idea.answer_due_at > now, Idea.answer_due_at < tomorrow).label(
                "tomorrow"
            ),
        ).where(mine)
    ).one()
    page = _page(sa.and_(mine, piles[wanted.pile], *_narrowed(wanted)), wanted, cursor)
    areas, people = _choices(mine)
    return Desk(
        counts={pile: getattr(counted, f"pile_{pile.name}") for pile in piles},
        late=counted.late,
        today=counted.today,
        tomorrow=counted.tomorrow,
        rows=[_row(each) for each in page.items],
        next=page.next,
        quiet_days=quiet_days,
        areas=areas,
        people=people,
        may_manage=policy.may_manage(actor),
    )


def handled_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the cases that somebody handles: `policy.may_handle` for lists."""
    handled = Idea.state.in_(waiting.HANDLED)
    if policy.may_manage(actor):
        return handled
    return sa.and_(
        handled, sa.or_(Idea.service_area_id.in_(sorted(actor.service_areas)), Idea.responsible_id == actor.id)
    )


def is_open() -> sa.ColumnElement[bool]:
    """Return the condition for the cases that aren't over: neither ended nor turned down."""
    rejected = sa.and_(Idea.stage == Stage.DECIDED, sa.func.coalesce(Idea.decision, "") == Decision.REJECTED)
    return sa.and_(Idea.stage.not_in(ENDED), ~rejected)


def _piles(actor: Actor, quiet_days: int) -> dict[Pile, sa.ColumnElement[bool]]:
    told = sa.exists().where(
        CaseStep.idea_id == Idea.id,
        CaseStep.is_public,
        CaseStep.step.in_((Step.REALISED, Step.CLOSED, Step.PROGRESS)),
        CaseStep.text != "",
    )
    answered = sa.exists().where(Verdict.idea_id == Idea.id)
    return {
        Pile.DUE: waiting.unanswered(),
        Pile.UNASSIGNED: sa.and_(is_open(), Idea.responsible_id.is_(None)),
        Pile.MINE: sa.and_(is_open(), Idea.responsible_id == actor.id),
        Pile.DECISION: Idea.stage == Stage.ASSESSING,
        Pile.QUIET: waiting.untold(clock.now() - timedelta(days=quiet_days)),
        Pile.UNTOLD: sa.and_(Idea.stage.in_(ENDED), sa.or_(~told, sa.and_(Idea.asked_at.is_not(None), ~answered))),
        Pile.OPEN: is_open(),
        Pile.ALL: sa.true(),
    }


def _count(*conditions: sa.ColumnElement[bool]) -> Any:
    return sa.func.count().filter(sa.and_(waiting.unanswered(), *conditions))


def _days() -> tuple[datetime, datetime]:
    """Return the ends of today and of tomorrow."""
    today = clock.today()
    return clock.end_of_day(today), clock.end_of_day(today + timedelta(days=1))


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.service_area_id is not None:
        nowhere = wanted.service_area_id == NOBODY
        area = Idea.service_area_id
        found.append(area.is_(None) if nowhere else area == wanted.service_area_id)
    if wanted.responsible_id is not None:
        person = Idea.responsible_id
        found.append(person.is_(None) if wanted.responsible_id == NOBODY else person == wanted.responsible_id)
    if wanted.stage is not None:
        found.append(Idea.stage == wanted.stage)
    return found


def _page(condition: sa.ColumnElement[bool], wanted: Wanted, cursor: str | None) -> Any:
    newest = sa.select(sa.func.max(CaseStep.at)).where(CaseStep.idea_id == Idea.id, CaseStep.is_public)
    rows = (
        sa.select(
            Idea,
            ServiceArea.name,
            Account.name,
            Tally.supports,
            sa.type_coerce(newest.correlate(Idea).scalar_subquery(), Idea.stage_since.type),
        )
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .outerjoin(Account, Account.id == Idea.responsible_id)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .where(condition)
    )
    first = Idea.answer_due_at if wanted.pile is Pile.DUE else Idea.stage_since
    return paginate(rows, first, Idea.id, cursor=cursor, limit=PER_PAGE)


def _row(found: Any) -> CaseRow:
    idea, area, responsible, supports, told_at = found
    now = clock.now()
    waits = idea.answered_at is None and idea.stage in waiting.BEFORE_DECISION
    return CaseRow(
        idea=idea,
        area=area,
        responsible=responsible,
        supports=supports or 0,
        days_left=(clock.local(idea.answer_due_at).date() - clock.today()).days if waits else None,
        is_late=waits and idea.answer_due_at <= now,
        days=max((now - max(told_at or idea.stage_since, idea.stage_since)).days, 0),
    )


def _choices(mine: sa.ColumnElement[bool]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    areas = sa.select(sa.literal("area").label("what"), ServiceArea.id, ServiceArea.name).where(
        ServiceArea.id.in_(sa.select(Idea.service_area_id).where(mine))
    )
    people = sa.select(sa.literal("person"), Account.id, Account.name).where(
        Account.id.in_(sa.select(Idea.responsible_id).where(mine))
    )
    rows = db.session.execute(sa.union_all(areas, people)).all()
    return (
        sorted(((id_, name) for what, id_, name in rows if what == "area"), key=lambda each: each[1]),
        sorted(((id_, name) for what, id_, name in rows if what == "person"), key=lambda each: each[1]),
    )

"""What waits: the numbers of the dashboard, and the queue over all kinds of content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.content import PublicationState, Written
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.kernel.richtext import excerpt
from portal.moderation import casework, policy, signals
from portal.moderation.models import Appeal, Case, Cause, Decision, Report
from portal.moderation.signals import Signal

PER_PAGE = 25
ALL, FREE, MINE, OVERDUE, REPORTED = "", "ledige", "mine", "forsinket", "meldt"


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """How much waits, and for how long."""

    waiting: int
    oldest: datetime | None
    overdue: int
    due_today: int
    reported: int
    mine: Sequence[Case]
    appeals: int
    own_appeals: int
    """Of these, the ones this person may not decide."""
    decided_today: int
    moderates: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which cases somebody wants to see."""

    kind: str = ""
    cause: Cause | None = None
    which: str = ALL


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """A case in the queue: enough to choose it, or to see that it is spam."""

    case: Case
    label: Any
    excerpt: str
    language: str
    byline: str
    signals: Sequence[Signal]
    reports: int
    taken_by: str | None
    """Who works with it now."""
    fingerprint: str
    is_gone: bool
    is_shown: bool

    @property
    def is_overdue(self) -> bool:
        return self.case.due_at <= clock.now()


def dashboard(actor: Actor) -> Dashboard:
    """Return what waits, in two statements."""
    if not policy.may_see_appeals(actor):
        raise Forbidden
    moment, is_open = clock.now(), Case.closed_at.is_(None)
    today = clock.end_of_day(clock.today())
    reported = sa.exists().where(Report.case_id == Case.id)
    cases = sa.select(
        sa.func.count().label("waiting"),
        sa.func.min(Case.opened_at).label("oldest"),
        sa.func.count().filter(Case.due_at <= moment).label("overdue"),
        sa.func.count().filter(Case.due_at > moment, Case.due_at <= today).label("due_today"),
        sa.func.count().filter(reported).label("reported"),
        _count(sa.select(Appeal.id).where(Appeal.decided_at.is_(None))).label("appeals"),
        _count(sa.select(Appeal.id).where(Appeal.decided_at.is_(None), Appeal.first_decided_by_id == actor.id)).label(
            "own_appeals"
        ),
        _count(
            sa.select(Decision.id).where(
                Decision.decided_by_id.is_not(None), Decision.decided_at >= today - timedelta(days=1)
            )
        ).label("decided_today"),
    ).where(is_open)
    mine = sa.select(Case).where(is_open, Case.claimed_by_id == actor.id, Case.claimed_until > moment)
    return Dashboard(
        **db.session.execute(cases).mappings().one(),
        mine=db.session.scalars(mine.order_by(Case.due_at)).all(),
        moderates=policy.may_moderate(actor),
    )


def queue_page(actor: Actor, wanted: Wanted, cursor: str | None = None) -> Page[QueueRow]:
    """Return the open cases, those that are due first on top."""
    if not policy.may_moderate(actor):
        raise Forbidden
    reports = sa.select(sa.func.count()).where(Report.case_id == Case.id).correlate(Case).scalar_subquery()
    statement = (
        sa.select(Case, Account.name, reports)
        .outerjoin(Account, Account.id == Case.claimed_by_id)
        .where(Case.closed_at.is_(None), *_conditions(actor, wanted))
    )
    page = paginate(statement, Case.due_at, Case.id, cursor=cursor, limit=PER_PAGE)
    texts = content().written([casework.ref_of(case) for case, _name, _reports in page.items])
    rows = [_row(case, name, count, texts) for case, name, count in page.items]
    return Page(rows, page.next)


def kinds() -> list[tuple[str, Any]]:
    """Return the kinds of content that are moderated, and what they are called."""
    return [(kind.name, kind.label) for kind in content() if kind.restrict is not None]


def chosen(actor: Actor, case_ids: Sequence[int]) -> list[QueueRow]:
    """Return the cases that a moderator chose for one decision, those that are open still."""
    if not policy.may_moderate(actor):
        raise Forbidden
    cases = db.session.scalars(
        sa.select(Case).where(Case.id.in_(case_ids[:PER_PAGE]), Case.closed_at.is_(None)).order_by(Case.due_at)
    ).all()
    texts = content().written([casework.ref_of(case) for case in cases])
    return [_row(case, None, 0, texts) for case in cases if case.author_id != actor.id]


def _conditions(actor: Actor, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    moment = clock.now()
    found: list[sa.ColumnElement[bool]] = []
    if wanted.kind:
        found.append(Case.kind == wanted.kind)
    if wanted.cause:
        found.append(Case.cause == wanted.cause)
    which: Mapping[str, sa.ColumnElement[bool]] = {
        FREE: sa.or_(Case.claimed_until.is_(None), Case.claimed_until <= moment),
        MINE: sa.and_(Case.claimed_by_id == actor.id, Case.claimed_until > moment),
        OVERDUE: Case.due_at <= moment,
        REPORTED: sa.exists().where(Report.case_id == Case.id),
    }
    return [*found, which[wanted.which]] if wanted.which in which else found


def _row(case: Case, name: str | None, reports: int, texts: Mapping[Any, Written]) -> QueueRow:
    written = texts.get(casework.ref_of(case))
    kind = content().find(case.kind)
    taken = case.claimed_until is not None and case.claimed_until > clock.now()
    return QueueRow(
        case=case,
        label=kind.label if kind else case.kind,
        excerpt=excerpt(" · ".join(text for text in written.fields.values() if text)) if written else "",
        language=written.language if written else "nb",
        byline=written.byline if written else "",
        signals=list(dict.fromkeys(each.signal for each in signals.read(case.signals))),
        reports=reports,
        taken_by=name if taken else None,
        fingerprint=casework.fingerprint(written),
        is_gone=written is None,
        is_shown=written is not None and written.state is PublicationState.PUBLISHED,
    )


def _count(statement: sa.Select[int]) -> Any:
    return sa.select(sa.func.count()).select_from(statement.subquery()).scalar_subquery()

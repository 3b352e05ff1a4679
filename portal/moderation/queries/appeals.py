"""The complaints that wait, and one of them with what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.content import Card
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.moderation import casework, policy, statement
from portal.moderation.models import Appeal, Case, CaseEvent, Decision
from portal.moderation.queries import reasons
from portal.moderation.queries.cases import SEEN_FOR

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class AppealRow:
    """A complaint in the list."""

    appeal: Appeal
    decision: Decision
    case: Case
    label: Any
    first: str | None
    """Who decided first; nobody when it was the machine."""
    may_decide: bool

    @property
    def is_overdue(self) -> bool:
        return self.appeal.decided_at is None and self.appeal.due_at <= clock.now()


@dataclass(frozen=True, kw_only=True)
class AppealPage:
    """A complaint, the decision with its reasons, and the text: as it was for whoever has asked to read it."""

    row: AppealRow
    title: str
    card: Card | None
    parts: Sequence[statement.Part]
    now: Mapping[str, str]
    original: Mapping[str, str] | None
    decided_by: str | None


def appeals_page(actor: Actor, cursor: str | None = None) -> Page[AppealRow]:
    """Return the complaints that wait, those that are due first on top."""
    if not policy.may_see_appeals(actor):
        raise Forbidden
    page = paginate(_rows().where(Appeal.decided_at.is_(None)), Appeal.due_at, Appeal.id, cursor=cursor, limit=PER_PAGE)
    return Page([_row(actor, each) for each in page.items], page.next)


def appeal_page(actor: Actor, appeal_id: int) -> AppealPage:
    """Return one complaint. Raises NotFound."""
    if not policy.may_see_appeals(actor):
        raise Forbidden
    found = db.session.execute(_rows().where(Appeal.id == appeal_id)).one_or_none()
    if found is None:
        raise NotFound(_l("Vi finner ikke denne klagen."))
    row = _row(actor, found)
    ref = casework.ref_of(row.case)
    written = casework.written_at(ref)
    decided_by = db.session.scalar(sa.select(Account.name).where(Account.id == row.appeal.decided_by_id))
    return AppealPage(
        row=row,
        title=casework.title_of(ref),
        card=content().cards([ref]).get(ref),
        parts=statement.parts(reasons.grounds(row.decision, row.case)) if row.decision.rule else [],
        now=written.fields if written else {},
        original=row.decision.before.get("fields") if _has_read(actor, row) else None,
        decided_by=decided_by,
    )


def _rows() -> Any:
    return (
        sa.select(Appeal, Decision, Case, Account.name)
        .join(Decision, Decision.id == Appeal.decision_id)
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Account, Account.id == Appeal.first_decided_by_id)
    )


def _row(actor: Actor, found: Any) -> AppealRow:
    appeal, decision, case, first = found
    kind = content().find(case.kind)
    return AppealRow(
        appeal=appeal,
        decision=decision,
        case=case,
        label=kind.label if kind else case.kind,
        first=first,
        may_decide=appeal.decided_at is None and policy.may_decide_appeal(actor, appeal, case),
    )


def _has_read(actor: Actor, row: AppealRow) -> bool:
    steps = db.session.scalars(
        sa.select(CaseEvent).where(
            CaseEvent.case_id == row.case.id,
            CaseEvent.what == casework.Step.ORIGINAL_READ,
            CaseEvent.actor_id == actor.id,
            CaseEvent.at > clock.now() - SEEN_FOR,
        )
    )
    return any(step.data.get("decision_id") == row.decision.id for step in steps)

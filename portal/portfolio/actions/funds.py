"""Running the innovation funds: frames, decisions, payments, and what is published of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.portfolio import policy
from portal.portfolio.events import ApplicationDecided, FundSet, PaymentMade, ReportSummarised, about
from portal.portfolio.models import Application, ApplicationState, Fund, FundPlan, FundReport, Payment, Purpose
from portal.portfolio.queries.applications import hold
from portal.ui.filters import kroner


@dataclass(frozen=True, kw_only=True)
class FundDraft:
    """The funds of a year. Sums are in øre."""

    year: int
    frame_ore: int
    opens_on: date
    closes_on: date
    plan: Mapping[Purpose, int] = field(default_factory=dict)
    """How much is meant for each purpose; those that nothing is said of are left out."""


@dataclass(frozen=True, kw_only=True)
class DecisionDraft:
    """The answer to an application: the sum in øre that is granted, 0 for none, and why."""

    granted_ore: int
    reason: str
    decided_by_title: str
    conditions: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentDraft:
    """A part of a grant that is paid out, in øre."""

    ore: int
    paid_on: date
    reference: str
    key: str = ""


@atomic
def set_fund(actor: Actor, draft: FundDraft) -> Fund:
    """Set the frame of a year, or change it: never to less than what has been granted."""
    policy.must_run_funds(actor)
    if draft.closes_on < draft.opens_on:
        raise Invalid("closes_on", _l("Siste dag kan ikke være før første dag."))
    if sum(draft.plan.values()) > draft.frame_ore:
        raise Invalid("frame", _l("Det som er satt av til formålene, er mer enn rammen."))
    values: dict[str, Any] = {"frame_ore": draft.frame_ore, "opens_on": draft.opens_on, "closes_on": draft.closes_on}
    if not insert_once(Fund, {"year": draft.year, "granted_ore": 0, **values}):
        _change_fund(draft.year, values)
    fund = db.session.scalars(
        sa.select(Fund).where(Fund.year == draft.year).execution_options(populate_existing=True)
    ).one()
    delete_rows(sa.delete(FundPlan).where(FundPlan.fund_id == fund.id))
    db.session.add_all(FundPlan(fund_id=fund.id, purpose=purpose, ore=ore) for purpose, ore in draft.plan.items())
    db.session.flush()
    publish(FundSet(actor=actor, year=fund.year, **values))
    return fund


@atomic
def decide(actor: Actor, application_id: int, draft: DecisionDraft) -> Application:
    """Grant or decline an application that somebody else has sent.

    What is granted is taken from the frame in the same transaction: when two are given at once and there is room for
    one, the other gets Conflict, which says how much is left.
    """
    application = _of_others(actor, application_id)
    if not policy.may_decide(actor, application):
        raise Conflict(_l("Denne søknaden er allerede avgjort eller trukket."))
    if not draft.reason.strip():
        raise Invalid("reason", _l("Skriv hvorfor. Begrunnelsen er offentlig."))
    if draft.granted_ore > application.asked_ore:
        raise Invalid("granted", _l("Det er mer enn det er søkt om."))
    if draft.granted_ore:
        _take_from_frame(application.fund_id, draft.granted_ore)
    application.state = ApplicationState.GRANTED if draft.granted_ore else ApplicationState.DECLINED
    application.granted_ore = draft.granted_ore
    application.reason, application.conditions = draft.reason, draft.conditions
    application.decided_by_id, application.decided_by_title = actor.id, draft.decided_by_title
    application.decided_at = application.changed_at = clock.now()
    db.session.flush()
    publish(
        ApplicationDecided(
            actor=actor,
            application_state=application.state,
            fund_purpose=application.purpose,
            granted_ore=application.granted_ore,
            author_id=application.author_id,
            **about(application),
        )
    )
    return application


@atomic
def pay(actor: Actor, application_id: int, draft: PaymentDraft) -> Application:
    """Write down that a part of a grant is paid out: never more than what was granted. The same form twice is one."""
    application = _of_others(actor, application_id)
    if not policy.may_pay(actor, application):
        raise Conflict(_l("Det er ikke innvilget noe å betale ut."))
    if draft.paid_on > clock.today():
        raise Invalid("paid_on", _l("Velg en dag som har vært."))
    row = {
        "application_id": application.id,
        "ore": draft.ore,
        "paid_on": draft.paid_on,
        "reference": draft.reference,
        "entered_by_id": actor.id,
        "key": draft.key,
        "created_at": clock.now(),
    }
    if not insert_once(Payment, row):
        return application  # sent twice
    if draft.ore > application.unpaid_ore:
        raise Invalid("ore", _("Det er %(left)s igjen å betale ut.", left=kroner(application.unpaid_ore)))
    application.paid_ore += draft.ore
    db.session.flush()
    made = sa.select(Payment.id).where(Payment.application_id == application.id, Payment.key == draft.key)
    publish(
        PaymentMade(
            actor=actor,
            payment_id=db.session.scalars(made).one(),
            ore=draft.ore,
            author_id=application.author_id,
            **about(application),
        )
    )
    return application


@atomic
def summarise_report(actor: Actor, application_id: int, summary: str) -> FundReport:
    """Publish, in the municipality's words, what was learnt from a grant."""
    policy.must_run_funds(actor)
    application = hold(application_id)
    report = db.session.get(FundReport, application_id)
    if report is None:
        raise NotFound(_l("Det er ikke rapportert om dette ennå."))
    report.summary = summary
    db.session.flush()
    publish(ReportSummarised(actor=actor, **about(application)))
    return report


def _change_fund(year: int, values: Mapping[str, Any]) -> None:
    changed = sa.update(Fund).where(Fund.year == year, Fund.granted_ore <= values["frame_ore"]).values(**values)
    if not _changes(changed):
        granted = db.session.scalar(sa.select(Fund.granted_ore).where(Fund.year == year)) or 0
        raise Invalid("frame", _("Det er allerede innvilget %(granted)s.", granted=kroner(granted)))


def _take_from_frame(fund_id: int, ore: int) -> None:
    """Count a grant in the fund's own row, where it waits for others that are given at the same time."""
    room = sa.update(Fund).where(Fund.id == fund_id, Fund.granted_ore + ore <= Fund.frame_ore)
    if not _changes(room.values(granted_ore=Fund.granted_ore + ore)):
        left = db.session.scalar(sa.select(Fund.frame_ore - Fund.granted_ore).where(Fund.id == fund_id)) or 0
        raise Conflict(_("Rammen er brukt opp: %(left)s igjen.", left=kroner(left)))


def _changes(statement: sa.Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast("sa.CursorResult[Any]", result).rowcount == 1


def _of_others(actor: Actor, application_id: int) -> Application:
    """Return an application that somebody else wrote, held, to those who run the funds. Forbidden, NotFound."""
    policy.must_run_funds(actor)
    application = hold(application_id)
    if policy.is_applicant(actor, application):
        raise Forbidden(_l("Du har søkt selv. Da må en annen avgjøre og betale ut."))
    if not policy.may_read_application(actor, application):
        raise NotFound
    return application

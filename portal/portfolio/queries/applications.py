"""Reading applications for innovation funds: to apply, one's own, one with all that belongs to it, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.accounts.queries.organisations import Voice, spokesperson_organisations
from portal.kernel import clock
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.portfolio import policy
from portal.portfolio.models import Application, ApplicationState, Fund, FundReport, Payment

GONE = _l("Vi finner ikke denne søknaden.")
SHOWN = 20
ANSWER_WITHIN = timedelta(days=30)
"""How long an application may wait for its answer before it stands first among those that wait."""


@dataclass(frozen=True, kw_only=True)
class ApplyPage:
    """What one who applies needs to see: the thing, the funds that are open, and whom one may apply for."""

    card: Card
    funds: Sequence[Fund]
    next_fund: Fund | None
    """The one that opens next, when none is open."""
    voices: Sequence[Voice]
    application: Application | None = None


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """What somebody may do with an application."""

    change: bool
    withdraw: bool
    decide: bool
    pay: bool
    report: bool
    summarise: bool


@dataclass(frozen=True, kw_only=True)
class ApplicationRow:
    """An application in a list."""

    application: Application
    fund: Fund
    byline: str
    card: Card | None
    reported: bool = False

    @property
    def is_late(self) -> bool:
        """Say whether it has waited for its answer for too long."""
        sent = self.application.sent_at
        waits = self.application.state is ApplicationState.SENT
        return waits and sent is not None and clock.now() - sent > ANSWER_WITHIN


@dataclass(frozen=True, kw_only=True)
class ApplicationPage:
    """An application with all that belongs to it."""

    row: ApplicationRow
    payments: Sequence[Payment]
    report: FundReport | None
    is_mine: bool
    may: Abilities

    @property
    def application(self) -> Application:
        return self.row.application


def apply_page(actor: Actor, ref: Ref, application: Application | None = None) -> ApplyPage:
    """Return what one who applies to a thing needs. NotFound, Forbidden."""
    policy.must_apply(actor, ref)
    card = content().cards([ref]).get(ref)
    if card is None:
        raise NotFound
    day = clock.today()
    funds = db.session.scalars(sa.select(Fund).where(Fund.closes_on >= day).order_by(Fund.year)).all()
    return ApplyPage(
        card=card,
        funds=[fund for fund in funds if fund.is_open(day)],
        next_fund=next((fund for fund in funds if fund.opens_on > day), None),
        voices=spokesperson_organisations(actor.id or 0),
        application=application,
    )


def own_draft(actor: Actor, application_id: int) -> Application:
    """Return a draft of one's own. NotFound."""
    application = db.session.get(Application, application_id)
    if application is None or not policy.is_applicant(actor, application):
        raise NotFound(GONE)
    return application


def application_page(actor: Actor, application_id: int) -> ApplicationPage:
    """Return an application to whoever wrote it, or to those who run the funds. NotFound."""
    found = db.session.execute(_rows().where(Application.id == application_id)).one_or_none()
    if found is None or not policy.may_read_application(actor, found[0]):
        raise NotFound(GONE)
    application, fund, byline, _reported = found
    report = db.session.get(FundReport, application.id)
    payments = sa.select(Payment).where(Payment.application_id == application.id).order_by(Payment.paid_on, Payment.id)
    return ApplicationPage(
        row=ApplicationRow(
            application=application,
            fund=fund,
            byline=byline or "",
            card=content().cards([application.ref]).get(application.ref),
            reported=report is not None,
        ),
        payments=db.session.scalars(payments).all(),
        report=report,
        is_mine=policy.is_applicant(actor, application),
        may=Abilities(
            change=policy.may_change(actor, application),
            withdraw=policy.may_withdraw(actor, application),
            decide=policy.may_decide(actor, application),
            pay=policy.may_pay(actor, application) and application.unpaid_ore > 0,
            report=report is None and policy.may_report(actor, application),
            summarise=report is not None and policy.may_run_funds(actor),
        ),
    )


def own_applications(actor: Actor) -> Sequence[ApplicationRow]:
    """Return one's own applications, the newest first."""
    mine = _rows().where(Application.author_id == actor.id).order_by(Application.id.desc())
    return _with_cards(db.session.execute(mine).all())


def applications_page(actor: Actor, state: ApplicationState | None, cursor: str | None) -> Page[ApplicationRow]:
    """Return the applications that were sent, the newest first; those in one state when it is named."""
    policy.must_run_funds(actor)
    states = (state,) if state in policy.SEEN_BY_STAFF else policy.SEEN_BY_STAFF
    page = paginate(_rows().where(Application.state.in_(states)), Application.id.desc(), cursor=cursor, limit=SHOWN)
    return Page(_with_cards(page.items), page.next)


def counts(actor: Actor) -> Mapping[ApplicationState, int]:
    """Return how many applications stand where, for those who run the funds."""
    policy.must_run_funds(actor)
    rows = db.session.execute(sa.select(Application.state, sa.func.count()).group_by(Application.state))
    found = {state: number for state, number in rows}  # noqa: C416 - dict() of rows confuses the checker
    return {state: found[state] for state in policy.SEEN_BY_STAFF if state in found}


def hold(application_id: int) -> Application:
    """Return an application, held until the transaction is over. NotFound."""
    found = db.session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(GONE)
    return found


def _rows() -> sa.Select[Application, Fund, str, bool]:
    reported = sa.exists().where(FundReport.application_id == Application.id)
    return sa.select(Application, Fund, shown_name(Application), reported).join(Fund, Fund.id == Application.fund_id)


def _with_cards(rows: Sequence[sa.Row[Application, Fund, str, bool]]) -> list[ApplicationRow]:
    cards = content().cards([application.ref for application, *_rest in rows])
    return [
        ApplicationRow(
            application=application,
            fund=fund,
            byline=byline or "",
            card=cards.get(application.ref),
            reported=reported,
        )
        for application, fund, byline, reported in rows
    ]

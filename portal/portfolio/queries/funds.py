"""The innovation funds in public: how much there is, what was granted and paid, for what, and what was learnt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Card
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.portfolio import policy
from portal.portfolio.models import Application, ApplicationState, Fund, FundPlan, FundReport, Outcome, Purpose

SHOWN = 20
STREAMED = 500
GONE = _l("Det er ikke satt noen ramme for dette året.")
DECIDED = (ApplicationState.GRANTED, ApplicationState.DECLINED)


@dataclass(frozen=True, kw_only=True)
class PurposeRow:
    """What of a fund is for one purpose, in øre."""

    purpose: Purpose
    planned_ore: int | None
    granted_ore: int
    paid_ore: int
    grants: int


@dataclass(frozen=True, kw_only=True)
class FundRow:
    """A year's funds, with what is granted and paid by purpose."""

    fund: Fund
    purposes: Sequence[PurposeRow]

    @property
    def paid_ore(self) -> int:
        return sum(row.paid_ore for row in self.purposes)

    @property
    def grants(self) -> int:
        return sum(row.grants for row in self.purposes)

    @property
    def is_open(self) -> bool:
        return self.fund.is_open(clock.today())

    @property
    def opens_later(self) -> bool:
        return self.fund.opens_on > clock.today()


@dataclass(frozen=True, kw_only=True)
class DecidedRow:
    """An application that was decided, as everybody may see it."""

    application: Application
    year: int
    card: Card | None
    """None when the thing itself isn't public."""
    outcome: Outcome | None
    spent_ore: int | None
    summary: str

    @property
    def is_granted(self) -> bool:
        return self.application.state is ApplicationState.GRANTED


@dataclass(frozen=True, kw_only=True)
class FundPage:
    """A year's funds, and the decisions."""

    row: FundRow
    years: Sequence[int]
    decisions: Page[DecidedRow]


def funds_page() -> Sequence[FundRow]:
    """Return the funds of all years, the newest first, in three statements."""
    return _with_purposes(db.session.scalars(sa.select(Fund).order_by(Fund.year.desc())).all())


def fund_page(year: int, cursor: str | None) -> FundPage:
    """Return a year's funds with the decisions, the newest first. NotFound."""
    funds = db.session.scalars(sa.select(Fund).order_by(Fund.year.desc())).all()
    fund = next((each for each in funds if each.year == year), None)
    if fund is None:
        raise NotFound(GONE)
    page = paginate(_decided().where(Application.fund_id == fund.id), Application.id.desc(), cursor=cursor, limit=SHOWN)
    return FundPage(
        row=_with_purposes([fund])[0],
        years=[each.year for each in funds],
        decisions=Page(_with_cards(page.items), page.next),
    )


def fund_to_set(actor: Actor, year: int) -> FundRow:
    """Return a year's funds to those who run them. NotFound, Forbidden."""
    policy.must_run_funds(actor)
    fund = db.session.scalar(sa.select(Fund).where(Fund.year == year))
    if fund is None:
        raise NotFound(GONE)
    return _with_purposes([fund])[0]


def every_decision() -> Iterator[DecidedRow]:
    """Return all decisions, some at a time, for a file."""
    after = 0
    while True:
        some = _decided().where(Application.id > after).order_by(Application.id).limit(STREAMED)
        rows = db.session.execute(some).all()
        if not rows:
            return
        yield from _with_cards(rows)
        after = rows[-1][0].id


def _with_purposes(funds: Sequence[Fund]) -> list[FundRow]:
    ids = [fund.id for fund in funds]
    plans = {
        (fund_id, purpose): ore
        for fund_id, purpose, ore in db.session.execute(
            sa.select(FundPlan.fund_id, FundPlan.purpose, FundPlan.ore).where(FundPlan.fund_id.in_(ids))
        )
    }
    granted = {
        (fund_id, purpose): (int(ore), int(paid), number)
        for fund_id, purpose, ore, paid, number in db.session.execute(
            sa.select(
                Application.fund_id,
                Application.purpose,
                sa.func.sum(Application.granted_ore),
                sa.func.sum(Application.paid_ore),
                sa.func.count(),
            )
            .where(Application.fund_id.in_(ids), Application.state == ApplicationState.GRANTED)
            .group_by(Application.fund_id, Application.purpose)
        )
    }
    return [FundRow(fund=fund, purposes=[_purpose(fund, each, plans, granted) for each in Purpose]) for fund in funds]


def _purpose(
    fund: Fund,
    purpose: Purpose,
    plans: Mapping[tuple[int, Purpose], int],
    granted: Mapping[tuple[int, Purpose], tuple[int, int, int]],
) -> PurposeRow:
    ore, paid, number = granted.get((fund.id, purpose), (0, 0, 0))
    planned = plans.get((fund.id, purpose))
    return PurposeRow(purpose=purpose, planned_ore=planned, granted_ore=ore, paid_ore=paid, grants=number)


def _decided() -> sa.Select[Application, int, Outcome, int, str]:
    return (
        sa.select(Application, Fund.year, FundReport.outcome, FundReport.spent_ore, FundReport.summary)
        .join(Fund, Fund.id == Application.fund_id)
        .outerjoin(FundReport, FundReport.application_id == Application.id)
        .where(Application.state.in_(DECIDED))
    )


def _with_cards(rows: Sequence[sa.Row[Application, int, Outcome, int, str]]) -> list[DecidedRow]:
    cards = content().cards([application.ref for application, *_rest in rows if application.is_public])
    return [
        DecidedRow(
            application=application,
            year=year,
            card=cards.get(application.ref),
            outcome=outcome,
            spent_ore=spent,
            summary=summary or "",
        )
        for application, year, outcome, spent, summary in rows
    ]

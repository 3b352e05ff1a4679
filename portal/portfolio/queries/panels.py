"""What other pages show of the benefits and the funds of a thing, and what lists and rules ask about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.portfolio import policy
from portal.portfolio.models import Application, ApplicationState, Benefit, Fund, FundReport, Outcome
from portal.portfolio.realisation import Status, Total, Unit, totals


@dataclass(frozen=True, kw_only=True)
class FundingRow:
    """One application to a thing, with what is public of its report."""

    application: Application
    year: int
    outcome: Outcome | None
    spent_ore: int | None
    summary: str
    is_mine: bool

    @property
    def is_granted(self) -> bool:
        return self.application.state is ApplicationState.GRANTED


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The benefits and the funds of one thing, as somebody sees them."""

    ref: Ref
    benefits: Sequence[Benefit]
    funding: Sequence[FundingRow]
    may_plan: bool
    may_apply: bool

    def __bool__(self) -> bool:
        return bool(self.benefits or self.funding or self.may_plan or self.may_apply)

    @property
    def totals(self) -> Mapping[Unit, Total]:
        """Return what the benefits come to, each unit by itself."""
        return totals((each.unit, each.planned_gain, each.gain) for each in self.benefits)

    @property
    def granted_ore(self) -> int:
        return sum(row.application.granted_ore for row in self.funding)

    @property
    def paid_ore(self) -> int:
        return sum(row.application.paid_ore for row in self.funding)


@dataclass(frozen=True)
class Sums:
    """What a list says of one thing: its benefits, what they come to, and the funds it got."""

    benefits: int = 0
    measured: int = 0
    kroner_planned: Decimal = Decimal(0)
    kroner_gained: Decimal = Decimal(0)
    hours_planned: Decimal = Decimal(0)
    hours_gained: Decimal = Decimal(0)
    granted_ore: int = 0


def benefits(actor: Actor, ref: Ref) -> Panel:
    """Return the benefits and the funds of a thing that somebody reads: two statements, beside what its kind asks."""
    rows = db.session.scalars(sa.select(Benefit).where(*_on(Benefit, ref)).order_by(Benefit.id)).all()
    return Panel(
        ref=ref,
        benefits=rows,
        funding=_funding(actor, ref),
        may_plan=policy.may_plan(actor, ref),
        may_apply=policy.may_apply(actor, ref),
    )


def on(actor: Actor, ref: Ref) -> tuple[sa.Select[Any], ...]:
    """Select what the panel of a thing is made of, each for itself, for a page that reads it all at once."""
    asked = (*_on(Application, ref), policy.visible_applications(actor))
    return (
        sa.select(Benefit).where(*_on(Benefit, ref)),
        sa.select(Application).where(*asked),
        sa.select(Fund).where(Fund.id.in_(sa.select(Application.fund_id).where(*asked))),
        sa.select(FundReport).where(FundReport.application_id.in_(sa.select(Application.id).where(*asked))),
    )


def panel_of(actor: Actor, ref: Ref, found: Sequence[Sequence[Any]]) -> Panel:
    """Return the panel of what `on` selects."""
    rows, applications, funds, reports = found
    years = {fund.id: fund.year for fund in funds}
    by_application = {report.application_id: report for report in reports}
    return Panel(
        ref=ref,
        benefits=rows,
        funding=[_funding_row(actor, each, years[each.fund_id], by_application.get(each.id)) for each in applications],
        may_plan=policy.may_plan(actor, ref),
        may_apply=policy.may_apply(actor, ref),
    )


def results(ref: Ref) -> tuple[Sequence[Benefit], int]:
    """Return what was measured of a thing that somebody may read, and what it was paid in øre: one statement."""
    paid = sa.select(sa.func.coalesce(sa.func.sum(Application.paid_ore), 0)).where(*_on(Application, ref))
    one = sa.select(sa.literal(1).label("one")).subquery()
    measured = sa.and_(*_on(Benefit, ref), Benefit.measured_on.is_not(None))
    rows = db.session.execute(
        sa.select(paid.scalar_subquery(), Benefit).select_from(one).outerjoin(Benefit, measured).order_by(Benefit.id)
    ).all()
    return [benefit for _ore, benefit in rows if benefit is not None], int(rows[0][0])


def is_measured(ref: Ref) -> bool:
    """Say whether it is known what came of a thing: a benefit is measured, or realised with a written account."""
    told = sa.and_(Benefit.status.in_((Status.REALISED, Status.PARTLY)), Benefit.learning != "")
    known = sa.select(Benefit.id).where(*_on(Benefit, ref), sa.or_(Benefit.measured_on.is_not(None), told))
    return db.session.scalar(known.limit(1)) is not None


def sums(refs: Sequence[Ref]) -> dict[Ref, Sums]:
    """Return what the benefits of many things come to and the funds they got, in two statements."""
    if not refs:
        return {}
    granted = _granted(refs)
    gains = sa.select(
        Benefit.kind,
        Benefit.target_id,
        sa.func.count(),
        sa.func.count(Benefit.measured_on),
        _sum(Benefit.planned_gain, Unit.KRONER),
        _sum(Benefit.gain, Unit.KRONER),
        _sum(Benefit.planned_gain, Unit.HOURS),
        _sum(Benefit.gain, Unit.HOURS),
    ).where(_among(Benefit, refs))
    found = {ref: Sums(granted_ore=granted.get(ref, 0)) for ref in refs}
    for kind, id_, number, measured, *added in db.session.execute(gains.group_by(Benefit.kind, Benefit.target_id)):
        ref = Ref(kind, id_)
        kroner_planned, kroner_gained, hours_planned, hours_gained = added
        found[ref] = Sums(
            benefits=number,
            measured=measured,
            kroner_planned=kroner_planned,
            kroner_gained=kroner_gained,
            hours_planned=hours_planned,
            hours_gained=hours_gained,
            granted_ore=found[ref].granted_ore,
        )
    return found


def _granted(refs: Sequence[Ref]) -> dict[Ref, int]:
    rows = db.session.execute(
        sa.select(Application.kind, Application.target_id, sa.func.sum(Application.granted_ore))
        .where(_among(Application, refs), Application.state == ApplicationState.GRANTED)
        .group_by(Application.kind, Application.target_id)
    )
    return {Ref(kind, id_): int(ore) for kind, id_, ore in rows}


def _sum(column: Any, unit: Unit) -> sa.ColumnElement[Decimal]:
    return sa.func.coalesce(sa.func.sum(column).filter(Benefit.unit == unit), 0)


def _among(model: type[Benefit | Application], refs: Sequence[Ref]) -> sa.ColumnElement[bool]:
    return sa.tuple_(model.kind, model.target_id).in_([(ref.kind, ref.id) for ref in refs])


def _funding(actor: Actor, ref: Ref) -> list[FundingRow]:
    statement = (
        sa.select(Application, Fund.year, FundReport)
        .join(Fund, Fund.id == Application.fund_id)
        .outerjoin(FundReport, FundReport.application_id == Application.id)
        .where(*_on(Application, ref), policy.visible_applications(actor))
        .order_by(Application.id)
    )
    return [_funding_row(actor, *found) for found in db.session.execute(statement)]


def _funding_row(actor: Actor, application: Application, year: int, report: FundReport | None) -> FundingRow:
    return FundingRow(
        application=application,
        year=year,
        outcome=report.outcome if report else None,
        spent_ore=report.spent_ore if report else None,
        summary=report.summary if report else "",
        is_mine=policy.is_applicant(actor, application),
    )


def _on(model: type[Benefit | Application], ref: Ref) -> tuple[sa.ColumnElement[bool], ...]:
    return (model.kind == ref.kind, model.target_id == ref.id)

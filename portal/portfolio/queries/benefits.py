"""Reading benefits: one with its measurements, the plan of a new one, and those that nobody has measured in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.portfolio import policy, realisation
from portal.portfolio.models import Benefit, Measurement
from portal.portfolio.realisation import SETTLED, Status

GONE = _l("Vi finner ikke denne gevinsten.")
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class BenefitPage:
    """A benefit with its measurements, oldest first, and the thing it is to come of."""

    benefit: Benefit
    measurements: Sequence[Measurement]
    card: Card | None
    service_area: str
    may_plan: bool
    may_drop: bool
    reading: Status
    """What the newest measurement says."""

    @property
    def share(self) -> Decimal | None:
        each = self.benefit
        return realisation.share(each.baseline_value, each.target_value, each.latest_value)


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """What one who plans or changes a benefit needs."""

    card: Card
    areas: Sequence[tuple[int, str]]
    benefit: Benefit | None = None


@dataclass(frozen=True, kw_only=True)
class OverdueRow:
    """A benefit whose day has passed without anybody settling it."""

    benefit: Benefit
    card: Card | None


def benefit_page(actor: Actor, benefit_id: int) -> BenefitPage:
    """Return a benefit to somebody who may read what it is on. NotFound."""
    area = sa.select(ServiceArea.name).where(ServiceArea.id == Benefit.service_area_id).scalar_subquery()
    found = db.session.execute(sa.select(Benefit, area).where(Benefit.id == benefit_id)).one_or_none()
    if found is None or not policy.may_read_benefit(actor, found[0]):
        raise NotFound(GONE)
    benefit, area_name = found
    measured = sa.select(Measurement).where(Measurement.benefit_id == benefit.id).order_by(Measurement.measured_on)
    may_plan = policy.may_plan(actor, benefit.ref)
    return BenefitPage(
        benefit=benefit,
        measurements=db.session.scalars(measured).all(),
        card=content().cards([benefit.ref]).get(benefit.ref),
        service_area=area_name or "",
        may_plan=may_plan,
        may_drop=may_plan and benefit.measured_on is None and not benefit.is_settled,
        reading=realisation.reading(
            benefit.baseline_value,
            benefit.target_value,
            benefit.latest_value,
            expected=benefit.expected_on,
            today=clock.today(),
        ),
    )


def plan_page(actor: Actor, ref: Ref) -> PlanPage:
    """Return what one who plans a benefit of a thing needs. NotFound, Forbidden."""
    policy.must_plan(actor, ref)
    card = content().cards([ref]).get(ref)
    if card is None:
        raise NotFound
    return PlanPage(card=card, areas=service_areas())


def change_page(actor: Actor, benefit_id: int) -> PlanPage:
    """Return what one who changes a benefit needs. NotFound, Forbidden."""
    benefit = db.session.get(Benefit, benefit_id)
    if benefit is None:
        raise NotFound(GONE)
    page = plan_page(actor, benefit.ref)
    return PlanPage(card=page.card, areas=page.areas, benefit=benefit)


def service_areas() -> Sequence[tuple[int, str]]:
    """Return the service areas in use, by name."""
    areas = sa.select(ServiceArea.id, ServiceArea.name).where(ServiceArea.active).order_by(ServiceArea.name)
    return [(id_, name) for id_, name in db.session.execute(areas)]


def overdue(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for benefits whose day has passed without a measurement from then on or an answer."""
    return (
        Benefit.status.not_in(SETTLED),
        Benefit.expected_on < day,
        sa.or_(Benefit.measured_on.is_(None), Benefit.measured_on < Benefit.expected_on),
    )


def count_overdue() -> int:
    """Return how many benefits are overdue."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Benefit).where(*overdue(clock.today()))) or 0


def overdue_page(actor: Actor, cursor: str | None) -> Page[OverdueRow]:
    """Return the benefits that are overdue, the longest first, for those who run the funds."""
    policy.must_run_funds(actor)
    page = paginate(
        sa.select(Benefit).where(*overdue(clock.today())),
        Benefit.expected_on,
        Benefit.id,
        cursor=cursor,
        limit=SHOWN,
    )
    cards = content().cards([benefit.ref for benefit in page.items])
    return Page([OverdueRow(benefit=each, card=cards.get(each.ref)) for each in page.items], page.next)

"""Benefits: planned, measured and settled by those who may, exactly, and no more public than their thing."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS
from portal.portfolio.actions.benefits import (
    SettlementDraft,
    change_benefit,
    drop_benefit,
    plan_benefit,
    settle_benefit,
)
from portal.portfolio.models import Benefit, Measurement
from portal.portfolio.queries import benefits as pages
from portal.portfolio.queries.panels import Sums, benefits, is_measured, sums
from portal.portfolio.realisation import Status, Unit
from tests.portfolio.things import PUBLIC, SECRET, hours, measure, plan, planned
from tests.support.cast import Cast

TODAY = clock.today


def happened() -> list[str]:
    names = db.session.scalars(sa.select(AuditEntry.name).order_by(AuditEntry.id))
    return [name for name in names if name.startswith("portfolio.")]


def test_a_benefit_is_planned_by_those_whom_the_thing_lets(cast: Cast) -> None:
    benefit = planned(cast.actor("employee"))
    assert (benefit.status, benefit.planned_gain, benefit.expected_year) == (
        Status.PLANNED,
        Decimal(20),
        benefit.expected_on.year,
    )
    assert happened() == ["portfolio.benefit_planned"]
    for other in ("resident", "adviser"):
        with pytest.raises(Forbidden):
            planned(cast.actor(other))
    with pytest.raises(Forbidden):
        planned(ANONYMOUS)


def test_what_one_may_not_read_is_not_found(cast: Cast) -> None:
    benefit = planned(cast.actor("employee"), SECRET)
    assert not benefit.is_public
    with pytest.raises(NotFound):
        planned(cast.actor("resident"), SECRET)
    with pytest.raises(NotFound):
        pages.benefit_page(ANONYMOUS, benefit.id)


def test_the_same_form_twice_is_one_benefit(cast: Cast) -> None:
    draft = plan()
    first = plan_benefit(cast.actor("employee"), PUBLIC, draft)
    assert plan_benefit(cast.actor("employee"), PUBLIC, draft).id == first.id
    assert happened() == ["portfolio.benefit_planned"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit_word": " "}, "unit_word"),
        ({"target_value": Decimal(40)}, "target_value"),
        ({"baseline_on": None}, "baseline_on"),
    ],
)
def test_a_plan_that_cannot_be_measured_is_refused_at_its_field(
    cast: Cast, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(cast.actor("employee"), **changes)
    assert refusal.value.field == field


def test_the_newest_measurement_says_how_far_it_has_come(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    measure(actor, benefit, "30")
    assert (benefit.status, benefit.gain, benefit.latest_value) == (Status.MEASURING, Decimal(10), Decimal(30))
    measure(actor, benefit, "38.25", TODAY() - timedelta(days=30))
    assert (benefit.gain, benefit.measured_on) == (Decimal(10), TODAY())
    page = pages.benefit_page(ANONYMOUS, benefit.id)
    assert [each.value for each in page.measurements] == [Decimal("38.25"), Decimal(30)]
    assert page.share == Decimal("0.5")
    assert is_measured(PUBLIC)


def test_values_are_kept_exactly(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    values = [Decimal("0.1"), Decimal("0.2"), Decimal("999999999999.9999"), Decimal("-0.0001")]
    for days, value in enumerate(values):
        measure(actor, benefit, str(value), TODAY() - timedelta(days=days))
    db.session.expire_all()
    kept = db.session.scalars(sa.select(Measurement.value).order_by(Measurement.id)).all()
    assert list(kept) == values
    assert db.session.scalar(sa.select(sa.func.sum(Measurement.value))) == sum(values)


def test_a_day_is_measured_once_and_no_day_before_it_has_been(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    measure(actor, benefit, "30")
    for day in (TODAY(), TODAY() + timedelta(days=1)):
        with pytest.raises(Invalid) as refusal:
            measure(actor, benefit, "29", day)
        assert refusal.value.field == "measured_on"


def test_the_plan_can_change_but_not_what_the_measurements_mean(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    measure(actor, benefit, "30")
    changed = change_benefit(actor, benefit.id, plan(target_value=Decimal(25), version=benefit.version))
    assert (changed.planned_gain, changed.gain) == (Decimal(15), Decimal(10))
    with pytest.raises(Invalid):
        change_benefit(actor, benefit.id, plan(unit_word="uker"))


def test_two_who_change_a_plan_at_once_do_not_undo_each_other(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    opened = benefit.version
    change_benefit(actor, benefit.id, plan(title="En", version=opened))
    with pytest.raises(Conflict):
        change_benefit(actor, benefit.id, plan(title="To", version=opened))
    assert db.session.get_one(Benefit, benefit.id).title == "En"


@pytest.mark.parametrize("status", [Status.NOT_REALISED, Status.PARTLY])
def test_what_was_not_realised_tells_what_was_learnt(cast: Cast, status: Status) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    with pytest.raises(Invalid) as refusal:
        settle_benefit(actor, benefit.id, SettlementDraft(status=status, learning="  "))
    assert refusal.value.field == "learning"
    settle_benefit(actor, benefit.id, SettlementDraft(status=status, learning="Folk ringte likevel."))
    assert (benefit.status, benefit.settled_on) == (status, TODAY())
    assert is_measured(PUBLIC) == (status is Status.PARTLY)


def test_the_database_itself_asks_for_the_learning(cast: Cast) -> None:
    benefit = planned(cast.actor("employee"))
    change = sa.update(Benefit).where(Benefit.id == benefit.id).values(status=Status.NOT_REALISED)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(change)


def test_what_is_not_measured_is_realised_only_by_telling_how_one_knows(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit = planned(actor)
    with pytest.raises(Invalid):
        settle_benefit(actor, benefit.id, SettlementDraft(status=Status.REALISED))
    assert not is_measured(PUBLIC)
    settle_benefit(actor, benefit.id, SettlementDraft(status=Status.REALISED, learning="Skjemaet er borte."))
    assert is_measured(PUBLIC)


def test_a_benefit_is_taken_away_only_while_nobody_has_measured_it(cast: Cast) -> None:
    actor = cast.actor("employee")
    benefit, other = planned(actor), planned(actor)
    drop_benefit(actor, benefit.id)
    assert db.session.get(Benefit, benefit.id) is None
    measure(actor, other, "30")
    with pytest.raises(Conflict):
        drop_benefit(actor, other.id)


def test_sums_of_many_things_keep_units_apart(cast: Cast) -> None:
    actor = cast.actor("employee")
    first = plan_benefit(actor, PUBLIC, hours(100))
    measure(actor, first, "40.5")
    plan_benefit(actor, PUBLIC, hours(50, unit=Unit.KRONER))
    planned(actor)
    found = sums([PUBLIC, Ref("thing", 2)])
    assert found[PUBLIC] == Sums(
        benefits=3,
        measured=1,
        kroner_planned=Decimal(50),
        hours_planned=Decimal(100),
        hours_gained=Decimal("40.5"),
    )
    assert found[Ref("thing", 2)] == Sums()


def test_a_thing_shows_its_benefits_in_two_statements(cast: Cast, count_queries: object) -> None:
    actor = cast.actor("employee")
    for _number in range(30):
        planned(actor)
    db.session.expire_all()
    with count_queries(at_most=2):  # type: ignore[operator]  # a fixture
        panel = benefits(actor, PUBLIC)
    assert len(panel.benefits) == 30
    assert (panel.may_plan, benefits(ANONYMOUS, PUBLIC).may_plan) == (True, False)


def test_what_should_have_been_measured_is_found(cast: Cast) -> None:
    actor, adviser = cast.actor("employee"), cast.actor("adviser")
    late = planned(actor, expected_on=date(2026, 3, 1))
    measured_too_early = planned(actor, expected_on=date(2026, 4, 1))
    measure(actor, measured_too_early, "39", date(2026, 2, 1))
    done = planned(actor, expected_on=date(2026, 3, 1))
    measure(actor, done, "20", date(2026, 5, 1))
    settled = planned(actor, expected_on=date(2026, 3, 1))
    settle_benefit(actor, settled.id, SettlementDraft(status=Status.NOT_REALISED, learning="Ingen brukte det."))
    planned(actor)
    page = pages.overdue_page(adviser, None)
    assert [row.benefit.id for row in page.items] == [late.id, measured_too_early.id]
    with pytest.raises(Forbidden):
        pages.overdue_page(actor, None)

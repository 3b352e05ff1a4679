"""The share of a target that is reached, what measurements say, and sums that never mix units."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.portfolio.drawing import EDGES, HEIGHT, Pair, course, pair_bars
from portal.portfolio.realisation import SUMMED, Status, Unit, gained, planned, reading, share, totals

VALUES = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
DAY = date(2026, 6, 1)
AFTER = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("baseline", "target", "value", "reached"),
    [
        ("40", "20", "30", "0.5"),
        ("40", "20", "20", "1"),
        ("40", "20", "10", "1.5"),
        ("40", "20", "50", "-0.5"),
        ("0", "100", "25", "0.25"),
        ("-10", "10", "0", "0.5"),
    ],
)
def test_the_share_is_how_much_of_the_way_is_gone(baseline: str, target: str, value: str, reached: str) -> None:
    assert share(Decimal(baseline), Decimal(target), Decimal(value)) == Decimal(reached)


def test_nothing_is_guessed_without_a_baseline_or_a_way_to_go() -> None:
    assert share(None, Decimal(20), Decimal(30)) is None
    assert share(Decimal(20), Decimal(20), Decimal(30)) is None
    assert share(Decimal(40), Decimal(20), None) is None
    assert planned(None, Decimal(20)) is None
    assert gained(None, Decimal(20), Decimal(30)) is None


@given(VALUES, VALUES, VALUES)
def test_the_share_is_the_same_whether_more_or_less_is_better(
    baseline: Decimal, target: Decimal, value: Decimal
) -> None:
    assert share(baseline, target, value) == share(-baseline, -target, -value)


@given(VALUES, VALUES)
def test_at_the_baseline_nothing_is_gained_and_at_the_target_all_that_was_planned(
    baseline: Decimal, target: Decimal
) -> None:
    assert gained(baseline, target, baseline) == 0
    assert gained(baseline, target, target) == planned(baseline, target)


@given(VALUES, VALUES, VALUES)
def test_what_is_gained_is_the_share_of_what_was_planned(baseline: Decimal, target: Decimal, value: Decimal) -> None:
    reached, plan, gain = (each(baseline, target, value) for each in (share, lambda b, t, _v: planned(b, t), gained))
    assert plan is not None
    assert gain is not None
    if reached is not None:
        assert (gain > 0) == (reached > 0)
        assert abs(gain - reached * plan) <= Decimal("1e-8") * max(abs(gain), Decimal(1))


@given(VALUES, VALUES, VALUES, st.booleans())
def test_a_reading_says_realised_exactly_when_the_target_is_reached(
    baseline: Decimal, target: Decimal, value: Decimal, over: bool
) -> None:
    reached = share(baseline, target, value)
    if reached is not None:
        found = reading(baseline, target, value, expected=DAY, today=AFTER if over else DAY - timedelta(days=1))
        assert (found is Status.REALISED) == (reached >= 1)


def test_nothing_is_missed_before_the_day_it_is_expected() -> None:
    forty, twenty = Decimal(40), Decimal(20)
    early = {"expected": AFTER, "today": DAY}
    late = {"expected": DAY, "today": DAY}
    assert reading(forty, twenty, Decimal(45), **early) is Status.MEASURING
    assert reading(forty, twenty, Decimal(45), **late) is Status.NOT_REALISED
    assert reading(forty, twenty, Decimal(30), **late) is Status.PARTLY
    assert reading(forty, twenty, None, **late) is Status.PLANNED
    assert reading(None, twenty, Decimal(30), **late) is Status.MEASURING
    assert reading(None, twenty, twenty, **late) is Status.REALISED


BENEFITS = st.lists(st.tuples(st.sampled_from(Unit), st.none() | VALUES.map(abs), st.none() | VALUES))


@given(BENEFITS)
def test_sums_never_mix_units(benefits: list[tuple[Unit, Decimal | None, Decimal | None]]) -> None:
    wanted: dict[Unit, Decimal] = defaultdict(Decimal)
    for unit, plan, _gain in benefits:
        if unit in SUMMED:
            wanted[unit] += plan or 0
    found = totals(benefits)
    assert sum(total.benefits for total in found.values()) == len(benefits)
    for unit, total in found.items():
        assert total.planned == (wanted[unit] if unit in SUMMED else 0)
    if Unit.OTHER in found:
        assert (found[Unit.OTHER].counted, found[Unit.OTHER].gained) == (0, 0)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1))
def test_no_bar_is_longer_than_the_room_nor_shorter_than_nothing(pairs: list[tuple[Decimal, Decimal]]) -> None:
    for bar in pair_bars(Pair(label="x", planned=abs(plan), gained=gain) for plan, gain in pairs):
        assert 0 <= bar.planned_width <= 100
        assert 0 <= bar.gained_width <= 100
        assert bar.gained_width == 0 or bar.pair.gained > 0


DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(st.none() | st.tuples(DAYS, VALUES), st.tuples(DAYS, VALUES), st.lists(st.tuples(DAYS, VALUES), max_size=12))
def test_a_course_stays_inside_its_plot(
    baseline: tuple[date, Decimal] | None,
    target: tuple[date, Decimal],
    measured: list[tuple[date, Decimal]],
) -> None:
    drawn = course(baseline, target, sorted(measured))
    for mark in (*drawn.measured, drawn.target, *([drawn.baseline] if drawn.baseline else [])):
        assert EDGES[0] <= mark.x <= EDGES[1]
        assert 0 < mark.y < HEIGHT
    assert len(drawn.lines) == max(0, len(measured) + (baseline is not None) - 1)

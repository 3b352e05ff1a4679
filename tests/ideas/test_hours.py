"""Hours of a tidstyv: exact, never guessed, and each counted once."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.ideas.hours import Cause, Change, Factors, Owner, Row, Total, change, count, freed, shown, total, totals

hours = some.integers(0, 600_000).map(lambda minutes: Fraction(minutes, 60))
factors = some.integers(0, 100_000) | some.decimals(0, 1000, places=2)


rows_alone = some.builds(
    Row,
    id=some.just(0),
    before=some.none() | hours,
    after=some.none() | hours,
    measure=some.sampled_from([None, 1, 2, 3]),
    measure_freed=some.none() | some.integers(-600_000, 600_000).map(lambda minutes: Fraction(minutes, 60)),
    is_merged=some.booleans(),
    cause=some.sampled_from([None, Cause.ROUTINE, Cause.MEETINGS]),
    owner=some.sampled_from([None, Owner.STATE, Owner.SUPPLIER]),
    service_area=some.sampled_from([None, 1, 2]),
    year=some.sampled_from([2025, 2026]),
)


def of_one_mind(rows: list[Row]) -> list[Row]:
    """Give rows as the database does: each its number, and those of one measure the same hours of it."""
    told = {row.measure: row.measure_freed for row in rows} | {None: None}
    return [replace(row, id=number, measure_freed=told[row.measure]) for number, row in enumerate(rows, 1)]


tables = some.lists(rows_alone, max_size=8).map(of_one_mind)


def test_six_minutes_on_220_days_for_14_persons_are_308_hours() -> None:
    told = Factors(minutes=6, times=220, persons=14)
    assert told.hours == 308
    assert told.missing == ()
    assert str(shown(Fraction(308)).number) == "308"


def test_half_a_minute_is_counted_exactly() -> None:
    assert Factors(minutes=Decimal("0.5"), times=3, persons=1).hours == Fraction(1, 40)


@given(some.none() | factors, some.none() | factors, some.none() | factors)
def test_hours_are_told_exactly_when_every_factor_is_known(
    minutes: int | None, times: int | None, persons: int | None
) -> None:
    told = Factors(minutes=minutes, times=times, persons=persons)
    assert (told.hours is None) == (None in {minutes, times, persons}) == bool(told.missing)
    if told.hours is not None:
        assert told.hours * 60 == Fraction(minutes or 0) * Fraction(times or 0) * Fraction(persons or 0)


def test_an_unknown_factor_is_not_guessed_even_beside_a_zero() -> None:
    assert Factors(minutes=0, times=None, persons=3).hours is None
    assert Factors(minutes=5, times=None, persons=None).missing == ("times", "persons")


@pytest.mark.parametrize("factor", ["minutes", "times", "persons"])
@pytest.mark.parametrize("value", [-1, Decimal("-0.01"), Fraction(-1, 60)])
def test_a_factor_that_can_not_be_is_refused(factor: str, value: Decimal) -> None:
    with pytest.raises(ValueError, match="can't be"):
        Factors(**{factor: value})


@given(some.fractions(min_value=-100_000, max_value=100_000))
def test_a_shown_number_is_near_and_says_whether_it_is_exact(value: Fraction) -> None:
    told = shown(value)
    assert abs(Fraction(told.number) - value) <= (Fraction(1, 2) if abs(value) >= 100 else Fraction(1, 20))
    assert told.is_exact == (Fraction(told.number) == value)


@pytest.mark.parametrize(
    ("value", "written"),
    [("308", "308"), ("99.95", "100"), ("2.25", "2.3"), ("-2.25", "-2.3"), ("0.04", "0"), ("1234.5", "1235")],
)
def test_halves_are_rounded_away_from_zero(value: str, written: str) -> None:
    assert str(shown(Fraction(value)).number) == written


def test_a_measure_that_takes_more_time_says_so() -> None:
    assert freed(Fraction(10), Fraction(12)) == -2
    assert [change(value) for value in (Fraction(-2), Fraction(0), Fraction(1), None)] == [
        Change.MORE,
        Change.SAME,
        Change.LESS,
        Change.UNKNOWN,
    ]
    assert freed(None, Fraction(1)) is None
    assert freed(Fraction(1), None) is None


def test_a_shared_measure_is_counted_once_and_shared_by_what_each_took() -> None:
    shared = {"measure": 7, "measure_freed": Fraction(360)}
    rows = [
        Row(id=1, before=Fraction(300), cause=Cause.ROUTINE, **shared),
        Row(id=2, before=Fraction(100), cause=Cause.MEETINGS, **shared),
        Row(id=3, before=Fraction(50), after=Fraction(60), cause=Cause.MEETINGS),
    ]
    by_cause = totals(rows, lambda row: row.cause)
    assert by_cause[Cause.ROUTINE].freed == 270
    assert by_cause[Cause.MEETINGS].freed == 80
    assert by_cause[Cause.MEETINGS].worse == 1
    assert total(rows) == Total(rows=3, before=Fraction(450), measured=3, freed=Fraction(350), worse=1)


def test_hours_measured_as_one_count_also_when_nobody_knows_what_was_taken() -> None:
    rows = [Row(id=id_, before=None, measure=7, measure_freed=Fraction(10)) for id_ in (1, 2)]
    assert [each.freed for each in count(rows)] == [5, 5]
    assert total(rows) == Total(rows=2, not_counted=2, measured=2, freed=Fraction(10))


def test_a_measure_that_was_not_measured_as_one_leaves_each_its_own_hours() -> None:
    rows = [Row(id=1, before=Fraction(9), after=Fraction(4), measure=7), Row(id=2, before=Fraction(3), measure=7)]
    assert [each.freed for each in count(rows)] == [5, None]


def test_different_hours_of_one_measure_are_refused() -> None:
    rows = [Row(id=id_, before=Fraction(3), measure=7, measure_freed=Fraction(id_)) for id_ in (1, 2)]
    with pytest.raises(ValueError, match="measure 7"):
        total(rows)


def test_the_sum_of_nothing_is_zero() -> None:
    assert total([]) == Total()
    assert totals([], lambda row: row.cause) == {}


@given(tables)
def test_every_grouping_adds_up_to_the_same_sum(rows: list[Row]) -> None:
    for group in (lambda row: row.cause, lambda row: row.owner, lambda row: row.service_area, lambda row: row.year):
        assert sum(totals(rows, group).values(), start=Total()) == total(rows)


@given(tables, some.randoms())
def test_the_order_of_the_rows_changes_no_sum(rows: list[Row], random) -> None:
    assert total(random.sample(rows, len(rows))) == total(rows)


@given(tables)
def test_each_hour_is_counted_once(rows: list[Row]) -> None:
    kept = [row for row in rows if not row.is_merged]
    told = total(rows)
    assert told.rows == len(kept)
    assert told.before == sum(row.before or 0 for row in kept)
    as_one = {row.measure: row.measure_freed for row in kept if row.measure and row.measure_freed is not None}
    alone = [row for row in kept if row.measure not in as_one and row.before is not None and row.after is not None]
    assert told.freed == sum(as_one.values()) + sum(row.before - row.after for row in alone)


@given(tables)
def test_a_merged_tidstyv_adds_nothing(rows: list[Row]) -> None:
    merged = [replace(row, id=row.id + 100, is_merged=True) for row in rows]
    assert total(rows + merged) == total(rows)
    assert len(count(rows + merged)) == len(count(rows))

"""The clock: UTC inside, Norwegian dates for people."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.kernel import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 1, 1, 12, tzinfo=UTC), "2026-01-01T13:00:00+01:00"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T14:00:00+02:00"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "2027-01-01T00:30:00+01:00"),
    ],
)
def test_a_moment_is_shown_as_norwegian_time(moment: datetime, local: str) -> None:
    assert clock.local(moment).isoformat() == local


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
    ids=["clocks go forward", "clocks go back", "any other day"],
)
def test_a_day_is_as_long_as_it_is_in_norway(day: date, hours: int) -> None:
    assert clock.end_of_day(day) - clock.start_of_day(day) == timedelta(hours=hours)
    assert clock.local(clock.start_of_day(day)).date() == day
    assert clock.local(clock.end_of_day(day) - timedelta(seconds=1)).date() == day


def test_the_clock_can_be_moved_and_goes_back_also_after_a_failure() -> None:
    before = clock.now()
    with contextlib.suppress(RuntimeError), clock.moved(timedelta(days=400)):
        assert clock.now() - before >= timedelta(days=400)
        with clock.moved(-timedelta(days=3)):
            assert clock.now() - before < timedelta(days=400)
        raise RuntimeError
    assert clock.now() - before < timedelta(days=1)

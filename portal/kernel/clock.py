"""The only clock: times are aware and in UTC; dates for people are Norwegian dates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")

_moved = timedelta(0)


def now() -> datetime:
    """Return the time now, aware, in UTC."""
    return datetime.now(UTC) + _moved  # noqa: TID251 - this is the one place


def today() -> date:
    """Return the date it is in Norway."""
    return now().astimezone(OSLO).date()


def local(moment: datetime) -> datetime:
    """Return the moment as Norwegian time."""
    return moment.astimezone(OSLO)


def start_of_day(day: date) -> datetime:
    """Return the first moment of a Norwegian date, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Return the first moment after a Norwegian date, in UTC."""
    return start_of_day(day + timedelta(days=1))


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Move the clock for the length of a with block: retention, sessions and deadlines are tested so."""
    global _moved  # noqa: PLW0603 - one process has one clock
    before, _moved = _moved, _moved + by
    try:
        yield
    finally:
        _moved = before

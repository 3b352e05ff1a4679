"""Dates and numbers are written as the reader's language writes them, in Norwegian time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from portal.kernel import clock
from portal.ui import filters

LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)


def written(host: Flask, language: str, name: str, value: object, *arguments: object) -> str:
    with host.test_request_context(f"/?sprak={language}"):
        return filters.FILTERS[name](value, *arguments).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "1. juli 2026"), ("nn", "1. juli 2026"), ("en", "1 July 2026")],
)
def test_a_moment_late_in_the_evening_in_utc_is_the_next_day_in_norway(host: Flask, language: str, words: str) -> None:
    assert written(host, language, "date", LATE) == words


def test_dates_come_short_long_and_with_the_weekday(host: Flask) -> None:
    day = date(2026, 11, 21)
    assert written(host, "nb", "date", day, "short") == "21.11.2026"
    assert written(host, "nb", "date", day) == "21. november 2026"
    assert written(host, "nb", "date", day, "full") == "lørdag 21. november 2026"


def test_a_moment_is_a_date_and_a_time_in_norway(host: Flask) -> None:
    assert written(host, "nb", "datetime", LATE) == "1. juli 2026 kl. 00:30"
    assert written(host, "nb", "time", datetime(2026, 1, 5, 8, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=5), "nå nettopp"),
        (timedelta(hours=3), "for 3 timer siden"),
        (timedelta(hours=23), "for 1 dag siden"),
        (timedelta(days=3), "for 3 dager siden"),
        (timedelta(days=17), "for 17 dager siden"),
        (timedelta(days=-5), "om 5 dager"),
    ],
)
def test_what_is_near_in_time_is_told_as_a_distance(host: Flask, passed: timedelta, words: str) -> None:
    assert written(host, "nb", "ago", clock.now() - passed) == words


def test_what_is_long_ago_is_told_as_a_date(host: Flask) -> None:
    assert written(host, "nb", "ago", LATE - timedelta(days=3650)) == "3. juli 2016"


def test_numbers_are_grouped_and_get_the_comma_of_the_language(host: Flask) -> None:
    assert written(host, "nb", "number", 1284) == "1 284"
    assert written(host, "en", "number", 1284) == "1,284"
    assert written(host, "nb", "number", 0.305, 2) == "0,30"
    assert written(host, "nb", "number", Decimal("12.0"), 1) == "12,0"


def test_a_share_is_written_as_a_percentage(host: Flask) -> None:
    assert written(host, "nb", "percent", 0.41) == "41 %"
    assert written(host, "nb", "percent", 0.005, 1) == "0,5 %"
    assert written(host, "nb", "percent", Decimal(1)) == "100 %"

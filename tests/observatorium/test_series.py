"""Figures over time: fetched by the worker whatever the other side answers, and read from files."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.outbox import OutboxRow
from portal.observatorium import series_csv, series_source
from portal.observatorium.actions.series import (
    TOPIC,
    ask_for_all,
    ask_for_points,
    change_series,
    make_series,
    store_points,
    upload_points,
)
from portal.observatorium.models.series import FigureSeries
from portal.observatorium.queries.series import FAULTS, every_series, get_series, list_series
from portal.observatorium.series_points import Fault, Point
from portal.observatorium.trend import BOTTOM, TOP, draw
from tests.kernel.servers import send
from tests.observatorium.figures import a_series, draft, in_turn, kostra, statistics
from tests.observatorium.rounds import work
from tests.support.cast import Cast

JSON = {"Content_Type": "application/json"}
Counting = Callable[..., Any]


def good(**changed: Any) -> Callable[[Any], None]:
    return send(json.dumps(kostra(**changed)).encode(), **JSON)


def told(series_id: int) -> list[tuple[str, str | None, str | None]]:
    (found,) = [each for each in every_series() if each.id == series_id]
    return [
        (point.period, str(point.value) if point.value is not None else None, str(point.previous or ""))
        for point in found.points
    ]


def test_a_figure_that_is_sent_twice_is_made_once(cast: Cast) -> None:
    assert a_series(cast) is a_series(cast)
    assert a_series(cast, title="Et annet tall").id != a_series(cast).id


def test_the_worker_fetches_the_points_of_our_own_municipality(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, seen):
        series = a_series(cast, query)
        assert list_series("3.5") == ()
        work()
    (asked,) = seen
    assert asked.path.endswith("valueCodes[region]=3203")
    (found,) = list_series("3.5")
    assert [(point.period, point.value, point.status) for point in found.points] == [
        ("2022", Decimal("79.8"), ""),
        ("2023", Decimal("80.5"), ""),
        ("2024", None, ".."),
        ("2025", Decimal("81.4"), ""),
    ]
    assert found.fetched_at is not None
    assert get_series(series.id).failed == ""


def slow_answer(done: threading.Event) -> Callable[[Any], None]:
    def answer(_handler: Any) -> None:
        done.wait(5)

    return answer


CUT = json.dumps(kostra()).encode()[:300]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (send(CUT, **JSON), "not_json"),
        (send(b"<html>Vedlikehold</html>", Content_Type="text/html"), "not_json"),
        (send(b"{}", status=500, **JSON), "status"),
        (send(b"", status=302, Location="http://127.0.0.1:1/"), "redirect"),
        (good(version="1.0"), "version"),
        (good(size=[1, 1, 3]), "sizes"),
        (send(b" " * (series_source.MOST_BYTES + 1), **JSON), "too_large"),
    ],
    ids=["cut", "not json", "fault", "redirect", "old version", "wrong sizes", "huge"],
)
def test_a_failed_fetch_keeps_the_old_points_and_says_why(
    app: Flask, cast: Cast, answer: Callable[[Any], None], code: str
) -> None:
    answers = [good(), answer]
    with statistics(app, in_turn(answers)) as (query, seen):
        series = a_series(cast, query)
        work()
        before = told(series.id)
        ask_for_points(cast.actor("coordinator"), series.id)
        work()
        assert len(seen) == 2, "a failure isn't asked again at once, and a redirect isn't followed"
    assert told(series.id) == before
    after = get_series(series.id)
    assert (after.failed, after.fetched_at < after.tried_at) == (code, True)  # type: ignore[operator]  # both are set
    assert (
        db.session.scalar(sa.select(sa.func.count()).where(OutboxRow.topic == TOPIC, OutboxRow.done_at.is_(None))) == 0
    )


def test_a_server_that_hangs_is_not_waited_for(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series_source, "SECONDS", 0.2)
    done = threading.Event()
    with statistics(app, slow_answer(done)) as (query, _seen):
        series = a_series(cast, query)
        work()
        done.set()
    assert get_series(series.id).failed == "slow"


def test_a_cut_connection_is_a_failure_that_is_told(app: Flask, cast: Cast) -> None:
    whole = json.dumps(kostra()).encode()
    with statistics(app, send(whole[:100], Content_Length=str(len(whole)))) as (query, _seen):
        series = a_series(cast, query)
        work()
    assert get_series(series.id).failed == "failed"
    assert list_series("3.5") == ()


def test_a_host_that_is_not_listed_is_never_asked(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, seen):
        for elsewhere in (
            "https://evil.example/data",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "https://data.ssb.no@evil.example/",
            "http://127.0.0.1/",
            "https://[::1",
        ):
            with pytest.raises(Invalid) as refused:
                a_series(cast, elsewhere)
            assert refused.value.field == "query"
        series = a_series(cast, query)
    work()
    assert get_series(series.id).failed == "not_allowed", "the list was changed after the query was saved"
    assert seen == []


def test_a_value_the_source_has_changed_remembers_what_it_was(app: Flask, cast: Cast) -> None:
    answers = [good(), good(value=[79.8, 80.9, None, 81.4]), good(value=[79.8, 80.9, 81, 81.4], status=None)]
    with statistics(app, in_turn(answers)) as (query, _seen):
        series = a_series(cast, query)
        work()
        for _ in answers[1:]:
            ask_for_all()
            work()
    assert told(series.id) == [
        ("2022", "79.8", ""),
        ("2023", "80.9", "80.5"),
        ("2024", "81", ""),
        ("2025", "81.4", ""),
    ]
    noted = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.name == "observatory.series_filled").order_by(AuditEntry.id)
    ).all()
    assert [entry.body["changed"] for entry in noted] == [[], ["2023: 80.5 → 80.9"], ["2024: – → 81"]]


def test_an_answer_that_comes_after_the_query_was_changed_is_not_stored(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, _seen):
        series = a_series(cast, query)
        coordinator = cast.actor("coordinator")
        change_series(coordinator, series.id, draft(query + "&ny=1"), version=series.version)
        assert not store_points(coordinator, series.id, query, [Point("2025", Decimal(1))])
    assert list_series("3.5") == ()


def test_fetching_does_not_disturb_whoever_edits(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, _seen):
        series = a_series(cast, query)
        seen = series.version
        work()
        changed = change_series(cast.actor("coordinator"), series.id, draft(query, title="Nytt navn"), version=seen)
        assert changed.title == "Nytt navn"
        with pytest.raises(Invalid, match="Noen andre har endret"):
            change_series(cast.actor("coordinator"), series.id, draft(query), version=seen)


def test_asking_twice_is_asking_once_until_the_answer_is_there(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, seen):
        series = a_series(cast, query)
        with pytest.raises(Conflict):
            ask_for_points(cast.actor("coordinator"), series.id)
        assert ask_for_all() == 0
        work()
        assert ask_for_all() == 1
        work()
    assert len(seen) == 2


def test_a_figure_that_is_not_shown_is_neither_fetched_nor_told(app: Flask, cast: Cast) -> None:
    with statistics(app, good()) as (query, seen):
        series = a_series(cast, query, active=False)
        assert ask_for_all() == 0
        upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2025;1")
        work()
    assert seen == []
    assert list_series("3.5") == every_series() == ()


@pytest.mark.parametrize("who", ["resident", "employee", "moderator", "admin"])
def test_only_a_coordinator_keeps_figures(cast: Cast, who: str) -> None:
    series = a_series(cast)
    for attempt in (
        lambda: make_series(cast.actor(who), draft()),
        lambda: change_series(cast.actor(who), series.id, draft(), version=1),
        lambda: upload_points(cast.actor(who), series.id, b"periode;verdi\n2025;1"),
        lambda: ask_for_points(cast.actor(who), series.id),
        lambda: store_points(cast.actor(who), series.id, "", []),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_what_a_figure_says_of_itself_is_checked(cast: Cast) -> None:
    for field, wrong in (("indicator", "9.9"), ("source_url", "javascript:alert(1)"), ("query", "ssb.no")):
        with pytest.raises(Invalid) as refused:
            a_series(cast, **{field: wrong})
        assert refused.value.field == field
    with pytest.raises(NotFound):
        upload_points(cast.actor("coordinator"), 10**12, b"periode;verdi\n2025;1")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("periode;verdi\n2024;1 234,5\n2025;−2,0\n2026;:\n".encode(), "UTF-8"),
        ("\ufeffPeriode;Verdi\r\n2025;-2.0\r\n\r\n2024;1\xa0234,5\r\n2026;:\r\n".encode(), "UTF-8"),
        ("periode;verdi\n2024;1\xa0234,5\n2025;-2,0\n2026;:".encode("latin-1"), "Latin-1"),
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(cast: Cast, content: bytes, encoding: str) -> None:
    series = a_series(cast)
    assert upload_points(cast.actor("coordinator"), series.id, content) == encoding
    assert told(series.id) == [("2024", "1234.5", ""), ("2025", "-2.0", ""), ("2026", None, "")]


@pytest.mark.parametrize(
    ("content", "fault", "where"),
    [
        (b"aar;verdi\n2025;1", Fault.HEADER, "aar;verdi"),
        (b"periode,verdi\n2025,1", Fault.HEADER, "periode,verdi"),
        (b"\n", Fault.HEADER, ""),
        (b"periode;verdi\n2025;1;2", Fault.COLUMNS, "2"),
        (b"periode;verdi\n2025;1\n2026;1.234,5", Fault.VALUE, "3: 1.234,5"),
        (b"periode;verdi\n2025;mange", Fault.VALUE, "2: mange"),
        (b"periode;verdi\n2025;1e9", Fault.VALUE, "2: 1e9"),
        (b"periode;verdi\n2025;NaN", Fault.VALUE, "2: NaN"),
        (b"periode;verdi\n2025;=1+1", Fault.VALUE, "2: =1+1"),
        (b"periode;verdi\n25;1", Fault.PERIOD, "25"),
        (b"periode;verdi\n2025K5;1", Fault.PERIOD, "2025K5"),
        (b"periode;verdi\n2025;1\n2025;2", Fault.DUPLICATE, "2025"),
        (b"periode;verdi\n2025;:", Fault.EMPTY, ""),
        ("periode;verdi\n2025;1".encode("utf-16"), Fault.ENCODING, ""),
        (b"\x89PNG\r\n\x1a\n\x00\x00", Fault.ENCODING, ""),
        (b"periode;verdi\n" + b"2025;1\n" * 501, Fault.TOO_MANY, "501"),
    ],
)
def test_a_file_with_a_fault_changes_nothing_and_says_where(
    cast: Cast, content: bytes, fault: Fault, where: str
) -> None:
    series = a_series(cast)
    upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2020;7")
    with pytest.raises(Invalid) as refused:
        upload_points(cast.actor("coordinator"), series.id, content)
    assert refused.value.field == "file"
    assert str(FAULTS[fault.value]) in str(refused.value.message)
    assert where in str(refused.value.message)
    assert told(series.id) == [("2020", "7", "")]


def test_a_file_that_is_too_large_or_empty_is_refused(cast: Cast) -> None:
    series = a_series(cast)
    for content in (b"", b"x" * (series_csv.MOST_BYTES + 1)):
        with pytest.raises(Invalid):
            upload_points(cast.actor("coordinator"), series.id, content)


def test_every_fault_has_words() -> None:
    assert {fault.value for fault in Fault} <= FAULTS.keys()


def test_the_figures_of_an_indicator_cost_one_statement(cast: Cast, count_queries: Counting) -> None:
    for number in range(5):
        series = a_series(cast, title=f"Rekke {number}")
        upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2024;1\n2025;2")
    db.session.expunge_all()
    with count_queries(at_most=1):
        assert len(list_series("3.5")) == 5
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FigureSeries)) == 5


def test_the_drawing_keeps_zero_in_view_and_leaves_a_gap_for_what_is_missing() -> None:
    points = [Point("2022", Decimal(50)), Point("2023", None), Point("2024", Decimal(100)), Point("2025", Decimal(75))]
    trend = draw(points)
    assert trend is not None
    assert [dot.y for dot in trend.dots] == [(TOP + BOTTOM) / 2, TOP, BOTTOM - (BOTTOM - TOP) * 0.75]
    assert trend.zero == BOTTOM
    assert len(trend.lines) == 1, "no line passes over the year without a figure"
    assert draw(points[:2]) is None
    assert draw([]) is None
    still = draw([Point("2024", Decimal(0)), Point("2025", Decimal(0))])
    assert still is not None
    assert still.zero == BOTTOM

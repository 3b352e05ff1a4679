"""The public figures: counted right, by month and service area, in few statements, and without a cookie."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import sqlalchemy as sa

from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.queries.statistics import Figures, as_csv, month_starts, statistics
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from tests.ideas.casework import an_area
from tests.support.cast import Cast
from tests.support.ideas import published
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def row(cast: Cast, number: int, sent_at: datetime, **values: Any) -> dict[str, Any]:
    """An idea as a row, sent in at a time."""
    return {
        "kind": "innovation",
        "title": f"Idé {number}",
        "summary": "",
        "challenge": "x",
        "solution": "",
        "usefulness": "",
        "benefit_type": "",
        "answers": {},
        "language": "nb",
        "is_told": False,
        "state": PublicationState.PUBLISHED,
        "stage": Stage.RECEIVED,
        "decision": None,
        "service_area_id": None,
        "answered_at": None,
        "stage_since": sent_at,
        "answer_due_at": sent_at + timedelta(days=14),
        "key": f"statistikk-{number}",
        "created_at": sent_at,
        "saved_at": sent_at,
        "sent_at": sent_at,
        "shown_at": sent_at,
        "version": 1,
        "author_id": cast.resident.id,
        "byline": "name",
        **values,
    }


def many(cast: Cast, number: int, areas: list[int | None]) -> list[dict[str, Any]]:
    """Make many ideas of the last months, answered at times of all kinds; return their rows."""
    random = Random(7)  # noqa: S311 - made-up content, not a secret
    rows = []
    for each in range(number):
        sent = clock.now() - timedelta(days=random.randint(0, 300), hours=random.randint(0, 23))
        days = random.choice([None, 0, 3, 13, 14, 15, 40])
        answered = sent + timedelta(days=days, minutes=5) if days is not None else None
        stage = random.choice(list(Stage)) if answered else Stage.RECEIVED
        decided = stage not in {Stage.RECEIVED, Stage.ASSESSING}
        rows.append(
            row(
                cast,
                each,
                sent,
                service_area_id=random.choice(areas),
                answered_at=answered,
                stage=stage,
                decision=random.choice(list(Decision)) if decided else None,
            )
        )
    db.session.execute(sa.insert(Idea), rows)
    db.session.commit()
    return rows


def test_the_figures_are_those_one_gets_by_counting_by_hand(cast: Cast) -> None:
    area = an_area(cast, "Kultur")
    rows = many(cast, 300, [None, area.id])
    first = month_starts(clock.today())[0]
    rows = [each for each in rows if clock.local(each["sent_at"]).date() >= first]
    answered = [each for each in rows if each["answered_at"]]
    in_time = [each for each in answered if each["answered_at"] <= each["answer_due_at"]]
    late = [each for each in rows if not each["answered_at"] and each["answer_due_at"] <= clock.now()]
    whole = statistics().whole
    assert whole.received == len(rows)
    assert (whole.in_time, whole.late, whole.overdue) == (len(in_time), len(answered) - len(in_time), len(late))
    assert whole.share_in_time == len(in_time) / (len(answered) + len(late))
    assert whole.median_days == median((each["answered_at"] - each["sent_at"]).days for each in answered)
    for decision in Decision:
        assert whole.decisions[decision] == sum(each["decision"] is decision for each in rows)
    assert whole.realised == sum(each["stage"] is Stage.REALISED for each in rows)
    assert whole.closed == sum(each["stage"] is Stage.CLOSED for each in rows)


def test_months_and_areas_add_up_to_the_whole(cast: Cast) -> None:
    area = an_area(cast, "Kultur")
    many(cast, 200, [None, area.id])
    page = statistics()
    assert sum(each.received for _start, each in page.months) == page.whole.received
    assert sum(each.received for _id, _name, each in page.areas) == page.whole.received
    assert [name for _id, name, _each in page.areas] == ["Kultur", ""]
    of_area = statistics(area.id)
    assert of_area.area == "Kultur"
    assert of_area.whole.received == next(each.received for id_, _name, each in page.areas if id_ == area.id)


def test_a_month_begins_at_midnight_in_norway(cast: Cast) -> None:
    start = clock.start_of_day(month_starts(clock.today())[-2])
    rows = [row(cast, 1, start - timedelta(seconds=1)), row(cast, 2, start), row(cast, 3, start + timedelta(hours=1))]
    db.session.execute(sa.insert(Idea), rows)
    db.session.commit()
    months = {start_: each.received for start_, each in statistics().months}
    starts = month_starts(clock.today())
    assert (months[starts[-3]], months[starts[-2]]) == (1, 2)


def test_drafts_what_is_withdrawn_and_what_was_imported_is_not_counted(cast: Cast) -> None:
    now = clock.now()
    rows = [
        row(cast, 1, now, state=PublicationState.DRAFT),
        row(cast, 2, now, state=PublicationState.WITHDRAWN),
        row(cast, 3, now, state=PublicationState.INTERNAL),
        row(cast, 4, now, state=PublicationState.HIDDEN),
    ]
    db.session.execute(sa.insert(Idea), rows)
    db.session.commit()
    imported = published(cast.actor("resident"), "Hentet inn")
    db.session.add(Origin(idea_id=imported.id, source="decidim", origin_id="9"))
    db.session.commit()
    assert statistics().whole.received == 2


def test_an_empty_portal_has_no_figures_and_says_what_one_can_do(visitor: Open) -> None:
    assert "Ingen tall ennå" in visitor().get("ideas_statistics.index").words
    assert Figures().share_in_time is None
    assert Figures().median_days is None


def test_the_page_and_the_file_take_few_statements_and_set_no_cookie(
    cast: Cast, visitor: Open, count_queries: Any
) -> None:
    many(cast, 400, [None, an_area(cast, "=Kultur").id])
    browser = visitor()
    with count_queries(at_most=8):
        page = browser.get("ideas_statistics.index")
    assert "Set-Cookie" not in page.response.headers
    with count_queries(at_most=8):
        text = browser.get("ideas_statistics.csv").response.get_data(as_text=True)
    table = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert sum(int(each["mottatt"]) for each in table) == statistics().whole.received
    assert {each["tjenesteomrade"] for each in table} == {"", "'=Kultur"}, "no cell is run as a formula"
    assert as_csv() == text


def test_one_area_has_a_page_and_no_such_area_has_none(cast: Cast, visitor: Open) -> None:
    area = an_area(cast, "Kultur")
    many(cast, 30, [area.id])
    assert "Kultur" in visitor().get("ideas_statistics.index", omrade=area.id).heading
    visitor().get("ideas_statistics.index", omrade=area.id + 99, _status=404)


def test_the_last_twelve_months_are_told() -> None:
    starts = month_starts(date(2026, 2, 3))
    assert (starts[0], starts[-1], len(starts)) == (date(2025, 3, 1), date(2026, 2, 1), 12)

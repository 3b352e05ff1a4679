"""Reminders: of the first answer before and after it is due, of news that people wait for, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account
from portal.ideas.actions import cases
from portal.ideas.actions.cases import Assignment
from portal.ideas.actions.reminding import remind
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.notifications.models import Notice
from tests.ideas.casework import an_area, at, at_stage, days_later, now, said, told
from tests.support.cast import Cast
from tests.support.ideas import published
from tests.support.mailbox import Mailbox

Work = Callable[[], None]
MONDAY = "2026-11-02T10:00:00+01:00"
"""When the ideas of these tests come in; the first answer is due on Monday 16 November at ten."""


@pytest.fixture
def idea(cast: Cast, run_worker: Work) -> Idea:
    """An idea that the employee has, and knows of."""
    with at(MONDAY):
        area = an_area(cast, "Kultur", "employee")
        made = published(cast.actor("resident"), service_area_id=area.id)
        given = Assignment(service_area_id=area.id, responsible_id=cast.employee.id, version=made.version)
        cases.assign_idea(cast.actor("adviser"), made.id, given)
        run_worker()
        db.session.execute(sa.delete(Notice))
        db.session.commit()
    return made


def reminded_at(moment: str, run_worker: Work, *, times: int = 2) -> None:
    """Let the job run as often as it does after a restart, and the worker tell people."""
    with at(moment):
        for _run in range(times):
            remind()
        run_worker()


def test_whoever_has_the_case_is_reminded_three_days_before_and_when_it_is_late_and_each_monday(
    cast: Cast, idea: Idea, run_worker: Work
) -> None:
    days = [
        ("2026-11-12T09:00:00+01:00", []),
        ("2026-11-13T09:00:00+01:00", ["case_answer_soon"]),
        ("2026-11-14T09:00:00+01:00", []),
        ("2026-11-16T09:00:00+01:00", []),
        ("2026-11-16T11:00:00+01:00", ["case_answer_late"]),
        ("2026-11-22T23:00:00+01:00", []),
        ("2026-11-23T01:00:00+01:00", ["case_answer_late"]),
        ("2026-11-24T01:00:00+01:00", []),
        ("2026-11-30T01:00:00+01:00", ["case_answer_late"]),
    ]
    expected: list[str] = []
    for moment, new in days:
        expected += new
        reminded_at(moment, run_worker)
        assert told(cast, "employee") == expected, moment
    assert told(cast, "adviser") == []


def test_nobody_is_reminded_of_what_is_answered(cast: Cast, idea: Idea, run_worker: Work) -> None:
    with at("2026-11-05T10:00:00+01:00"):
        cases.answer_idea(cast.actor("adviser"), idea.id, said(idea))
    reminded_at("2026-11-20T10:00:00+01:00", run_worker)
    assert told(cast, "employee") == []


def test_a_worker_that_was_away_for_weeks_reminds_once(cast: Cast, idea: Idea, run_worker: Work) -> None:
    reminded_at("2026-12-18T10:00:00+01:00", run_worker)
    assert told(cast, "employee") == ["case_answer_late"]


def test_the_advisers_are_reminded_of_what_nobody_has(cast: Cast, run_worker: Work) -> None:
    with at(MONDAY):
        published(cast.actor("resident"))
    reminded_at("2026-11-17T10:00:00+01:00", run_worker)
    assert told(cast, "adviser") == ["case_answer_late"]
    assert told(cast, "employee") == []


def test_the_advisers_are_reminded_when_whoever_had_the_case_has_left(cast: Cast, idea: Idea, run_worker: Work) -> None:
    left = sa.update(Account).where(Account.id == cast.employee.id).values(deactivated_at=clock.now())
    db.session.execute(left.execution_options(synchronize_session=False))
    db.session.commit()
    reminded_at("2026-11-17T10:00:00+01:00", run_worker)
    assert told(cast, "adviser") == ["case_answer_late"]


def test_many_cases_are_one_notice_and_one_mail(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    with at(MONDAY):
        for number in range(12):
            published(cast.actor("resident"), f"Idé {number}")
    reminded_at("2026-11-16T11:00:00+01:00", run_worker)
    assert told(cast, "adviser") == ["cases_wait"]
    with at("2026-11-17T08:00:00+01:00"):
        run_worker()
    [mail] = smtp.to("adviser@")
    assert "/ideer/styring/" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


def test_a_few_cases_are_a_notice_each_and_one_mail(cast: Cast, run_worker: Work, smtp: Mailbox) -> None:
    with at(MONDAY):
        for number in range(3):
            published(cast.actor("resident"), f"Idé {number}")
    reminded_at("2026-11-16T11:00:00+01:00", run_worker)
    assert told(cast, "adviser") == ["case_answer_late"] * 3
    with at("2026-11-17T08:00:00+01:00"):
        run_worker()
    assert len(smtp.to("adviser@")) == 1


@pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.UNDER_WAY])
def test_news_is_asked_for_after_ninety_quiet_days_and_again_after_thirty(
    cast: Cast, run_worker: Work, stage: Stage
) -> None:
    at_stage(cast, stage)
    for days, expected in ((89, 0), (91, 1), (92, 1), (119, 1), (121, 2)):
        with days_later(days):
            remind()
            run_worker()
        assert told(cast, "adviser").count("case_untold") == expected, days


def test_telling_how_it_goes_stops_the_asking(cast: Cast, run_worker: Work) -> None:
    idea = at_stage(cast, Stage.UNDER_WAY)
    with days_later(80):
        cases.tell_progress(cast.actor("adviser"), idea.id, said(idea, "Avtalen er klar."))
    with days_later(100):
        assert remind() == 0
    with days_later(171):
        assert remind() == 1


@pytest.mark.parametrize("decision", [Decision.REJECTED])
def test_nobody_waits_for_news_of_what_was_rejected_or_has_ended(cast: Cast, decision: Decision) -> None:
    at_stage(cast, Stage.DECIDED, decision)
    at_stage(cast, Stage.REALISED)
    at_stage(cast, Stage.CLOSED)
    with days_later(200):
        assert remind() == 0


def test_a_reminder_stands_in_the_trail_by_the_numbers_of_the_cases(cast: Cast, idea: Idea) -> None:
    with at("2026-11-17T10:00:00+01:00"):
        remind()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "idea.reminded")).one()
    assert entry.body["late_ids"] == [idea.id]
    assert now(idea).answered_at is None
    assert datetime.fromisoformat(MONDAY) + timedelta(days=14) == now(idea).answer_due_at.replace(microsecond=0)

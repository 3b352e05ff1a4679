"""Who is told when somebody writes, answers or decides: after moderation, once, and never the one who did it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM
from portal.moderation.actions.appeals import AnswerDraft, AppealDraft, appeal_as_reporter, decide_appeal
from portal.moderation.actions.decisions import decide
from portal.moderation.actions.reports import ReportDraft, report
from portal.moderation.models import Case, Outcome, Verdict
from portal.notifications import actions, letters, reactions
from portal.notifications.actions import Telling
from portal.notifications.models import Notice, NoticeKind
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.events.rounds import INDICATOR
from portal.participation.actions.joining import follow
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Form
from tests.moderation.work import draft as form
from tests.observatorium.rounds import an_open_round, answers
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.moderating import decided

Work = Callable[[], None]

STREET = Ref(INDICATOR, 206)


def told(cast: Cast, name: str) -> list[str]:
    """What somebody has been told, oldest first."""
    account = getattr(cast, name)
    return list(
        db.session.scalars(sa.select(Notice.sentence).where(Notice.account_id == account.id).order_by(Notice.id))
    )


@pytest.fixture
def question(cast: Cast) -> Contribution:
    """A question to the municipality that waits for a moderator."""
    draft = ContributionDraft(text="Når kommer bussen tilbake?", form=Form.QUESTION)
    return contribute(cast.actor("resident"), STREET, draft)


def settle(cast: Cast, thing: Contribution, verdict: Verdict = Verdict.APPROVE) -> None:
    """Let a moderator decide."""
    case = db.session.scalars(sa.select(Case).where(Case.kind == CONTRIBUTION, Case.target_id == thing.id)).one()
    decide(cast.actor("moderator"), case.id, form(case, verdict))


def test_followers_are_told_when_a_text_is_shown_and_not_before(
    cast: Cast, question: Contribution, run_worker: Work
) -> None:
    follow(cast.actor("volunteer"), STREET)
    follow(cast.actor("resident"), STREET)
    run_worker()
    assert told(cast, "volunteer") == []
    settle(cast, question)
    run_worker()
    assert told(cast, "volunteer") == ["written"]
    assert told(cast, "resident") == ["approved"], "nobody is told of what they wrote as something new"


def test_an_answer_from_the_municipality_reaches_the_one_who_asked_by_mail_at_once(
    cast: Cast, question: Contribution, run_worker: Work, smtp: Mailbox
) -> None:
    settle(cast, question)
    draft = ContributionDraft(text="Fra 1. februar.", is_official=True)
    contribute(cast.actor("coordinator"), Ref(CONTRIBUTION, question.id), draft)
    run_worker()
    assert told(cast, "resident") == ["approved", "answered"]
    answers_ = [mail for mail in smtp.to("resident@") if "svart" in str(mail["Subject"])]
    assert len(answers_) == 1
    assert "Fra 1. februar." in answers_[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


def test_a_text_that_is_not_shown_tells_its_author_and_nobody_else(
    cast: Cast, question: Contribution, run_worker: Work
) -> None:
    follow(cast.actor("volunteer"), STREET)
    settle(cast, question, Verdict.REJECT)
    run_worker()
    assert told(cast, "volunteer") == []
    assert told(cast, "resident") == ["restricted"]


def test_whoever_follows_many_indicators_is_told_once_of_a_new_result(cast: Cast, run_worker: Work) -> None:
    for number in (101, 102, 409):
        follow(cast.actor("volunteer"), Ref(INDICATOR, number))
    an_open_round(cast)
    answers(cast.actor("resident"))
    rounds.close_round(cast.actor("coordinator"), "2026")
    publishing.publish_round(cast.actor("coordinator"), "2026")
    run_worker()
    assert told(cast, "volunteer") == ["published"]
    assert told(cast, "resident") == []


def test_whoever_complained_is_told_and_nobody_else(cast: Cast, question: Contribution, run_worker: Work) -> None:
    thing = Ref(CONTRIBUTION, question.id)
    settle(cast, question)
    receipt = report(cast.actor("volunteer"), ReportDraft(ref=thing, rule="spam"))
    decided(cast.actor("moderator"), thing)
    made = appeal_as_reporter(cast.actor("volunteer"), AppealDraft(text="Det er reklame.", token=receipt.token))
    decide_appeal(
        cast.actor("moderator2"), made.id, AnswerDraft(outcome=Outcome.DISMISSED, reason="Det er et spørsmål.")
    )
    run_worker()
    assert told(cast, "volunteer") == ["report_decided", "appeal_decided"]
    assert "appeal_decided" not in told(cast, "resident")


def test_many_are_told_some_at_a_time_and_each_once(
    cast: Cast, run_worker: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions, "AT_A_TIME", 2)
    names = ["resident", "resident2", "volunteer", "business", "knowledge"]
    people = [getattr(cast, name).id for name in names]
    telling = Telling(cause="x", sentence="written", notice_kind=NoticeKind.FOLLOWED, ref=STREET, accounts=people)
    atomic(lambda: reactions.ask_to_tell(telling))()
    run_worker()
    assert [told(cast, name) for name in names] == [["written"]] * len(names)


def test_more_digests_than_fit_in_one_go_are_all_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MANY", 2)
    people = [cast.resident.id, cast.resident2.id, cast.volunteer.id, cast.business.id, cast.knowledge.id]
    telling = Telling(cause="x", sentence="written", notice_kind=NoticeKind.FOLLOWED, ref=STREET, accounts=people)
    actions.tell(SYSTEM, telling)
    with clock.moved(datetime.fromisoformat("2026-11-25T09:00:00+01:00") - clock.now()):
        assert letters.make_all_digests() == len(people)
        assert letters.make_all_digests() == 0

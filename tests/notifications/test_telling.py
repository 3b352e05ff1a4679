"""Who is told when somebody writes, answers or decides: after moderation, once, and never the one who did it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.moderation.actions.decisions import decide
from portal.moderation.models import Case, Verdict
from portal.notifications.models import Notice
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.events import INDICATOR
from portal.participation.actions.joining import follow
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Form
from tests.moderation.work import draft as form
from tests.observatorium.rounds import an_open_round, answers
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox

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

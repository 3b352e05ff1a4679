"""Reading a decision about one's own text, and complaining of it, by a link or signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.queries import settings
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.moderation import links
from portal.moderation.actions import appeals, reports
from portal.moderation.actions.appeals import AnswerDraft, AppealDraft
from portal.moderation.models import Appeal, Decision, Outcome, Verdict
from portal.observatorium.models.rounds import Comment
from tests.moderation.work import PHONE, decided, ref, shown, write
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
DISAGREE = "Nummeret er mitt eget, og jeg vil at folk skal ringe."
UPHELD = AnswerDraft(outcome=Outcome.UPHELD, reason="Du har rett.\nVi tok feil.")
DISMISSED = AnswerDraft(outcome=Outcome.DISMISSED, reason="Regelen er brutt.")


@pytest.fixture
def comment(cast: Cast) -> Comment:
    return write(cast.actor("resident"), PHONE)


@pytest.fixture
def masked(cast: Cast, comment: Comment) -> Decision:
    """A decision to mask the number in a comment."""
    return decided(cast.actor("moderator"), comment, Verdict.MASK, pasted="912 34 567", facts="Et nummer.")


def token(decision: Decision) -> str:
    return links.token(links.DECISION, decision.id)


def send(browser: Visitor, decision: Decision, _status: int = 303, text: str = DISAGREE) -> Page:
    form = browser.get("moderation_public.complain", token=token(decision)).form()
    return browser.post("moderation_public.complain", {**form, "text": text}, _status, token=token(decision))


def test_the_author_reads_the_reasons_and_their_own_text_with_what_was_masked_marked(
    visitor: Open, masked: Decision, comment: Comment
) -> None:
    page = visitor().get("moderation_public.decision", token=token(masked))
    assert [each.get_text() for each in page.all(".statement h3")] == [
        "Hva vi har bestemt",
        "Hvor og hvor lenge",
        "Hva vi bygger på",
        "Regelen og loven",
        "Hvorfor",
        "Hvordan vi ble oppmerksomme på det",
        "Slik klager du",
    ]
    assert page.one("mark").get_text() == "912 34 567"
    own = page.one(".case-text")
    for heard in own.select(".ds-sr-only"):
        heard.extract()
    assert own.get_text() == PHONE
    assert "912" not in shown(comment)[1]
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_link_in_the_mail_opens_the_decision_without_signing_in(
    visitor: Open, masked: Decision, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    run_worker()
    text = smtp.to("resident@demo.example")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (link,) = [word for word in text.split() if "/moderering/" in word]
    assert visitor().get_url(link).heading == "Vi har bestemt noe om det du skrev"


def test_a_complaint_is_received_answered_and_the_answer_stands_behind_the_same_link(
    cast: Cast, visitor: Open, masked: Decision, comment: Comment, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    author = visitor()
    sent = author.follow(send(author, masked))
    assert "Klagen er sendt" in sent.words
    assert DISAGREE in sent.words
    appeal = db.session.scalars(sa.select(Appeal)).one()
    appeals.decide_appeal(cast.actor("moderator2"), appeal.id, UPHELD)
    run_worker()
    assert smtp.to("resident@demo.example")[-1]["Subject"] == "Svar på klagen din"
    answer = visitor().get("moderation_public.decision", token=token(masked))
    assert "Du fikk medhold" in answer.words
    assert "Vi tok feil." in answer.words
    assert "Avgjørelsen gjelder ikke lenger" in answer.words
    assert shown(comment) == ("published", PHONE)


def test_a_complaint_that_is_dismissed_says_why_and_the_decision_stands(
    cast: Cast, visitor: Open, masked: Decision, comment: Comment
) -> None:
    made = appeals.appeal(ANONYMOUS, AppealDraft(text=DISAGREE, token=token(masked)))
    appeals.decide_appeal(cast.actor("moderator2"), made.id, DISMISSED)
    page = visitor().get("moderation_public.decision", token=token(masked))
    assert "Du fikk ikke medhold" in page.words
    assert "Regelen er brutt." in page.words
    assert "912" not in shown(comment)[1]


def test_a_link_that_has_been_used_shows_what_became_of_it_and_loses_nothing(visitor: Open, masked: Decision) -> None:
    first, second = visitor(), visitor()
    form = second.get("moderation_public.complain", token=token(masked)).form()
    send(first, masked)
    late = second.post(
        "moderation_public.complain", {**form, "text": "Jeg vil si det en gang til."}, 409, token=token(masked)
    )
    assert "Du har alt klaget på dette." in late.words
    assert late.one("[name=text]").get_text().strip() == "Jeg vil si det en gang til."
    where = visitor()
    again = where.follow(where.get("moderation_public.complain", 303, token=token(masked)))
    assert "Klagen er sendt" in again.words


def test_when_the_time_is_out_the_page_says_so_and_keeps_what_was_typed(visitor: Open, masked: Decision) -> None:
    browser = visitor()
    form = browser.get("moderation_public.complain", token=token(masked)).form()
    days = settings.value("appeal_days")
    with clock.moved(timedelta(days=days)):  # the whole of the last day counts
        assert browser.get("moderation_public.decision", token=token(masked)).all("a[href$='/klag']")
    with clock.moved(timedelta(days=days + 1)):
        page = browser.get("moderation_public.decision", token=token(masked))
        assert "Fristen for å klage gikk ut" in page.words
        assert not page.all("a[href$='/klag']")
        late = browser.post("moderation_public.complain", {**form, "text": DISAGREE}, 409, token=token(masked))
        assert "for sent å klage" in late.words
        assert late.one("[name=text]").get_text().strip() == DISAGREE


def test_an_empty_complaint_is_to_be_mended(visitor: Open, masked: Decision) -> None:
    assert send(visitor(), masked, 422, text=" ").all(".ds-error-summary a[href='#text']")


def test_a_wrong_link_says_what_may_be_wrong_with_it(visitor: Open, masked: Decision) -> None:
    report_link = links.token(links.REPORT, masked.id)
    for wrong in ("x", token(masked)[1:], token(masked).upper(), report_link):
        for endpoint in ("decision", "complain"):
            page = visitor().get(f"moderation_public.{endpoint}", 404, token=wrong)
            assert "fikk med hele lenken" in page.words


def test_the_reporter_complains_of_the_answer_and_the_case_is_opened_again(
    cast: Cast, visitor: Open, comment: Comment
) -> None:
    decided(cast.actor("moderator"), comment)
    receipt = reports.report(ANONYMOUS, reports.ReportDraft(ref=ref(comment), rule="personal_data"))
    browser = visitor()
    waiting = browser.get("moderation_public.complain_of_answer", 303, token=receipt.token)
    assert browser.follow(waiting).heading == "Vi har fått meldingen din"
    decided(cast.actor("moderator"), comment)
    answer = browser.get("moderation_public.receipt", token=receipt.token)
    assert "bryter ikke husreglene" in answer.words
    form = browser.get("moderation_public.complain_of_answer", token=receipt.token).form()
    data = {**form, "text": "Nummeret er mitt."}
    sent = browser.follow(browser.post("moderation_public.complain_of_answer", data, token=receipt.token))
    assert "Klagen er sendt" in sent.words
    assert "Nummeret er mitt." in sent.words


def test_who_is_signed_in_finds_the_decisions_about_their_own_texts_on_their_page(
    cast: Cast, visitor: Open, masked: Decision
) -> None:
    author = visitor("resident")
    (link,) = author.get("profile.index").all("a[href='/konto/avgjorelser/']")
    (row,) = author.get_url(str(link["href"])).all(".row__title a")
    assert author.get_url(str(row["href"])).one("mark").get_text() == "912 34 567"
    assert "Ingen avgjørelser" in visitor("resident2").get("moderation_public.own_decisions").words

"""Anybody can say that a text breaks a rule, hides nothing by it, and is told how it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.app import create_app
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.extensions import limiter
from portal.kernel.identity import ANONYMOUS
from portal.moderation import links
from portal.moderation.actions import reports
from portal.moderation.house_rules import RULES
from portal.moderation.models import Case, Report, Verdict
from portal.observatorium.actions.comments import withdraw_comment
from portal.observatorium.models.rounds import Comment
from tests.moderation.work import case_of, decided, ref, shown, write
from tests.support import databases
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
WHY = "Her står det et telefonnummer som tilhører naboen."


@pytest.fixture
def comment(cast: Cast) -> Comment:
    """A comment that everybody can read."""
    written = write(cast.actor("resident"), "Ring kari@eksempel.no om bussen.")
    decided(cast.actor("moderator"), written)
    return written


def send(browser: Visitor, comment: Comment, _status: int = 303, **values: str) -> Page:
    """Fill in the form and send it."""
    where = {"kind": "observatory_comment", "target_id": comment.id}
    form = browser.get("moderation_public.report_thing", **where).form()
    data = {**form, "rule": "personal_data", "text": WHY, **values}
    return browser.post("moderation_public.report_thing", data, _status, **where)


def links_in(text: str) -> list[str]:
    return [word for word in text.split() if "/moderering/" in word]


def test_whoever_has_no_account_reports_follows_the_link_and_is_told_the_outcome(
    cast: Cast, visitor: Open, comment: Comment, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    neighbour = visitor()
    receipt = neighbour.follow(send(neighbour, comment, email="nabo@example.org"))
    assert receipt.heading == "Vi har fått meldingen din"
    assert WHY in receipt.words
    assert "sender deg svaret" in receipt.words
    link = receipt.one(".own-link a").get_text()
    run_worker()
    (mail,) = smtp.to("nabo@example.org")
    assert links_in(mail.get_body(("plain",)).get_content()) == [link]  # type: ignore[union-attr]

    decided(cast.actor("moderator"), comment, Verdict.HIDE, rule="personal_data")
    run_worker()
    assert len(smtp.to("nabo@example.org")) == 2
    answer = visitor().get("moderation_public.receipt", token=link.rsplit("/", 1)[1])
    assert answer.heading == "Svar på det du meldte fra om"
    assert "Vi har tatt ned teksten." in answer.words
    assert "Andres personopplysninger" in answer.words
    assert "kari@" not in answer.text


def test_no_address_is_asked_of_whoever_is_signed_in_and_the_mail_comes_to_their_account(
    cast: Cast, visitor: Open, comment: Comment, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    browser = visitor("resident2")
    page = browser.get("moderation_public.report_thing", kind="observatory_comment", target_id=comment.id)
    assert not page.all("[name=email]")
    send(browser, comment)
    run_worker()
    assert smtp.to("resident2@demo.example")
    assert db.session.scalars(sa.select(Report.reporter_id)).one() == cast.resident2.id


def test_the_choices_are_the_house_rules_with_their_words(visitor: Open, comment: Comment) -> None:
    page = visitor().get("moderation_public.report_thing", kind="observatory_comment", target_id=comment.id)
    assert [each["value"] for each in page.all("[name=rule]")] == [rule.key for rule in RULES]
    assert all(str(rule.text) in page.words for rule in RULES)


def test_reports_hide_nothing_by_their_number_and_only_shorten_the_deadline(visitor: Open, comment: Comment) -> None:
    send(visitor(), comment)
    due = case_of(comment).due_at
    assert due <= clock.now() + timedelta(hours=24)
    for _ in range(5):
        send(visitor(), comment)
    assert shown(comment)[0] == "published"
    assert case_of(comment).due_at == due
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case).where(Case.closed_at.is_(None))) == 1
    assert "Ring kari@eksempel.no" in visitor().get("observatorium.indicator", number="1.1").words


def test_what_was_written_is_kept_when_something_must_be_mended(visitor: Open, comment: Comment) -> None:
    page = send(visitor(), comment, 422, rule="", email="ikke en adresse")
    assert page.one("[name=text]").get_text().strip() == WHY
    assert page.one("[name=email]")["value"] == "ikke en adresse"
    assert page.all(".ds-error-summary a[href='#rule-0']")


def test_a_person_reports_a_text_once_while_it_waits(visitor: Open, comment: Comment) -> None:
    browser = visitor("resident2")
    send(browser, comment)
    again = send(browser, comment, 409, text="En gang til, med andre ord.")
    assert "Du har alt meldt fra om dette." in again.words
    assert again.one("[name=text]").get_text().strip() == "En gang til, med andre ord."


def test_what_cant_be_read_or_isnt_written_by_people_cant_be_reported(cast: Cast, visitor: Open) -> None:
    waiting = write(cast.actor("resident"))
    for kind, number in (
        ("observatory_comment", waiting.id),
        ("observatory_comment", 999),
        ("indicator", 101),
        ("nothing", 1),
    ):
        visitor().get("moderation_public.report_thing", 404, kind=kind, target_id=number)


def test_one_address_isnt_flooded_with_receipts_whoever_writes_it(cast: Cast, visitor: Open, comment: Comment) -> None:
    for _ in range(reports.MAILS_A_DAY):
        send(visitor(), comment, email="Offer@example.org")
    refused = send(visitor(), comment, 422, email="offer@example.org")
    assert refused.one("[name=text]").get_text().strip() == WHY
    send(visitor(), comment)
    with clock.moved(timedelta(days=1, minutes=1)):
        send(visitor(), comment, email="offer@example.org")


def test_a_report_of_what_was_taken_back_says_that_it_is_gone(cast: Cast, visitor: Open, comment: Comment) -> None:
    browser = visitor()
    link = send(browser, comment).response.headers["Location"]
    withdraw_comment(cast.actor("resident"), comment.id)
    assert "borte nå" in browser.get_url(link).words


def test_a_wrong_link_says_what_may_be_wrong_with_it(visitor: Open, comment: Comment) -> None:
    receipt = reports.report(ANONYMOUS, reports.ReportDraft(ref=ref(comment), rule="spam"))
    assert visitor().get("moderation_public.receipt", token=receipt.token).status == 200
    for token in ("x", receipt.token[:-1], receipt.token.upper(), links.token(links.DECISION, receipt.report_id)):
        page = visitor().get("moderation_public.receipt", 404, token=token)
        assert "fikk med hele lenken" in page.words
        assert page.response.headers["Cache-Control"] == "no-store"


@pytest.fixture
def limited() -> Iterator[FlaskClient]:
    """A browser at an application that counts how often it is sent to."""
    before = limiter.enabled
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder))
        app.config["WTF_CSRF_ENABLED"] = False
        yield app.test_client()
        limiter.enabled = before  # the limiter is one for all applications of the process
        databases.dispose(app)


def test_a_network_that_sends_too_much_waits_and_others_do_not(limited: FlaskClient) -> None:
    def send_from(network: str) -> tuple[int, str]:
        address = "/moderering/meld/observatory_comment/1"
        answer = limited.post(address, data={"text": WHY}, environ_base={"REMOTE_ADDR": network})
        return answer.status_code, answer.get_data(as_text=True)

    assert [send_from("203.0.113.7")[0] for _ in range(10)] == [404] * 10
    status, page = send_from("203.0.113.7")
    assert status == 429
    assert WHY in page, "what was written is shown again"
    assert send_from("203.0.113.8")[0] == 404
    assert limited.get("/moderering/meld/observatory_comment/1").status_code == 404

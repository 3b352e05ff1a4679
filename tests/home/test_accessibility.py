"""Telling of a page one can't use: kept, numbered, told by mail, and never lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal.accounts.actions.erase import erase_account
from portal.accounts.actions.settings import BrandingDraft, change_branding
from portal.app import create_app
from portal.home import actions, kinds
from portal.home.models import AccessibilityReport
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.extensions import limiter
from portal.kernel.identity import ANONYMOUS, SYSTEM
from tests.support import databases
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]
WORDS = {"text": "Skjermleseren sier ikke hva knappen gjør.", "page": "/hjelp/"}


def reports() -> list[AccessibilityReport]:
    return list(db.session.scalars(sa.select(AccessibilityReport).order_by(AccessibilityReport.id)))


def send(visitor: Visitor, **changes: str) -> str:
    """Fill in the form as it stands and send it; return the words of the receipt."""
    form = visitor.get("home.report_accessibility").form()
    return visitor.follow(visitor.post("home.report_accessibility", form | WORDS | changes)).words


def test_anybody_gets_a_receipt_with_a_number_that_staff_find_again(visitor: Open) -> None:
    receipt = send(visitor(), email="ola@example.org")
    (kept,) = reports()
    assert f"nummer {kept.id}" in receipt
    assert (kept.text, kept.page, kept.email) == (WORDS["text"], "/hjelp/", "ola@example.org")
    page = visitor("admin").get("home.accessibility_reports")
    assert f"Nummer {kept.id}" in page.words
    assert WORDS["text"] in page.words
    assert "Skjermleseren" not in str(db.session.scalars(sa.select(AuditEntry.body)).all())


def test_the_municipality_is_told_by_mail_without_the_words(
    cast: Cast, visitor: Open, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    branding = BrandingDraft(
        name="Asker kommune",
        short_name="Asker",
        theme="asker",
        contact_email="post@asker.example",
        contact_text="",
        version=0,
    )
    change_branding(cast.actor("admin"), branding)
    send(visitor(), email="ola@example.org")
    run_worker()
    (mail,) = smtp.to("post@asker.example")
    assert "tilgjengelighet" in str(mail["Subject"])
    for part in (mail.get_body(("plain",)), mail.get_body(("html",))):
        assert part is not None
        words = part.get_content()
        assert "/tilgjengelighet/meldinger" in words
        assert "ola@example.org" not in words
        assert "Skjermleseren" not in words


def test_administrators_are_told_when_there_is_no_contact_address(
    visitor: Open, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    send(visitor())
    run_worker()
    assert smtp.to("admin@demo.example")


def test_a_form_sent_twice_is_one_report(visitor: Open) -> None:
    browser = visitor()
    form = browser.get("home.report_accessibility").form() | WORDS
    first, second = (browser.post("home.report_accessibility", form) for _ in range(2))
    assert first.response.headers["Location"] == second.response.headers["Location"]
    assert len(reports()) == 1


def test_a_form_that_is_wrong_keeps_what_was_written(visitor: Open) -> None:
    browser = visitor()
    browser.post("home.report_accessibility", {"text": ""}, _status=422)
    page = browser.post("home.report_accessibility", WORDS | {"email": "ola"}, _status=422)
    assert WORDS["text"] in page.one("textarea").get_text()
    assert not reports()


def test_a_receipt_of_nothing_is_not_given(visitor: Open) -> None:
    visitor().get("home.accessibility_reported", number=999, _status=404)


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


def test_too_much_from_one_place_is_slowed_and_the_words_are_shown_again(limited: FlaskClient) -> None:
    def send_from(network: str) -> tuple[int, str]:
        answer = limited.post("/tilgjengelighet/si-fra", data=WORDS, environ_base={"REMOTE_ADDR": network})
        return answer.status_code, answer.get_data(as_text=True)

    assert [send_from("203.0.113.7")[0] for _ in range(10)] == [303] * 10
    status, page = send_from("203.0.113.7")
    assert status == 429
    assert WORDS["text"] in page
    assert send_from("203.0.113.8")[0] == 303


def test_what_was_told_is_forgotten_after_a_year_and_not_a_day_before(visitor: Open) -> None:
    send(visitor())
    with clock.moved(timedelta(days=365) - timedelta(minutes=1)):
        assert kinds.retain() == {"accessibility_reports": 0}
    with clock.moved(timedelta(days=365, minutes=1)):
        assert kinds.retain() == {"accessibility_reports": 1}
    assert not reports()


def test_only_the_portal_itself_forgets(cast: Cast) -> None:
    for actor in (ANONYMOUS, cast.actor("admin")):
        with pytest.raises(Forbidden):
            actions.forget_old(actor)


def test_who_is_erased_takes_the_address_along(cast: Cast, visitor: Open) -> None:
    send(visitor(), email="resident@demo.example")
    assert kinds.export(cast.resident.id)["accessibility_reports"][0]["text"] == WORDS["text"]
    assert not kinds.export(cast.resident2.id)["accessibility_reports"]
    erase_account(SYSTEM, cast.resident.id)
    db.session.expire_all()
    assert [each.email for each in reports()] == [None]


def test_the_declaration_has_all_its_parts(visitor: Open) -> None:
    page = visitor().get("home.accessibility")
    headings = [each.get_text() for each in page.all("main h2")]
    assert headings == [
        "Status",
        "Hva vi følger",
        "Det vi vet ikke er godt nok",
        "Si fra om feil",
        "Klag til tilsynet",
    ]
    assert page.one("main a[href='https://www.uutilsynet.no/']")
    assert "WCAG 2.2 på nivå AA" in page.words

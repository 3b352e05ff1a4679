"""Signing up: an address is proven before it counts, and nobody learns who has an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.accounts.actions.sign_up import ask_for_new_password, send_confirmation_again, tell_of_account
from portal.accounts.models import Account, OneTimeToken
from portal.accounts.queries.account import find_by_email
from portal.kernel import clock
from portal.kernel.audit import AuditEntry, AuditPersonal
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS, SYSTEM
from tests.support.mailbox import Mailbox
from tests.support.page import Page, Visitor

PASSWORD = "trekkspill og regnvær"
NEW = {"name": "Nina Ny", "email": "Nina@Example.org", "password": PASSWORD, "of_age": "y"}

OpenBrowser = Callable[..., Visitor]


def link_in(mailbox: Mailbox, address: str) -> str:
    """Return the path of the last link mailed to an address."""
    text = mailbox.to(address)[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    found = re.findall(r"http://localhost(/\S+)", text)
    assert found, text
    return str(found[-1])


def sign_up(visitor: Visitor, **changes: Any) -> Page:
    return visitor.post("accounts.new", {**NEW, **changes})


def test_a_person_signs_up_confirms_and_is_in(visitor: OpenBrowser, smtp: Mailbox, run_worker: Any) -> None:
    browser = visitor()
    sent = browser.follow(sign_up(browser))
    assert "Nina@Example.org" in sent.words
    run_worker()
    page = browser.get_url(link_in(smtp, "nina@example.org"))
    assert page.heading == "Bekreft e-postadressen"
    answer = browser.post_url(link_in(smtp, "nina@example.org"), {"password": PASSWORD})
    assert "Nina Ny" in browser.follow(answer).words
    account = find_by_email("nina@example.org")
    assert account is not None
    assert account.email_confirmed_at is not None


def test_the_password_is_kept_as_argon2id(visitor: OpenBrowser) -> None:
    sign_up(visitor())
    account = find_by_email("nina@example.org")
    assert account is not None
    assert str(account.password_hash).startswith("$argon2id$")
    assert PASSWORD not in str(account.password_hash)


def test_an_unconfirmed_account_can_not_sign_in_and_is_told_why(visitor: OpenBrowser) -> None:
    browser = visitor()
    sign_up(browser)
    page = browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD}, _status=422)
    assert "bekrefte e-postadressen først" in page.words
    assert page.all('a[href="/konto/ny/sendt"]')
    wrong = browser.post("accounts.sign_in", {"email": "nina@example.org", "password": "noe helt annet"}, _status=422)
    assert "bekrefte" not in wrong.main.get_text()


def test_the_answer_is_the_same_for_an_address_that_has_an_account(
    visitor: OpenBrowser, smtp: Mailbox, run_worker: Any
) -> None:
    known, unknown = visitor(), visitor()
    first = known.follow(sign_up(known, email="resident@demo.example"))
    second = unknown.follow(sign_up(unknown, email="resident@other.example"))
    assert first.words.replace("demo.example", "") == second.words.replace("other.example", "")
    run_worker()
    assert "fra før" in str(smtp.to("resident@demo.example")[-1]["Subject"])
    assert "Bekreft" in str(smtp.to("resident@other.example")[-1]["Subject"])


def test_signing_up_with_anothers_address_changes_nothing_for_its_owner(visitor: OpenBrowser, cast: Any) -> None:
    before = cast.resident.password_hash
    sign_up(visitor(), email="resident@demo.example")
    account = find_by_email("resident@demo.example")
    assert account is not None
    assert (account.password_hash, account.name) == (before, "Randi Innbygger")


def test_a_stranger_who_signs_up_first_does_not_get_in_when_the_owner_confirms(
    visitor: OpenBrowser, smtp: Mailbox, run_worker: Any
) -> None:
    stranger, owner = visitor(), visitor()
    sign_up(stranger, password="den fremmedes lange ord")
    run_worker()
    link = link_in(smtp, "nina@example.org")
    refused = owner.post_url(link, {"password": "eierens egne lange ord"}, _status=422)
    assert "passer ikke sammen" in refused.words
    account = find_by_email("nina@example.org")
    assert account is not None
    assert account.email_confirmed_at is None
    owner.post("accounts.forgotten", {"email": "nina@example.org"})
    run_worker()
    owner.post_url(link_in(smtp, "nina@example.org"), {"new_password": "eierens egne lange ord"})
    data = {"email": "nina@example.org", "password": "den fremmedes lange ord"}
    stranger.post("accounts.sign_in", data, _status=422)
    owner.post("accounts.sign_in", {**data, "password": "eierens egne lange ord"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "kort"}, "minst 12 tegn"),
        ({"password": "Passord-2026!"}, "for lett å gjette"),
        ({"password": "NinaNina2026!"}, "for lett å gjette"),
        ({"password": "askerkommune1"}, "for lett å gjette"),
        ({"email": "ingen adresse"}, "Skriv en e-postadresse"),
        ({"name": "  "}, "Fyll ut"),
        ({"of_age": ""}, "gammel nok"),
    ],
)
def test_what_will_not_do_is_said_at_the_field(visitor: OpenBrowser, changes: dict[str, Any], said: str) -> None:
    data = {key: value for key, value in {**NEW, **changes}.items() if value}
    page = visitor().post("accounts.new", data, _status=422)
    assert said in page.words
    assert find_by_email("nina@example.org") is None


def test_a_confirmation_link_works_once_and_for_a_day(visitor: OpenBrowser, smtp: Mailbox, run_worker: Any) -> None:
    browser = visitor()
    sign_up(browser)
    run_worker()
    link = link_in(smtp, "nina@example.org")
    with clock.moved(timedelta(hours=25)):
        assert "virker ikke lenger" in visitor().get_url(link, _status=410).words
    browser.post_url(link, {"password": PASSWORD})
    visitor().get_url(link, _status=410)
    visitor().post_url(link, {"password": PASSWORD}, _status=410)


def test_a_new_link_takes_the_place_of_the_old(visitor: OpenBrowser, smtp: Mailbox, run_worker: Any) -> None:
    browser = visitor()
    sign_up(browser)
    run_worker()
    old = link_in(smtp, "nina@example.org")
    browser.post("accounts.mailed", {"email": "nina@example.org"})
    run_worker()
    assert link_in(smtp, "nina@example.org") != old
    browser.get_url(old, _status=410)
    browser.get_url(link_in(smtp, "nina@example.org"))


def test_opening_the_link_changes_nothing_so_that_mail_scanners_may(
    visitor: OpenBrowser, smtp: Mailbox, run_worker: Any
) -> None:
    sign_up(visitor())
    run_worker()
    visitor().get_url(link_in(smtp, "nina@example.org"))
    account = find_by_email("nina@example.org")
    assert account is not None
    assert account.email_confirmed_at is None


def test_nobody_can_fill_anothers_inbox(visitor: OpenBrowser, smtp: Mailbox, run_worker: Any, cast: Any) -> None:
    sign_up(visitor())
    for _ in range(6):
        ask_for_new_password(ANONYMOUS, "resident@demo.example")
        tell_of_account(ANONYMOUS, cast.resident.id)
        send_confirmation_again(ANONYMOUS, "nina@example.org")
    run_worker()
    assert len(smtp.to("resident@demo.example")) == 10
    assert len(smtp.to("nina@example.org")) == 5


def test_tokens_are_stored_as_hashes_only(visitor: OpenBrowser, smtp: Mailbox, run_worker: Any) -> None:
    sign_up(visitor())
    run_worker()
    token = link_in(smtp, "nina@example.org").rsplit("/", 1)[1]
    stored = db.session.scalars(sa.select(OneTimeToken)).all()
    assert stored
    assert all(token not in repr(vars(row)) for row in stored)


def test_name_and_address_stand_in_the_personal_part_of_the_trail(visitor: OpenBrowser) -> None:
    sign_up(visitor())
    account = db.session.scalar(sa.select(Account).where(Account.email == "nina@example.org"))
    assert account is not None
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "account.signed_up")).one()
    assert "nina" not in str(entry.body).lower()
    personal = db.session.get(AuditPersonal, entry.id)
    assert personal is not None
    assert personal.account_id == account.id
    assert personal.data["email"] == "nina@example.org"


def test_the_age_is_not_asked_for_when_there_is_no_limit(visitor: OpenBrowser) -> None:
    assert visitor().get("accounts.new").all("input[name=of_age]")
    change_setting(SYSTEM, "minimum_age", SettingDraft(value=0, version=0))
    assert not visitor().get("accounts.new").all("input[name=of_age]")

"""The second factor: staff set it up before their roles count, and codes work once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import second_factor
from portal.accounts.actions.administration import reset_second_factor
from portal.accounts.models import Account, OneTimeToken, SignInSession
from portal.accounts.queries.settings import branding
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM, Role
from tests.support.page import Visitor

PASSWORD = "trekkspill og regnvær"

OpenBrowser = Callable[..., Visitor]
Person = Callable[..., Account]
SignedIn = Callable[..., Visitor]


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    """Ask staff for a second factor, as in production."""
    before = app.config["PORTAL"]
    app.config["PORTAL"] = replace(before, staff_second_factor=True)
    yield
    app.config["PORTAL"] = before


def code_of(account: Account, ago: int = 0) -> str:
    secret = db.session.scalar(sa.select(Account.totp_secret).where(Account.id == account.id))
    return pyotp.TOTP(str(secret)).at(clock.now() - timedelta(seconds=30 * ago))


def set_up(browser: Visitor, account: Account) -> list[str]:
    """Set up the second factor and return the spare codes."""
    browser.post("profile.second_factor_start")
    page = browser.post("profile.second_factor_set_up", {"code": code_of(account, ago=1)}, _status=200)
    return [code.get_text() for code in page.all("main li code")]


def test_staff_are_led_to_set_it_up_before_their_roles_count(
    required: None, person: Person, signed_in: SignedIn
) -> None:
    account = person("nina@example.org", Role.ADMIN)
    browser = signed_in()
    led = browser.get("administration.people", _status=303)
    assert led.response.location.startswith("/konto/to-trinn?neste=/administrasjon/")
    assert "Start oppsettet" in browser.follow(led).words
    set_up(browser, account)
    browser.get("administration.people")


def test_a_form_sent_with_the_roles_held_back_does_nothing(required: None, person: Person, signed_in: SignedIn) -> None:
    person("nina@example.org", Role.ADMIN)
    other = person("ola@example.org", name="Ola")
    answer = signed_in().post("administration.deactivate", account_id=other.id)
    assert answer.response.location.startswith("/konto/to-trinn")
    assert db.session.get_one(Account, other.id).deactivated_at is None


def test_staff_may_still_see_their_own_account_before_it_is_set_up(
    required: None, person: Person, signed_in: SignedIn
) -> None:
    person("nina@example.org", Role.EMPLOYEE)
    page = signed_in().get("profile.index")
    assert "Sett opp to-trinns innlogging" in page.words


def test_nobody_is_asked_where_it_is_not_required(person: Person, signed_in: SignedIn) -> None:
    person("nina@example.org", Role.ADMIN)
    signed_in().get("administration.people")


def test_with_it_set_up_the_password_alone_lets_nobody_in(
    person: Person, signed_in: SignedIn, visitor: OpenBrowser
) -> None:
    account = person()
    set_up(signed_in(), account)
    browser = visitor()
    asked = browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD}, neste="/konto/okter")
    assert asked.response.location == "/konto/kode?neste=/konto/okter"
    browser.get("profile.index", _status=303)
    page = browser.follow(asked)
    with clock.moved(timedelta(seconds=60)):
        done = browser.post_url(str(page.one("main form")["action"]), {"code": code_of(account)})
        assert done.response.location == "/konto/okter"
        browser.follow(done)


def test_a_code_works_once(person: Person, signed_in: SignedIn, visitor: OpenBrowser) -> None:
    account = person()
    set_up(signed_in(), account)
    with clock.moved(timedelta(seconds=60)):
        code = code_of(account)
        first, second = visitor(), visitor()
        for browser in (first, second):
            browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
        first.post("accounts.code", {"code": code})
        assert "brukt før" in second.post("accounts.code", {"code": code}, _status=422).words


def test_the_code_must_come_within_ten_minutes_of_the_password(
    person: Person, signed_in: SignedIn, visitor: OpenBrowser
) -> None:
    account = person()
    set_up(signed_in(), account)
    browser = visitor()
    browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
    with clock.moved(timedelta(minutes=11)):
        sent = browser.post("accounts.code", {"code": code_of(account)})
        assert sent.response.location.startswith("/konto/logg-inn")


def test_guessing_codes_is_slowed_also_from_many_places(
    person: Person, signed_in: SignedIn, visitor: OpenBrowser
) -> None:
    account = person()
    set_up(signed_in(), account)
    with clock.moved(timedelta(seconds=60)):
        for number in range(6):
            browser = visitor()
            browser.client.environ_base["REMOTE_ADDR"] = f"203.0.{number}.7"
            browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
            browser.post("accounts.code", {"code": "000000"}, _status=422 if number < 5 else 429)


def test_a_spare_code_lets_in_once(person: Person, signed_in: SignedIn, visitor: OpenBrowser) -> None:
    account = person()
    spare = set_up(signed_in(), account)
    assert len(set(spare)) == 8
    stored = repr([vars(row) for row in db.session.scalars(sa.select(OneTimeToken))])
    assert not [code for code in spare if code in stored]
    for status in (303, 422):
        browser = visitor()
        browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
        browser.post("accounts.code", {"code": spare[0].upper().replace("-", " ")}, _status=status)
    browser.post("accounts.code", {"code": spare[1]})
    assert "6 reservekoder" in browser.get("profile.second_factor_start").words


def test_setting_it_up_ends_the_other_sign_ins(person: Person, signed_in: SignedIn) -> None:
    account = person()
    here, there = signed_in(), signed_in()
    set_up(here, account)
    here.get("profile.index")
    there.get("profile.index", _status=303)


def test_a_wrong_first_code_sets_nothing_up(person: Person, signed_in: SignedIn) -> None:
    account = person()
    browser = signed_in()
    browser.post("profile.second_factor_start")
    browser.post("profile.second_factor_set_up", {"code": "000000"}, _status=422)
    assert db.session.get_one(Account, account.id).totp_confirmed_at is None


def test_the_picture_holds_the_address_of_the_secret(person: Person, signed_in: SignedIn) -> None:
    account = person()
    browser = signed_in()
    browser.post("profile.second_factor_start")
    page = browser.get("profile.second_factor_set_up")
    secret = db.session.get_one(Account, account.id).totp_secret
    assert secret is not None
    assert second_factor.grouped(secret) in page.words
    address = second_factor.address(secret, "nina@example.org", branding().name)
    assert str(page.one("main img")["src"]) == second_factor.picture(address)


def test_a_resident_turns_it_off_with_the_password_and_staff_do_not(
    required: None, person: Person, signed_in: SignedIn
) -> None:
    account = person()
    browser = signed_in()
    set_up(browser, account)
    browser.post("profile.second_factor_remove", {"password": "feil"}, _status=422)
    browser.post("profile.second_factor_remove", {"password": PASSWORD})
    assert db.session.get_one(Account, account.id).totp_secret is None
    staff = person("ola@example.org", Role.EMPLOYEE, name="Ola")
    browser = signed_in("ola@example.org")
    set_up(browser, staff)
    browser.post("profile.second_factor_remove", {"password": PASSWORD}, _status=403)


def test_an_administrator_resets_a_lost_one(person: Person, signed_in: SignedIn, visitor: OpenBrowser) -> None:
    account = person()
    browser = signed_in()
    spare = set_up(browser, account)
    reset_second_factor(SYSTEM, account.id)
    browser.get("profile.index", _status=303)
    again = signed_in()
    again.get("profile.index")
    set_up(again, account)
    other = visitor()
    other.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
    other.post("accounts.code", {"code": spare[0]}, _status=422)


def test_turning_the_requirement_on_asks_those_who_are_in_for_the_code(
    app: Flask, person: Person, signed_in: SignedIn, change: Any
) -> None:
    account = person("nina@example.org", Role.ADMIN)
    browser = signed_in()
    change(account, totp_secret=second_factor.new_secret(), totp_confirmed_at=clock.now())
    app.config["PORTAL"] = replace(before := app.config["PORTAL"], staff_second_factor=True)
    try:
        led = browser.get_url(browser.get("administration.people", _status=303).response.location, 303)
        assert led.response.location.startswith("/konto/kode")
        browser.post("accounts.code", {"code": code_of(account)})
        browser.get("administration.people")
    finally:
        app.config["PORTAL"] = before
    assert db.session.scalars(sa.select(SignInSession)).one().second_factor_at is not None

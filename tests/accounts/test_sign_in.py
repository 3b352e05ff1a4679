"""Signing in with a password: who gets in, what is said to the others, and how guessing is slowed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts import session
from portal.accounts.actions.sign_in import TryDraft, begin_try
from portal.accounts.models import Account, SignInAttempt, SignInSession
from portal.app import create_app
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import TooMany
from portal.kernel.extensions import limiter
from portal.kernel.identity import ANONYMOUS
from tests.support import databases
from tests.support.page import Page, Visitor

PASSWORD = "trekkspill og regnvær"
WRONG = "ikke det rette passordet"

OpenBrowser = Callable[..., Visitor]
Person = Callable[..., Account]
Change = Callable[..., None]


def sign_in(browser: Visitor, password: str = PASSWORD, status: int = 303, email: str = "nina@example.org") -> Page:
    return browser.post("accounts.sign_in", {"email": email, "password": password}, _status=status)


def from_network(visitor: OpenBrowser, address: str) -> Visitor:
    browser = visitor()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def test_the_right_password_lets_in(visitor: OpenBrowser, person: Person) -> None:
    person()
    browser = visitor()
    sign_in(browser, email=" NINA@example.org ")
    assert "Nina Nordmann" in browser.get("profile.index").words


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor: OpenBrowser, person: Person) -> None:
    person()
    wrong = sign_in(visitor(), WRONG, 422)
    unknown = sign_in(visitor(), WRONG, 422, email="ingen@example.org")
    assert wrong.main.get_text() == unknown.main.get_text()
    assert "passer ikke sammen" in wrong.words


def test_an_unknown_address_costs_the_work_of_a_hash(
    visitor: OpenBrowser, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person()
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, stored: str, password: str) -> Any:
        verified.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    sign_in(visitor(), WRONG, 422)
    sign_in(visitor(), WRONG, 422, email="ingen@example.org")
    assert len(verified) == 2


def test_a_closed_account_is_told_only_to_who_knows_the_password(
    visitor: OpenBrowser, person: Person, change: Change
) -> None:
    change(person(), deactivated_at=clock.now())
    assert "stengt" in sign_in(visitor(), status=422).words
    assert "stengt" not in sign_in(visitor(), WRONG, 422).main.get_text()


def test_an_old_hash_is_made_anew_at_the_next_sign_in(visitor: OpenBrowser, person: Person, change: Change) -> None:
    account = person()
    old = PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(PASSWORD)
    change(account, password_hash=old)
    sign_in(visitor())
    assert db.session.get_one(Account, account.id).password_hash != old
    sign_in(visitor())


def test_one_comes_back_to_the_page_one_wanted(visitor: OpenBrowser, person: Person) -> None:
    person()
    browser = visitor()
    sent = browser.get("profile.sessions", _status=303)
    assert sent.response.location == "/konto/logg-inn?neste=/konto/okter"
    form = browser.follow(sent).one("main form")
    answer = browser.post_url(str(form["action"]), {"email": "nina@example.org", "password": PASSWORD})
    assert answer.response.location == "/konto/okter"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://ond.example/",
        "//ond.example/",
        "/\\ond.example",
        "\\\\ond.example",
        "/\t/ond.example",
        "/x\r\nA: b",
        "",
        "x",
    ],
)
def test_one_is_never_sent_elsewhere(visitor: OpenBrowser, person: Person, wanted: str) -> None:
    person()
    browser = visitor()
    data = {"email": "nina@example.org", "password": PASSWORD}
    assert browser.post("accounts.sign_in", data, neste=wanted).response.location == "/"


@given(st.text(alphabet="/\\:.@ax\t\r\n%?#", max_size=12))
def test_an_own_path_has_one_slash_and_no_host(wanted: str) -> None:
    found = session.own_path(wanted)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert not set(found) & set("\\\r\n\t")


def test_the_cookie_holds_neither_number_nor_address(app: Flask, visitor: OpenBrowser, person: Person) -> None:
    account = person()
    browser = visitor()
    sign_in(browser)
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the default has it
    held = serializer.loads(cookie.value)
    row = db.session.scalars(sa.select(SignInSession)).one()
    assert held["_user_id"] not in {str(account.id), account.email, row.token_hash}
    assert len(held["_user_id"]) >= 43  # 256 bits in base 64


def test_nothing_from_before_signing_in_is_there_after(app: Flask, visitor: OpenBrowser, person: Person) -> None:
    person()
    browser = visitor()
    browser.get("accounts.sign_in")
    before = browser.token()
    sign_in(browser)
    assert browser.token() != before
    refused = browser.post("profile.end_others", {"csrf_token": before}, _status=400)
    assert "åpen for lenge" in refused.words


def test_signing_in_again_ends_the_sign_in_before(visitor: OpenBrowser, person: Person) -> None:
    person()
    browser = visitor()
    sign_in(browser)
    sign_in(browser)
    rows = db.session.scalars(sa.select(SignInSession).order_by(SignInSession.id)).all()
    assert [row.ended_at is None for row in rows] == [False, True]


# -- guessing ----------------------------------------------------------------------------------------------------------


def test_after_five_wrong_tries_one_must_wait_longer_and_longer(visitor: OpenBrowser, person: Person) -> None:
    person()
    for _ in range(5):
        sign_in(visitor(), WRONG, 422)
    told = sign_in(visitor(), PASSWORD, 429)
    assert "Vent" in told.words
    assert "sekunder" in told.words
    with clock.moved(timedelta(seconds=16)):
        sign_in(visitor(), WRONG, 422)
        sign_in(visitor(), PASSWORD, 429)
    with clock.moved(timedelta(seconds=16 + 29)):
        sign_in(visitor(), PASSWORD, 429)
    with clock.moved(timedelta(seconds=16 + 31)):
        sign_in(visitor())


def test_a_try_that_came_too_soon_does_not_make_the_wait_longer(visitor: OpenBrowser, person: Person) -> None:
    person()
    for _ in range(5):
        sign_in(visitor(), WRONG, 422)
    for _ in range(5):
        sign_in(visitor(), WRONG, 429)
    with clock.moved(timedelta(seconds=16)):
        sign_in(visitor())


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(visitor: OpenBrowser, person: Person) -> None:
    person()
    for _ in range(5):
        sign_in(from_network(visitor, "203.0.113.7"), WRONG, 422)
    sign_in(from_network(visitor, "203.0.113.200"), PASSWORD, 429)  # the same network
    sign_in(from_network(visitor, "198.51.100.7"))


def test_a_browser_that_was_in_before_is_not_slowed_by_a_guesser_beside_it(
    visitor: OpenBrowser, person: Person
) -> None:
    person()
    owner = visitor()
    sign_in(owner)
    owner.post("accounts.sign_out")
    for _ in range(5):
        sign_in(visitor(), WRONG, 422)
    sign_in(visitor(), PASSWORD, 429)
    sign_in(owner)


def test_a_known_browser_is_slowed_by_its_own_guesses(visitor: OpenBrowser, person: Person) -> None:
    person()
    owner = visitor()
    sign_in(owner)
    for _ in range(5):
        sign_in(owner, WRONG, 422)
    sign_in(owner, PASSWORD, 429)
    sign_in(visitor())


def test_a_known_browser_is_known_to_its_own_account_only(visitor: OpenBrowser, person: Person) -> None:
    person()
    person("ola@example.org", name="Ola")
    browser = visitor()
    sign_in(browser, email="ola@example.org")
    for _ in range(5):
        sign_in(browser, WRONG, 422)
    sign_in(visitor(), PASSWORD, 429)


def test_one_network_that_tries_many_addresses_must_wait(visitor: OpenBrowser, person: Person) -> None:
    person()
    for number in range(30):
        sign_in(from_network(visitor, "203.0.113.7"), WRONG, 422, email=f"gjett{number}@example.org")
    sign_in(from_network(visitor, "203.0.113.7"), PASSWORD, 429)
    sign_in(from_network(visitor, "198.51.100.7"))


def test_who_was_in_from_a_network_lately_is_not_slowed_by_others_there(visitor: OpenBrowser, person: Person) -> None:
    person()
    sign_in(from_network(visitor, "203.0.113.7"))
    for number in range(30):
        sign_in(from_network(visitor, "203.0.113.7"), WRONG, 422, email=f"gjett{number}@example.org")
    sign_in(from_network(visitor, "203.0.113.7"))


def test_tries_hold_neither_address_nor_network(visitor: OpenBrowser, person: Person) -> None:
    person()
    sign_in(from_network(visitor, "203.0.113.7"), WRONG, 422)
    row = db.session.scalars(sa.select(SignInAttempt)).one()
    stored = f"{row.identifier_hash} {row.network_hash}"
    assert "nina" not in stored
    assert "203.0" not in stored
    assert not row.succeeded


def test_one_machine_has_an_outermost_bound() -> None:
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder))
        try:
            client = app.test_client()
            answers = [client.get("/konto/oidc/finnes-ikke/start").status_code for _ in range(31)]
        finally:
            limiter.enabled = False
            databases.dispose(app)
    assert answers == [404] * 30 + [429]


def test_many_guesses_at_once_are_counted_one_by_one(own_app: Flask) -> None:
    draft = TryDraft(identifier="a" * 64, network="b" * 64)

    def guess(_number: int) -> bool:
        with own_app.app_context():
            try:
                begin_try(ANONYMOUS, draft)
            except TooMany:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(pool.map(guess, range(24)))
    assert let_through == 5

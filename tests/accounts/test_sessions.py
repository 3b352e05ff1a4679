"""Sign-ins are rows: they end in time, by their owner, by an administrator, and with the password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.administration import deactivate_account
from portal.accounts.models import Account, SignInSession
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Role
from tests.support.page import Visitor, forget_request

PASSWORD = "trekkspill og regnvær"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

OpenBrowser = Callable[..., Visitor]
Person = Callable[..., Account]
SignedIn = Callable[..., Visitor]


def is_in(browser: Visitor) -> bool:
    forget_request()
    return browser.client.get("/konto/").status_code == 200


def test_signing_out_ends_the_row_so_that_a_copied_cookie_is_worthless(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn
) -> None:
    person()
    browser, thief = signed_in(), visitor()
    name = browser.app.config["SESSION_COOKIE_NAME"]
    copied = browser.client.get_cookie(name)
    assert copied is not None
    thief.client.set_cookie(name, copied.value)
    assert "Nina" in thief.get("profile.index").words
    gone = browser.post("accounts.sign_out")
    assert browser.follow(gone).heading == "Du er logget ut"
    thief.get("profile.index", _status=303)


def test_the_owner_sees_every_sign_in_and_ends_one(person: Person, signed_in: SignedIn) -> None:
    person()
    here, there = signed_in(), signed_in()
    page = here.get("profile.sessions")
    assert len(page.all(".rows > li")) == 2
    assert "Her du er nå" in page.words
    form = page.one(".rows form")
    here.post_url(str(form["action"]))
    assert len(here.get("profile.sessions").all(".rows > li")) == 1
    there.get("profile.index", _status=303)


def test_the_owner_ends_all_others_at_once(person: Person, signed_in: SignedIn) -> None:
    person()
    here, second, third = signed_in(), signed_in(), signed_in()
    here.post("profile.end_others")
    here.get("profile.index")
    second.get("profile.index", _status=303)
    third.get("profile.index", _status=303)


def test_nobody_ends_anothers_sign_in(person: Person, signed_in: SignedIn) -> None:
    person()
    person("ola@example.org", name="Ola")
    mine, other = signed_in(), signed_in("ola@example.org")
    row = db.session.scalars(sa.select(SignInSession).order_by(SignInSession.id)).first()
    assert row is not None
    other.post("profile.end_session", session_id=row.id, _status=404)
    mine.get("profile.index")


def test_a_closed_account_is_out_everywhere_at_once(person: Person, signed_in: SignedIn) -> None:
    account = person()
    browser = signed_in()
    deactivate_account(SYSTEM, account.id)
    sent = browser.get("profile.index", _status=303)
    assert "ikke lenger logget inn" in browser.follow(sent).words


@pytest.mark.parametrize(
    ("roles", "idle", "longest"), [((), 8 * HOUR, 30 * DAY), ((Role.MODERATOR,), 8 * HOUR, 8 * HOUR)]
)
def test_a_sign_in_ends_without_use_and_however_much_it_is_used(
    person: Person, signed_in: SignedIn, roles: tuple[Role, ...], idle: timedelta, longest: timedelta
) -> None:
    person("nina@example.org", *roles)
    browser = signed_in()
    with clock.moved(idle - MINUTE):
        assert is_in(browser)
    seen_at(clock.now())
    with clock.moved(idle + MINUTE):
        assert not is_in(browser)
    used = signed_in()
    seen_at(clock.now() + longest - 2 * MINUTE)
    with clock.moved(longest - MINUTE):
        assert is_in(used)
    with clock.moved(longest + MINUTE):
        assert not is_in(used)


@atomic
def seen_at(moment: datetime) -> None:
    """Let every sign-in have been used at a moment."""
    db.session.execute(sa.update(SignInSession).values(last_seen_at=moment))


def test_use_is_written_down_at_most_once_a_minute(person: Person, signed_in: SignedIn) -> None:
    person()
    browser = signed_in()

    def last_seen() -> Any:
        return db.session.scalar(sa.select(SignInSession.last_seen_at))

    first = last_seen()
    with clock.moved(timedelta(seconds=50)):
        browser.get("profile.index")
        assert last_seen() == first
    with clock.moved(timedelta(seconds=70)):
        browser.get("profile.index")
        assert last_seen() > first


def test_knowing_who_asks_costs_one_statement(person: Person, signed_in: SignedIn, count_queries: Any) -> None:
    person("nina@example.org", Role.EMPLOYEE, Role.MODERATOR)
    browser = signed_in()
    token = browser.token()
    with count_queries(at_most=1):
        browser.client.post("/konto/fortsett", data={"csrf_token": token})


def test_style_and_script_ask_nobody_who_is_there(person: Person, signed_in: SignedIn, count_queries: Any) -> None:
    person()
    browser = signed_in()
    address = str(browser.get("profile.index").one("link[rel=stylesheet]")["href"])
    forget_request()
    with count_queries(at_most=0), browser.client.get(address) as answer:
        assert answer.status_code == 200


def test_the_pages_of_the_account_take_few_statements(person: Person, signed_in: SignedIn, count_queries: Any) -> None:
    person("nina@example.org", Role.EMPLOYEE)
    browser = signed_in()
    for _ in range(5):
        signed_in()
    for endpoint in ("profile.index", "profile.sessions", "profile.organisations", "profile.email"):
        with count_queries(at_most=8):
            browser.get(endpoint)


def test_the_page_speaks_the_language_of_the_account(
    person: Person, signed_in: SignedIn, change: Callable[..., None]
) -> None:
    change(person(), language="en")
    page = signed_in().get("profile.index")
    assert page.one("html")["lang"] == "en"
    assert page.response.headers["Cache-Control"] == "no-store"


def test_the_device_is_told_in_words(person: Person, visitor: OpenBrowser) -> None:
    person()
    browser = visitor()
    browser.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    browser.post("accounts.sign_in", {"email": "nina@example.org", "password": PASSWORD})
    assert "Firefox, Windows" in browser.get("profile.sessions").words

"""Signing in and out by a real OpenID provider, from our first page to our last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account, Grant, Identity, SignInSession
from portal.accounts.queries.account import names
from portal.config import OidcIssuer
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.identity import Role
from tests.support.idp import PERSONS, BackChannel, Idp, catch_back_channel, choose_person, confirm_sign_out, start_idp
from tests.support.lying_issuer import forget_issuers
from tests.support.page import Page, Visitor, forget_request

BASE = "http://localhost/konto"
NAMELESS = {"id": "nameless", "name": ""}

OpenBrowser = Callable[..., Visitor]


@pytest.fixture(scope="module")
def back_channel() -> Iterator[BackChannel]:
    with catch_back_channel() as catcher:
        yield catcher


@pytest.fixture(scope="module")
def idp(back_channel: BackChannel) -> Iterator[Idp]:
    with start_idp(
        redirect_uris=[f"{BASE}/oidc/idporten/tilbake"],
        post_logout_redirect_uris=[f"{BASE}/logget-ut"],
        backchannel_logout_uri=back_channel.address,
        persons=(*PERSONS, NAMELESS),
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def issuer(app: Flask, idp: Idp, back_channel: BackChannel) -> Iterator[Callable[..., None]]:
    """Offer the provider on the sign-in page; called with changes, offer it otherwise."""
    before = app.config["PORTAL"]
    standard = OidcIssuer(
        name="idporten",
        title="ID-porten (test)",
        issuer=idp.issuer,
        client_id=idp.client_id,
        client_secret=idp.client_secret,
        scopes=("openid", "profile", "email"),
        acr=("idporten-loa-substantial", "idporten-loa-high"),
        role_mapping={"group-employee": "employee", "group-coordinator": "coordinator"},
    )

    def offer(**changes: Any) -> None:
        staff = changes.pop("staff_second_factor", False)
        app.config["PORTAL"] = replace(before, oidc=(replace(standard, **changes),), staff_second_factor=staff)

    forget_issuers()
    back_channel.forget()
    offer()
    yield offer
    app.config["PORTAL"] = before
    idp.change_person("employee", groups=["group-employee", "group-coordinator"])


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """Return the browser as the provider knows it."""
    with httpx.Client(verify=False) as client:  # noqa: S501 - all is http; reading the machine's certificates is slow
        yield client


def leave(browser: Visitor, http: httpx.Client, person: str | None, **values: Any) -> str:
    """Go to the provider and choose a person; return the address that the provider sends the browser back to."""
    sent = browser.get("accounts.oidc_start", issuer="idporten", _status=303, **values)
    back = urlsplit(choose_person(http, sent.response.location, person))
    return f"{back.path}?{back.query}"


def sign_in(browser: Visitor, http: httpx.Client, person: str | None, status: int = 303, **values: Any) -> Page:
    return browser.get_url(leave(browser, http, person, **values), status)


def roles() -> set[Role]:
    return set(db.session.scalars(sa.select(Grant.role).where(Grant.source == "idporten")))


def test_the_provider_stands_first_on_the_sign_in_page(visitor: OpenBrowser) -> None:
    page = visitor().get("accounts.sign_in", neste="/konto/okter")
    first = page.all("main a.ds-button, main button[type=submit]")[0]
    assert first.get_text(strip=True) == "Logg inn med ID-porten (test)"
    assert first["href"] == "/konto/oidc/idporten/start?neste=/konto/okter"


def test_a_person_comes_back_signed_in_where_they_were_heading(visitor: OpenBrowser, http: httpx.Client) -> None:
    browser = visitor()
    done = sign_in(browser, http, "resident", neste="/konto/okter")
    assert done.response.location == "/konto/okter"
    page = browser.follow(done)
    assert "Ingrid Innbygger" in page.words
    assert "ID-porten (test)" in page.words


def test_a_person_is_known_again_by_a_hash_and_nothing_else(visitor: OpenBrowser, http: httpx.Client) -> None:
    sign_in(visitor(), http, "resident")
    sign_in(visitor(), http, "resident")
    identity = db.session.scalars(sa.select(Identity)).one()
    assert len(identity.subject_hash) == 64
    account = db.session.get_one(Account, identity.account_id)
    assert (account.email, account.password_hash) == (None, None)
    assert len(db.session.scalars(sa.select(SignInSession)).all()) == 2


def test_an_account_with_the_same_address_is_another_account(visitor: OpenBrowser, http: httpx.Client) -> None:
    @atomic
    def add() -> int:
        account = Account(
            email="ingrid@example.org", email_confirmed_at=clock.now(), name="En annen", created_at=clock.now()
        )
        db.session.add(account)
        db.session.flush()
        return account.id

    other = add()
    sign_in(visitor(), http, "resident")
    assert db.session.scalars(sa.select(Identity.account_id)).one() != other


def test_who_has_no_name_is_asked_once(visitor: OpenBrowser, http: httpx.Client) -> None:
    browser = visitor()
    asked = sign_in(browser, http, "nameless", neste="/konto/okter")
    assert asked.response.location == "/konto/navn?neste=/konto/okter"
    assert "fødselsnummeret" in browser.follow(asked).words
    assert browser.get("profile.index", _status=303).response.location == "/konto/navn?neste=/konto/"
    browser.post("accounts.choose_name", {"name": "Siv"})
    assert sign_in(visitor(), http, "nameless", neste="/konto/okter").response.location == "/konto/okter"
    (account_id,) = db.session.scalars(sa.select(Identity.account_id)).all()
    assert names([account_id]) == {account_id: "Siv"}


def test_roles_come_with_the_group_and_go_with_it_in_running_sign_ins_too(
    visitor: OpenBrowser, http: httpx.Client, idp: Idp
) -> None:
    browser = visitor()
    sign_in(browser, http, "employee")
    assert roles() == {Role.EMPLOYEE, Role.COORDINATOR}
    assert "Koordinator" in browser.get("profile.index").words
    idp.change_person("employee", groups=["group-employee", "something-else"])
    sign_in(visitor(), http, "employee")
    assert roles() == {Role.EMPLOYEE}
    assert "Koordinator" not in browser.get("profile.index").words
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "account.roles_synchronised")).all()
    assert [(entry.body["given"], entry.body["taken"]) for entry in told] == [
        (["coordinator", "employee"], []),
        ([], ["coordinator"]),
    ]


def test_a_role_given_by_hand_stays_when_the_group_goes(visitor: OpenBrowser, http: httpx.Client, idp: Idp) -> None:
    sign_in(visitor(), http, "employee")
    account_id = db.session.scalars(sa.select(Identity.account_id)).one()

    @atomic
    def give() -> None:
        db.session.add(Grant(account_id=account_id, role=Role.COORDINATOR, granted_at=clock.now()))

    give()
    idp.change_person("employee", groups=[])
    sign_in(visitor(), http, "employee")
    found = db.session.execute(sa.select(Grant.role, Grant.source).where(Grant.account_id == account_id)).all()
    assert [tuple(row) for row in found] == [(Role.COORDINATOR, "manual")]


def test_two_windows_may_be_on_their_way_at_once(visitor: OpenBrowser, http: httpx.Client) -> None:
    browser = visitor()
    first = leave(browser, http, "resident", neste="/konto/okter")
    with httpx.Client(verify=False) as second_window:  # noqa: S501 - all is http
        second = leave(browser, second_window, "resident", neste="/konto/profil")
    assert browser.get_url(second, 303).response.location == "/konto/profil"
    assert browser.get_url(first, 303).response.location == "/konto/okter"


def test_the_cookie_stays_small_however_many_windows_leave(app: Flask, visitor: OpenBrowser) -> None:
    browser = visitor()
    for number in range(9):
        goal = f"/konto/{number}{'x' * 190}"
        browser.get("accounts.oidc_start", issuer="idporten", neste=goal, _status=303)
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert len(cookie.value) < 3900


def test_the_way_back_works_once_and_in_the_browser_that_left(visitor: OpenBrowser, http: httpx.Client) -> None:
    browser = visitor()
    back = leave(browser, http, "resident")
    assert "et annet vindu" in visitor().get_url(back, 400).words
    browser.get_url(back, 303)
    browser.get_url(back, 400)


def test_who_cancels_is_told_so_and_can_try_again_with_the_same_goal(visitor: OpenBrowser, http: httpx.Client) -> None:
    page = sign_in(visitor(), http, None, 400, neste="/konto/okter")
    assert page.heading == "Du ble ikke logget inn"
    assert "avbrøt" in page.words
    assert page.all('main a[href="/konto/logg-inn?neste=/konto/okter"]')


def test_too_low_a_level_lets_nobody_in(visitor: OpenBrowser, http: httpx.Client) -> None:
    assert "høyere sikkerhetsnivå" in sign_in(visitor(), http, "low", 400).words
    assert not db.session.scalars(sa.select(Identity)).all()


def test_a_provider_that_is_away_is_a_page_that_says_so(visitor: OpenBrowser, issuer: Callable[..., None]) -> None:
    issuer(issuer="http://127.0.0.1:9")
    page = visitor().get("accounts.oidc_start", issuer="idporten", _status=400)
    assert "svarer ikke" in page.words


def test_an_unknown_provider_is_not_found(visitor: OpenBrowser) -> None:
    visitor().get("accounts.oidc_start", issuer="finnes-ikke", _status=404)


def test_a_closed_account_is_not_let_in(visitor: OpenBrowser, http: httpx.Client, change: Any) -> None:
    sign_in(visitor(), http, "resident")
    account = db.session.get_one(Account, db.session.scalars(sa.select(Identity.account_id)).one())
    change(account, deactivated_at=clock.now())
    assert "stengt" in sign_in(visitor(), http, "resident", 422).words


# -- the second factor -------------------------------------------------------------------------------------------------


def test_a_level_the_provider_vouches_for_is_the_second_factor(
    visitor: OpenBrowser, http: httpx.Client, issuer: Callable[..., None]
) -> None:
    issuer(role_mapping={"group-employee": "admin"}, staff_second_factor=True)
    browser = visitor()
    sign_in(browser, http, "employee")
    browser.get("administration.people")


def test_a_provider_without_levels_is_not(
    visitor: OpenBrowser, http: httpx.Client, issuer: Callable[..., None]
) -> None:
    issuer(role_mapping={"group-employee": "admin"}, acr=(), staff_second_factor=True)
    browser = visitor()
    sign_in(browser, http, "employee")
    led = browser.get("administration.people", _status=303)
    assert led.response.location.startswith("/konto/to-trinn")


# -- signing out -------------------------------------------------------------------------------------------------------


def test_signing_out_here_signs_out_at_the_provider_too(visitor: OpenBrowser, http: httpx.Client) -> None:
    browser = visitor()
    sign_in(browser, http, "resident")
    page = browser.post("accounts.sign_out", _status=200)
    address = page.response.headers["Refresh"].removeprefix("0; url=")
    assert page.one("main a")["href"] == address
    browser.get("profile.index", _status=303)
    back = urlsplit(confirm_sign_out(http, address))
    assert back.path == "/konto/logget-ut"
    assert browser.get_url(f"{back.path}?{back.query}").heading == "Du er logget ut"
    # the provider has forgotten the person too: it asks who it is
    sign_in(visitor(), http, "employee")


def test_signing_out_works_when_the_provider_is_away(
    visitor: OpenBrowser, http: httpx.Client, issuer: Callable[..., None]
) -> None:
    browser = visitor()
    sign_in(browser, http, "resident")
    issuer(issuer="http://127.0.0.1:9")
    assert browser.post("accounts.sign_out").response.location == "/konto/logget-ut"


def told(browser: Visitor, token: str) -> Any:
    """Post a logout token as a provider does: without cookies and without a form token."""
    forget_request()
    return browser.client.post("/konto/oidc/idporten/utlogging", data={"logout_token": token})


def test_a_session_that_ends_at_the_provider_ends_here_once(
    visitor: OpenBrowser, http: httpx.Client, idp: Idp, back_channel: BackChannel
) -> None:
    browser, other = visitor(), visitor()
    sign_in(browser, http, "resident")
    with httpx.Client(verify=False) as elsewhere:  # noqa: S501 - all is http
        sign_in(other, elsewhere, "employee")
    tokens = [back_channel.next_token() for _ in idp.end_sessions("resident")]  # also of the tests before this
    for token in tokens:
        answer = told(visitor(), token)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    browser.get("profile.index", _status=303)
    other.get("profile.index")
    again = told(visitor(), tokens[0])
    assert again.status_code == 400
    assert again.json["error"] == "invalid_request"
    ended = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "account.sessions_ended")).one()
    assert ended.body["reason"] == "issuer"


@pytest.mark.parametrize("token", ["", "tull", "a.b.c"])
def test_a_message_that_proves_nothing_ends_nothing(visitor: OpenBrowser, http: httpx.Client, token: str) -> None:
    browser = visitor()
    sign_in(browser, http, "resident")
    assert told(visitor(), token).status_code == 400
    browser.get("profile.index")

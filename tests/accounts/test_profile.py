"""«Min side»: what people change of their own account, and what it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.issuers import PersonDraft, accept_person
from portal.accounts.actions.organisations import verify_organisation, verify_spokesperson
from portal.accounts.actions.sign_in import SessionDraft, open_session
from portal.accounts.models import Account, Organisation, SignInSession, Spokesperson
from portal.accounts.queries.account import find_by_email
from portal.config import OidcIssuer
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS, SYSTEM, SignInMethod
from tests.accounts.test_sign_up import link_in
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

PASSWORD = "trekkspill og regnvær"
NEW_PASSWORD = "fire helt andre ord her"
ISSUER = OidcIssuer(name="demo", title="ID-porten", issuer="https://id.example", client_id="a", client_secret="b")

OpenBrowser = Callable[..., Visitor]
Person = Callable[..., Account]
SignedIn = Callable[..., Visitor]


def by_issuer(visitor: OpenBrowser, subject: str = "s-1") -> Visitor:
    """Return somebody who came by an OpenID provider and has no password."""
    draft = PersonDraft(issuer=ISSUER, subject=subject, name="Ola Oidc", language="nb", groups=frozenset())
    account_id = accept_person(ANONYMOUS, draft)
    browser = visitor()
    method = SignInMethod.OIDC
    session = SessionDraft(account_id=account_id, method=method, device="test", strong=True, issuer="demo")
    browser.keep({"_user_id": open_session(ANONYMOUS, session), "_fresh": True})
    return browser


def test_every_page_of_the_account_opens(person: Person, signed_in: SignedIn) -> None:
    person()
    browser = signed_in()
    for endpoint in (
        *("profile.index", "profile.edit", "profile.email", "profile.password", "profile.sessions"),
        *("profile.second_factor_start", "profile.organisations", "profile.my_data", "profile.erase"),
    ):
        assert browser.get(endpoint).response.headers["Cache-Control"] == "no-store"


def test_the_name_and_the_language_follow_the_account(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn
) -> None:
    person()
    browser = signed_in()
    browser.post("profile.edit", {"name": "Nina  Nytt", "language": "nn"})
    page = browser.get("profile.index")
    assert "Nina Nytt" in page.words
    assert page.one("html")["lang"] == "nn"
    assert signed_in().get("profile.index").one("html")["lang"] == "nn"


def test_changing_the_password_takes_the_one_in_use(person: Person, signed_in: SignedIn) -> None:
    person()
    browser = signed_in()
    data = {"password": "feil passord her", "new_password": NEW_PASSWORD}
    browser.post("profile.password", data, _status=422)
    browser.post("profile.password", {**data, "password": PASSWORD, "new_password": "Passord-2026!"}, _status=422)
    browser.post("profile.password", {**data, "password": PASSWORD})


def test_a_new_password_ends_every_other_sign_in_and_tells_the_owner(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn, smtp: Mailbox, run_worker: Any
) -> None:
    person()
    here, there = signed_in(), signed_in()
    here.post("profile.password", {"password": PASSWORD, "new_password": NEW_PASSWORD})
    here.get("profile.index")
    there.get("profile.index", _status=303)
    run_worker()
    assert "Passordet ditt er byttet" in str(smtp.to("nina@example.org")[-1]["Subject"])
    login = {"email": "nina@example.org", "password": PASSWORD}
    visitor().post("accounts.sign_in", login, _status=422)
    visitor().post("accounts.sign_in", {**login, "password": NEW_PASSWORD})


def test_a_forgotten_password_is_made_anew_by_mail_once_within_an_hour(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn, smtp: Mailbox, run_worker: Any
) -> None:
    person()
    before = signed_in()
    browser = visitor()
    browser.follow(browser.post("accounts.forgotten", {"email": "nina@example.org"}))
    run_worker()
    link = link_in(smtp, "nina@example.org")
    with clock.moved(timedelta(minutes=61)):
        browser.get_url(link, _status=410)
    browser.get_url(link)
    browser.post_url(link, {"new_password": "kort"}, _status=422)
    browser.post_url(link, {"new_password": NEW_PASSWORD})
    browser.get_url(link, _status=410)
    before.get("profile.index", _status=303)
    browser.post("accounts.sign_in", {"email": "nina@example.org", "password": NEW_PASSWORD})


def test_asking_for_a_new_password_says_nothing_of_who_has_an_account(
    visitor: OpenBrowser, person: Person, smtp: Mailbox, run_worker: Any
) -> None:
    person()
    known, unknown = visitor(), visitor()
    first = known.follow(known.post("accounts.forgotten", {"email": "nina@example.org"}))
    second = unknown.follow(unknown.post("accounts.forgotten", {"email": "hvem@example.org"}))
    assert first.words.replace("nina@", "") == second.words.replace("hvem@", "")
    run_worker()
    assert len(smtp.messages) == 1


def test_a_new_password_by_mail_does_not_get_past_the_second_factor(
    visitor: OpenBrowser, person: Person, smtp: Mailbox, run_worker: Any, change: Any
) -> None:
    change(person(), totp_secret="JBSWY3DPEHPK3PXP", totp_confirmed_at=clock.now())
    browser = visitor()
    browser.post("accounts.forgotten", {"email": "nina@example.org"})
    run_worker()
    browser.post_url(link_in(smtp, "nina@example.org"), {"new_password": NEW_PASSWORD})
    answer = browser.post("accounts.sign_in", {"email": "nina@example.org", "password": NEW_PASSWORD})
    assert answer.response.location.startswith("/konto/kode")


def test_a_new_address_counts_when_it_is_confirmed_and_the_old_one_is_told(
    person: Person, signed_in: SignedIn, smtp: Mailbox, run_worker: Any
) -> None:
    account = person()
    browser = signed_in()
    browser.post("profile.email", {"email": "ny@example.org", "password": "feil"}, _status=422)
    browser.post("profile.email", {"email": "Ny@example.org", "password": PASSWORD})
    run_worker()
    assert "bytte" in str(smtp.to("nina@example.org")[-1]["Subject"])
    assert find_by_email("ny@example.org") is None
    link = link_in(smtp, "ny@example.org")
    browser.get_url(link)
    browser.post_url(link)
    found = find_by_email("ny@example.org")
    assert found is not None
    assert found.id == account.id
    browser.get_url(link, _status=410)


def test_a_link_for_a_new_address_is_good_for_the_one_who_asked_only(
    person: Person, signed_in: SignedIn, smtp: Mailbox, run_worker: Any
) -> None:
    person()
    person("ola@example.org", name="Ola")
    signed_in().post("profile.email", {"email": "ny@example.org", "password": PASSWORD})
    run_worker()
    signed_in("ola@example.org").post_url(link_in(smtp, "ny@example.org"), _status=422)
    assert find_by_email("ny@example.org") is None


def test_an_address_of_somebody_else_is_not_given_away_and_not_taken(
    person: Person, signed_in: SignedIn, smtp: Mailbox, run_worker: Any
) -> None:
    person()
    person("ola@example.org", name="Ola")
    browser = signed_in()
    browser.post("profile.email", {"email": "ola@example.org", "password": PASSWORD})
    assert "Vi har sendt en lenke" in browser.get("profile.index").words
    run_worker()
    assert "fra før" in str(smtp.to("ola@example.org")[-1]["Subject"])


def test_a_sign_up_that_nobody_confirmed_gives_way_to_who_owns_the_address(
    visitor: OpenBrowser, smtp: Mailbox, run_worker: Any
) -> None:
    data = {"name": "Noen", "email": "ola@example.org", "password": PASSWORD, "of_age": "y"}
    visitor().post("accounts.new", data)
    browser = by_issuer(visitor)
    browser.post("profile.email", {"email": "ola@example.org"})
    run_worker()
    browser.post_url(link_in(smtp, "ola@example.org"))
    found = find_by_email("ola@example.org")
    assert found is not None
    assert found.name == "Ola Oidc"


def test_who_has_no_password_proves_it_by_a_fresh_sign_in(visitor: OpenBrowser) -> None:
    browser = by_issuer(visitor)
    with clock.moved(timedelta(minutes=20)):
        page = browser.get("profile.email")
        assert "Logg inn på nytt først" in page.words
        assert page.all('a[href^="/konto/logg-inn/igjen"]')
        browser.post("profile.email", {"email": "ola@example.org"}, _status=422)
        browser.post("profile.erase", {"sure": "y"}, _status=422)


def test_an_account_by_a_provider_gets_no_password_by_mail(
    visitor: OpenBrowser, smtp: Mailbox, run_worker: Any
) -> None:
    browser = by_issuer(visitor)
    browser.post("profile.email", {"email": "ola@example.org"})
    run_worker()
    browser.post_url(link_in(smtp, "ola@example.org"))
    visitor().post("accounts.forgotten", {"email": "ola@example.org"})
    run_worker()
    mail = smtp.to("ola@example.org")[-1]
    assert "Slik logger du inn" in str(mail["Subject"])
    assert "nytt-passord" not in mail.as_string()


def test_a_sign_in_by_a_provider_ends_after_30_idle_minutes_and_warns(visitor: OpenBrowser) -> None:
    browser = by_issuer(visitor)
    dialog = browser.get("profile.index").one("[data-session-expires]")
    assert 1700 < int(str(dialog["data-session-expires"])) <= 1800
    with clock.moved(timedelta(minutes=29)):
        answer = browser.post_url(str(dialog["data-session-url"]), _status=204)
        assert answer.text == ""
    with clock.moved(timedelta(minutes=58)):
        browser.get("profile.index")
    with clock.moved(timedelta(minutes=58 + 31)):
        browser.get("profile.index", _status=303)


def test_a_password_sign_in_gives_no_warning(person: Person, signed_in: SignedIn) -> None:
    person()
    assert not signed_in().get("profile.index").all("[data-session-expires]")


def test_one_asks_to_speak_for_an_organisation_and_stops(person: Person, signed_in: SignedIn) -> None:
    person()
    browser = signed_in()
    data = {"number": "974 760 673", "name": "Turlaget", "group": "voluntary_sector", "title": "Leder"}
    browser.post("profile.organisations", {**data, "number": "974760674"}, _status=422)
    number = free_number()
    browser.post("profile.organisations", {**data, "number": number})
    assert "Venter på oss" in browser.get("profile.organisations").words
    spokesperson = db.session.scalars(sa.select(Spokesperson).order_by(Spokesperson.id.desc())).first()
    assert spokesperson is not None
    verify_organisation(SYSTEM, spokesperson.organisation_id)
    verify_spokesperson(SYSTEM, spokesperson.id)
    page = browser.get("profile.organisations")
    assert "Godkjent" in page.words
    browser.post("profile.leave_organisation", spokesperson_id=spokesperson.id)
    assert "Turlaget" not in browser.get("profile.organisations").words


def free_number() -> str:
    """Return a number with a right control digit that the cast doesn't use."""
    from portal.accounts.organisation_number import is_valid

    taken = set(db.session.scalars(sa.select(Organisation.number)))
    return next(n for n in map(str, range(991825800, 991825999)) if is_valid(n) and n not in taken)


@pytest.mark.parametrize("endpoint", ["profile.index", "profile.my_data", "profile.download_my_data", "profile.erase"])
def test_the_account_is_for_its_owner_only(visitor: OpenBrowser, endpoint: str) -> None:
    assert visitor().get(endpoint, _status=303).response.location.startswith("/konto/logg-inn?neste=/konto/")


def test_the_sign_in_row_tells_the_issuer(visitor: OpenBrowser) -> None:
    by_issuer(visitor)
    assert db.session.scalars(sa.select(SignInSession)).one().issuer == "demo"

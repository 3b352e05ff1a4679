"""Everything that is kept about a person can be seen, taken along, erased, and is forgotten in time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts import kinds
from portal.accounts.actions import administration, organisations, settings
from portal.accounts.actions.erase import erase_account
from portal.accounts.actions.issuers import PersonDraft, accept_person
from portal.accounts.models import Account, Erasure, OneTimeToken, SignInAttempt, SignInSession
from portal.accounts.queries.account import find_by_email
from portal.config import OidcIssuer
from portal.kernel import audit, clock
from portal.kernel.audit import AuditPersonal
from portal.kernel.db import Base, db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.identity import ANONYMOUS, SYSTEM, Role
from tests.support.page import Visitor, forget_request

PASSWORD = "trekkspill og regnvær"

OpenBrowser = Callable[..., Visitor]
Person = Callable[..., Account]
SignedIn = Callable[..., Visitor]


def test_the_file_holds_what_is_kept_and_no_secret(person: Person, signed_in: SignedIn) -> None:
    account = person("nina@example.org", Role.EMPLOYEE)
    browser = signed_in()
    browser.post("profile.edit", {"name": "Nina Kanarifugl", "language": "nb"})
    forget_request()
    answer = browser.client.get("/konto/mine-data/last-ned")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="mine-data-')
    assert answer.headers["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    answer.close()
    mine = json.loads(archive.read("accounts.json"))
    assert mine["account"][0]["email"] == "nina@example.org"
    assert mine["roles"][0]["role"] == "employee"
    assert mine["sign_ins"][0]["method"] == "password"
    assert "account.profile_changed" in {row["event"] for row in mine["audit_trail"]}
    text = archive.read("accounts.json").decode()
    session = db.session.scalars(sa.select(SignInSession)).one()
    assert str(account.password_hash) not in text
    assert session.token_hash not in text


def test_the_page_shows_it_in_words(person: Person, signed_in: SignedIn) -> None:
    person()
    words = signed_in().get("profile.my_data").words
    assert "nina@example.org" in words
    assert "Logget inn" in words
    assert "E-post og passord" in words
    assert "account.signed_in" not in words


def test_nobody_gets_to_see_anothers_personal_part_of_the_trail(person: Person, signed_in: SignedIn) -> None:
    account = person()
    other = person("ola@example.org", Role.ADMIN, name="Ola Kanarifugl")
    signed_in("ola@example.org").post("profile.edit", {"name": "Ola Papegøye", "language": "nb"})
    assert "Papegøye" not in str(kinds.export(account.id))
    assert "Papegøye" in str(kinds.export(other.id))


def test_erasing_takes_the_password_and_a_tick(person: Person, signed_in: SignedIn) -> None:
    account = person()
    browser = signed_in()
    browser.post("profile.erase", {"password": PASSWORD}, _status=422)
    browser.post("profile.erase", {"password": "feil", "sure": "y"}, _status=422)
    assert db.session.get_one(Account, account.id).erased_at is None
    gone = browser.post("profile.erase", {"password": PASSWORD, "sure": "y"})
    assert browser.follow(gone).heading == "Brukeren er slettet"
    browser.get("profile.index", _status=303)


def test_after_erasing_no_table_holds_anything_of_the_person(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn
) -> None:
    account = person("kanarifugl@example.org", name="Kari Kanarifugl")
    browser = signed_in("kanarifugl@example.org")
    browser.post("profile.edit", {"name": "Kari Kanarifugl-Papegøye", "language": "nb"})
    visitor().post("accounts.forgotten", {"email": "kanarifugl@example.org"})
    browser.post("profile.email", {"email": "papegøye@example.org".replace("ø", "o"), "password": PASSWORD})
    browser.post("profile.erase", {"password": PASSWORD, "sure": "y"})
    left = everything()
    for canary in ("kanarifugl", "papegøye", "papegoye@"):
        assert canary not in left
    row = db.session.get_one(Account, account.id)
    assert row.erased_at is not None
    assert db.session.get(Erasure, account.id) is not None
    assert not db.session.scalars(sa.select(AuditPersonal).where(AuditPersonal.account_id == account.id)).all()


def everything() -> str:
    """Return all rows of all tables as text, in small letters."""
    db.session.expire_all()
    rows = [repr(tuple(row)) for table in Base.metadata.sorted_tables for row in db.session.execute(sa.select(table))]
    return "\n".join(rows).lower()


def test_the_audit_trail_is_whole_after_an_erasure(person: Person, signed_in: SignedIn) -> None:
    account = person()
    signed_in().post("profile.edit", {"name": "Nina Nytt", "language": "nb"})
    audit.seal()
    erase_account(SYSTEM, account.id)
    audit.seal()
    assert audit.verify().ok


def test_erasing_again_after_a_restored_backup_does_no_harm(person: Person) -> None:
    account = person()
    erase_account(SYSTEM, account.id)
    erase_account(SYSTEM, account.id)
    assert find_by_email("nina@example.org") is None


def test_nobody_erases_another_not_even_an_administrator(person: Person, cast: Any) -> None:
    account = person()
    with pytest.raises(Forbidden):
        erase_account(cast.actor("admin"), account.id)


def test_the_last_administrator_stays(person: Person, cast: Any) -> None:
    with pytest.raises(Conflict):
        erase_account(cast.actor("admin"), cast.admin.id)
    person("nina@example.org", Role.ADMIN)
    erase_account(cast.actor("admin"), cast.admin.id)


def test_who_comes_back_by_the_provider_after_an_erasure_is_somebody_new(app: Any) -> None:
    first = accept_person(ANONYMOUS, ola())
    assert accept_person(ANONYMOUS, ola()) == first
    erase_account(SYSTEM, first)
    assert accept_person(ANONYMOUS, ola()) != first


def ola() -> PersonDraft:
    issuer = OidcIssuer(name="demo", title="Demo", issuer="https://id.example", client_id="a", client_secret="b")
    return PersonDraft(issuer=issuer, subject="s", name="Ola", language="nb", groups=frozenset())


def test_retention_forgets_in_time_and_keeps_what_is_in_use(
    visitor: OpenBrowser, person: Person, signed_in: SignedIn
) -> None:
    person()
    browser = signed_in()
    browser.post("accounts.sign_out")
    visitor().post("accounts.forgotten", {"email": "nina@example.org"})
    new = {"name": "Ubekreftet", "email": "ubekreftet@example.org", "password": PASSWORD, "of_age": "y"}
    visitor().post("accounts.new", new)
    assert not any(kinds.retain().values())
    with clock.moved(timedelta(days=6, hours=23)):
        assert not any(kinds.retain().values())
    with clock.moved(timedelta(days=7, minutes=1)):
        assert kinds.retain()["accounts"] == 1
    assert find_by_email("ubekreftet@example.org") is None
    assert find_by_email("nina@example.org") is not None
    with clock.moved(timedelta(days=8, hours=2)):
        kinds.retain()
        assert not db.session.scalars(sa.select(OneTimeToken)).all()
    with clock.moved(timedelta(days=15)):
        kinds.retain()
        assert not db.session.scalars(sa.select(SignInAttempt)).all()
        assert db.session.scalars(sa.select(SignInSession)).all()
    with clock.moved(timedelta(days=91)):
        kinds.retain()
        assert not db.session.scalars(sa.select(SignInSession)).all()


def sign_up_and_forget(visitor: OpenBrowser, before: Callable[[Account], None] = lambda _account: None) -> int:
    """Sign up, never confirm, and let the time pass until it is forgotten; return the number the account had."""
    new = {"name": "Kari Kanarifugl", "email": "kanarifugl@example.org", "password": PASSWORD, "of_age": "y"}
    visitor().post("accounts.new", new)
    account = find_by_email("kanarifugl@example.org")
    assert account is not None
    before(account)
    number = account.id
    with clock.moved(timedelta(days=7, minutes=1)):
        assert kinds.retain()["accounts"] == 1
    return number


def test_nothing_is_left_of_a_sign_up_that_nobody_confirmed(visitor: OpenBrowser) -> None:
    sign_up_and_forget(visitor)  # the mail is still waiting: there is no mail server
    assert "kanarifugl" not in everything()
    assert audit.verify().ok


def test_the_number_of_somebody_forgotten_is_never_given_to_another(visitor: OpenBrowser, person: Person) -> None:
    gone = sign_up_and_forget(visitor)
    assert person().id > gone


def test_an_unconfirmed_sign_up_is_forgotten_with_what_an_administrator_hung_on_it(
    visitor: OpenBrowser, cast: Any
) -> None:
    def hang(account: Account) -> None:
        draft = organisations.SpokespersonDraft(email=account.email or "")
        organisations.add_spokesperson(cast.actor("admin"), cast.volunteer_organisation.id, draft)
        area = settings.add_service_area(cast.actor("admin"), settings.ServiceAreaDraft(name="Oppvekst"))
        administration.grant_role(cast.actor("admin"), account.id, Role.EMPLOYEE)
        areas = administration.ServiceAreasDraft(service_area_ids=frozenset({area.id}), version=account.version)
        administration.change_service_areas(cast.actor("admin"), account.id, areas)

    gone = sign_up_and_forget(visitor, hang)
    assert db.session.get(Account, gone) is None


def test_people_who_come_by_a_provider_are_not_forgotten_as_unconfirmed(app: Any) -> None:
    account_id = accept_person(ANONYMOUS, ola())
    with clock.moved(timedelta(days=30)):
        kinds.retain()
    assert db.session.get(Account, account_id) is not None

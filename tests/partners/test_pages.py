"""The administration's pages about partners, and the commands that do the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.partners.actions.keys import ensure_key
from portal.partners.actions.logging import log
from portal.partners.actions.receiving import refuse_message
from portal.partners.actions.trust import learn_keys
from portal.partners.incoming import Reason
from portal.partners.keys import fingerprint, spelled
from portal.partners.models.feed import OwnKey
from portal.partners.models.partners import LogKind, Partner, PartnerKey, PartnerState, Trust
from portal.partners.syncing import sync
from tests.support.cast import Cast
from tests.support.page import Visitor
from tests.support.portals import OtherPortal, allow, another_portal, let_in
from tests.support.solutions import shared


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[OtherPortal]:
    with another_portal() as portal:
        allow(monkeypatch, app, portal)
        yield portal


@pytest.fixture
def partner(cast: Cast, source: OtherPortal) -> Partner:
    return let_in(cast.actor("admin"), source)


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    def invoke(*arguments: str, **given: Any) -> Result:
        return app.test_cli_runner().invoke(args=["partners", *arguments], **given)

    return invoke


def test_a_portal_is_asked_who_it_is_and_let_in_when_its_key_was_compared(
    visitor: Callable[..., Visitor], cast: Cast, source: OtherPortal
) -> None:
    admin = visitor("admin")
    form = admin.get("partners.add").form()
    assert "compared" not in form
    shown = admin.post("partners.add", {**form, "base_url": source.url + "/"}, 200)
    assert spelled(source.key().public_key) in shown.words
    assert "Bærum kommune" in shown.words
    without = admin.post("partners.add", shown.form(), 422)
    assert "Sammenlign fingeravtrykket først" in without.words
    done = admin.post("partners.add", {**without.form(), "compared": "y"}, 303)
    partner = db.session.scalars(sa.select(Partner)).one()
    assert admin.follow(done).heading == "Partner: Bærum kommune"
    assert partner.keeper_id == cast.admin.id


def test_a_portal_whose_key_changed_meanwhile_must_be_compared_anew(
    visitor: Callable[..., Visitor], source: OtherPortal
) -> None:
    admin = visitor("admin")
    form = admin.get("partners.add").form()
    shown = admin.post("partners.add", {**form, "base_url": source.url}, 200)
    source.rotate(endorsed_by_old=False)
    again = admin.post("partners.add", {**shown.form(), "compared": "y"}, 200)
    assert spelled(source.more_keys[0].public_key) in again.words
    assert "compared" not in again.form()
    assert db.session.scalar(sa.select(Partner.id)) is None


@pytest.mark.parametrize("address", ["baerum", "http://localhost", "https://127.0.0.1:1", "http://127.0.0.1:9/x"])
def test_an_address_where_no_portal_answers_is_told_at_the_field(
    visitor: Callable[..., Visitor], source: OtherPortal, address: str
) -> None:
    admin = visitor("admin")
    form = admin.get("partners.add").form()
    page = admin.post("partners.add", {**form, "base_url": address}, 422)
    assert page.form()["base_url"] == address
    assert page.one("[aria-invalid=true]")["name"] == "base_url"


def test_a_portal_that_signs_with_another_key_is_not_let_in(
    visitor: Callable[..., Visitor], source: OtherPortal
) -> None:
    source.signs_as, source.signs_with = "first", OtherPortal("x", "y").private
    admin = visitor("admin")
    form = admin.get("partners.add").form()
    page = admin.post("partners.add", {**form, "base_url": source.url}, 422)
    assert "not signed" in page.words


def test_a_partners_page_tells_what_passed_in_words(
    visitor: Callable[..., Visitor], cast: Cast, partner: Partner, count_queries: Any
) -> None:
    solution = shared(cast.actor("employee"), "Middag sammen")
    for number in range(70):
        log(SYSTEM, partner.id, LogKind.SYNCED, counts={"made": number, "changed": 0, "gone": 1, "set_aside": 0})
    log(SYSTEM, partner.id, LogKind.FAILED, reason="It answered 500.")
    log(SYSTEM, partner.id, LogKind.RECEIVED, reason="in_use", solution_id=solution.id)
    for number in range(30):
        refuse_message(SYSTEM, partner.id, f"{partner.base_url}/losninger/{number}", Reason.MARKUP, "core")
    admin = visitor("admin")
    with count_queries(at_most=9):
        page = admin.get("partners.show", partner_id=partner.id)
    assert "Teksten inneholder HTML eller skript." in page.words
    assert "Har den i bruk" in page.words
    assert "Middag sammen" in page.words
    older = admin.get_url(page.one("main a[rel=next]")["href"])
    assert "69 nye løsninger; 1 trukket av kilden" in page.words
    assert "2 nye løsninger; 1 trukket av kilden" in older.words


def test_a_partner_that_does_not_answer_is_shown_so(visitor: Callable[..., Visitor], partner: Partner) -> None:
    partner.failures, partner.last_error = 3, "It answered 500."
    db.session.commit()
    admin = visitor("admin")
    assert "3 forsøk på rad har feilet." in admin.get("partners.show", partner_id=partner.id).words
    assert "Svarer ikke" in admin.get("partners.index").words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((500, {}, b""), "Portalen svarte med en feilkode."),
        ((200, {}, b"<html>"), "Svaret er ikke slik det skal være i utvekslingen."),
        ((200, {}, b"x" * 200_000), "Svaret var for stort."),
    ],
)
def test_why_a_partner_could_not_be_asked_is_told_in_plain_words(
    visitor: Callable[..., Visitor], source: OtherPortal, partner: Partner, answer: Any, said: str
) -> None:
    source.answers["/api/v1/exchange/"] = lambda _path: answer
    assert sync(partner.id).error
    page = visitor("admin").get("partners.show", partner_id=partner.id)
    assert page.words.count(said) == 2, "in the notice and in the log"


def test_the_exchange_is_stopped_and_taken_up_on_pages(visitor: Callable[..., Visitor], partner: Partner) -> None:
    admin = visitor("admin")
    form = admin.get("partners.suspend", partner_id=partner.id).form()
    assert "Fyll ut dette feltet" in admin.post("partners.suspend", form, 422, partner_id=partner.id).words
    done = admin.post("partners.suspend", {**form, "reason": "Sender søppel."}, 303, partner_id=partner.id)
    assert "Sender søppel." in admin.follow(done).words
    assert partner.state is PartnerState.SUSPENDED
    again = admin.post("partners.suspend", {**form, "reason": "Igjen."}, 409, partner_id=partner.id)
    assert "alt stanset" in again.words
    admin.post("partners.resume", admin.get("partners.resume", partner_id=partner.id).form(), partner_id=partner.id)
    assert partner.state is PartnerState.ACTIVE


def test_a_key_that_waits_is_judged_on_a_page(
    visitor: Callable[..., Visitor], source: OtherPortal, partner: Partner
) -> None:
    source.rotate(endorsed_by_old=False)
    learn_keys(SYSTEM, partner.id, source.described(), proven=False)
    key = db.session.scalars(sa.select(PartnerKey).where(PartnerKey.trust == Trust.WAITING)).one()
    admin, of = visitor("admin"), {"partner_id": partner.id, "key_id": key.id}
    assert "En nøkkel venter på deg" in admin.get("partners.index").words
    page = admin.get("partners.confirm_key", **of)
    assert spelled(key.public_key) in page.words
    admin.post("partners.confirm_key", page.form(), **of)
    assert key.trust is Trust.CONFIRMED
    admin.post("partners.revoke_key", admin.get("partners.revoke_key", **of).form(), **of)
    assert key.trust is Trust.REVOKED
    admin.get("partners.revoke_key", 404, partner_id=partner.id, key_id=key.id + 100)


def test_somebody_else_is_set_to_look_after_a_partner(
    visitor: Callable[..., Visitor], cast: Cast, partner: Partner
) -> None:
    admin = visitor("admin")
    page = admin.get("partners.change_keeper", partner_id=partner.id)
    names = {option.text.strip() for option in page.all("select[name=keeper] option")}
    assert cast.employee.name in names
    assert cast.resident.name not in names
    form = {**page.form(), "keeper": str(cast.employee.id)}
    admin.post("partners.change_keeper", form, partner_id=partner.id)
    assert partner.keeper_id == cast.employee.id


def test_a_new_key_is_made_on_a_page(visitor: Callable[..., Visitor], app: Flask) -> None:
    old = ensure_key()
    admin = visitor("admin")
    assert spelled(old.public_key) in admin.get("partners.index").words
    form = admin.get("partners.rotate").form()
    shown = admin.follow(admin.post("partners.rotate", {**form, "why": "planned"}))
    keys = db.session.scalars(sa.select(OwnKey).order_by(OwnKey.id)).all()
    assert len(keys) == 2
    assert spelled(keys[1].public_key) in shown.words
    assert "alt kunngjort" in admin.post("partners.rotate", {**form, "why": "planned"}, 409).words
    admin.post("partners.rotate", {**form, "why": "stolen"})
    assert spelled(old.public_key) not in admin.get("partners.index").words


def test_the_list_is_read_in_few_statements(visitor: Callable[..., Visitor], cast: Cast, count_queries: Any) -> None:
    for number in ("3201", "0301", "1103", "4601", "5001"):
        portal = OtherPortal(number, f"Kommune {number}")
        portal.url = f"https://portal-{number}.example"
        let_in(cast.actor("admin"), portal)
    admin = visitor("admin")
    with count_queries(at_most=8):
        assert len(admin.get("partners.index").all("main li h3, main li a")) >= 5


def test_with_no_partners_the_list_says_how_to_begin(visitor: Callable[..., Visitor]) -> None:
    assert "Ingen partnere ennå" in visitor("admin").get("partners.index").words


def test_a_partner_is_let_in_from_the_command_line_by_its_fingerprint(
    run: Callable[..., Result], cast: Cast, source: OtherPortal
) -> None:
    right = fingerprint(source.key().public_key)
    keeper = ("--keeper", "adviser@demo.example")
    wrong = run("add", source.url, *keeper, "--fingerprint", "0" * 64)
    assert (wrong.exit_code, db.session.scalar(sa.select(Partner.id))) == (1, None)
    assert "not the fingerprint" in wrong.output
    refused = run("add", source.url, *keeper, input="n\n")
    assert (refused.exit_code, db.session.scalar(sa.select(Partner.id))) == (1, None)
    done = run("add", source.url + "/", *keeper, "--fingerprint", spelled(source.key().public_key))
    assert done.exit_code == 0, done.output
    partner = db.session.scalars(sa.select(Partner)).one()
    assert partner.keeper_id == cast.adviser.id
    assert right in re.sub(r"\s", "", done.output)
    again = run("add", source.url, *keeper, "--fingerprint", right)
    assert again.exit_code == 1
    assert again.output.count("\n") <= 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "https://127.0.0.1:1", "--keeper", "adviser@demo.example"),
        ("add", "nonsense", "--keeper", "adviser@demo.example"),
        ("add", "https://portal.example", "--keeper", "nobody@demo.example"),
        ("add", "https://portal.example", "--keeper", "resident@demo.example"),
        ("sync", "12345"),
    ],
)
def test_a_command_that_fails_says_why_in_a_line(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.output.strip()
    assert "Traceback" not in result.output


def test_the_commands_list_ask_and_make_keys(run: Callable[..., Result], source: OtherPortal, partner: Partner) -> None:
    source.tell(1)
    asked = run("sync")
    assert (asked.exit_code, "1 made" in asked.output) == (0, True), asked.output
    listed = run("list")
    assert f"Bærum kommune {source.url} · active · 1 solutions" in listed.output
    ensure_key()
    made = run("rotate", "--overlap", "0")
    assert made.exit_code == 0, made.output
    newest = db.session.scalars(sa.select(OwnKey).order_by(OwnKey.id.desc())).first()
    assert newest is not None
    assert spelled(newest.public_key) in made.output
    assert newest.begins_at <= clock.now() + timedelta(seconds=1)
    source.answers["/api/v1/exchange/solutions"] = lambda _path: (500, {}, b"")
    source.tell(2)
    failed = run("sync", str(partner.id))
    assert (failed.exit_code, "500" in failed.output) == (1, True)

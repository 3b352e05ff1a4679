"""Letting partners in, stopping and taking up the exchange: who may, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.actions.administration import deactivate_account
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.extensions import personal_data
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.partners.actions.partners import add_partner, change_keeper, resume_partner, suspend_partner
from portal.partners.keys import fingerprint
from portal.partners.models.partners import LogKind, Partner, PartnerKey, PartnerState, SyncEntry, Trust
from tests.support.cast import Cast
from tests.support.portals import OtherPortal, let_in


@pytest.fixture
def source() -> OtherPortal:
    portal = OtherPortal("3201", "Bærum")
    portal.url = "https://baerum.example"
    return portal


def logged(partner: Partner) -> list[tuple[LogKind, str]]:
    rows = sa.select(SyncEntry).where(SyncEntry.partner_id == partner.id).order_by(SyncEntry.id)
    return [(row.what, row.reason) for row in db.session.scalars(rows)]


def test_a_partner_is_let_in_with_the_keys_that_were_seen(cast: Cast, source: OtherPortal) -> None:
    partner = let_in(cast.actor("admin"), source)
    assert (partner.name, partner.municipality_number, partner.base_url) == ("Bærum kommune", "3201", source.url)
    assert (partner.state, partner.keeper_id) == (PartnerState.ACTIVE, cast.admin.id)
    key = db.session.scalars(sa.select(PartnerKey)).one()
    assert (key.partner_id, key.trust, key.public_key) == (partner.id, Trust.FIRST, source.key().public_key)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "partner.added")).one()
    assert entry.body["fingerprints"] == [fingerprint(key.public_key)]
    assert logged(partner) == [(LogKind.ADDED, "")]


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "http://localhost"},
        {"base_url": "ftp://baerum.example"},
        {"base_url": "https://baerum.example/portal"},
        {"base_url": "https://anne@baerum.example"},
        {"base_url": "https://bærum.example"},
        {"municipality_number": "3203"},
        {"municipality_number": "9999"},
        {"organisation_number": "123456789"},
        {"keys": []},
    ],
)
def test_what_can_not_be_a_partner_is_refused(cast: Cast, source: OtherPortal, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        add_partner(cast.actor("admin"), source.described(**changes))
    assert db.session.scalar(sa.select(Partner.id)) is None


@pytest.mark.parametrize("changes", [{}, {"municipality_number": "0301"}, {"base_url": "https://annen.example"}])
def test_a_municipality_and_an_address_are_partner_once(
    cast: Cast, source: OtherPortal, changes: dict[str, Any]
) -> None:
    let_in(cast.actor("admin"), source)
    with pytest.raises(Conflict):
        add_partner(cast.actor("admin"), source.described(**changes))


@pytest.mark.parametrize("name", ["resident", "partner", "verifier"])
def test_only_somebody_who_works_here_looks_after_a_partner(cast: Cast, source: OtherPortal, name: str) -> None:
    with pytest.raises(Invalid):
        add_partner(cast.actor("admin"), source.described(), keeper_id=getattr(cast, name).id)
    with pytest.raises(Invalid):
        add_partner(SYSTEM, source.described())
    partner = add_partner(SYSTEM, source.described(), keeper_id=cast.adviser.id)
    with pytest.raises(Invalid):
        change_keeper(cast.actor("admin"), partner.id, getattr(cast, name).id)
    change_keeper(cast.actor("admin"), partner.id, cast.employee.id)
    assert partner.keeper_id == cast.employee.id


def test_somebody_whose_account_is_closed_looks_after_nothing(cast: Cast, source: OtherPortal) -> None:
    deactivate_account(cast.actor("admin"), cast.employee2.id)
    with pytest.raises(Invalid):
        add_partner(cast.actor("admin"), source.described(), keeper_id=cast.employee2.id)


def test_the_exchange_is_stopped_with_a_reason_and_taken_up_again(cast: Cast, source: OtherPortal) -> None:
    admin = cast.actor("admin")
    partner = let_in(admin, source)
    with pytest.raises(Invalid):
        suspend_partner(admin, partner.id, "  ")
    with pytest.raises(Invalid):
        suspend_partner(admin, partner.id, "x" * 501)
    with pytest.raises(Conflict):
        resume_partner(admin, partner.id)
    suspend_partner(admin, partner.id, "Sender søppel.")
    assert (partner.state, partner.suspended_reason) == (PartnerState.SUSPENDED, "Sender søppel.")
    assert partner.suspended_at is not None
    with pytest.raises(Conflict):
        suspend_partner(admin, partner.id, "Igjen.")
    resume_partner(admin, partner.id)
    assert (partner.state, partner.suspended_reason, partner.suspended_at) == (PartnerState.ACTIVE, "", None)
    assert logged(partner)[1:] == [(LogKind.SUSPENDED, "Sender søppel."), (LogKind.RESUMED, "")]
    with pytest.raises(NotFound):
        suspend_partner(admin, partner.id + 1, "Finnes ikke.")


@pytest.mark.parametrize("name", [None, "resident", "employee", "adviser", "moderator", "coordinator", "partner"])
def test_only_administrators_decide_about_partners(cast: Cast, source: OtherPortal, name: str | None) -> None:
    partner = let_in(cast.actor("admin"), source)
    actor = cast.actor(name) if name else ANONYMOUS
    attempts = (
        lambda: add_partner(actor, source.described(municipality_number="0301", base_url="https://oslo.example")),
        lambda: suspend_partner(actor, partner.id, "Fordi."),
        lambda: resume_partner(actor, partner.id),
        lambda: change_keeper(actor, partner.id, cast.employee.id),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    assert db.session.scalars(sa.select(Partner.state)).all() == [PartnerState.ACTIVE]


def test_whoever_let_a_partner_in_is_told_of_it_among_their_own_data(
    app: Flask, cast: Cast, source: OtherPortal
) -> None:
    let_in(cast.actor("admin"), source)
    package = next(each for each in personal_data() if each.name == "partners")
    (told,) = package.export(cast.admin.id)["partners"]
    assert (told["name"], told["address"]) == ("Bærum kommune", source.url)
    assert package.export(cast.resident.id) == {"partners": []}

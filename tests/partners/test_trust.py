"""Whose keys are believed: those a person saw, those they vouch for, and what a thief can't do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.identity import SYSTEM
from portal.partners.actions.trust import MOST_KEYS, confirm_key, learn_keys, revoke_key
from portal.partners.models.partners import LogKind, Partner, PartnerKey, SyncEntry, Trust
from portal.partners.queries.trust import believed_keys, signers
from portal.partners.signing import SigningKey, endorse
from portal.partners.wire import KeyItem, endorsed
from tests.support.cast import Cast
from tests.support.portals import OtherPortal


def trusts(partner: Partner) -> dict[str, Trust]:
    rows = sa.select(PartnerKey).where(PartnerKey.partner_id == partner.id)
    return {row.key_id.split("#")[1]: row.trust for row in db.session.scalars(rows)}


def row(partner: Partner, name: str) -> PartnerKey:
    found = sa.select(PartnerKey).where(
        PartnerKey.partner_id == partner.id, PartnerKey.key_id.endswith(f"#{name}", autoescape=True)
    )
    return db.session.scalars(found).one()


def learn(partner: Partner, source: OtherPortal, *, proven: bool = True) -> int:
    return learn_keys(SYSTEM, partner.id, source.described(), proven=proven)


def names(partner: Partner) -> set[str]:
    return {key_id.split("#")[1] for key_id in believed_keys(partner.id)}


def test_a_key_that_one_we_believe_vouches_for_is_believed(source: OtherPortal, partner: Partner) -> None:
    source.rotate()
    assert learn(partner, source) == 1
    assert trusts(partner) == {"first": Trust.FIRST, "second": Trust.ENDORSED}
    assert learn(partner, source) == 0


def test_a_key_that_nobody_vouches_for_waits(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    source.rotate(endorsed_by_old=False)
    learn(partner, source, proven=False)
    assert trusts(partner)["second"] is Trust.WAITING
    assert names(partner) == {"first"}
    confirm_key(cast.actor("admin"), partner.id, row(partner, "second").id)
    assert names(partner) == {"first", "second"}
    with pytest.raises(Conflict):
        confirm_key(cast.actor("admin"), partner.id, row(partner, "second").id)


@pytest.mark.parametrize("spoilt", ["other key", "other id", "other time", "other voucher", "garbage"])
def test_an_endorsement_of_something_else_is_none(source: OtherPortal, partner: Partner, spoilt: str) -> None:
    source.rotate()
    key = source.more_keys[0]
    another = Ed25519PrivateKey.generate()
    changed = {
        "other key": lambda: replace(key, public_key=source.key("x", another).public_key),
        "other id": lambda: replace(key, id=key.id + "x"),
        "other time": lambda: replace(key, begins=key.begins + timedelta(seconds=1)),
        "other voucher": lambda: replace(key, endorsed_by=key.id),
        "garbage": lambda: replace(key, endorsement="AAAA"),
    }[spoilt]()
    source.more_keys = [changed]
    learn(partner, source)
    assert set(trusts(partner).values()) == {Trust.FIRST, Trust.WAITING}


def test_what_an_old_key_vouches_for_is_not_believed(source: OtherPortal, partner: Partner) -> None:
    row(partner, "first").ends_at = clock.now() - timedelta(days=1)
    db.session.commit()
    source.rotate()
    learn(partner, source)
    assert trusts(partner)["second"] is Trust.WAITING


def test_what_a_revoked_key_vouches_for_is_not_believed(cast: Cast, source: OtherPortal, partner: Partner) -> None:
    revoke_key(cast.actor("admin"), partner.id, row(partner, "first").id)
    source.rotate()
    learn(partner, source)
    assert trusts(partner) == {"first": Trust.REVOKED, "second": Trust.WAITING}
    assert names(partner) == set()
    with pytest.raises(Conflict):
        revoke_key(cast.actor("admin"), partner.id, row(partner, "first").id)


def test_a_key_it_no_longer_tells_of_ends_when_that_is_proven(source: OtherPortal, partner: Partner) -> None:
    source.rotate()
    learn(partner, source)
    without_first = replace(source.described(), keys=source.more_keys)
    learn_keys(SYSTEM, partner.id, without_first, proven=False)
    assert names(partner) == {"first", "second"}, "anybody could have said that"
    learn_keys(SYSTEM, partner.id, without_first, proven=True)
    with clock.moved(by=timedelta(minutes=5)):
        assert names(partner) == {"second"}


def test_what_a_key_is_never_changes_and_its_end_never_moves_away(source: OtherPortal, partner: Partner) -> None:
    was, end = row(partner, "first").public_key, clock.now() + timedelta(days=2)
    learn_keys(SYSTEM, partner.id, replace(source.described(), keys=[replace(source.key(), ends=end)]), proven=True)
    another = replace(source.key(private=Ed25519PrivateKey.generate()), ends=end + timedelta(days=9))
    learn_keys(SYSTEM, partner.id, replace(source.described(), keys=[another]), proven=True)
    assert (row(partner, "first").public_key, row(partner, "first").ends_at) == (was, end)


def test_a_key_is_not_believed_before_it_begins_or_after_it_ends(source: OtherPortal, partner: Partner) -> None:
    first = row(partner, "first")
    first.begins_at, first.ends_at = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    db.session.commit()
    assert names(partner) == set()
    with clock.moved(by=timedelta(hours=1, minutes=30)):
        assert names(partner) == {"first"}
        assert signers()[first.key_id][0] == partner.id
    with clock.moved(by=timedelta(hours=3)):
        assert names(partner) == set()


def test_a_partner_that_tells_of_ever_more_keys_is_not_listened_to(source: OtherPortal, partner: Partner) -> None:
    source.more_keys = [source.key(f"k{number}", Ed25519PrivateKey.generate()) for number in range(MOST_KEYS + 10)]
    learn(partner, source)
    assert len(trusts(partner)) == MOST_KEYS


def test_a_chain_of_keys_is_followed_in_one_visit(source: OtherPortal, partner: Partner) -> None:
    private = [source.private, Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
    items: list[KeyItem] = []
    for number in (1, 2):
        old = SigningKey(source.key("first" if number == 1 else "k1").id, private[number - 1])
        key = replace(source.key(f"k{number}", private[number]), begins=clock.now().replace(microsecond=0))
        statement = endorsed(key.id, key.public_key, msgspec.to_builtins(key.begins))
        items.append(replace(key, endorsed_by=old.id, endorsement=endorse(old, statement)))
    source.more_keys = items
    learn(partner, source)
    assert trusts(partner) == {"first": Trust.FIRST, "k1": Trust.ENDORSED, "k2": Trust.ENDORSED}


def test_judging_a_key_is_for_administrators_and_stands_in_the_log(
    cast: Cast, source: OtherPortal, partner: Partner
) -> None:
    source.rotate(endorsed_by_old=False)
    learn(partner, source)
    key = row(partner, "second")
    for judge in (confirm_key, revoke_key):
        with pytest.raises(Forbidden):
            judge(cast.actor("moderator"), partner.id, key.id)
        with pytest.raises(NotFound):
            judge(cast.actor("admin"), partner.id + 1, key.id)
    revoke_key(cast.actor("admin"), partner.id, key.id)
    told = db.session.scalars(sa.select(SyncEntry.reason).where(SyncEntry.what == LogKind.KEYS).order_by(SyncEntry.id))
    assert list(told) == ["waiting", "revoked"]

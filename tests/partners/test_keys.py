"""This portal's own keys: their files, how the next is announced and taken in use, and what a stolen one means."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden
from portal.partners import keys, signing
from portal.partners.actions.keys import OVERLAP, STILL_GOOD, destroy_ended_keys, ensure_key, rotate_key
from portal.partners.models.feed import OwnKey
from portal.partners.queries import exchange
from portal.partners.wire import endorsed
from tests.support.cast import Cast


def file_of(key: OwnKey) -> Path:
    return config.current().keys_dir / "exchange" / f"{key.name}.key"


def test_the_first_key_is_made_once_and_lies_in_a_file_for_its_owner_alone(app: Flask) -> None:
    first, again = ensure_key(), ensure_key()
    assert first.id == again.id
    assert file_of(first).stat().st_mode & 0o777 == 0o600
    assert file_of(first).parent.stat().st_mode & 0o777 == 0o700
    assert keys.read(first.name).id == f"{config.current().base_url}/api/v1/exchange/#{first.name}"
    assert signing.public_text(keys.read(first.name).private) == first.public_key


def test_a_new_key_is_announced_and_vouched_for_before_it_is_used(cast: Cast) -> None:
    old = ensure_key()
    new = rotate_key(cast.actor("admin"))
    told = exchange.description().keys
    assert [item.public_key for item in told] == [old.public_key, new.public_key]
    assert exchange.signing_key() == old
    assert told[1].endorsed_by == told[0].id
    statement = endorsed(told[1].id, told[1].public_key, msgspec.to_builtins(told[1].begins))
    assert told[1].endorsement is not None
    assert signing.is_endorsed(signing.public_bytes(old.public_key), told[1].endorsement, statement)
    with clock.moved(by=OVERLAP + timedelta(minutes=1)):
        assert exchange.signing_key() == new
        assert [item.id for item in exchange.description().keys] == [told[0].id, told[1].id], "what is on its way"
    with clock.moved(by=OVERLAP + STILL_GOOD + timedelta(minutes=1)):
        assert [item.id for item in exchange.description().keys] == [told[1].id]


def test_a_new_key_waits_for_the_one_that_is_announced(cast: Cast) -> None:
    ensure_key()
    rotate_key(cast.actor("admin"))
    with pytest.raises(Conflict):
        rotate_key(cast.actor("admin"))
    with clock.moved(by=OVERLAP + timedelta(minutes=1)):
        rotate_key(cast.actor("admin"))


def test_a_stolen_key_ends_at_once_and_vouches_for_nothing(cast: Cast) -> None:
    old = ensure_key()
    announced = rotate_key(cast.actor("admin"))
    new = rotate_key(cast.actor("admin"), stolen=True)
    assert [item.public_key for item in exchange.description().keys] == [new.public_key]
    assert (exchange.signing_key(), new.endorsed_by, new.endorsement) == (new, None, None)
    assert not file_of(old).exists()
    assert not file_of(announced).exists()


def test_the_files_of_ended_keys_are_removed(cast: Cast) -> None:
    old = ensure_key()
    new = rotate_key(cast.actor("admin"))
    with clock.moved(by=OVERLAP):
        assert destroy_ended_keys() == 0
        assert file_of(old).exists()
    with clock.moved(by=OVERLAP + STILL_GOOD + timedelta(minutes=1)):
        assert destroy_ended_keys() == 1
    assert not file_of(old).exists()
    assert file_of(new).exists()


def test_a_key_whose_file_is_gone_is_said_to_be_missing(cast: Cast) -> None:
    old = ensure_key()
    file_of(old).unlink()
    with pytest.raises(keys.KeyMissing):
        rotate_key(cast.actor("admin"))
    new = rotate_key(cast.actor("admin"), stolen=True)
    assert keys.read(new.name)


@pytest.mark.parametrize("name", ["resident", "employee", "moderator", "coordinator", "partner"])
def test_only_administrators_make_keys(cast: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        rotate_key(cast.actor(name))
    assert not exchange.own_keys()


def test_the_trail_tells_of_a_new_key_but_holds_no_secret(cast: Cast) -> None:
    made = ensure_key()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "partner.own_key_made")).one()
    assert entry.body["fingerprint"] == keys.fingerprint(made.public_key)
    assert file_of(made).read_bytes().hex() not in str(entry.body)


def test_a_fingerprint_is_read_aloud_in_groups_of_four(app: Flask) -> None:
    key = ensure_key()
    spelled = keys.spelled(key.public_key)
    assert spelled.replace(" ", "") == keys.fingerprint(key.public_key)
    assert {len(group) for group in spelled.split()} == {4}

"""The keys this portal signs with: the first, and the next ones, each vouched for by the one before."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from portal import config
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.partners import keys, policy, signing
from portal.partners.actions.feed import hold_head
from portal.partners.events import OwnKeyMade
from portal.partners.models.feed import OwnKey
from portal.partners.queries import exchange
from portal.partners.wire import endorsed

OVERLAP = timedelta(days=2)
"""How long a new key is announced before it is used: partners ask many times a day."""
STILL_GOOD = signing.LIFETIME + 2 * signing.SKEW
"""How long the key before it is believed after that, for what is on its way."""


@atomic
def ensure_key(actor: Actor = SYSTEM) -> OwnKey:
    """Return the key we sign with now; make the first when there is none."""
    hold_head(actor)
    return exchange.signing_key() or _make(actor, clock.now(), None)


@atomic
def rotate_key(actor: Actor, *, overlap: timedelta = OVERLAP, stolen: bool = False) -> OwnKey:
    """Make the next key.

    It is announced at once, vouched for by the key in use, and used after `overlap`. `stolen`: the old key may be in
    others' hands, or is lost: it ends now and vouches for nothing, so each partner's administrator must confirm the new
    one by its fingerprint. Raises Conflict when a new one is announced already, Forbidden.
    """
    policy.must_administer(actor)
    hold_head(actor)
    now = clock.now()
    alive = exchange.own_keys()
    if stolen:
        for key in alive:
            key.ends_at = now
            keys.destroy(key.name)
        return _make(actor, now, None, at_once=True)
    if any(key.begins_at > now for key in alive):
        raise Conflict(_l("En ny nøkkel er alt kunngjort. Vent til den er tatt i bruk."))
    before = exchange.signing_key()
    made = _make(actor, now + overlap, before)
    for key in alive:
        key.ends_at = min(key.ends_at or made.begins_at + STILL_GOOD, made.begins_at + STILL_GOOD)
    db.session.flush()
    return made


@atomic
def destroy_ended_keys(actor: Actor = SYSTEM) -> int:
    """Remove the files of keys that nobody should believe any more; return how many there were. The worker calls it."""
    ended = db.session.scalars(sa.select(OwnKey).where(OwnKey.ends_at <= clock.now())).all()
    for key in ended:
        keys.destroy(key.name)
    return len(ended)


def _make(actor: Actor, begins: datetime, before: OwnKey | None, *, at_once: bool = False) -> OwnKey:
    name, public = keys.make()
    begins = begins.replace(microsecond=0)
    key = OwnKey(name=name, public_key=public, made_at=clock.now(), begins_at=begins)
    if before is not None:
        old = keys.read(before.name)
        written = msgspec.to_builtins(begins)
        statement = endorsed(keys.key_id(config.current().base_url, name), public, written)
        key.endorsed_by, key.endorsement = old.id, signing.endorse(old, statement)
    db.session.add(key)
    db.session.flush()
    publish(OwnKeyMade(actor=actor, fingerprint=keys.fingerprint(public), begins=begins.isoformat(), at_once=at_once))
    return key

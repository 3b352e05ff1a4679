"""Which of a partner's keys are believed: those a person has seen, and those that such a key vouches for."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.partners import keys, policy, signing
from portal.partners.actions.logging import log
from portal.partners.events import PartnerKeyJudged, PartnerKeyLearnt
from portal.partners.models.partners import LogKind, Partner, PartnerKey, Trust
from portal.partners.queries.trust import BELIEVED
from portal.partners.wire import KeyItem, PortalItem, endorsed

MOST_KEYS = 20
"""A partner that tells of more keys than this isn't listened to: nobody rotates so often."""


@atomic
def learn_keys(actor: Actor, partner_id: int, portal: PortalItem, *, proven: bool) -> int:
    """Take in what a partner tells of its keys; return how many were new.

    A new key is believed when one we believe vouches for it; otherwise it waits for an administrator. What a key is,
    and from when, never changes. `proven`: a key we believe has signed what is told; only then does it end others,
    those it no longer tells of among them. `portal` has been checked: the ids begin with the partner's address. Raises
    NotFound.
    """
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None:
        raise NotFound
    known = {key.key_id: key for key in db.session.scalars(sa.select(PartnerKey).where(_of(partner_id)))}
    new = 0
    for told in sorted(portal.keys, key=lambda key: (key.begins, key.id)):
        if told.id not in known and len(known) < MOST_KEYS:
            known[told.id] = _learn(actor, partner_id, told, known)
            new += 1
    if proven:
        ends = {told.id: told.ends for told in portal.keys}
        for id_, key in known.items():
            _shorten(key, ends.get(id_, clock.now()))
    db.session.flush()
    return new


@atomic
def confirm_key(actor: Actor, partner_id: int, key_row_id: int) -> None:
    """Believe a key that nobody vouches for: an administrator has compared its fingerprint with the partner's own.

    Raises Conflict when it isn't waiting, NotFound, Forbidden.
    """
    key = _judged(actor, partner_id, key_row_id)
    if key.trust is not Trust.WAITING:
        raise Conflict(_l("Denne nøkkelen venter ikke på godkjenning."))
    _judge(actor, key, Trust.CONFIRMED)


@atomic
def revoke_key(actor: Actor, partner_id: int, key_row_id: int) -> None:
    """No longer believe a key, nor those it vouches for from now on. Raises Conflict, NotFound, Forbidden."""
    key = _judged(actor, partner_id, key_row_id)
    if key.trust is Trust.REVOKED:
        raise Conflict(_l("Denne nøkkelen er alt trukket tilbake."))
    _judge(actor, key, Trust.REVOKED)


def _learn(actor: Actor, partner_id: int, told: KeyItem, known: dict[str, PartnerKey]) -> PartnerKey:
    trust = Trust.ENDORSED if _is_vouched_for(told, known) else Trust.WAITING
    key = PartnerKey(
        partner_id=partner_id,
        key_id=told.id,
        public_key=told.public_key,
        begins_at=told.begins,
        ends_at=told.ends,
        trust=trust,
        learnt_at=clock.now(),
    )
    db.session.add(key)
    db.session.flush()
    fingerprint = keys.fingerprint(told.public_key)
    log(actor, partner_id, LogKind.KEYS, reason=trust.value)
    publish(PartnerKeyLearnt(actor=actor, partner_id=partner_id, fingerprint=fingerprint, trust=trust.value))
    return key


def _is_vouched_for(told: KeyItem, known: dict[str, PartnerKey]) -> bool:
    before = known.get(told.endorsed_by or "")
    if before is None or before.trust not in BELIEVED or not told.endorsement:
        return False
    if before.ends_at is not None and before.ends_at < clock.now() - signing.SKEW:
        return False  # whoever finds an old key could go on from there
    statement = endorsed(told.id, told.public_key, msgspec.to_builtins(told.begins))
    return signing.is_endorsed(signing.public_bytes(before.public_key), told.endorsement, statement)


def _shorten(key: PartnerKey, ends: datetime | None) -> None:
    """Let a key end sooner, never later."""
    if ends is not None and (key.ends_at is None or ends < key.ends_at):
        key.ends_at = ends


def _judged(actor: Actor, partner_id: int, key_row_id: int) -> PartnerKey:
    policy.must_administer(actor)
    of = _of(partner_id), PartnerKey.id == key_row_id
    key = db.session.scalar(sa.select(PartnerKey).where(*of).with_for_update())
    if key is None:
        raise NotFound
    return key


def _judge(actor: Actor, key: PartnerKey, trust: Trust) -> None:
    key.trust = trust
    db.session.flush()
    log(actor, key.partner_id, LogKind.KEYS, reason=trust.value)
    fingerprint = keys.fingerprint(key.public_key)
    publish(PartnerKeyJudged(actor=actor, partner_id=key.partner_id, fingerprint=fingerprint, trust=trust.value))


def _of(partner_id: int) -> sa.ColumnElement[bool]:
    return PartnerKey.partner_id == partner_id

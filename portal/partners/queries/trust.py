"""Which keys of partners are believed now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.partners import signing
from portal.partners.models.partners import Partner, PartnerKey, Trust

BELIEVED = frozenset({Trust.FIRST, Trust.ENDORSED, Trust.CONFIRMED})


@dataclass(frozen=True)
class Signer:
    """A key and the partner that signs with it."""

    partner: Partner
    public_key: bytes


def believed_keys(partner_id: int) -> Mapping[str, bytes]:
    """Return the keys a partner may sign with now, by id: 32 bytes each."""
    rows = sa.select(PartnerKey.key_id, PartnerKey.public_key).where(PartnerKey.partner_id == partner_id, _now())
    return {key_id: signing.public_bytes(public) for key_id, public in db.session.execute(rows)}


def signer(key_id: str) -> Signer | None:
    """Return whose key this is, if it is believed now."""
    rows = sa.select(Partner, PartnerKey.public_key).join(PartnerKey, PartnerKey.partner_id == Partner.id)
    found = db.session.execute(rows.where(PartnerKey.key_id == key_id, _now())).first()
    return Signer(found[0], signing.public_bytes(found[1])) if found else None


def _now() -> sa.ColumnElement[bool]:
    now = clock.now()
    return sa.and_(
        PartnerKey.trust.in_(BELIEVED),
        PartnerKey.begins_at <= now + signing.SKEW,
        sa.or_(PartnerKey.ends_at.is_(None), PartnerKey.ends_at > now - signing.SKEW),
    )

"""Which keys of partners are believed now."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.partners import signing
from portal.partners.models.partners import PartnerKey, Trust

BELIEVED = frozenset({Trust.FIRST, Trust.ENDORSED, Trust.CONFIRMED})


def believed_keys(partner_id: int) -> Mapping[str, bytes]:
    """Return the keys a partner may sign with now, by id: 32 bytes each."""
    rows = sa.select(PartnerKey.key_id, PartnerKey.public_key).where(PartnerKey.partner_id == partner_id, _now())
    return {key_id: signing.public_bytes(public) for key_id, public in db.session.execute(rows)}


def signers() -> Mapping[str, tuple[int, bytes]]:
    """Return the keys that partners may sign with now, by id: whose it is, and its 32 bytes."""
    rows = sa.select(PartnerKey.key_id, PartnerKey.partner_id, PartnerKey.public_key).where(_now())
    return {id_: (partner_id, signing.public_bytes(public)) for id_, partner_id, public in db.session.execute(rows)}


def _now() -> sa.ColumnElement[bool]:
    now = clock.now()
    return sa.and_(
        PartnerKey.trust.in_(BELIEVED),
        PartnerKey.begins_at <= now + signing.SKEW,
        sa.or_(PartnerKey.ends_at.is_(None), PartnerKey.ends_at > now - signing.SKEW),
    )

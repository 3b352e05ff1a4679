"""What the places tell the kernel: what they keep about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.places import actions
from portal.places.models import Location


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the places that somebody gave things."""
    found = db.session.scalars(
        sa.select(Location)
        .where(Location.placed_by_id == account_id)
        .order_by(Location.id)
        .options(joinedload(Location.neighbourhood))
    )
    return {
        "places": [
            {
                "on": str(each.ref),
                "latitude": each.latitude,
                "longitude": each.longitude,
                "address": each.address,
                "neighbourhood": each.neighbourhood.name if each.neighbourhood else "",
                "placed_at": each.placed_at,
            }
            for each in found
        ]
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take away the places of what was somebody's own, and the name off those of what others have."""
    actions.forget_places(SYSTEM, account_id, terms.held)


PERSONAL = PersonalData(name="places", tables=frozenset({Location.__tablename__}), export=export, erase=erase)
"""Must stand after those that hold the things: what isn't there any more has no place."""

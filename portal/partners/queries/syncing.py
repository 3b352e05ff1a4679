"""Which partners are to be asked now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.partners.models.imports import PartnerRound
from portal.partners.models.partners import Partner, PartnerState

PATIENT = 3
"""So many failures in a row change nothing: portals are restarted and mended."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)


def due_partners() -> Sequence[int]:
    """Return the partners to ask now, the one longest ago first. One that keeps failing is asked ever less often."""
    active = db.session.scalars(sa.select(Partner).where(Partner.state == PartnerState.ACTIVE)).all()
    due = [each for each in active if each.tried_at is None or _next_try(each.failures, each.tried_at) <= clock.now()]
    return [each.id for each in sorted(due, key=lambda each: (each.tried_at is not None, each.tried_at, each.id))]


def kept_rounds(partner_id: int) -> Sequence[PartnerRound]:
    """Return the rounds of a partner's that we have."""
    return db.session.scalars(sa.select(PartnerRound).where(PartnerRound.partner_id == partner_id)).all()


def _next_try(failures: int, tried_at: datetime) -> datetime:
    if failures < PATIENT:
        return tried_at
    return tried_at + min(PAUSE * (1 << min(failures - PATIENT, 10)), LONGEST_PAUSE)

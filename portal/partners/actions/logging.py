"""The log of each partner: one line for each thing that passed between us, for people to read."""

from __future__ import annotations

from collections.abc import Mapping

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.partners.models.partners import LogKind, SyncEntry

LONGEST = 1000


@atomic
def log(
    actor: Actor,
    partner_id: int,
    what: LogKind,
    *,
    reason: str = "",
    counts: Mapping[str, int] | None = None,
    solution_id: int | None = None,
) -> None:
    """Write a line in a partner's log. `reason`: a code of ours, or what somebody wrote."""
    line = {"partner_id": partner_id, "what": what, "reason": reason[:LONGEST], "solution_id": solution_id}
    db.session.add(SyncEntry(**line, at=clock.now(), counts=dict(counts or {})))
    db.session.flush()

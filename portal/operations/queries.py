"""How the machinery runs, as a page for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.kernel import audit, clock, jobs, outbox
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.jobs import JobRow
from portal.kernel.outbox import OutboxRow
from portal.operations import policy

ALIVE = timedelta(minutes=2)
"""A worker that hasn't been seen for so long is shown as stopped."""
LATE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class MachineryPage:
    """The worker, what waits, what is stuck, and the jobs that failed."""

    seen: datetime | None
    waiting: int
    stuck: Sequence[OutboxRow]
    failing: Sequence[JobRow]
    unsealed_since: datetime | None

    @property
    def is_alive(self) -> bool:
        return self.seen is not None and clock.now() - self.seen < ALIVE

    @property
    def is_sealed(self) -> bool:
        return self.unsealed_since is None or clock.now() - self.unsealed_since < LATE


def machinery_page(actor: Actor) -> MachineryPage:
    """Return how the machinery runs."""
    if not policy.may_operate(actor):
        raise Forbidden(_l("Bare en administrator kan se dette."))
    return MachineryPage(
        seen=jobs.last_heartbeat(),
        waiting=outbox.waiting(),
        stuck=outbox.stuck(),
        failing=jobs.failing(),
        unsealed_since=audit.unsealed_since(),
    )

"""How stale an idea is, told in public: for how long nothing has happened, and what that means where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.ideas.stages import ENDED, Stage

QUIET = 30
"""Days without news before it is said."""
STALE = 90
"""Days before it is said with weight: three months is longer than any step should take without a word."""


class Weight(StrEnum):
    """How much it is made of."""

    QUIET = "quiet"
    STALE = "stale"
    OVERDUE = "overdue"
    """The first answer is late: then the silence is a broken promise, however short."""


@dataclass(frozen=True)
class Standstill:
    """For how many days nothing has been told, and how much is made of it."""

    days: int
    weight: Weight


def staleness(stage: Stage, quiet_days: int | None, *, is_overdue: bool) -> Standstill | None:
    """Return how stale an idea is; None for what has ended, and while it isn't worth a word.

    `quiet_days`: since the last public step of its case, 0 or more; None when nobody counts. ValueError below 0.
    """
    if quiet_days is not None and quiet_days < 0:
        raise ValueError(f"{quiet_days} days can't have passed")
    if stage in ENDED or quiet_days is None:
        return None
    if is_overdue:
        return Standstill(quiet_days, Weight.OVERDUE)
    if quiet_days < QUIET:
        return None
    return Standstill(quiet_days, Weight.STALE if quiet_days >= STALE else Weight.QUIET)

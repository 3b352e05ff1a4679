"""How much of a benefit is reached: the share of the way to the target, what the measurements say, and sums by unit.

    share   = (measured − baseline) / (target − baseline)
    planned = |target − baseline|
    gained  = measured − baseline, counted towards the target: less is a gain where the target is below the baseline

Values are exact decimals in the unit of the benefit. Without a baseline nothing is worked out: it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a benefit is measured in. Only kroner and hours can be added up over benefits."""

    KRONER = "kroner"
    HOURS = "hours"
    OTHER = "other"


SUMMED = (Unit.KRONER, Unit.HOURS)


class Status(StrEnum):
    """How far a benefit has come."""

    PLANNED = "planned"
    MEASURING = "measuring"
    REALISED = "realised"
    PARTLY = "partly"
    NOT_REALISED = "not_realised"


SETTLED = frozenset({Status.REALISED, Status.PARTLY, Status.NOT_REALISED})


@dataclass(frozen=True, kw_only=True)
class Total:
    """What some benefits of one unit come to; `counted` is how many of them have figures to add up."""

    benefits: int = 0
    counted: int = 0
    planned: Decimal = Decimal(0)
    gained: Decimal = Decimal(0)

    @property
    def share(self) -> Decimal | None:
        """Return how much of what was planned is gained, 1 being all of it; None when nothing was planned."""
        return self.gained / self.planned if self.planned else None


def share(baseline: Decimal | None, target: Decimal, value: Decimal | None) -> Decimal | None:
    """Return how far a value is from the baseline (0) to the target (1).

    Below 0 it went the wrong way, above 1 past the target. None when something is missing, or the two are the same.
    """
    if baseline is None or value is None or target == baseline:
        return None
    return (value - baseline) / (target - baseline)


def planned(baseline: Decimal | None, target: Decimal) -> Decimal | None:
    """Return the gain that was planned: the way from baseline to target. None without a baseline."""
    return None if baseline is None else abs(target - baseline)


def gained(baseline: Decimal | None, target: Decimal, value: Decimal | None) -> Decimal | None:
    """Return the gain that a value shows, negative when it went the wrong way; None when something is missing."""
    if baseline is None or value is None:
        return None
    return value - baseline if target >= baseline else baseline - value


def reading(baseline: Decimal | None, target: Decimal, value: Decimal | None, *, expected: date, today: date) -> Status:
    """Return what the newest measurement says of a benefit: a suggestion to those who settle it.

    Before the day it is expected nothing is missed yet; a target that is reached is reached also then. Without a
    baseline a measurement says only whether the target is hit exactly, so it stays under measurement.
    """
    if value is None:
        return Status.PLANNED
    reached = share(baseline, target, value)
    if reached is None:
        return Status.REALISED if value == target else Status.MEASURING
    if reached >= 1:
        return Status.REALISED
    if today < expected:
        return Status.MEASURING
    return Status.PARTLY if reached > 0 else Status.NOT_REALISED


def totals(benefits: Iterable[tuple[Unit, Decimal | None, Decimal | None]]) -> Mapping[Unit, Total]:
    """Add up (unit, planned, gained) by unit: kroner and hours each by itself, the others counted only.

    What is planned but not measured counts as 0 gained.
    """
    sums: dict[Unit, Total] = {}
    for unit, plan, gain in benefits:
        before = sums.get(unit, Total())
        adds = unit in SUMMED and plan is not None
        sums[unit] = Total(
            benefits=before.benefits + 1,
            counted=before.counted + adds,
            planned=before.planned + (plan if adds and plan is not None else 0),
            gained=before.gained + (gain if adds and gain is not None else 0),
        )
    return sums

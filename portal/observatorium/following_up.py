"""What a judgement asks of the municipality, and how a measure that answers it is going, reckoned from its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.observatorium.catalogue import Level
from portal.observatorium.results import JUDGED_FROM, IndicatorResult

STILL_FROM = 90
"""Days without a word from which everybody is told that nothing has been told: a quarter of a year."""
APART_FROM = 0.5
"""The difference in mean level from which groups contest an indicator: one whole step of the two."""


class MeasureStatus(StrEnum):
    """How far a measure has come."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


ENDED = frozenset({MeasureStatus.DONE, MeasureStatus.STOPPED})


class Why(StrEnum):
    """Why the municipality owes an indicator an answer."""

    RED = "red"
    GROUPS_APART = "groups_apart"
    VERIFIERS_DIFFER = "verifiers_differ"
    EVIDENCE_CONTESTED = "evidence_contested"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How a measure is going today. A measure that has ended is neither still nor overdue."""

    still: int
    """Days since something was last told of it; 0 for one that has ended."""
    overdue: int
    """Days since its deadline passed; 0 while it hasn't."""

    @property
    def is_still(self) -> bool:
        return self.still >= STILL_FROM

    @property
    def is_overdue(self) -> bool:
        return self.overdue > 0

    @property
    def is_late(self) -> bool:
        """Say whether anybody should look at it: it is overdue, or nothing is told of it."""
        return self.is_still or self.is_overdue


def progress(status: MeasureStatus, deadline: date, told_on: date, today: date) -> Progress:
    """Reckon how a measure is going: the deadline day itself is in time."""
    if status in ENDED:
        return Progress(still=0, overdue=0)
    return Progress(still=max(0, (today - told_on).days), overdue=max(0, (today - deadline).days))


def why_answer(result: IndicatorResult, record: Mapping[str, Any] | None = None) -> tuple[Why, ...]:
    """Return why the municipality should answer what a round said of an indicator; nothing when it needn't.

    It is red to somebody: to people, to the verifiers who agree, or to the municipality itself. Or it is contested: the
    groups are a whole step apart, the verifiers differ, or a piece of evidence was contested.
    """
    found = {
        Why.RED: Level.RED in (result.level, result.verified, result.own),
        Why.GROUPS_APART: _apart(result),
        Why.VERIFIERS_DIFFER: ((record or {}).get("verification") or {}).get("state") == "differing",
        Why.EVIDENCE_CONTESTED: _contested(record or {}),
    }
    return tuple(why for why, holds in found.items() if holds)


def _apart(result: IndicatorResult) -> bool:
    """Compare only groups that are large enough for a level, as the result page does."""
    means = [group.mean for group in result.groups if group.mean is not None and (group.n_eff or 0) >= JUDGED_FROM]
    return len(means) > 1 and round(max(means) - min(means), 3) >= APART_FROM


def _contested(record: Mapping[str, Any]) -> bool:
    pieces = record.get("evidence") or ()
    return any(given["verdict"] == "contested" for piece in pieces for given in piece.get("verdicts") or ())

"""What a revision keeps of the verification, and what is missing of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel import clock
from portal.observatorium.catalogue import catalogue
from portal.observatorium.queries.verification import Standing, standings

NOTHING = Standing(evidence={})


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What the verification of a round lacks, each as numbers of indicators."""

    verifiers: Sequence[str]
    """The coordinator owes them a second verifier."""
    statements: Sequence[str]
    """A verifier hasn't said whether they have a conflict of interest."""
    answers: Sequence[str]
    """A verifier hasn't judged all the evidence, or not set a level."""
    replies: Sequence[str]
    """Evidence is contested, and the municipality hasn't replied."""

    @property
    def is_nothing(self) -> bool:
        return not (self.verifiers or self.statements or self.answers or self.replies)


def verifying_record(round_id: int) -> dict[str, dict[str, Any]]:
    """Return what a revision keeps of the verification, by indicator: never an account, and never a name."""
    return {
        number: {"verification": _record(stands), "replies": _replies(stands)}
        for number, stands in standings(round_id).items()
        if stands.appointments or stands.reply
    }


def missing(round_id: int) -> Missing:
    """Return what the verification of a round lacks, in four statements."""
    return missing_of(standings(round_id))


def _record(stands: Standing) -> dict[str, Any]:
    """Return the verification of an indicator; under two answers nothing of what was said is told."""
    told = stands.answered if stands.is_verified else []
    verdicts: dict[str, list[dict[str, str]]] = {}
    for each in told:
        for number, verdict in stands.current(each).items():
            verdicts.setdefault(str(number), []).append({"verdict": verdict.verdict.value, "reason": verdict.reason})
    return {
        "state": stands.state,
        "level": stands.level.value if stands.level else None,
        "colours": [{"level": each.colour.level.value, "reason": each.colour.reason} for each in told if each.colour],
        "verdicts": verdicts,
        "criteria": [each.criteria for each in stands.active if each.criteria],
    }


def _replies(stands: Standing) -> list[dict[str, str]]:
    reply = stands.reply
    if reply is None:
        return []
    return [{"text": reply.text, "date": clock.local(reply.written_at).date().isoformat(), "by": reply.by_title}]


def missing_of(stand: Mapping[str, Standing]) -> Missing:
    """Return what is missing, of what has been read already."""
    numbers = [each.number for each in catalogue().indicators]
    of = {number: stand.get(number, NOTHING) for number in numbers}
    return Missing(
        verifiers=[number for number in numbers if not of[number].has_enough],
        statements=[number for number in numbers if any(each.has_conflict is None for each in of[number].active)],
        answers=[
            number
            for number in numbers
            if any(each.has_conflict is False and not of[number].is_complete(each) for each in of[number].active)
        ],
        replies=[
            number
            for number in numbers
            if of[number].is_revealed and of[number].is_contested and of[number].reply is None
        ],
    )

"""The worked examples of the method page, made by the same functions that make the published figures."""

from __future__ import annotations

from typing import Any

from portal.kernel.identity import StakeholderGroup
from portal.observatorium import figures, results, suppression
from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.tally import Cell

EXAMPLE = {Answer.RED: 32, Answer.YELLOW: 88, Answer.GREEN: 80, Answer.UNKNOWN: 20}
FEW = {Answer.RED: 1, Answer.YELLOW: 4, Answer.GREEN: 2}


def examples() -> dict[str, Any]:
    """Return what the method page shows: a group of 220, a group of 7, and all together."""
    cells = [_cell(StakeholderGroup.RESIDENT, answer, count, None) for answer, count in EXAMPLE.items()]
    cells += [_cell(StakeholderGroup.KNOWLEDGE, answer, count, "a") for answer, count in FEW.items()]
    (result,) = results.publish(["1.8"], cells, own={"1.8": Level.GREEN})
    return {
        "example": result.groups[0],
        "few": next(group for group in result.groups if group.group is StakeholderGroup.KNOWLEDGE),
        "result": result,
        "counts": EXAMPLE,
        "wilson_half": figures.wilson(0.5, 200),
        "judged_from": results.JUDGED_FROM,
        "weighted_from": results.WEIGHTED_FROM,
        "suppression": suppression,
        "method_version": results.METHOD_VERSION,
    }


def _cell(group: StakeholderGroup, answer: Answer, count: int, organisation: str | None) -> Cell:
    return Cell("1.8", group, answer, organisation, None, count)

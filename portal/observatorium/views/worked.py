"""The worked example of the method page, made by the same functions that make the published figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.kernel.identity import StakeholderGroup
from portal.observatorium import colour_rule, figures, raking, results, suppression
from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.queries.rounds import key_kept
from portal.observatorium.tally import Cell
from portal.observatorium.views.words import speaker_word
from portal.ui.filters import upper_first

ANSWERED = {
    StakeholderGroup.RESIDENT: (32, 88, 80, 20),
    StakeholderGroup.VOLUNTARY_SECTOR: (18, 14, 8, 4),
    StakeholderGroup.KNOWLEDGE: (1, 4, 2, 0),
}
"""A made-up indicator: red, yellow, green and «vet ikke» in each group, with one rater in each organisation."""
OWN = Level.GREEN


PARTS = (
    (PartLevel.GREEN, (True,)),
    (PartLevel.GREEN, (False,)),
    (PartLevel.YELLOW, ()),
    (PartLevel.NOT_RELEVANT, ()),
)
"""A made-up indicator as the municipality assessed it: each part's level, and whether its evidence is valid."""


def rule_example() -> dict[str, Any]:
    """Return what the colour rule makes of the made-up parts, and of a few others."""
    counted = [colour_rule.counted_as(level, evidence=evidence) for level, evidence in PARTS]
    return {
        "parts": [
            {"level": level, "evidence": evidence, "counted": each}
            for (level, evidence), each in zip(PARTS, counted, strict=True)
        ],
        "counts": colour_rule.counts(counted),
        "why": colour_rule.why(counted),
        "colour": colour_rule.colour(counted),
        "rules": [(colour_rule.why(parts), colour_rule.colour(parts)) for parts in RULES],
    }


RULES = (
    (PartLevel.NOT_ASSESSED,),
    (PartLevel.NOT_RELEVANT,),
    (PartLevel.RED, PartLevel.GREEN),
    (PartLevel.YELLOW, PartLevel.GREEN),
    (PartLevel.GREEN, PartLevel.NOT_ASSESSED),
    (PartLevel.GREEN,),
)
"""One set of parts for each line of the rule."""


def examples() -> dict[str, Any]:
    """Return what the method page shows: the groups of the example, all together, and one interval step by step."""
    (result,) = results.publish(["1.8"], _cells(), own={"1.8": OWN})
    residents = result.groups[0]
    low, high = figures.wilson(residents.shares.green if residents.shares else 0, residents.n_eff or 1)
    return {
        "told": [(upper_first(speaker_word(group.group)), group) for group in result.groups if group.group in ANSWERED],
        "result": result,
        "residents": residents,
        "counts": ANSWERED[StakeholderGroup.RESIDENT],
        "wilson": {"low": low, "high": high, "z": figures.Z_95},
        "limits": {
            "judged_from": results.JUDGED_FROM,
            "weighted_from": results.WEIGHTED_FROM,
            "alike": results.ALIKE_FROM,
            "count_from": suppression.COUNT_FROM,
            "distribution_from": suppression.DISTRIBUTION_FROM,
            "dominant": float(suppression.DOMINANT),
            "exact_from": suppression.EXACT_FROM,
            "missing": raking.LARGEST_MISSING,
            "margin_error": raking.LARGEST_MARGIN_ERROR,
            "trim_at": raking.TRIM_AT,
            "key_days": key_kept().days,
        },
        "method_version": results.METHOD_VERSION,
        "rule": rule_example(),
    }


def _cells() -> Iterator[Cell]:
    for group, counts in ANSWERED.items():
        for answer, count in zip(Answer, counts, strict=True):
            if group is StakeholderGroup.RESIDENT:
                yield Cell("1.8", group, answer, None, None, count)
            else:
                yield from (Cell("1.8", group, answer, f"{answer} {each}", None, 1) for each in range(count))

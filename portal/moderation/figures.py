"""Which figures of moderation can be told: few cases point at people, so small counts are hidden, also from sums.

A count of 1–4 is hidden. A sum is told beside its parts, so whoever subtracts must not find a hidden part: where they
could, larger parts are hidden too. The attacker test (tests/moderation/test_figures.py) knows these rules, tries every
table, and finds at least three possible values for each hidden part.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

TOLD_FROM = 5
"""A count is told from this many; none is told as 0."""
TIMES_FROM = 10
"""Median and percentile are told from this many decisions."""
LEAST_VALUES = 3
"""How many values a hidden part can have, at least, for whoever knows the sum."""
MEDIAN, NINE_OF_TEN = Fraction(1, 2), Fraction(9, 10)


def told(count: int) -> int | None:
    """Return the count; None when it is hidden."""
    return None if 0 < count < TOLD_FROM else count


def told_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the parts of a sum; those that are hidden are None. The sum itself is told as `told` says.

    The bound below which parts are hidden is doubled until none can be found by subtracting; none is told as 0, but
    when nothing else helps, everything is hidden.
    """
    total = sum(parts.values())
    if told(total) is None:
        return dict.fromkeys(parts)
    if all(told(count) is not None for count in parts.values()):
        return dict(parts)
    bound = TOLD_FROM
    while bound <= 2 * total:
        if _is_open([count for count in parts.values() if 0 < count < bound], bound):
            return {name: None if 0 < count < bound else count for name, count in parts.items()}
        bound *= 2
    return dict.fromkeys(parts)


def percentile(times: Mapping[int, int], share: Fraction) -> int | None:
    """Return the shortest time that at least this share took no longer than (the nearest rank); None for too few.

    `times` says how many took each time.
    """
    number = sum(times.values())
    if number < TIMES_FROM:
        return None
    seen = 0
    for time in sorted(times):
        seen += times[time]
        if seen >= share * number:
            return time
    raise ValueError(share)


def _is_open(hidden: list[int], bound: int) -> bool:
    """Say whether counts from 1 to below the bound whose sum is known can each have enough values."""
    total, others = sum(hidden), len(hidden) - 1
    lowest, highest = max(1, total - (bound - 1) * others), min(bound - 1, total - others)
    return highest - lowest + 1 >= LEAST_VALUES

"""The rule from sub-indicators to a colour, every combination of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations_with_replacement, product

import pytest

from portal.observatorium.catalogue import Level
from portal.observatorium.colour_rule import PartLevel, Why, colour, counted_as, counts, why
from portal.observatorium.views import worked
from tests.support.page import Visitor

RED, YELLOW, GREEN, NOT_ASSESSED, NOT_RELEVANT = PartLevel
EVERY = [
    parts for size in range(7) for parts in combinations_with_replacement(PartLevel, size)
]  # an indicator has 3–6 sub-indicators; hiding leaves fewer
PIECES = [(), (True,), (False,), (True, False), (False, False)]


def told(parts: tuple[PartLevel, ...]) -> Level | None:
    """The rule as the domain's document says it, line by line."""
    count = Counter(parts)
    relevant = len(parts) - count[NOT_RELEVANT]
    if relevant == count[NOT_ASSESSED]:
        return None
    if count[RED]:
        return Level.RED
    if count[YELLOW]:
        return Level.YELLOW
    return Level.YELLOW if count[NOT_ASSESSED] else Level.GREEN


def test_every_combination_gives_the_colour_of_the_rule() -> None:
    assert len(EVERY) == 462
    assert [parts for parts in EVERY if colour(parts) is not told(parts)] == []


def test_the_order_of_the_parts_does_not_matter() -> None:
    for parts in product(PartLevel, repeat=3):
        assert colour(parts) is colour(tuple(sorted(parts))), parts


@pytest.mark.parametrize(
    ("parts", "reason", "level"),
    [
        ((), Why.NOTHING_ASSESSED, None),
        ((NOT_ASSESSED, NOT_ASSESSED), Why.NOTHING_ASSESSED, None),
        ((NOT_ASSESSED, NOT_RELEVANT), Why.NOTHING_ASSESSED, None),
        ((NOT_RELEVANT, NOT_RELEVANT), Why.NOTHING_RELEVANT, None),
        ((GREEN, YELLOW, RED), Why.A_RED, Level.RED),
        ((RED, NOT_ASSESSED), Why.A_RED, Level.RED),
        ((GREEN, YELLOW, NOT_ASSESSED), Why.A_YELLOW, Level.YELLOW),
        ((GREEN, GREEN, NOT_ASSESSED), Why.NOT_ALL_ASSESSED, Level.YELLOW),
        ((GREEN, GREEN, GREEN), Why.ALL_GREEN, Level.GREEN),
        ((GREEN, NOT_RELEVANT), Why.ALL_GREEN, Level.GREEN),
    ],
)
def test_the_rule_says_which_of_its_lines_decided(
    parts: tuple[PartLevel, ...], reason: Why, level: Level | None
) -> None:
    assert (why(parts), colour(parts)) == (reason, level)


def test_a_better_part_never_makes_a_worse_colour_and_never_hides_a_red() -> None:
    for parts in product((RED, YELLOW, GREEN), repeat=3):
        for place, better in product(range(3), (YELLOW, GREEN)):
            if list(PartLevel).index(better) > list(PartLevel).index(parts[place]):
                mended = (*parts[:place], better, *parts[place + 1 :])
                before, after = colour(parts), colour(mended)
                assert before is not None
                assert after is not None
                assert after >= before


@pytest.mark.parametrize("pieces", PIECES)
@pytest.mark.parametrize("level", PartLevel)
@pytest.mark.parametrize("confirmed", [True, False])
def test_evidence_decides_whether_a_part_counts(level: PartLevel, pieces: tuple[bool, ...], confirmed: bool) -> None:
    counted = counted_as(level, evidence=pieces, is_confirmed=confirmed)
    if not confirmed:
        assert counted is NOT_ASSESSED
    elif level in {NOT_ASSESSED, NOT_RELEVANT}:
        assert counted is level
    elif pieces:
        assert counted is (level if any(pieces) else NOT_ASSESSED)
    else:
        assert counted is (NOT_ASSESSED if level is GREEN else level)


def test_the_count_is_always_of_all_parts() -> None:
    for parts in EVERY:
        assert sum(counts(parts).values()) == len(parts)
    assert counts((GREEN, GREEN, RED)) == {RED: 1, YELLOW: 0, GREEN: 2, NOT_ASSESSED: 0, NOT_RELEVANT: 0}


def test_the_method_page_shows_the_rule_by_an_example_of_its_own_making(visitor: Callable[..., Visitor]) -> None:
    example = worked.rule_example()
    assert {reason for reason, _colour in example["rules"]} == set(Why)
    assert [part["counted"] for part in example["parts"]] == [GREEN, NOT_ASSESSED, YELLOW, NOT_RELEVANT]
    assert example["colour"] is Level.YELLOW
    words = visitor().get("observatorium.method").words
    assert "Gul: ingen er røde, og minst én er gul." in words
    assert "1 grønn · 1 gul · 1 ikke vurdert · 1 ikke relevant" in words

"""The rule that tells Ulrich's four types apart, for all 625 sets of answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cocreation.typology import (
    ANSWERS,
    OTHER_PREDICTABILITY,
    PROTOTYPES,
    STEPS,
    Answers,
    Check,
    Outcome,
    ProjectType,
    classify,
    position,
)

Steps = tuple[int, ...]
STEERED, RESPONSIBLE = ProjectType.STEERED, ProjectType.RESPONSIBLE
EQUAL, FACILITATING = ProjectType.EQUAL, ProjectType.FACILITATING
CIVIL_SIDE = {RESPONSIBLE, FACILITATING}
EVERY = list(product(ANSWERS, repeat=len(STEPS)))
checks = st.booleans()
answer_sets = st.builds(
    Answers,
    **dict.fromkeys(STEPS, st.integers(0, 4)),
    goal_locked=checks,
    frame_locked=checks,
    could_end_elsewhere=checks,
)


def answers(steps: Steps, **told: bool) -> Answers:
    return Answers(**dict(zip(STEPS, steps, strict=True)), **told)


def outcome(*steps: int, **told: bool) -> Outcome:
    return classify(answers(steps, **told)).outcome


def test_each_of_the_625_sets_has_one_outcome() -> None:
    assert Counter(classify(answers(steps)).outcome for steps in EVERY) == {
        Outcome.CLEAR: 366,
        Outcome.BETWEEN: 131,
        Outcome.MIXED: 126,
        Outcome.MUNICIPAL: 1,
        Outcome.CIVIL: 1,
    }


def test_each_of_the_625_sets_has_one_type_by_the_rule() -> None:
    types = Counter(classify(answers(steps)).type for steps in EVERY)
    assert types == {STEERED: 24, RESPONSIBLE: 76, EQUAL: 403, FACILITATING: 122}


def test_the_rule_is_the_one_that_is_written_down() -> None:
    for steps in EVERY:
        problem, goals, design, carry_out = steps
        if problem <= 1 and goals <= 1:
            expected = STEERED if (design + carry_out) / 2 < 1.5 else RESPONSIBLE
        else:
            expected = EQUAL if sum(steps) / 4 < 2.75 else FACILITATING
        assert classify(answers(steps)).type is expected, steps


def test_the_prototypes_classify_as_themselves() -> None:
    whole = {each: steps for each, steps in PROTOTYPES.items() if each is not RESPONSIBLE}
    for each, steps in whole.items():
        reading = classify(answers(tuple(int(step) for step in steps)))
        assert (reading.type, reading.outcome, reading.distances[each]) == (each, Outcome.CLEAR, 0)


@pytest.mark.parametrize("steps", [(0, 0, 2, 2), (0, 0, 2, 3), (0, 0, 3, 2), (0, 0, 3, 3)], ids=str)
def test_the_answers_around_the_prototype_of_ansvarliggjorende_are_that(steps: Steps) -> None:
    reading = classify(answers(steps))
    assert (reading.type, reading.outcome) == (RESPONSIBLE, Outcome.CLEAR)


def test_between_is_when_the_types_own_prototype_is_not_the_only_nearest() -> None:
    between = set()
    for steps in EVERY:
        distances = {each: math.dist(steps, prototype) for each, prototype in PROTOTYPES.items()}
        own = distances.pop(classify(answers(steps)).type)
        if min(distances.values()) <= own + 1e-9:
            between.add(steps)
    assert between == {steps for steps in EVERY if outcome(*steps) is Outcome.BETWEEN}
    assert len(between) == 131


def test_a_tie_counts_as_between() -> None:
    reading = classify(answers((0, 2, 1, 2)))
    assert math.isclose(reading.distances[EQUAL], reading.distances[STEERED])
    assert (reading.type, reading.outcome, reading.other) == (EQUAL, Outcome.BETWEEN, STEERED)
    ties = [each for each in EVERY if _is_tied(each)]
    assert ties
    assert all(outcome(*steps) is Outcome.BETWEEN for steps in ties)


def _is_tied(steps: Steps) -> bool:
    reading = classify(answers(steps))
    nearest = min(reading.distances.values())
    tied = sum(math.isclose(each, nearest) for each in reading.distances.values()) > 1
    return tied and math.isclose(reading.distances[reading.type], nearest)


def test_between_names_the_nearest_other_type() -> None:
    for steps in EVERY:
        reading = classify(answers(steps))
        if reading.outcome is not Outcome.BETWEEN:
            assert reading.other is None
            continue
        others = {each: distance for each, distance in reading.distances.items() if each is not reading.type}
        assert reading.other is not None
        assert math.isclose(others[reading.other], min(others.values()))


def test_likeverdig_without_a_step_done_together_is_mixed() -> None:
    mixed = [steps for steps in EVERY if outcome(*steps) is Outcome.MIXED]
    assert all(classify(answers(steps)).type is EQUAL for steps in mixed)
    assert not any(2 in steps for steps in mixed)
    assert outcome(3, 1, 3, 1) is Outcome.MIXED


@pytest.mark.parametrize("told", [{}, {"goal_locked": True, "frame_locked": True, "could_end_elsewhere": True}])
def test_what_one_side_does_alone_is_not_samskaping_whatever_the_checks_say(told: dict[str, Any]) -> None:
    municipal, civil = (classify(answers((each,) * 4, **told)) for each in (0, 4))
    assert (municipal.outcome, civil.outcome) == (Outcome.MUNICIPAL, Outcome.CIVIL)
    assert not municipal.is_samskaping
    assert not civil.is_samskaping
    assert (municipal.other, civil.other) == (None, None)


def test_only_what_one_side_does_alone_is_not_samskaping() -> None:
    alone = [steps for steps in EVERY if not classify(answers(steps)).is_samskaping]
    assert alone == [(0, 0, 0, 0), (4, 4, 4, 4)]


def test_what_could_end_elsewhere_contradicts_high_predictability() -> None:
    for by_rule, steps in ((STEERED, (0, 0, 1, 1)), (RESPONSIBLE, (0, 0, 2, 3))):
        reading = classify(answers(steps, could_end_elsewhere=True))
        assert reading.contradictions == (Check.COULD_END_ELSEWHERE,)
        assert (reading.outcome, reading.type, reading.other) == (
            Outcome.BETWEEN,
            by_rule,
            OTHER_PREDICTABILITY[by_rule],
        )
    assert outcome(2, 2, 2, 2, could_end_elsewhere=True) is Outcome.CLEAR


@pytest.mark.parametrize("check", [Check.GOAL_LOCKED, Check.FRAME_LOCKED])
def test_what_was_locked_contradicts_low_predictability(check: Check) -> None:
    for by_rule, steps in ((EQUAL, (2, 2, 2, 2)), (FACILITATING, (4, 4, 4, 3))):
        reading = classify(answers(steps, **{check.value: True}))
        assert reading.contradictions == (check,)
        assert (reading.outcome, reading.type, reading.other) == (
            Outcome.BETWEEN,
            by_rule,
            OTHER_PREDICTABILITY[by_rule],
        )
    assert outcome(0, 0, 1, 1, **{check.value: True}) is Outcome.CLEAR


def test_both_locks_are_told() -> None:
    reading = classify(answers((2, 2, 2, 2), goal_locked=True, frame_locked=True))
    assert reading.contradictions == (Check.GOAL_LOCKED, Check.FRAME_LOCKED)


@pytest.mark.parametrize("steps", [(-1, 0, 0, 0), (0, 5, 0, 0), (0, 0, 0, 9)])
def test_answers_outside_the_scale_are_refused(steps: Steps) -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        answers(steps)


@given(answer_sets)
def test_distances_lie_within_the_scale(given_answers: Answers) -> None:
    reading = classify(given_answers)
    assert set(reading.distances) == set(ProjectType)
    assert all(0 <= distance <= 8 for distance in reading.distances.values())


@given(answer_sets)
def test_the_position_lies_in_the_quarter_of_the_type(given_answers: Answers) -> None:
    reading = classify(given_answers)
    assert reading.is_high is (reading.type in {STEERED, RESPONSIBLE})
    assert (reading.central_actor >= 0) is (reading.type in CIVIL_SIDE)
    assert (reading.predictability, reading.central_actor) == position(given_answers)
    assert -2.5 <= reading.predictability <= 1.5
    assert -2.5 <= reading.central_actor <= 2.5
    assert reading.predictability != 0


@given(answer_sets)
def test_the_checks_never_change_the_type_or_the_position(given_answers: Answers) -> None:
    with_checks, without = classify(given_answers), classify(answers(given_answers.steps))
    assert with_checks.type is without.type
    assert with_checks.distances == without.distances
    assert (with_checks.central_actor, with_checks.predictability) == (without.central_actor, without.predictability)


@given(answer_sets)
def test_other_is_told_exactly_when_it_is_between_two(given_answers: Answers) -> None:
    reading = classify(given_answers)
    assert (reading.other is not None) is (reading.outcome is Outcome.BETWEEN)
    assert reading.other is not reading.type


def single_steps() -> Iterator[tuple[int, Steps, Steps]]:
    """Give every way to move one answer one step towards civil society: which step, before and after."""
    for before in EVERY:
        for at in range(len(STEPS)):
            if before[at] < 4:
                yield at, before, (*before[:at], before[at] + 1, *before[at + 1 :])


FLIPS_TO_EQUAL = {
    0: "03 04 12 13 14 21 22 23 24 30 31 32 33 34 40 41 42 43 44",
    1: "03 04 12 13 14 21 22 23 24 30 31 32 33 34 40 41 42 43",
}
"""The 74: problem or goals goes from 1 to 2 while the other is 0 or 1, and design and carry_out are one of these."""


def test_only_74_single_steps_towards_civil_society_lead_back_to_the_municipality() -> None:
    listed = set()
    for at, other in product((0, 1), FLIPS_TO_EQUAL):
        for design, carry_out in FLIPS_TO_EQUAL[other].split():
            before = [1, 1, int(design), int(carry_out)]
            before[1 - at] = other
            listed.add((at, (before[0], before[1], before[2], before[3])))
    found = set()
    for at, before, after in single_steps():
        left, came_to = classify(answers(before)).type, classify(answers(after)).type
        if left in CIVIL_SIDE and came_to not in CIVIL_SIDE:
            assert (left, came_to) == (RESPONSIBLE, EQUAL)
            found.add((at, before))
    assert len(list(single_steps())) == 2000
    assert len(found) == 74
    assert found == listed


def test_they_are_the_steps_by_which_others_come_into_problem_or_goals() -> None:
    for at, before, after in single_steps():
        was, became = classify(answers(before)), classify(answers(after))
        lowers = STEPS[at] in {"problem", "goals"} and before[at] == 1 and max(before[:2]) == 1
        assert (was.is_high and not became.is_high) is lowers
        assert became.predictability <= was.predictability
        if not lowers:
            assert became.central_actor >= was.central_actor

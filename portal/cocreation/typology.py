"""Ulrich's four types of samskaping, told from who decides in each of four steps.

The types and the two axes: Jens Ulrich, «Samskabelse – en typologi» (CLOU skriftsserie 2016-001), as in Asker's
steering document. The questionnaire, the limits between the types and the distances are *ours*, made after its table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

VERSION = "2026-1"
"""Of the rule: kept with every answer, so that an old classification can be understood."""

STEPS = ("problem", "goals", "design", "carry_out")
"""Define the problem, set goals, design the solution, carry it out."""
ANSWERS = range(5)
"""0 the municipality alone · 1 the municipality after input · 2 together as equals · 3 others with a contribution from
the municipality · 4 others alone."""
AS_EQUALS = 2


class ProjectType(StrEnum):
    """The four types of samskaping."""

    STEERED = "steered"
    """Styrt."""
    RESPONSIBLE = "responsible"
    """Ansvarliggjørende."""
    EQUAL = "equal"
    """Likeverdig."""
    FACILITATING = "facilitating"
    """Fasiliterende."""


PROTOTYPES: Mapping[ProjectType, tuple[float, float, float, float]] = {
    ProjectType.STEERED: (0, 0, 1, 1),
    ProjectType.RESPONSIBLE: (0, 0, 2.5, 2.5),
    ProjectType.EQUAL: (2, 2, 2, 2),
    ProjectType.FACILITATING: (4, 4, 4, 3),
}
"""Ulrich's table in numbers, by step."""

OTHER_PREDICTABILITY: Mapping[ProjectType, ProjectType] = {
    ProjectType.STEERED: ProjectType.EQUAL,
    ProjectType.EQUAL: ProjectType.STEERED,
    ProjectType.RESPONSIBLE: ProjectType.FACILITATING,
    ProjectType.FACILITATING: ProjectType.RESPONSIBLE,
}
"""The type beside it in the 2×2: the same central actor, the other predictability."""


class Outcome(StrEnum):
    """What a set of answers comes to; always exactly one."""

    CLEAR = "clear"
    BETWEEN = "between"
    MIXED = "mixed"
    """Nearest likeverdig by the mean, with no step done together."""
    MUNICIPAL = "municipal"
    """The municipality's own project: not samskaping."""
    CIVIL = "civil"
    """Civil society's own: not samskaping."""


class Check(StrEnum):
    """A check that contradicts the steps."""

    COULD_END_ELSEWHERE = "could_end_elsewhere"
    GOAL_LOCKED = "goal_locked"
    FRAME_LOCKED = "frame_locked"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One party's answers: each step 0–4, and the three checks."""

    problem: int
    goals: int
    design: int
    carry_out: int
    goal_locked: bool = False
    """Was the goal settled before others joined?"""
    frame_locked: bool = False
    """Were money and limits settled?"""
    could_end_elsewhere: bool = False
    """Could it end somewhere else entirely?"""

    def __post_init__(self) -> None:
        if any(each not in ANSWERS for each in self.steps):
            raise ValueError("Each step is answered with 0 to 4.")

    @property
    def steps(self) -> tuple[int, int, int, int]:
        return self.problem, self.goals, self.design, self.carry_out


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a set of answers means."""

    outcome: Outcome
    type: ProjectType
    """By the rule, also when the outcome is in doubt."""
    other: ProjectType | None
    """«Mellom X og Y»: Y. None unless the outcome is between."""
    contradictions: Sequence[Check]
    distances: Mapping[ProjectType, float]
    """Euclidean, in steps; from 0 to 8."""
    central_actor: float
    """− the municipality, + residents and civil society; 0 is the limit between the types."""
    predictability: float
    """1.5 to −2.5: + high, − low."""

    @property
    def is_high(self) -> bool:
        return self.predictability > 0

    @property
    def is_samskaping(self) -> bool:
        return self.outcome not in {Outcome.MUNICIPAL, Outcome.CIVIL}


def classify(answers: Answers) -> Reading:
    """Return what a set of answers means: the type by the rule, and how sure it is.

    Predictability is high when problem and goals are both 0 or 1. High: mean(design, carry_out) < 1.5 is styrt, else
    ansvarliggjørende. Low: the mean of all four < 2.75 is likeverdig, else fasiliterende.
    """
    predictability, central_actor = position(answers)
    by_rule = _type(predictability, central_actor)
    distances = {each: math.dist(answers.steps, prototype) for each, prototype in PROTOTYPES.items()}
    contradictions = _contradictions(answers, high=predictability > 0)
    outcome = _outcome(answers, by_rule, distances, contradictions)
    return Reading(
        outcome=outcome,
        type=by_rule,
        other=_other(by_rule, distances) if outcome is Outcome.BETWEEN else None,
        contradictions=contradictions,
        distances=distances,
        central_actor=central_actor,
        predictability=predictability,
    )


def position(answers: Answers) -> tuple[float, float]:
    """Return where the answers lie in the 2×2: predictability, then central actor."""
    predictability = 1.5 - max(answers.problem, answers.goals)
    if predictability > 0:
        return predictability, (answers.design + answers.carry_out) / 2 - 1.5
    return predictability, sum(answers.steps) / 4 - 2.75


def _type(predictability: float, central_actor: float) -> ProjectType:
    if predictability > 0:
        return ProjectType.STEERED if central_actor < 0 else ProjectType.RESPONSIBLE
    return ProjectType.EQUAL if central_actor < 0 else ProjectType.FACILITATING


def _contradictions(answers: Answers, *, high: bool) -> tuple[Check, ...]:
    if high:
        return (Check.COULD_END_ELSEWHERE,) if answers.could_end_elsewhere else ()
    locked = ((Check.GOAL_LOCKED, answers.goal_locked), (Check.FRAME_LOCKED, answers.frame_locked))
    return tuple(check for check, is_so in locked if is_so)


def _outcome(
    answers: Answers, by_rule: ProjectType, distances: Mapping[ProjectType, float], contradictions: Sequence[Check]
) -> Outcome:
    if answers.steps == (0, 0, 0, 0):
        return Outcome.MUNICIPAL
    if answers.steps == (4, 4, 4, 4):
        return Outcome.CIVIL
    if contradictions or _near(by_rule, distances):
        return Outcome.BETWEEN
    if by_rule is ProjectType.EQUAL and AS_EQUALS not in answers.steps:
        return Outcome.MIXED
    return Outcome.CLEAR


def _near(by_rule: ProjectType, distances: Mapping[ProjectType, float]) -> Sequence[ProjectType]:
    """Return the other types that are as near as the rule's, or nearer, the nearest first."""
    near = [
        each
        for each, distance in distances.items()
        if each is not by_rule and (distance < distances[by_rule] or math.isclose(distance, distances[by_rule]))
    ]
    return sorted(near, key=lambda each: distances[each])


def _other(by_rule: ProjectType, distances: Mapping[ProjectType, float]) -> ProjectType:
    near = _near(by_rule, distances)
    return near[0] if near else OTHER_PREDICTABILITY[by_rule]

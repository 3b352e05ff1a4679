"""What a need, a wish and an offer have in common: counted openly, one for each thing, and always said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from portal.places.geometry import Point, distance_km

T = TypeVar("T")

LEAST = 2
"""Things in common before two are shown to each other: one alone says too little."""
NEAR_KM = 5.0
"""Two points nearer each other than this are in the same place."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What is compared of a need, a wish or an offer."""

    kind: str
    """Of what is needed or offered: hours, skills, rooms, equipment, money."""
    goals: frozenset[int] = frozenset()
    skills: Mapping[str, str] = field(default_factory=dict)
    """As they were written, by the form in which they are compared."""
    neighbourhood_id: int | None = None
    point: Point | None = None


@dataclass(frozen=True, kw_only=True)
class Common:
    """What two have in common."""

    goals: Sequence[int] = ()
    same_neighbourhood: bool = False
    kilometres: float | None = None
    """How far from each other, when that is near and they aren't in the same lokalsamfunn."""
    same_kind: bool = False
    skills: Sequence[str] = ()
    """As the first of the two wrote them."""

    @property
    def count(self) -> int:
        """Return how many things: each counts one."""
        is_near = self.same_neighbourhood or self.kilometres is not None
        return len(self.goals) + len(self.skills) + int(is_near) + int(self.same_kind)


def compare(one: Profile, other: Profile) -> Common:
    """Return what two have in common."""
    same_neighbourhood = one.neighbourhood_id is not None and one.neighbourhood_id == other.neighbourhood_id
    return Common(
        goals=sorted(one.goals & other.goals),
        same_neighbourhood=same_neighbourhood,
        kilometres=None if same_neighbourhood else _nearness(one.point, other.point),
        same_kind=one.kind == other.kind,
        skills=[one.skills[form] for form in sorted(one.skills.keys() & other.skills.keys())],
    )


def best(one: Profile, others: Iterable[tuple[int, Profile, T]], most: int) -> list[tuple[T, Common]]:
    """Return those that have the most in common with one, at most so many; of equals the newest, by number, first."""
    compared = [(compare(one, profile), number, other) for number, profile, other in others]
    enough = [each for each in compared if each[0].count >= LEAST]
    enough.sort(key=lambda each: (-each[0].count, -each[1]))
    return [(other, common) for common, _number, other in enough[:most]]


def separate(text: str) -> tuple[str, ...]:
    """Return the words of a line, parted by comma, semicolon or line: each once, as it was first written."""
    parts = (" ".join(part.split()) for part in text.replace(";", ",").replace("\n", ",").split(","))
    once: dict[str, str] = {}
    for part in parts:
        if part:
            once.setdefault(part.casefold(), part)
    return tuple(once.values())


def _nearness(one: Point | None, other: Point | None) -> float | None:
    if one is None or other is None:
        return None
    kilometres = distance_km(one, other)
    return kilometres if kilometres <= NEAR_KM else None

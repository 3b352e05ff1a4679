"""Signs that forms may not be what they look like: many at once, from one network, or with the same answers.

None of them proves anything: a family shares a network, a class rates together, and somebody may mean «vet ikke» to
all. So they are shown to a coordinator as counts, and nothing is taken out by itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import exp, lgamma, log

SMALLEST_CLUSTER = 5
"""Fewer are told as «færre enn 5», and can't be taken out together."""
RARE = 0.001
"""How improbable something must be in the whole round to be shown: once in a thousand rounds where all is well."""
SHORTEST = 10
"""Answers a form must have for its pattern to say anything."""
STRAIGHT_FROM = 20
"""Answers, all equal, from which a form is a straight line."""

Answers = frozenset[tuple[str, str]]
"""All answers of one form: pairs of indicator and answer."""


@dataclass(frozen=True)
class Burst:
    """An hour in which many more joined than in the same hour on other days."""

    hour: datetime
    count: int
    usual: float


@dataclass(frozen=True)
class Pattern:
    """Forms with exactly the same answers, more than chance gives."""

    key: str
    count: int
    by_chance: float


def bursts(joins: Mapping[datetime, int], first: date, last: date) -> list[Burst]:
    """Return the hours (in local time) that are beyond chance, the largest first: Poisson, against the same hour.

    What is usual is the mean of that hour on the other days of the round, at least one join: the first day of a quiet
    round must not look like an attack.
    """
    days = max((last - first).days + 1, 2)
    at_hour: Counter[int] = Counter()
    for hour, count in joins.items():
        at_hour[hour.hour] += count
    found = []
    for hour, count in joins.items():
        usual = max((at_hour[hour.hour] - count) / (days - 1), 1.0)
        if count >= SMALLEST_CLUSTER and at_least(count, usual) < RARE / (24 * days):
            found.append(Burst(hour, count, usual))
    return sorted(found, key=lambda burst: (-burst.count, burst.hour))


def patterns(forms: Mapping[Answers, int]) -> list[Pattern]:
    """Return the forms with the same answers that are beyond chance, the most numerous first.

    By chance: everybody answers each question by itself, as all of them together did. Straight lines stand apart.
    """
    persons = sum(forms.values())
    given: defaultdict[tuple[str, str], int] = defaultdict(int)
    answered: Counter[str] = Counter()
    for form, count in forms.items():
        for indicator, answer in form:
            given[indicator, answer] += count
            answered[indicator] += count
    found = []
    for form, count in forms.items():
        if count < SMALLEST_CLUSTER or len(form) < SHORTEST or is_straight(form):
            continue
        told = {indicator for indicator, _answer in form}
        logs = [log(given[pair] / persons) for pair in form]
        logs += [log((persons - number) / persons) for indicator, number in answered.items() if indicator not in told]
        expected = persons * exp(sum(logs))
        if at_least(count, expected) < RARE / len(forms):
            found.append(Pattern(key_of(form), count, expected))
    return sorted(found, key=lambda pattern: (-pattern.count, pattern.key))


def is_straight(form: Answers) -> bool:
    """Say whether a form gives one and the same answer to nearly everything."""
    return len(form) >= STRAIGHT_FROM and len({answer for _indicator, answer in form}) == 1


def key_of(form: Answers) -> str:
    """Return a short name for a pattern of answers that doesn't tell them."""
    return hashlib.sha256(repr(sorted(form)).encode()).hexdigest()[:16]


def clusters(networks: Iterable[tuple[bytes, int]]) -> list[tuple[str, int]]:
    """Return the networks that many forms came from, by name, the largest first."""
    many = [(network.hex(), count) for network, count in networks if count >= SMALLEST_CLUSTER]
    return sorted(many, key=lambda each: (-each[1], each[0]))


def at_least(count: int, mean: float) -> float:
    """Return the probability that a Poisson number with this mean is `count` or more."""
    if mean <= 0 or count <= 0:
        return 0.0 if count > 0 else 1.0
    if count <= mean:
        return 1.0  # not rare; no need to know how common
    total, term_at = 0.0, count
    while True:
        term = exp(term_at * log(mean) - mean - lgamma(term_at + 1))
        total += term
        if term <= total * 1e-12:
            return total
        term_at += 1


def rounded_excluded(persons: int) -> int | None:
    """Return how many were taken out as everybody may know it: in whole fives; None under five."""
    return persons // SMALLEST_CLUSTER * SMALLEST_CLUSTER or None

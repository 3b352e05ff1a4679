"""What may be told of a group: people in small or nearly unanimous groups must not be read off the figures.

The rules are public and the thresholds known, so a reader may reason from why something is hidden. The attacker test
(tests/observatorium/test_attacker.py) does just that, over all whole numbers of people, and finds at least five
possible values for every hidden count. Three things make that hold: a hidden group is in no sum, mean or difference;
everything hidden looks the same whatever the reason; and a correction treats those taken out as a group.

What the rules don't cover: a distribution that is told may tell of parts of its group. Whoever knows how many raters
each organisation has can often work out what those of one answered.
"""

from enum import StrEnum
from fractions import Fraction

COUNT_FROM = 5
"""n is told from this many persons: 0–4 are five possible values."""
DISTRIBUTION_FROM = 10
"""A distribution is told from this many persons with an opinion, and from this effective size: in a group of
organisations one person can weigh as much as all the others, and would be read off."""
DOMINANT = Fraction(9, 10)
"""From this share one answer is told as «minst 90 %». Were it only said at 100 %, the sign itself would tell that all
are equal."""
BAND = (10, 49)
"""Persons with an opinion in a dominated group whose numbers are withheld. Known exactly, 39 would leave 0–3 persons of
another opinion: four values; anywhere in 10–49 there are 0–4, and from 50, 0–5 or more. The share of «vet ikke» goes
with them, since it would narrow the band."""
EXACT_FROM = 1000
"""From this many persons with an opinion whole per cents hide five by themselves: 0 % is 0–4 persons or more. So a
large group that agrees is shown as it is."""


class Treatment(StrEnum):
    """How much is told of a group."""

    HIDDEN = "hidden"
    COUNT = "count"
    BANDED = "banded"
    DOMINATED = "dominated"
    SHOWN = "shown"


def treatment(persons: int, opinions: int, n_eff: Fraction, largest: Fraction) -> Treatment:
    """Say how much may be told of a group.

    `persons` answered, `opinions` of them something else than «vet ikke», with the effective size `n_eff` and
    `largest` as the share (0–1) of the most given answer.
    """
    if persons < COUNT_FROM:
        return Treatment.HIDDEN
    if opinions < DISTRIBUTION_FROM or n_eff < DISTRIBUTION_FROM:
        return Treatment.COUNT
    if largest >= DOMINANT and opinions < EXACT_FROM:
        return Treatment.DOMINATED if opinions > BAND[1] else Treatment.BANDED
    return Treatment.SHOWN


def may_differ(opinions: int, n_eff: Fraction, largest: Fraction) -> bool:
    """Say whether the difference between two revisions may be read off.

    The persons taken out are treated as a group of their own, which must be shown whole. Being large doesn't help them:
    the two revisions round differently.
    """
    return treatment(opinions, opinions, n_eff, largest) is Treatment.SHOWN and largest < DOMINANT


def rounded_participation(persons: int) -> int | None:
    """Return how many took part in a round, rounded down to tens; None below ten."""
    return persons // 10 * 10 or None


def rounded_arrivals(persons: int) -> int | None:
    """Return how many came by an invitation, as the coordinator is told: from 5, and then in tens; None below five.

    Each step holds five people or more, so that no difference between two numbers is somebody.
    """
    return None if persons < COUNT_FROM else max(persons // 10 * 10, COUNT_FROM)

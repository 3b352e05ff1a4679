"""Counting the ratings of a group in exact fractions, each organisation weighing 1."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer
from portal.observatorium.figures import effective_size
from portal.observatorium.raking import Stratum

OPINIONS = (Answer.RED, Answer.YELLOW, Answer.GREEN)
NOT_SAID: Stratum = (None, None, None)


@dataclass(frozen=True)
class Cell:
    """How many in one group gave one answer to one indicator: a row of one GROUP BY.

    `organisation` is an opaque key, None for residents only. `stratum` is a resident's (age band, gender, area), each
    None where not said. The same cell may come in several parts.
    """

    indicator: str
    group: StakeholderGroup
    answer: Answer
    organisation: str | bytes | None
    stratum: Stratum | None
    count: int


Counts = Counter[tuple[Answer, str | bytes | None, Stratum]]
"""Persons in one group by answer, organisation and stratum."""


@dataclass(frozen=True)
class Tally:
    """A group's exact figures.

    `persons` answered, `opinions` of them with a level, whose effective size is `n_eff` and whose weighted `shares`
    (red, yellow, green) sum to 1, or are all 0 when there are none. `unknown` is the weighted share of «vet ikke».
    """

    persons: int
    opinions: int
    n_eff: Fraction
    shares: tuple[Fraction, ...]
    unknown: Fraction

    @property
    def largest(self) -> Fraction:
        """The share of the most given answer."""
        return max(self.shares)


def gather(indicators: Sequence[str], cells: Iterable[Cell]) -> defaultdict[tuple[str, StakeholderGroup], Counts]:
    """Sort cells by indicator and group.

    ValueError for a cell of another indicator, for a resident with an organisation or anyone else without one.
    """
    counts: defaultdict[tuple[str, StakeholderGroup], Counts] = defaultdict(Counter)
    known = set(indicators)
    for cell in cells:
        if cell.indicator not in known:
            raise ValueError(f"{cell.indicator}: not an indicator of this round")
        if (cell.organisation is None) != (cell.group is StakeholderGroup.RESIDENT):
            raise ValueError(f"{cell.group}: residents rate by themselves, the others through an organisation")
        if cell.count:
            counts[cell.indicator, cell.group][cell.answer, cell.organisation, cell.stratum or NOT_SAID] += cell.count
    return counts


def tally(counts: Counts) -> Tally:
    """Count a group. A person weighs 1/(raters of their organisation with an answer of the same sort), a resident 1."""
    raters: defaultdict[str | bytes | None, Counter[Answer]] = defaultdict(Counter)
    for (answer, organisation, _stratum), count in counts.items():
        raters[organisation][answer] += count
    opinions, squares = _weights(raters, OPINIONS)
    everybody, _squares = _weights(raters, tuple(Answer))
    return Tally(
        persons=counts.total(),
        opinions=sum(counted[answer] for counted in raters.values() for answer in OPINIONS),
        n_eff=effective_size(sum(opinions), squares),
        shares=tuple(_share(weight, opinions) for weight in opinions),
        unknown=_share(everybody[-1], everybody),
    )


def _weights(raters: Mapping[str | bytes | None, Counter[Answer]], answers: Sequence[Answer]) -> tuple[list[int], int]:
    """Add up the weights of each of the answers, and the squares of the weights, in units that make them all whole."""
    sizes = {
        organisation: sum(counted[answer] for answer in answers) if organisation is not None else 1
        for organisation, counted in raters.items()
    }
    unit = lcm(*filter(None, sizes.values()))
    given = [0] * len(answers)
    squares = 0
    for organisation, counted in raters.items():
        weight = unit // (sizes[organisation] or unit)
        for place, answer in enumerate(answers):
            given[place] += weight * counted[answer]
            squares += weight**2 * counted[answer]
    return given, squares


def _share(part: int, whole: Sequence[int]) -> Fraction:
    return Fraction(part, sum(whole) or 1)

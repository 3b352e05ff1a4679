"""From aggregated ratings to the published result of a round: figures per group, overall, level, gap, disagreement.

Two principles keep it both checkable and safe. Everything is counted in exact fractions, so neither the order of the
ratings nor how they were added up matters. And what follows from a group's published n, shares and effective size
(interval, level, mean, the overall, disagreement) is computed from those *as published*: anyone can repeat it, and it
gives nothing more away.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.raking import Population, Refusal, Stratum

METHOD_VERSION = "1"
"""Changes whenever a figure would come out differently; results of different versions are not compared."""
JUDGED_FROM = 30
"""The effective size from which a distribution has a level."""


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


@dataclass(frozen=True)
class Shares:
    """A distribution among those with an opinion, in whole per cent as 0–1; the three sum to 1."""

    red: float
    yellow: float
    green: float


@dataclass(frozen=True)
class Intervals:
    """The 95 % model interval of each share: (low, high), 0–1."""

    red: tuple[float, float]
    yellow: tuple[float, float]
    green: tuple[float, float]


@dataclass(frozen=True)
class Weighted:
    """Residents weighted by age, gender and place, to be shown beside the plain figures, never alone.

    `largest_weight` is that of one person (the mean is 1); `margin_error` how far the weights miss the worst margin, as
    a share of its target.
    """

    shares: Shares
    interval: Intervals
    unknown: float
    n_eff: float
    largest_weight: float
    margin_error: float


@dataclass(frozen=True)
class GroupResult:
    """What is published of one group, in one of three forms.

    * `shares` there: everything is told.
    * `dominated` there: «minst 90 %» gave that answer; n and unknown are told, or only the `band` (from, to) in which the
      number of persons with an opinion lies.
    * `suppressed`: show «:»; n may still be told.
    """

    group: StakeholderGroup
    suppressed: bool = True
    n: int | None = None
    """Persons who answered, «vet ikke» included."""
    band: tuple[int, int] | None = None
    dominated: Level | None = None
    n_eff: float | None = None
    shares: Shares | None = None
    unknown: float | None = None
    """The share of «vet ikke» among those who answered (0–1)."""
    interval: Intervals | None = None
    mean: float | None = None
    """The mean level: 0 is all red, 1 all green."""
    level: Level | None = None
    weighted: Weighted | None = None
    unweighted_because: Refusal | None = None


@dataclass(frozen=True)
class Overall:
    """The groups whose distribution is published, each with equal weight; all None when there is none."""

    covers: tuple[StakeholderGroup, ...] = ()
    n: int | None = None
    n_eff: float | None = None
    shares: Shares | None = None
    unknown: float | None = None
    interval: Intervals | None = None
    mean: float | None = None
    level: Level | None = None


@dataclass(frozen=True)
class IndicatorResult:
    """The published result of one indicator. `dataclasses.asdict` gives what is stored and served as JSON."""

    indicator: str
    own: Level | None
    verified: Level | None
    level: Level | None
    """The level of the overall."""
    gap: int | None
    """Own level − level, in steps: positive when the municipality sees itself as better than the people do."""
    disagreement: float | None
    """The largest difference in mean level (0–1) between two published groups."""
    groups: tuple[GroupResult, ...]
    overall: Overall


def publish(
    indicators: Sequence[str],
    cells: Iterable[Cell],
    *,
    own: Mapping[str, Level | None],
    verified: Mapping[str, Level | None] | None = None,
    population: Population | None = None,
) -> tuple[IndicatorResult, ...]:
    """Compute the result of a round, one per indicator in the order given, every group in each."""
    raise NotImplementedError


def revise(
    published: Sequence[IndicatorResult],
    before: Iterable[Cell],
    after: Iterable[Cell],
    *,
    own: Mapping[str, Level | None],
    verified: Mapping[str, Level | None] | None = None,
    population: Population | None = None,
) -> tuple[IndicatorResult, ...]:
    """Compute a corrected revision of `published`, the result of the cells `before`, from the cells `after`."""
    raise NotImplementedError


def gap(own: Level | None, level: Level | None) -> int | None:
    """Return own level − level, in steps (−2 to 2); None when either is missing."""
    return None if own is None or level is None else own.step - level.step

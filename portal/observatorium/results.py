"""From aggregated ratings to the published result of a round: figures per group, overall, level, gap, disagreement.

Two principles keep it both checkable and safe. Everything is counted in exact fractions, so neither the order of the
ratings nor how they were added up matters. And what follows from a group's published n, shares and effective size
(interval, level, mean, the overall, disagreement) is computed from those *as published*: anyone can repeat it, and it
gives nothing more away.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import fsum

from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.figures import (
    effective_size,
    joint_effective_size,
    mean_level,
    median_level,
    outward,
    per_cent,
    rounded_size,
    wilson,
)
from portal.observatorium.raking import Population, Raking, Refusal, Stratum, rake
from portal.observatorium.suppression import BAND, DOMINANT, Treatment, may_differ, treatment
from portal.observatorium.tally import OPINIONS, Cell, Counts, Tally, gather, tally

__all__ = [
    "METHOD_VERSION",
    "Cell",
    "GroupResult",
    "IndicatorResult",
    "Intervals",
    "Overall",
    "Shares",
    "Weighted",
    "gap",
    "publish",
    "revise",
]

METHOD_VERSION = "1"
"""Changes whenever a figure would come out differently; results of different versions are not compared."""
JUDGED_FROM = 30
"""The effective size from which a distribution has a level."""
WEIGHTED_FROM = 100
"""Persons with an opinion from which residents are weighted: fewer say nothing by age, gender and place at once, and
weighted beside plain could tell what the few in one place answered."""
ALIKE_FROM = 50
"""Persons with an opinion who share each weight. Whoever knows the weights can work out from plain and weighted shares
what those with one weight answered; from 50 «nearly all alike» still hides five, so that may be guessed from a
refusal (see BAND), and what isn't nearly alike may be told."""


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
    * `dominated` there: «minst 90 %» gave that answer; n and unknown are told, or only the `band` (from, to) in which
      the number of persons with an opinion lies.
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
    """Compute the result of a round: one per indicator in the order given, with every group in each.

    Without `population` nothing is weighted. ValueError for a cell of another indicator, for a resident with an
    organisation or anyone else without one.
    """
    counts = gather(indicators, cells)
    return tuple(
        _result(
            indicator,
            [_group_result(group, counts[indicator, group], population) for group in StakeholderGroup],
            own.get(indicator),
            (verified or {}).get(indicator),
        )
        for indicator in indicators
    )


def revise(
    published: Sequence[IndicatorResult],
    before: Iterable[Cell],
    after: Iterable[Cell],
    *,
    own: Mapping[str, Level | None],
    verified: Mapping[str, Level | None] | None = None,
    population: Population | None = None,
) -> tuple[IndicatorResult, ...]:
    """Compute a corrected revision of `published`, the result of the cells `before`, from the cells `after`.

    Whoever has both revisions has their difference. So a group is told in the new one only when nobody in it was
    touched, or when persons were only taken out, it is shown whole both times, and those taken out could have been
    shown as a group of their own. Otherwise it is withdrawn: hidden, with the same sign as everything hidden, in this
    revision and all later ones of the round. Persons who come back, change answer, organisation or stratum withdraw
    their group: with them a later difference could be smaller than any before it.
    """
    indicators = [result.indicator for result in published]
    old, new = gather(indicators, before), gather(indicators, after)
    return tuple(
        _result(
            result.indicator,
            [
                _revised(group, old[result.indicator, group.group], new[result.indicator, group.group], population)
                for group in result.groups
            ],
            own.get(result.indicator),
            (verified or {}).get(result.indicator),
        )
        for result in published
    )


def gap(own: Level | None, level: Level | None) -> int | None:
    """Return own level − level, in steps (−2 to 2); None when either is missing."""
    return None if own is None or level is None else own.step - level.step


# --- telling ----------------------------------------------------------------------------------------------------------


def _group_result(group: StakeholderGroup, counts: Counts, population: Population | None) -> GroupResult:
    exact = tally(counts)
    told = treatment(exact.persons, exact.opinions, exact.n_eff, exact.largest)
    if told is Treatment.HIDDEN:
        return GroupResult(group)
    if told is Treatment.COUNT:
        return GroupResult(group, n=exact.persons)
    if told is Treatment.SHOWN:
        return _shown(group, exact, _weighted(group, counts, population))
    most = tuple(Level)[exact.shares.index(exact.largest)]
    if told is Treatment.BANDED:
        return GroupResult(group, suppressed=False, band=BAND, dominated=most)
    n_eff = rounded_size(exact.n_eff)
    return GroupResult(
        group,
        suppressed=False,
        n=exact.persons,
        dominated=most,
        n_eff=n_eff,
        unknown=_whole(exact.unknown),
        level=most if n_eff >= JUDGED_FROM else None,
    )


def _shown(group: StakeholderGroup, exact: Tally, weighted: Weighted | Refusal | None) -> GroupResult:
    shares, n_eff = per_cent(exact.shares), rounded_size(exact.n_eff)
    return GroupResult(
        group,
        suppressed=False,
        n=exact.persons,
        n_eff=n_eff,
        shares=_shares(shares),
        unknown=_whole(exact.unknown),
        interval=_intervals(shares, n_eff),
        mean=mean_level(shares),
        level=_level(shares, n_eff),
        weighted=weighted if isinstance(weighted, Weighted) else None,
        unweighted_because=weighted if isinstance(weighted, Refusal) else None,
    )


def _weighted(group: StakeholderGroup, counts: Counts, population: Population | None) -> Weighted | Refusal | None:
    if population is None or group is not StakeholderGroup.RESIDENT:
        return None
    if sum(count for (answer, *_who), count in counts.items() if answer in OPINIONS) < WEIGHTED_FROM:
        return Refusal.TOO_FEW
    persons: Counter[Stratum] = Counter()
    opinionated: Counter[Stratum] = Counter()
    for (answer, _organisation, stratum), count in counts.items():
        persons[stratum] += count
        opinionated[stratum] += count if answer in OPINIONS else 0
    raking = rake(persons, population, alike=ALIKE_FROM, opinions=opinionated)
    if isinstance(raking, Refusal):
        return raking
    if _any_alike(counts, raking):
        return Refusal.TOO_FEW
    weighed = [(answer, raking.weights[stratum], count) for (answer, _nobody, stratum), count in counts.items()]
    # fsum rounds once, so the order doesn't matter.
    sums = {
        answer: Fraction(fsum(weight * count for given, weight, count in weighed if given is answer))
        for answer in Answer
    }
    opinions = sum((sums[answer] for answer in OPINIONS), Fraction(0))
    squares = Fraction(fsum(weight**2 * count for given, weight, count in weighed if given in OPINIONS))
    shares, n_eff = (
        per_cent([sums[answer] / opinions for answer in OPINIONS]),
        rounded_size(effective_size(opinions, squares)),
    )
    return Weighted(
        shares=_shares(shares),
        interval=_intervals(shares, n_eff),
        unknown=_whole(sums[Answer.UNKNOWN] / (opinions + sums[Answer.UNKNOWN])),
        n_eff=n_eff,
        largest_weight=round(raking.largest_weight, 2),
        margin_error=round(raking.margin_error, 3),
    )


def _any_alike(counts: Counts, raking: Raking) -> bool:
    """Say whether nearly all of those with one weight gave the same answer."""
    given: defaultdict[float, Counter[Answer]] = defaultdict(Counter)
    for (answer, _organisation, stratum), count in counts.items():
        if answer in OPINIONS:
            given[raking.weights[stratum]][answer] += count
    return any(max(answers.values()) >= DOMINANT * answers.total() for answers in given.values())


def _revised(old: GroupResult, before: Counts, after: Counts, population: Population | None) -> GroupResult:
    new = _group_result(old.group, after, population)
    if before == after:
        # Figures may still differ by a better table of the population. What was withdrawn stays so.
        as_told = (old.suppressed, old.n, old.band) == (new.suppressed, new.n, new.band)
        if not as_told:
            return GroupResult(old.group)
        return _unweighted(new) if old.unweighted_because is Refusal.CORRECTED else new
    taken_out = tally(before - after)
    only_taken_out = not after - before
    shown_twice = old.shares is not None and new.shares is not None
    if shown_twice and only_taken_out and may_differ(taken_out.opinions, taken_out.n_eff, taken_out.largest):
        return new if population is None else _unweighted(new)
    return GroupResult(old.group)


def _unweighted(told: GroupResult) -> GroupResult:
    """Leave out what is weighted: beside an earlier revision it could tell of the few with one weight taken out."""
    if told.group is not StakeholderGroup.RESIDENT:
        return told
    return replace(told, weighted=None, unweighted_because=Refusal.CORRECTED)


def _result(
    indicator: str, groups: Sequence[GroupResult], own: Level | None, verified: Level | None
) -> IndicatorResult:
    overall = _overall([group for group in groups if group.shares])
    means = [group.mean for group in groups if group.shares and group.mean is not None]
    return IndicatorResult(
        indicator=indicator,
        own=own,
        verified=verified,
        level=overall.level,
        gap=gap(own, overall.level),
        disagreement=round(max(means) - min(means), 3) if len(means) > 1 else None,
        groups=tuple(groups),
        overall=overall,
    )


def _overall(told: Sequence[GroupResult]) -> Overall:
    """Give each group whose distribution is told equal weight, from its figures as published."""
    if not told:
        return Overall()
    shares = per_cent([Fraction(sum(parts), 100 * len(told)) for parts in zip(*map(_per_cents, told), strict=True)])
    n_eff = rounded_size(joint_effective_size([group.n_eff for group in told if group.n_eff]))
    return Overall(
        covers=tuple(group.group for group in told),
        n=sum(group.n for group in told if group.n),
        n_eff=n_eff,
        shares=_shares(shares),
        unknown=_whole(Fraction(sum(round((group.unknown or 0) * 100) for group in told), 100 * len(told))),
        interval=_intervals(shares, n_eff),
        mean=mean_level(shares),
        level=_level(shares, n_eff),
    )


def _whole(share: Fraction) -> float:
    """Round a share to whole per cent."""
    return round(share * 100) / 100


def _per_cents(group: GroupResult) -> tuple[int, ...]:
    shares = group.shares
    return tuple(round(share * 100) for share in (shares.red, shares.yellow, shares.green)) if shares else ()


def _shares(shares: Sequence[int]) -> Shares:
    red, yellow, green = (share / 100 for share in shares)
    return Shares(red, yellow, green)


def _intervals(shares: Sequence[int], n_eff: float) -> Intervals:
    red, yellow, green = (outward(wilson(share / 100, n_eff)) for share in shares)
    return Intervals(red, yellow, green)


def _level(shares: Sequence[int], n_eff: float) -> Level | None:
    return median_level(shares) if n_eff >= JUDGED_FROM else None

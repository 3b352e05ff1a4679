"""Raking: weights that make those who answered look like the population in age, gender and place."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Stratum = tuple[str | None, str | None, str | None]
"""A person's age band, gender and area; None where they didn't say."""
Sample = Mapping[Stratum, int]
"""How many persons answered in each stratum."""
Population = Mapping[tuple[str, str, str], int]
"""How many inhabitants there are of each age band, gender and area."""
Target = Mapping[str, float]
"""One variable's margin: each category's share (0–1) of the population."""
Weights = dict[Stratum, float]
"""The weight of one person in each stratum; the mean over persons is 1."""

AGE, GENDER, AREA = VARIABLES = range(3)
SMALLEST_CATEGORY = 10
LARGEST_MISSING = 0.30
LARGEST_MARGIN_ERROR = 0.10
SMALLEST_CHANGE = 1e-9
SWEEPS = 200
TRIM_AT = 5


class Refusal(StrEnum):
    """Why there is no weighted figure."""

    TOO_FEW = "too_few"
    MISSING = "missing"
    NOT_CONVERGED = "not_converged"
    MARGIN_ERROR = "margin_error"
    CORRECTED = "corrected"
    """Somebody was taken out after the first publishing: the difference would tell of the few of them in one part."""


@dataclass(frozen=True)
class Raking:
    """Trimmed weights, the largest of them, and how far they miss the worst margin.

    `margin_error` is a share of that margin's target: 0.1 when 11 % or 9 % stand for 10 %.
    """

    weights: Weights
    largest_weight: float
    margin_error: float


def rake(sample: Sample, population: Population, *, alike: int = 1, opinions: Sample | None = None) -> Raking | Refusal:
    """Weigh a sample to the population's margins, trim the weights, and say how good they are.

    Those with much the same weight share one, until each weight stands for `alike` persons, of whom `opinions` says how
    many in each stratum count.

    Who misses a variable, or has a value the population doesn't, takes no part in that margin. Categories with under
    ten persons are joined with a neighbour. Refused: when over 30 % miss a variable; when nothing is left to weigh by;
    when the weights don't settle; when the trimmed weights miss a margin by more than 10 % of its target.
    The cost follows the number of strata, not of persons.
    """
    joined_as, targets = _join(sample, population)
    joined: Counter[Stratum] = Counter()
    for stratum, joint in joined_as.items():
        joined[joint] += sample[stratum]
    if sum(count for joint, count in joined.items() if None in joint) > LARGEST_MISSING * joined.total():
        return Refusal.MISSING
    if not any(targets):
        return Refusal.TOO_FEW
    fitted = fit(joined, targets)
    if fitted is None:
        return Refusal.NOT_CONVERGED
    counted: Counter[Stratum] = Counter()
    for stratum, joint in joined_as.items():
        counted[joint] += (sample if opinions is None else opinions).get(stratum, 0)
    if counted.total() < 2 * alike:
        return Refusal.TOO_FEW
    weights = share_weights(joined, trim(joined, fitted), counted, alike)
    error = margin_error(joined, weights, targets)
    if error > LARGEST_MARGIN_ERROR:
        return Refusal.MARGIN_ERROR
    return Raking({one: weights[joint] for one, joint in joined_as.items()}, max(weights.values()), error)


def fit(sample: Sample, targets: Sequence[Target]) -> Weights | None:
    """Return weights that meet every margin, or None when they haven't settled after 200 sweeps.

    `w_i ← w_i · T_m / Σ_{i∈m} w_i` over the margins until the largest change is below 1e-9. A margin's target is a
    share of the weight of those who told that variable. Every category needs somebody in the sample.
    Source: W. E. Deming & F. F. Stephan, Ann. Math. Stat. 11 (1940) 427–444.
    """
    weights = dict.fromkeys(sample, 1.0)
    for _sweep in range(SWEEPS):
        # The change at each margin counts, not that over a sweep: margins that contradict each other go in a circle.
        if max(_meet(target, variable, sample, weights) for variable, target in enumerate(targets)) < SMALLEST_CHANGE:
            return _rescaled(sample, weights)
    return None


def _meet(target: Target, variable: int, sample: Sample, weights: Weights) -> float:
    """Change the weights so that they meet one margin; return the largest change."""
    sums = _sums(sample, weights, variable)
    told = sum(sums.values())
    largest = 0.0
    for stratum, weight in weights.items():
        category = stratum[variable]
        if category is not None and category in target:
            weights[stratum] = weight * target[category] * told / sums[category]
            largest = max(largest, abs(weights[stratum] - weight))
    return largest


def trim(sample: Sample, weights: Weights) -> Weights:
    """Cut weights at five times the median person's, and rescale them to a mean of 1.

    Source: F. Potter, Proc. Survey Research Methods Section, ASA (1990) 225–230; the limit is ours.
    """
    limit = TRIM_AT * _median(sample, weights)
    return _rescaled(sample, {stratum: min(weight, limit) for stratum, weight in weights.items()})


def share_weights(sample: Sample, weights: Weights, counted: Sample, alike: int) -> Weights:
    """Give strata with much the same weight their common mean, until at least `alike` counted persons have each weight.

    Plain and weighted shares together tell what those with one weight answered; so nobody's weight may be rare.
    """
    classes: list[list[Stratum]] = [[]]
    for stratum in sorted(weights, key=lambda stratum: (weights[stratum], repr(stratum))):
        if sum(counted[one] for one in classes[-1]) >= alike:
            classes.append([])
        classes[-1].append(stratum)
    if len(classes) > 1 and sum(counted[one] for one in classes[-1]) < alike:
        classes[-2:] = [classes[-2] + classes[-1]]
    shared: Weights = {}
    for members in classes:
        persons = sum(sample[one] for one in members)
        mean = sum(weights[one] * sample[one] for one in members) / persons
        shared |= dict.fromkeys(members, mean)
    return shared


def margin_error(sample: Sample, weights: Weights, targets: Sequence[Target]) -> float:
    """Return the largest miss of a margin, as a share of its target."""
    errors = [0.0]
    for variable, target in enumerate(targets):
        sums = _sums(sample, weights, variable)
        told = sum(sums.values())
        errors += [abs(sums[category] / told / share - 1) for category, share in target.items()]
    return max(errors)


def _sums(sample: Sample, weights: Weights, variable: int) -> dict[str, float]:
    """Add up the weights in each category of one variable."""
    sums: dict[str, float] = {}
    for stratum, weight in weights.items():
        category = stratum[variable]
        if category is not None:
            sums[category] = sums.get(category, 0.0) + weight * sample[stratum]
    return sums


def _rescaled(sample: Sample, weights: Weights) -> Weights:
    mean = sum(weight * sample[stratum] for stratum, weight in weights.items()) / sum(sample.values())
    return {stratum: weight / mean for stratum, weight in weights.items()}


def _median(sample: Sample, weights: Weights) -> float:
    half = sum(sample.values()) / 2
    passed = 0
    for weight, count in sorted((weight, sample[stratum]) for stratum, weight in weights.items()):
        passed += count
        if passed >= half:
            return weight
    return 0.0


def _join(sample: Sample, population: Population) -> tuple[dict[Stratum, Stratum], list[Target]]:
    """Join thin categories; return the joined stratum of each stratum, and the joined margins."""
    margins = [_margin(variable, sample, population) for variable in VARIABLES]
    (ages, _age_target), (genders, _gender_target), (areas, _area_target) = margins
    # In one order, so that the last bit of a sum doesn't depend on the order of the ratings.
    strata = sorted((stratum for stratum, count in sample.items() if count), key=repr)
    joined: dict[Stratum, Stratum] = {
        (age, gender, area): (ages.get(age), genders.get(gender), areas.get(area)) for age, gender, area in strata
    }
    return joined, [target for _names, target in margins]


def _margin(variable: int, sample: Sample, population: Population) -> tuple[dict[str | None, str], Target]:
    """Return the joined name of each category of a variable, and its target; none when all are joined into one."""
    inhabitants: Counter[str] = Counter()
    for place, count in population.items():
        inhabitants[place[variable]] += count
    persons: Counter[str | None] = Counter()
    for stratum, count in sample.items():
        persons[stratum[variable]] += count
    groups = _joined_categories(variable, [(category, persons[category]) for category in +inhabitants])
    names: dict[str | None, str] = {category: group[0] for group in groups for category in group}
    shares = {group[0]: sum(inhabitants[one] for one in group) / inhabitants.total() for group in groups}
    return names, shares if len(groups) > 1 else {}


def _joined_categories(variable: int, categories: Sequence[tuple[str, int]]) -> list[list[str]]:
    """Join categories (name, persons) until each has ten persons.

    Age bands keep their order: the thinnest is joined with the thinner of the bands beside it. Genders and areas have
    no order: the two thinnest are joined.
    """
    ordered = sorted(categories, key=lambda one: (_first_number(one[0]) if variable == AGE else 0, one[0]))
    groups = [([name], count) for name, count in ordered]
    while len(groups) > 1 and min(count for _names, count in groups) < SMALLEST_CATEGORY:
        if variable != AGE:
            groups.sort(key=lambda group: group[1])
        thinnest = min(range(len(groups)), key=lambda place: groups[place][1])
        beside = [place for place in (thinnest - 1, thinnest + 1) if 0 <= place < len(groups)]
        first = min(thinnest, min(beside, key=lambda place: groups[place][1]))
        (names, count), (more_names, more) = groups[first : first + 2]
        groups[first : first + 2] = [(names + more_names, count + more)]
    return [names for names, _count in groups]


def _first_number(band: str) -> int:
    """Return where an age band stands: "18–29" at 18, "80+" at 80, one without a number first."""
    number = re.search(r"\d+", band)
    return int(number[0]) if number else 0

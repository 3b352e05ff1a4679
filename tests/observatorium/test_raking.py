"""Raking meets its margins before trimming, or says that it can't."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from portal.observatorium.raking import (
    LARGEST_MARGIN_ERROR,
    Population,
    Raking,
    Refusal,
    Sample,
    Stratum,
    Target,
    fit,
    margin_error,
    rake,
    trim,
)

AGES = ("18–29", "30–49", "50–66", "67+")
GENDERS = ("kvinne", "mann")
AREAS = ("Borgen", "Dikemark", "Tofte")
PLACES = [(age, gender, area) for age in AGES for gender in GENDERS for area in AREAS]

populations = some.tuples(*[some.integers(50, 3000)] * len(PLACES)).map(
    lambda counts: dict(zip(PLACES, counts, strict=True))
)
samples = some.tuples(*[some.integers(0, 60)] * len(PLACES)).map(lambda counts: dict(zip(PLACES, counts, strict=True)))


def margins_of(population: Population) -> list[Target]:
    """The shares of each age band, gender and area, added up by hand."""
    whole = sum(population.values())
    return [
        {
            category: sum(count for place, count in population.items() if place[variable] == category) / whole
            for category in categories
        }
        for variable, categories in enumerate((AGES, GENDERS, AREAS))
    ]


def share(sample: Sample, weights: dict[Stratum, float], variable: int, *categories: str) -> float:
    """The weighted share of some categories among those who told the variable."""
    told = sum(weights[one] * count for one, count in sample.items() if count and one[variable])
    given_ = sum(weights[one] * count for one, count in sample.items() if count and one[variable] in categories)
    return given_ / told


@settings(max_examples=60, deadline=None)
@given(samples, populations)
def test_the_fit_meets_every_margin_or_says_that_it_cannot(sample, population):
    targets = margins_of(population)
    for variable, target in enumerate(targets):
        assume(all(any(count for place, count in sample.items() if place[variable] == one) for one in target))
    present = {place: count for place, count in sample.items() if count}
    weights = fit(present, targets)
    if weights is not None:
        for variable, target in enumerate(targets):
            for category, expected in target.items():
                assert share(present, weights, variable, category) == pytest.approx(expected, abs=1e-6)
        assert sum(weights[place] * count for place, count in present.items()) == pytest.approx(sum(present.values()))


@settings(max_examples=60, deadline=None)
@given(samples, populations)
def test_weights_are_positive_with_a_mean_of_one_and_a_margin_error_within_the_limit(sample, population):
    raking = rake(sample, population)
    if isinstance(raking, Refusal):
        return
    persons = sum(sample.values())
    assert sum(raking.weights[place] * count for place, count in sample.items() if count) == pytest.approx(persons)
    assert min(raking.weights.values()) > 0
    assert raking.largest_weight == max(raking.weights.values())
    assert raking.margin_error <= LARGEST_MARGIN_ERROR


@settings(max_examples=40, deadline=None)
@given(samples, populations, some.randoms(use_true_random=False))
def test_the_order_does_not_matter_not_even_in_the_last_bit(sample, population, dice):
    turned, elsewhere = list(sample.items()), list(population.items())
    dice.shuffle(turned)
    dice.shuffle(elsewhere)
    assert rake(dict(turned), dict(elsewhere)) == rake(sample, population)


def test_a_group_that_answered_too_little_weighs_more():
    population = dict.fromkeys(PLACES, 100)
    sample = {place: 10 if place[0] == "18–29" else 20 for place in PLACES}
    raking = rake(sample, population)
    assert isinstance(raking, Raking)
    assert share(sample, raking.weights, 0, "18–29") == pytest.approx(0.25)
    assert raking.weights["18–29", "mann", "Tofte"] == pytest.approx(1.75)
    assert raking.weights["67+", "kvinne", "Borgen"] == pytest.approx(0.875)
    assert raking.margin_error == pytest.approx(0, abs=1e-9)


def test_who_did_not_tell_a_variable_takes_no_part_in_its_margin():
    population = dict.fromkeys(PLACES, 100)
    sample = dict.fromkeys(PLACES, 10) | {(None, "mann", "Borgen"): 20, ("67+", None, None): 10}
    raking = rake(sample, population)
    assert isinstance(raking, Raking)
    assert share(sample, raking.weights, 0, "67+") == pytest.approx(0.25)
    assert share(sample, raking.weights, 1, "mann") == pytest.approx(0.5)
    assert set(raking.weights) == set(sample)


def test_a_value_that_the_population_does_not_have_counts_as_not_told():
    population = dict.fromkeys(PLACES, 100)
    sample = dict.fromkeys(PLACES, 10) | {("67+", "annet", "Borgen"): 12}
    known = dict.fromkeys(PLACES, 10) | {("67+", None, "Borgen"): 12}
    raking, same = rake(sample, population), rake(known, population)
    assert isinstance(raking, Raking)
    assert isinstance(same, Raking)
    assert raking.weights["67+", "annet", "Borgen"] == pytest.approx(same.weights["67+", None, "Borgen"])


def test_thin_age_bands_are_joined_with_the_band_beside_them():
    """Six of 30–49 are joined with the thinner neighbour, 18–29, and the two are weighed as one."""
    population = {(age, "kvinne", "Borgen"): 100 for age in AGES}
    sample = {
        ("18–29", "kvinne", "Borgen"): 14,
        ("30–49", "kvinne", "Borgen"): 6,
        ("50–66", "kvinne", "Borgen"): 40,
        ("67+", "kvinne", "Borgen"): 20,
    }
    raking = rake(sample, population)
    assert isinstance(raking, Raking)
    assert raking.weights["18–29", "kvinne", "Borgen"] == raking.weights["30–49", "kvinne", "Borgen"]
    assert share(sample, raking.weights, 0, "18–29", "30–49") == pytest.approx(0.5)
    assert share(sample, raking.weights, 0, "67+") == pytest.approx(0.25)


def test_age_bands_are_ordered_by_their_numbers_whatever_order_they_come_in():
    """«100+» comes after «67–99», not before «18–66»."""
    population = {(age, "kvinne", "Borgen"): 100 for age in ("67–99", "100+", "18–66")}
    sample = {
        ("18–66", "kvinne", "Borgen"): 20,
        ("67–99", "kvinne", "Borgen"): 30,
        ("100+", "kvinne", "Borgen"): 5,
    }
    raking = rake(sample, population)
    assert isinstance(raking, Raking)
    assert raking.weights["100+", "kvinne", "Borgen"] == raking.weights["67–99", "kvinne", "Borgen"]


def test_the_thinnest_areas_are_joined():
    population = {("18+", "kvinne", area): 100 for area in AREAS}
    sample = {("18+", "kvinne", area): count for area, count in zip(AREAS, (4, 20, 9), strict=True)}
    raking = rake(sample, population)
    assert isinstance(raking, Raking)
    assert raking.weights["18+", "kvinne", "Borgen"] == raking.weights["18+", "kvinne", "Tofte"]
    assert share(sample, raking.weights, 2, "Borgen", "Tofte") == pytest.approx(2 / 3)


def test_weights_are_cut_at_five_times_the_median_and_the_error_is_told():
    strata: list[Stratum] = [("18–29", None, None), ("30–49", None, None)]
    sample = {strata[0]: 10, strata[1]: 990}
    weights = {strata[0]: 20.0, strata[1]: 800 / 990}
    cut = trim(sample, weights)
    assert cut[strata[0]] / cut[strata[1]] == pytest.approx(5)
    assert sum(cut[one] * count for one, count in sample.items()) == pytest.approx(1000)
    targets = [{"18–29": 0.2, "30–49": 0.8}]
    assert margin_error(sample, weights, targets) == pytest.approx(0, abs=1e-12)
    assert margin_error(sample, cut, targets) == pytest.approx(1 - 50 / 1040 / 0.2)


@pytest.mark.parametrize(
    ("sample", "population", "refusal"),
    [
        ({}, {("18+", "kvinne", "Borgen"): 100}, Refusal.TOO_FEW),
        ({("18+", "kvinne", "Borgen"): 500}, {("18+", "kvinne", "Borgen"): 100}, Refusal.TOO_FEW),
        (dict.fromkeys(PLACES, 10) | {(None, None, None): 103}, dict.fromkeys(PLACES, 100), Refusal.MISSING),
        (dict.fromkeys(PLACES, 10), {}, Refusal.MISSING),
        (
            {place: 990 if place[0] == "67+" else 5 for place in PLACES},
            dict.fromkeys(PLACES, 100),
            Refusal.MARGIN_ERROR,
        ),
        (
            # All the young are women and all the old are men, but half the people are old and only a tenth are men.
            {("18–66", "kvinne", "Borgen"): 50, ("67+", "mann", "Borgen"): 50},
            {("18–66", "kvinne", "Borgen"): 50, ("67+", "kvinne", "Borgen"): 40, ("67+", "mann", "Borgen"): 10},
            Refusal.NOT_CONVERGED,
        ),
    ],
)
def test_it_says_why_there_are_no_weights(sample, population, refusal):
    assert rake(sample, population) is refusal


def test_just_thirty_per_cent_may_miss_a_variable():
    sample = dict.fromkeys(PLACES, 7) | {(None, None, None): 72}
    assert isinstance(rake(sample, dict.fromkeys(PLACES, 100)), Raking)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(some.tuples(*[some.integers(10, 60)] * len(PLACES)), populations)
def test_the_fit_agrees_with_ipfn(counts, population):
    ipfn = pytest.importorskip("ipfn.ipfn")
    numpy = pytest.importorskip("numpy")
    sample = dict(zip(PLACES, counts, strict=True))
    targets, persons = margins_of(population), sum(counts)
    cube = numpy.array(counts, dtype=float).reshape(len(AGES), len(GENDERS), len(AREAS))
    aggregates = [
        numpy.array([target[one] * persons for one in categories])
        for target, categories in zip(targets, (AGES, GENDERS, AREAS), strict=True)
    ]
    theirs = ipfn.ipfn(cube, aggregates, [[0], [1], [2]], convergence_rate=1e-12).iteration().reshape(-1)
    weights = fit(sample, targets)
    assert weights is not None
    assert [weights[place] * sample[place] for place in PLACES] == pytest.approx(list(theirs), rel=1e-6)

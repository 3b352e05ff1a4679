"""The published result: figures that are right, can be repeated, and don't depend on how the ratings were counted."""

import dataclasses
import json
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.figures import joint_effective_size, mean_level, median_level, outward, per_cent, wilson
from portal.observatorium.raking import Refusal
from portal.observatorium.results import GroupResult, IndicatorResult, Intervals, Overall, Shares, gap, publish, revise
from portal.observatorium.suppression import may_differ, rounded_participation
from portal.observatorium.tally import Cell, gather, tally
from tests.observatorium.ratings import (
    BUSINESS,
    INDICATOR,
    KNOWLEDGE,
    RESIDENT,
    VOLUNTARY_SECTOR,
    Group,
    cells,
    round_of,
    singles,
)

counts = some.tuples(*[some.integers(0, 80)] * 4)
organisations = some.lists(some.tuples(*[some.integers(0, 4)] * 4), max_size=25)
rounds = some.fixed_dictionaries(
    {
        RESIDENT: counts.map(lambda count: [count]),
        VOLUNTARY_SECTOR: organisations,
        BUSINESS: organisations,
        KNOWLEDGE: organisations,
    }
).map(round_of)
three_shares = (
    some.tuples(*[some.integers(0, 1000)] * 3)
    .filter(any)
    .map(lambda parts: [Fraction(part, sum(parts)) for part in parts])
)


def one(round_cells: list[Cell], own: Level | None = None) -> IndicatorResult:
    (result,) = publish([INDICATOR], round_cells, own={INDICATOR: own})
    return result


def resident(*answers: int) -> GroupResult:
    return one(cells(RESIDENT, [answers])).groups[0]


def business(organisations: Group) -> GroupResult:
    return one(cells(BUSINESS, organisations)).groups[2]


def all_shares(result: IndicatorResult) -> list[GroupResult | Overall]:
    return [told for told in (*result.groups, result.overall) if told.shares]


# --- figures ----------------------------------------------------------------------------------------------------------


@given(three_shares)
def test_rounded_shares_sum_to_a_hundred_and_are_neighbours_of_the_exact(shares):
    rounded = per_cent(shares)
    assert sum(rounded) == 100
    assert all(abs(whole - 100 * share) < 1 for whole, share in zip(rounded, shares, strict=True))


def test_equal_remainders_round_the_worse_level_up():
    assert per_cent([Fraction(1, 3)] * 3) == (34, 33, 33)
    assert per_cent([Fraction(1, 8), Fraction(6, 8), Fraction(1, 8)]) == (13, 75, 12)


@given(some.floats(0, 1), some.floats(1, 1e7))
def test_an_interval_holds_its_share_and_lies_between_0_and_1(share, n_eff):
    for low, high in (wilson(share, n_eff), outward(wilson(share, n_eff))):
        assert 0 <= low <= share <= high <= 1


@given(some.floats(0, 1), some.floats(1, 1e6))
def test_an_interval_narrows_with_more_people(share, n_eff):
    (low, high), (lower, higher) = wilson(share, 2 * n_eff), wilson(share, n_eff)
    assert high - low < higher - lower


def test_wilson_gives_the_published_example():
    """Newcombe, Statistics in Medicine 17 (1998) 857–872, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for given_, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(given_ / n, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("share", "n_eff"), [(-0.1, 5), (1.1, 5), (0.5, 0), (0.5, -1)])
def test_there_is_no_interval_for_what_is_not_a_share_or_nobody(share, n_eff):
    with pytest.raises(ValueError, match="no interval"):
        wilson(share, n_eff)


@pytest.mark.slow
@given(some.integers(0, 500), some.integers(1, 500))
def test_wilson_agrees_with_statsmodels(count, n):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    count = min(count, n)
    theirs = proportion.proportion_confint(count, n, method="wilson")
    assert wilson(count / n, n) == pytest.approx(theirs, abs=1e-8)


def test_the_level_is_the_median_and_a_tie_goes_to_the_worse():
    assert median_level((50, 0, 50)) is Level.RED
    assert median_level((50, 50, 0)) is Level.RED
    assert median_level((49, 1, 50)) is Level.YELLOW
    assert median_level((49, 0, 51)) is Level.GREEN
    assert median_level((0, 51, 49)) is Level.YELLOW


@given(three_shares.map(per_cent), some.sampled_from([(0, 1), (1, 2), (0, 2)]))
def test_the_level_never_falls_when_somebody_answers_better(shares, change):
    worse, better = change
    moved = list(shares)
    if moved[worse]:
        moved[worse] -= 1
        moved[better] += 1
    assert median_level(moved) >= median_level(shares)
    assert mean_level(moved) >= mean_level(shares)


@given(some.lists(some.floats(10, 1e5), min_size=1, max_size=4))
def test_groups_of_equal_weight_are_worth_at_least_the_smallest_times_their_number(sizes):
    assert joint_effective_size(sizes) >= len(sizes) * min(sizes) * (1 - 1e-9)
    assert joint_effective_size(sizes) <= sum(sizes) * (1 + 1e-9)


# --- a group ----------------------------------------------------------------------------------------------------------


def test_a_group_is_told_whole_from_ten_with_an_opinion():
    assert resident(6, 3, 1, 2) == GroupResult(
        RESIDENT,
        suppressed=False,
        n=12,
        n_eff=10.0,
        shares=Shares(0.6, 0.3, 0.1),
        unknown=0.17,
        interval=Intervals((0.31, 0.84), (0.1, 0.61), (0.01, 0.41)),
        mean=0.25,
        level=None,
    )


def test_only_its_number_is_told_of_five_to_nine():
    assert resident(4, 3, 2, 7) == GroupResult(RESIDENT, n=16)
    assert resident(5, 0, 0, 0) == GroupResult(RESIDENT, n=5)


def test_under_five_looks_like_nobody():
    assert resident(1, 2, 1, 0) == resident(0, 0, 0, 0) == GroupResult(RESIDENT)


def test_nearly_all_of_one_mind_are_told_as_such_with_a_number_only_from_fifty():
    assert resident(0, 1, 9, 30) == GroupResult(RESIDENT, suppressed=False, band=(10, 49), dominated=Level.GREEN)
    assert resident(0, 5, 45, 50) == GroupResult(
        RESIDENT, suppressed=False, n=100, dominated=Level.GREEN, n_eff=50.0, unknown=0.5, level=Level.GREEN
    )
    assert resident(0, 6, 44, 0).shares == Shares(0, 0.12, 0.88)


def test_a_large_group_of_one_mind_is_told_whole():
    assert resident(1000, 0, 0, 0).shares == Shares(1, 0, 0)
    assert resident(999, 0, 0, 0).shares is None


def test_there_is_no_level_under_thirty():
    assert resident(20, 5, 4, 0).level is None
    assert resident(20, 5, 5, 0).level is Level.RED


def test_each_organisation_weighs_one():
    """Ten organisations with one rater each, and one with ten raters who say red: one of eleven."""
    told = business([*singles(0, 1, 9), (10, 0, 0, 0)])
    assert told.n == 20
    assert told.shares == Shares(0.09, 0.09, 0.82)


def test_an_organisation_weighs_one_among_those_with_an_opinion():
    """The raters of an organisation who don't know leave its weight to the others."""
    told = business([*singles(0, 6, 6), (1, 0, 0, 9)])
    assert told.shares == Shares(0.08, 0.46, 0.46)
    assert told.unknown == 0.07


def test_the_effective_size_is_kishs():
    """Twelve who weigh 1 and one organisation of four: (12 + 1)² / (12 + 4 · 1/16) = 13.79…, rounded down."""
    assert business([*singles(4, 4, 4), (2, 1, 1, 0)]).n_eff == 13.7


def test_one_who_weighs_as_much_as_all_others_is_not_read_off():
    assert business([(9, 0, 0, 0), (0, 0, 1, 0)]) == GroupResult(BUSINESS, n=10)


def test_residents_have_no_organisation_and_the_others_have_one():
    for group, organisation in ((RESIDENT, "one"), (BUSINESS, None)):
        with pytest.raises(ValueError, match="through an organisation"):
            one([Cell(INDICATOR, group, Answer.RED, organisation, None, 1)])


def test_a_cell_of_another_indicator_is_refused():
    with pytest.raises(ValueError, match="not an indicator of this round"):
        publish(["1.2"], cells(RESIDENT, [(1, 0, 0, 0)]), own={})


# --- a round ----------------------------------------------------------------------------------------------------------


@given(rounds)
def test_shares_sum_to_1_and_lie_in_their_intervals(round_cells):
    for told in all_shares(one(round_cells)):
        shares, intervals = told.shares, told.interval
        assert round(shares.red + shares.yellow + shares.green, 9) == 1
        for level in Level:
            low, high = getattr(intervals, level)
            assert 0 <= low <= getattr(shares, level) <= high <= 1


@given(rounds, some.randoms(use_true_random=False))
def test_neither_the_order_of_the_ratings_nor_how_they_are_added_up_matters(round_cells, dice):
    single = [dataclasses.replace(cell, count=1) for cell in round_cells for _person in range(cell.count)]
    dice.shuffle(single)
    assert one(single) == one(round_cells)


@given(rounds)
def test_a_result_is_stored_and_read_again_as_plain_json(round_cells):
    data = dataclasses.asdict(one(round_cells, own=Level.GREEN))
    assert json.loads(json.dumps(data, allow_nan=False)) == json.loads(json.dumps(data))
    assert set(data["overall"]) >= {"covers", "n", "n_eff", "shares", "interval", "level"}


@given(rounds)
def test_the_overall_follows_from_the_groups_as_published(round_cells):
    result = one(round_cells)
    told = [group for group in result.groups if group.shares]
    assert result.overall.covers == tuple(group.group for group in told)
    if told:
        assert result.overall.n == sum(group.n for group in told)
        for level in Level:
            mean = sum(getattr(group.shares, level) for group in told) / len(told)
            assert abs(getattr(result.overall.shares, level) - mean) < 0.01 + 1e-9
        assert result.overall.n_eff == pytest.approx(
            joint_effective_size([group.n_eff for group in told]), abs=0.1, rel=0.01
        )
    assert (result.disagreement is None) == (len(told) < 2)


def test_five_thousand_residents_do_not_drown_twelve_institutions():
    result = one(round_of({RESIDENT: [(0, 1000, 4000, 0)], KNOWLEDGE: singles(9, 3, 0)}))
    assert result.overall.covers == (RESIDENT, KNOWLEDGE)
    assert result.overall.shares == Shares(0.38, 0.22, 0.4)
    assert result.disagreement == 0.775


def test_the_gap_is_how_much_better_the_municipality_sees_itself():
    rated = cells(RESIDENT, [(30, 10, 10, 0)])
    assert one(rated, own=Level.GREEN).gap == 2
    assert one(rated, own=Level.RED).gap == 0
    assert one(rated).gap is None
    assert one(cells(RESIDENT, [(3, 1, 1, 0)]), own=Level.GREEN).gap is None
    assert gap(Level.RED, Level.GREEN) == -2


def test_a_hidden_group_is_in_neither_overall_nor_disagreement():
    groups = {RESIDENT: [(20, 15, 5, 2)], BUSINESS: singles(5, 4, 3), KNOWLEDGE: singles(0, 0, 9)}
    with_hidden, without = one(round_of(groups)), one(round_of({**groups, KNOWLEDGE: ()}))
    assert with_hidden.overall == without.overall
    assert with_hidden.disagreement == without.disagreement


def test_every_group_of_every_indicator_is_there():
    results = publish(["1.1", "1.2"], [], own={})
    assert [[group.group for group in result.groups] for result in results] == [
        [RESIDENT, VOLUNTARY_SECTOR, BUSINESS, KNOWLEDGE]
    ] * 2


@given(some.integers(0, 10_000))
def test_participation_is_rounded_down_to_tens(persons):
    rounded = rounded_participation(persons)
    assert rounded is None if persons < 10 else 0 <= persons - rounded < 10


# --- weighted ---------------------------------------------------------------------------------------------------------

PEOPLE = {(age, gender, "Borgen"): 500 for age in ("18–39", "40+") for gender in ("kvinne", "mann")}


def test_weighted_stands_beside_plain():
    """The young are half the people and a quarter of those who answered; most of them say red."""
    young, old = ("18–39", "kvinne", "Borgen"), ("40+", "mann", "Borgen")
    people = {young: 500, old: 500}
    rated = [*cells(RESIDENT, [(44, 6, 0, 0)], young), *cells(RESIDENT, [(6, 24, 120, 20)], old)]
    (result,) = publish([INDICATOR], rated, own={}, population=people)
    told = result.groups[0]
    assert told.shares == Shares(0.25, 0.15, 0.6)
    assert told.weighted.shares.red == pytest.approx(0.49, abs=0.005)
    assert told.weighted.largest_weight == 2.2
    assert told.weighted.margin_error == 0
    assert told.weighted.n_eff < told.n_eff
    low, high = told.weighted.interval.red
    assert low <= told.weighted.shares.red <= high


def test_why_there_is_no_weighted_figure_is_told_only_of_a_group_that_is_told():
    def residents(*answers: int) -> GroupResult:
        return publish([INDICATOR], cells(RESIDENT, [answers]), own={}, population=PEOPLE)[0].groups[0]

    assert residents(40, 30, 29, 5).unweighted_because is Refusal.TOO_FEW
    assert residents(40, 30, 30, 5).unweighted_because is Refusal.MISSING
    assert residents(4, 3, 2, 5) == GroupResult(RESIDENT, n=14)
    assert residents(400, 0, 0, 0).unweighted_because is None


def young_and_old(young: tuple[int, ...], old: tuple[int, ...]) -> list[Cell]:
    return [
        *cells(RESIDENT, [young], ("18–39", "kvinne", "Borgen")),
        *cells(RESIDENT, [old], ("40+", "kvinne", "Borgen")),
    ]


def weighted(rated: list[Cell]) -> GroupResult:
    return publish([INDICATOR], rated, own={}, population=PEOPLE)[0].groups[0]


@pytest.mark.parametrize("young", [(20, 20, 9, 30), (50, 5, 0, 0), (0, 0, 70, 0)])
def test_a_part_of_few_or_of_one_mind_is_not_told_by_the_weights(young):
    told = weighted(young_and_old(young, (30, 60, 60, 5)))
    assert told.shares
    assert told.weighted is None
    assert told.unweighted_because


def test_a_correction_that_takes_somebody_out_is_not_weighted_and_stays_so():
    before, after = (young_and_old(young, (30, 60, 60, 5)) for young in ((30, 30, 20, 0), (20, 25, 15, 0)))
    first = publish([INDICATOR], before, own={}, population=PEOPLE)
    assert first[0].groups[0].weighted
    second = revise(first, before, after, own={}, population=PEOPLE)
    third = revise(second, after, after, own={}, population=PEOPLE)
    for revised in (second, third):
        assert revised[0].groups[0].shares == weighted(after).shares
        assert revised[0].groups[0].weighted is None
        assert revised[0].groups[0].unweighted_because is Refusal.CORRECTED


# --- a correction -----------------------------------------------------------------------------------------------------


def corrected(before: list[Cell], after: list[Cell]) -> IndicatorResult:
    (result,) = revise([one(before)], before, after, own={})
    return result


def test_a_correction_that_touches_nobody_tells_the_same():
    rated = round_of({RESIDENT: [(20, 15, 5, 2)], BUSINESS: singles(0, 0, 12), KNOWLEDGE: singles(1, 3, 3)})
    assert corrected(rated, rated) == one(rated)


def test_taking_out_a_group_that_could_be_told_gives_new_figures():
    before, after = cells(RESIDENT, [(20, 15, 5, 2)]), cells(RESIDENT, [(12, 12, 5, 1)])
    assert corrected(before, after) == one(after)


@pytest.mark.parametrize("after", [(19, 15, 5, 2), (20, 15, 5, 1), (10, 15, 5, 2), (21, 15, 5, 2), (19, 16, 5, 2)])
def test_a_smaller_or_unanimous_or_changed_difference_withdraws_the_group(after):
    result = corrected(cells(RESIDENT, [(20, 15, 5, 2)]), cells(RESIDENT, [after]))
    assert result.groups[0] == GroupResult(RESIDENT)
    assert result.overall == Overall()


def test_somebody_in_another_stratum_withdraws_the_group_too():
    """The weighted figures would tell what they answered."""
    moved = [*cells(RESIDENT, [(20, 15, 5, 2)]), *cells(RESIDENT, [(0, 1, 0, 0)], ("18–39", None, None))]
    back = [*cells(RESIDENT, [(20, 15, 5, 2)]), *cells(RESIDENT, [(0, 1, 0, 0)], ("40+", None, None))]
    assert corrected(moved, back).groups[0] == GroupResult(RESIDENT)


def test_a_withdrawn_group_stays_withdrawn():
    first, second = cells(RESIDENT, [(20, 15, 5, 2)]), cells(RESIDENT, [(19, 15, 5, 2)])
    (withdrawn,) = revise([one(first)], first, second, own={})
    for third in (second, first, cells(RESIDENT, [(10, 10, 3, 2)])):
        assert revise([withdrawn], second, third, own={})[0].groups[0] == GroupResult(RESIDENT)


def test_a_new_own_level_needs_no_other_group():
    rated = cells(RESIDENT, [(30, 15, 5, 2)])
    (result,) = revise([one(rated, own=Level.GREEN)], rated, rated, own={INDICATOR: Level.RED})
    assert result.gap == 0


@settings(max_examples=200)
@given(
    some.tuples(*[some.integers(5, 60)] * 4),
    some.lists(some.tuples(some.sampled_from([1, 1, 1, -1]), *[some.integers(0, 12)] * 4), min_size=1, max_size=4),
)
def test_between_any_two_told_revisions_lies_nobody_or_a_group_that_could_be_told(start, changes):
    """Also when some come back, and over revisions in between that are withdrawn."""
    revisions, told = [start], [one(cells(RESIDENT, [start]))]
    for way, *persons in changes:
        revisions.append(tuple(max(0, count - way * out) for count, out in zip(revisions[-1], persons, strict=True)))
        before, after = (cells(RESIDENT, [answers]) for answers in revisions[-2:])
        told += revise([told[-1]], before, after, own={})
    whole = [answers for answers, result in zip(revisions, told, strict=True) if result.groups[0].shares]
    for earlier, later in combinations(whole, 2):
        taken_out = tuple(count - rest for count, rest in zip(earlier, later, strict=True))
        if any(taken_out):
            assert min(taken_out) >= 0
            exact = tally(gather([INDICATOR], cells(RESIDENT, [taken_out]))[INDICATOR, RESIDENT])
            assert may_differ(exact.opinions, exact.n_eff, exact.largest)

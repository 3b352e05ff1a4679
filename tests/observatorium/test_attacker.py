"""The attacker: what is published of small groups leaves at least five possible values for every hidden count.

She knows the method and all its thresholds, every count of the three other groups and, where a group's n is told, how
many raters each of its organisations has: more than any reader. She goes through all whole numbers of people in the
group she is after, publishes each, and keeps those that look exactly like what was published.
"""

import random
from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from itertools import chain, combinations_with_replacement, groupby, product

import pytest

from portal.kernel.identity import StakeholderGroup
from portal.observatorium import results
from portal.observatorium.catalogue import Level
from portal.observatorium.figures import per_cent
from portal.observatorium.results import GroupResult, IndicatorResult, publish, revise
from portal.observatorium.tally import Cell, gather, tally
from tests.observatorium.ratings import (
    BUSINESS,
    INDICATOR,
    KNOWLEDGE,
    RESIDENT,
    VOLUNTARY_SECTOR,
    Count,
    Group,
    cells,
    round_of,
    singles,
    total,
)

ENOUGH = 5
NAMES = ("red", "yellow", "green", "unknown")
Round = dict[StakeholderGroup, Group]
Result = tuple[IndicatorResult, ...]
Correction = Callable[[Round, Round], tuple[Result, Result]]


def ours(groups: Round) -> Result:
    return publish([INDICATOR], round_of(groups), own={})


def ours_corrected(before: Round, after: Round) -> tuple[Result, Result]:
    first = ours(before)
    return first, revise(first, round_of(before), round_of(after), own={})


def told_of(result: Result, group: StakeholderGroup) -> GroupResult:
    return next(told for told in result[0].groups if told.group is group)


# --- what she tries ---------------------------------------------------------------------------------------------------


def answers_of(persons: int) -> list[Count]:
    """All ways that so many persons can answer."""
    return [
        (red, yellow, green, persons - red - yellow - green)
        for red in range(persons + 1)
        for yellow in range(persons - red + 1)
        for green in range(persons - red - yellow + 1)
    ]


def with_raters(sizes: Iterable[int]) -> Iterator[Group]:
    """All ways that organisations with so many raters can answer; organisations of one size are interchangeable."""
    alike = [(size, len(list(same))) for size, same in groupby(sorted(sizes))]
    for choice in product(*(combinations_with_replacement(answers_of(size), count) for size, count in alike)):
        yield tuple(chain.from_iterable(choice))


def partitions(persons: int, largest: int) -> Iterator[tuple[int, ...]]:
    """All ways to spread persons over organisations of at most `largest`."""
    if persons == 0:
        yield ()
    for first in range(min(persons, largest), 0, -1):
        for rest in partitions(persons - first, first):
            yield (first, *rest)


def nearly_unanimous(
    group: StakeholderGroup, most: Level, opinions: Iterable[int], unknown: Iterable[int]
) -> Iterator[Group]:
    """One answer from all but a few, each person counting as one: residents, or organisations with one rater."""
    place = tuple(Level).index(most)
    for persons, dont_know, one, other in product(opinions, unknown, range(7), range(7)):
        if one + other <= persons // 8:
            counts = [one, other]
            counts.insert(place, persons - one - other)
            yield ((*counts, dont_know),) if group is RESIDENT else singles(*counts, dont_know)


def candidates(group: StakeholderGroup, told: GroupResult, truth: Group) -> Iterator[Group]:
    """All that she tries: everything the published form allows, and some more."""
    persons, unknown = sum(total(truth)), total(truth)[3]
    if told.band and told.dominated:
        yield from nearly_unanimous(group, told.dominated, range(51, 8, -1), range(5))
    elif told.dominated:
        yield from nearly_unanimous(group, told.dominated, [persons - unknown], [unknown])
    elif told.n is None:
        for few in range(6):
            for sizes in [(few,)] if group is RESIDENT else partitions(few, few):
                yield from with_raters(sizes)
    else:
        yield from with_raters([persons] if group is RESIDENT else [sum(one) for one in truth])


def plainest_first(tried: Iterable[Group]) -> list[Group]:
    """Those with the fewest different answers first: among them five values are found soon where there are five."""
    return sorted(tried, key=lambda counts: sum(map(bool, total(counts))))


def hidden(told: GroupResult) -> tuple[str, ...]:
    """The counts that a group's published form doesn't tell."""
    if told.shares:
        return ()
    if told.dominated and told.n:
        return NAMES[:3]
    return NAMES if told.n else ("n", *NAMES)


def named(counts: Count) -> dict[str, int]:
    return {"n": sum(counts), **dict(zip(NAMES, counts, strict=True))}


# --- one publication --------------------------------------------------------------------------------------------------


def read_off(publisher: Callable[[Round], tuple[Result, Hashable]], groups: Round) -> Iterator[str]:
    """Yield the hidden counts that keep fewer than five values, with those values."""
    seen = publisher(groups)
    for group in StakeholderGroup:
        truth = groups.get(group, ())
        told = told_of(seen[0], group)
        values: dict[str, set[int]] = {name: set() for name in hidden(told)}
        for tried in plainest_first(candidates(group, told, truth)) if values else ():
            if publisher({**groups, group: tried}) == seen:
                for name, possible in values.items():
                    possible.add(named(total(tried))[name])
                if min(map(len, values.values())) >= ENOUGH:
                    break
        else:
            for name, possible in values.items():
                if len(possible) < ENOUGH:
                    yield f"{group} {name}: {sorted(possible)}"


def leaking(leak: Callable[[Round], Hashable]) -> Callable[[Round], tuple[Result, Hashable]]:
    """Our publication, and something told beside it."""
    return lambda groups: (ours(groups), leak(groups))


nothing_beside = leaking(lambda _groups: None)

NASTY: dict[str, Round] = {
    "nobody at all": {},
    "three groups told and one of seven": {
        RESIDENT: ((20, 15, 5, 2),),
        VOLUNTARY_SECTOR: singles(5, 4, 3),
        BUSINESS: singles(2, 6, 4, 1),
        KNOWLEDGE: singles(3, 2, 1, 1),
    },
    "nine of one mind": {RESIDENT: ((20, 15, 5, 2),), BUSINESS: singles(2, 6, 4), KNOWLEDGE: singles(0, 0, 9)},
    "five persons": {RESIDENT: ((5, 0, 0, 0),), BUSINESS: singles(0, 5, 0), KNOWLEDGE: singles(1, 1, 1, 2)},
    "four persons": {RESIDENT: ((0, 0, 4, 0),), BUSINESS: ((0, 4, 0, 0),), KNOWLEDGE: singles(1, 1, 1, 1)},
    "one person": {RESIDENT: ((0, 0, 1, 0),), BUSINESS: singles(1, 0, 0), KNOWLEDGE: singles(0, 0, 0, 1)},
    "forty don't know and nine do": {RESIDENT: ((9, 0, 0, 40),), BUSINESS: singles(0, 9, 0, 3)},
    "nine in one organisation and one alone": {BUSINESS: ((9, 0, 0, 0), (0, 0, 1, 0)), RESIDENT: ((4, 4, 4, 4),)},
    "three organisations of four": {BUSINESS: ((4, 0, 0, 0), (0, 4, 0, 0), (0, 0, 4, 0)), RESIDENT: ((4, 4, 4, 4),)},
    "ten of one mind": {RESIDENT: ((10, 0, 0, 0),), BUSINESS: singles(0, 10, 0)},
    "ten but for one": {RESIDENT: ((9, 0, 1, 0),), BUSINESS: singles(1, 9, 0)},
    "thirty of one mind and one who doesn't know": {RESIDENT: ((30, 0, 0, 1),)},
    "forty-nine of one mind": {RESIDENT: ((0, 0, 49, 0),)},
    "fifty of one mind": {RESIDENT: ((0, 0, 50, 0),), BUSINESS: singles(50, 0, 0)},
    "fifty but for five": {RESIDENT: ((5, 0, 45, 0),)},
    "fifty of one mind and many who don't know": {RESIDENT: ((50, 0, 0, 70),)},
}


@pytest.mark.parametrize("case", NASTY)
def test_nothing_hidden_can_be_read_off(case):
    assert list(read_off(nothing_beside, NASTY[case])) == []


def random_round(seed: int) -> Round:
    """A round of small groups of every kind: thin, nearly unanimous, with large and small organisations."""
    dice = random.Random(seed)  # noqa: S311 - any numbers will do, as long as they are the same each time

    def counts(persons: int) -> Count:
        weights = dice.choice([(1, 1, 1, 1), (20, 1, 1, 0), (1, 30, 0, 1), (0, 1, 2, 6), (1, 2, 1, 0)])
        drawn = dice.choices(range(4), weights, k=persons)
        return drawn.count(0), drawn.count(1), drawn.count(2), drawn.count(3)

    def organisations() -> Group:
        if dice.random() < 0.5:
            return singles(*counts(dice.randint(0, 14)))
        return tuple(counts(dice.randint(1, 6)) for _organisation in range(dice.randint(1, 3)))

    residents = dice.choice([dice.randint(0, 12), dice.randint(10, 70)])
    return {RESIDENT: (counts(residents),)} | {
        group: organisations() for group in (VOLUNTARY_SECTOR, BUSINESS, KNOWLEDGE)
    }


@pytest.mark.parametrize("seed", range(12))
def test_nothing_hidden_can_be_read_off_a_random_round(seed):
    assert list(read_off(nothing_beside, random_round(seed))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1500))
def test_nothing_hidden_can_be_read_off_many_random_rounds(seed):
    assert list(read_off(nothing_beside, random_round(seed))) == []


# --- the attacker finds what there is to find -------------------------------------------------------------------------


def exact(groups: Round, group: StakeholderGroup) -> tuple[Fraction, ...]:
    return tally(gather([INDICATOR], round_of(groups))[INDICATOR, group]).shares


def mean_of_all_groups(groups: Round) -> Hashable:
    return per_cent(
        [sum(parts, Fraction(0)) / 4 for parts in zip(*(exact(groups, one) for one in StakeholderGroup), strict=True)]
    )


def persons(groups: Round) -> int:
    return sum(sum(total(counts)) for counts in groups.values())


LEAKS: dict[str, tuple[Callable[[Round], Hashable], str]] = {
    "an overall that covers the hidden group": (mean_of_all_groups, "three groups told and one of seven"),
    "a sum that counts the hidden group": (persons, "four persons"),
    "n below five": (lambda groups: sum(total(groups[KNOWLEDGE])), "one person"),
    "n beside «minst 90 %»": (lambda groups: sum(total(groups[RESIDENT])), "ten but for one"),
    "a band that ends at 39": (lambda groups: sum(total(groups[RESIDENT])[:3]) < 40, "ten of one mind"),
    "«vet ikke» beside the band": (
        lambda groups: round(100 * total(groups[RESIDENT])[3] / sum(total(groups[RESIDENT]))),
        "thirty of one mind and one who doesn't know",
    ),
    "«minst 90 %» only when all are equal": (lambda groups: max(exact(groups, RESIDENT)) == 1, "fifty of one mind"),
    "a distribution of nine": (lambda groups: exact(groups, KNOWLEDGE), "nine of one mind"),
    "a distribution where one weighs as nine": (
        lambda groups: exact(groups, BUSINESS),
        "nine in one organisation and one alone",
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_the_attacker_catches_a_leak(leak):
    told_beside, case = LEAKS[leak]
    assert next(read_off(leaking(told_beside), NASTY[case]), None)


def test_a_group_of_one_mind_that_is_told_whole_could_hold_four_others():
    """From a thousand on all is told in whole per cent, and they hide as many by themselves."""
    told = []
    for persons in (100, 400, 800, 999, 1000, 1001, 1049, 1999, 5000):
        seen = ours({RESIDENT: ((persons, 0, 0, 3),)})
        if told_of(seen, RESIDENT).shares:
            told.append(persons)
            alike = [ours({RESIDENT: ((persons - other, other, 0, 3),)}) == seen for other in range(30)]
            assert sum(alike) >= ENOUGH
    assert told[:1] == [1000]


# --- a correction -----------------------------------------------------------------------------------------------------


def without_some(group: StakeholderGroup, counts: Count, at_most: int) -> list[Group]:
    """All that can be left of residents, or of organisations with one rater; first what lacks the fewest answers."""
    left = [
        rest
        for rest in product(*(range(max(0, count - at_most), count + 1) for count in counts))
        if sum(counts) - sum(rest) <= at_most
    ]
    left.sort(key=lambda rest: sum(one != other for one, other in zip(rest, counts, strict=True)))
    return [(rest,) if group is RESIDENT else singles(*rest) for rest in left]


def difference(before: Group, after: Group) -> Count:
    red, yellow, green, unknown = (one - other for one, other in zip(total(before), total(after), strict=True))
    return red, yellow, green, unknown


def possible_corrections(
    corrected: Correction, group: StakeholderGroup, before: Group, after: Group
) -> Iterator[dict[str, Count]]:
    """Try counts before and after; yield those that look like what was published, and their difference."""
    others: Round = {RESIDENT: ((20, 15, 5, 2),), BUSINESS: ((5, 3, 2, 0), (4, 4, 2, 0))}
    seen = corrected({**others, group: before}, {**others, group: after})
    first = told_of(seen[0], group)
    for tried in [before] if first.shares else plainest_first(candidates(group, first, before))[:250]:
        if ours({**others, group: tried}) == seen[0]:
            for left in without_some(group, total(tried), at_most=12 if first.shares else 6):
                if corrected({**others, group: tried}, {**others, group: left}) == seen:
                    yield {"before": total(tried), "after": total(left), "difference": difference(tried, left)}


def could_be_told(taken_out: Count) -> bool:
    """Say whether persons could be shown as a group of their own: ten with an opinion, and not of one mind."""
    return sum(taken_out[:3]) >= 10 and 10 * max(taken_out[:3]) < 9 * sum(taken_out[:3])


def values_needed(told: GroupResult, later: GroupResult, before: Count, taken_out: Count) -> dict[tuple[str, str], int]:
    """Say how many values each hidden count must keep: five, or as many as the first revision left."""
    left = dict.fromkeys(("n", *NAMES), ENOUGH)
    if told.n:
        left["unknown"] = before[3] + 1
    if told.shares:
        left = {name: count + 1 for name, count in named(before).items()}
    hidden_later = [("after", name) for name in hidden(later)]
    if any(taken_out) and not could_be_told(taken_out):
        hidden_later += [("difference", name) for name in left]
    return dict.fromkeys((("before", name) for name in hidden(told)), ENOUGH) | {
        (when, name): min(ENOUGH, left[name]) for when, name in hidden_later
    }


def read_off_a_correction(corrected: Correction, group: StakeholderGroup, before: Group, after: Group) -> list[str]:
    """Return the hidden counts of both revisions, and of their difference, that keep too few values."""
    first, second = (told_of(result, group) for result in corrected({group: before}, {group: after}))
    needed = values_needed(first, second, total(before), difference(before, after))
    values: dict[tuple[str, str], set[int]] = {what: set() for what in needed}
    for read in possible_corrections(corrected, group, before, after):
        for (when, name), possible in values.items():
            possible.add(named(read[when])[name])
        if all(len(values[what]) >= enough for what, enough in needed.items()):
            break
    return [f"{what}: {sorted(values[what])}" for what, enough in needed.items() if len(values[what]) < enough]


CORRECTIONS: dict[str, tuple[StakeholderGroup, Group, Group]] = {
    "one of twenty": (KNOWLEDGE, singles(9, 6, 4, 1), singles(8, 6, 4, 1)),
    "one who didn't know": (RESIDENT, ((9, 6, 4, 5),), ((9, 6, 4, 4),)),
    "four of one mind": (RESIDENT, ((9, 6, 4, 5),), ((5, 6, 4, 5),)),
    "nine": (RESIDENT, ((9, 6, 4, 5),), ((5, 3, 2, 5),)),
    "ten of one mind": (RESIDENT, ((15, 6, 4, 5),), ((5, 6, 4, 5),)),
    "until under ten are left": (RESIDENT, ((6, 5, 4, 1),), ((2, 2, 1, 0),)),
    "until all left are of one mind": (RESIDENT, ((15, 8, 3, 1),), ((11, 0, 0, 1),)),
    "one of six": (RESIDENT, ((3, 3, 0, 0),), ((2, 3, 0, 0),)),
    "two of seven": (RESIDENT, ((3, 3, 1, 0),), ((2, 3, 0, 0),)),
    "three of seven": (KNOWLEDGE, singles(3, 3, 1), singles(2, 1, 1)),
    "one of five": (RESIDENT, ((5, 0, 0, 0),), ((4, 0, 0, 0),)),
    "one of four": (RESIDENT, ((2, 1, 1, 0),), ((2, 1, 0, 0),)),
    "one of ten of one mind": (RESIDENT, ((10, 0, 0, 0),), ((9, 0, 0, 0),)),
    "three of forty of one mind": (RESIDENT, ((38, 2, 0, 2),), ((37, 0, 0, 2),)),
    "five of sixty of one mind": (RESIDENT, ((58, 2, 0, 6),), ((53, 2, 0, 6),)),
    "nobody": (RESIDENT, ((3, 3, 1, 0),), ((3, 3, 1, 0),)),
    "twelve of all minds": (RESIDENT, ((15, 8, 7, 1),), ((10, 4, 4, 1),)),
}


@pytest.mark.parametrize("case", CORRECTIONS)
def test_nothing_hidden_can_be_read_off_a_correction(case):
    assert read_off_a_correction(ours_corrected, *CORRECTIONS[case]) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(150))
def test_nothing_hidden_can_be_read_off_many_random_corrections(seed):
    before = random_round(seed)[RESIDENT]
    after = random.Random(seed).choice(  # noqa: S311 - as above
        [left for left in without_some(RESIDENT, before[0], at_most=12) if left != before] or [before]
    )
    assert read_off_a_correction(ours_corrected, RESIDENT, before, after) == []


@pytest.mark.parametrize("case", ["one of twenty", "four of one mind", "ten of one mind", "one of six"])
def test_the_attacker_catches_a_correction_published_like_a_first_result(case):
    assert read_off_a_correction(lambda before, after: (ours(before), ours(after)), *CORRECTIONS[case]) != []


# --- weighted beside plain --------------------------------------------------------------------------------------------

YOUNG, OLD = ("18-29", "woman", "1"), ("45-66", "woman", "1")
HALF_EACH = {YOUNG: 500, OLD: 500}


def in_two(young: Count, old: Count) -> list[Cell]:
    return [*cells(RESIDENT, [young], YOUNG), *cells(RESIDENT, [old], OLD)]


def weighed(young: Count, old: Count) -> Result:
    return publish([INDICATOR], in_two(young, old), own={}, population=HALF_EACH)


def splits(young: Count, old: Count) -> Iterator[tuple[Count, Count]]:
    """All ways that the two parts, of known sizes, can have given the answers that the plain figures tell of."""
    red, yellow, green, unknown = (one + other for one, other in zip(young, old, strict=True))
    for few in answers_of(sum(young)):
        rest = (red - few[0], yellow - few[1], green - few[2], unknown - few[3])
        if min(rest) >= 0:
            yield few, rest


def read_off_the_weights(publisher: Callable[[Count, Count], Result], young: Count, old: Count) -> list[str]:
    """Return the counts of the young that keep fewer than five values, where they couldn't be told as a group."""
    seen = publisher(young, old)
    if told_of(seen, RESIDENT).weighted and could_be_told(young):
        return []
    values: dict[str, set[int]] = {name: set() for name in NAMES[:3]}
    most = {name: young[place] + old[place] for place, name in enumerate(NAMES[:3])}
    for few, rest in splits(young, old):
        if publisher(few, rest) == seen:
            for name, possible in values.items():
                possible.add(named(few)[name])
        if all(len(possible) >= min(ENOUGH, most[name] + 1) for name, possible in values.items()):
            return []
    return [f"{name}: {sorted(possible)}" for name, possible in values.items()]


PARTS: dict[str, tuple[Count, Count]] = {
    "ten of one mind": ((10, 0, 0, 0), (30, 40, 40, 0)),
    "twelve of all minds": ((4, 4, 4, 0), (30, 40, 40, 0)),
    "four with an opinion": ((3, 1, 0, 8), (40, 40, 40, 0)),
    "fifty of one mind": ((50, 0, 0, 0), (20, 40, 30, 0)),
    "fifty but for five": ((5, 0, 45, 0), (30, 30, 10, 0)),
    "twenty of one mind": ((20, 0, 0, 0), (25, 30, 30, 0)),
}


@pytest.mark.parametrize("case", PARTS)
def test_weighted_beside_plain_does_not_tell_what_a_small_part_answered(case):
    assert read_off_the_weights(weighed, *PARTS[case]) == []


def test_the_attacker_catches_weights_that_few_share(monkeypatch):
    monkeypatch.setattr(results, "ALIKE_FROM", 1)
    monkeypatch.setattr(results, "_any_alike", lambda *_given: False)
    assert read_off_the_weights(weighed, *PARTS["twenty of one mind"]) != []


def test_those_with_one_weight_can_not_be_told_apart():
    """Who answers what within a part changes nothing that is published, so two who live elsewhere are not read off."""
    elsewhere = ("18-29", "woman", "2")
    people = {**HALF_EACH, elsewhere: 5, ("45-66", "woman", "2"): 500}
    old = cells(RESIDENT, [(30, 40, 40, 0)], OLD) + cells(RESIDENT, [(10, 20, 30, 0)], ("45-66", "woman", "2"))

    def told(many: Count, two: Count) -> GroupResult:
        young = cells(RESIDENT, [many], YOUNG) + cells(RESIDENT, [two], elsewhere)
        return told_of(publish([INDICATOR], old + young, own={}, population=people), RESIDENT)

    assert told((20, 20, 18, 0), (2, 0, 0, 0)).weighted
    assert (
        told((20, 20, 18, 0), (2, 0, 0, 0))
        == told((21, 20, 17, 0), (1, 0, 1, 0))
        == told((22, 19, 17, 0), (0, 1, 1, 0))
    )


def test_a_correction_tells_nothing_of_the_few_with_one_weight_who_were_taken_out():
    """Twelve are taken out, two of them young: the plain figures may change, and no weighted ones stand beside them."""
    before, after = in_two((30, 25, 20, 0), (40, 60, 50, 0)), in_two((29, 24, 20, 0), (36, 56, 48, 0))
    first = publish([INDICATOR], before, own={}, population=HALF_EACH)
    second = revise(first, before, after, own={}, population=HALF_EACH)
    assert told_of(first, RESIDENT).weighted
    assert told_of(second, RESIDENT).shares
    assert told_of(second, RESIDENT).weighted is None
    others = in_two((28, 25, 20, 0), (37, 55, 48, 0))
    assert revise(first, before, others, own={}, population=HALF_EACH) == second

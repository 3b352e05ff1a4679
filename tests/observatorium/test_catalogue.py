"""The catalogue is the standard's 39 in three languages, and says clearly what is wrong when it isn't."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.observatorium.catalogue import Answer, Catalogue, CatalogueError, Dimension, Level, catalogue, sort_key


def test_it_has_ten_eight_twelve_and_nine_indicators_in_order():
    numbers = [indicator.number for indicator in catalogue().indicators]
    assert [len(catalogue().in_dimension(dimension)) for dimension in Dimension] == [10, 8, 12, 9]
    assert numbers == sorted(numbers, key=sort_key)
    assert numbers[0] == "1.1"
    assert numbers[9] == "1.10"
    assert numbers[-1] == "4.9"


def test_it_has_the_17_goals():
    assert [goal.number for goal in catalogue().goals] == list(range(1, 18))


def test_an_indicator_and_a_goal_are_found_by_number():
    assert catalogue().indicator("1.8").number == "1.8"
    assert catalogue().indicator("5.1") is None
    assert catalogue().goal(17).number == 17
    assert catalogue().goal(18) is None


def test_texts_come_in_three_languages_and_no_other():
    name = Dimension.ECONOMY.label
    assert [name.in_(language) for language in ("nb", "nn", "en")] == [
        "Bærekraftig økonomi",
        "Berekraftig økonomi",
        "Sustainable economy",
    ]
    with pytest.raises(KeyError):
        name.in_("sv")


def test_levels_are_ordered_from_worse_to_better_and_not_as_words():
    assert sorted([Level.GREEN, Level.RED, Level.YELLOW]) == [Level.RED, Level.YELLOW, Level.GREEN]
    assert max(Level) is Level.GREEN
    assert Level.RED < Level.GREEN
    assert Level.GREEN >= Level.YELLOW
    assert [level.step for level in Level] == [0, 1, 2]


def test_an_answer_is_a_level_or_nothing():
    assert [answer.level for answer in Answer] == [Level.RED, Level.YELLOW, Level.GREEN, None]


def test_dimensions_are_numbered():
    assert [Dimension.numbered(number) for number in range(1, 5)] == list(Dimension)


def test_numbers_are_sorted_as_numbers():
    assert sorted(["1.10", "1.9", "2.1", "1.1"], key=sort_key) == ["1.1", "1.9", "1.10", "2.1"]


def test_a_round_can_keep_the_catalogue_and_read_it_again():
    kept = json.loads(json.dumps(catalogue().as_data()))
    assert kept == catalogue().as_data()
    assert Catalogue.from_data(kept) == catalogue()


def test_the_version_follows_the_content():
    changed = copy.deepcopy(catalogue().as_data())
    changed["indicators"][0]["name"]["nb"] += "!"
    with pytest.raises(CatalogueError, match="not what its version"):
        Catalogue.from_data(changed)
    del changed["version"]
    assert Catalogue.from_data(changed).version != catalogue().version
    assert Catalogue.from_data(changed).version.startswith("2026-11.")


def test_the_order_of_the_data_does_not_matter():
    turned = copy.deepcopy(catalogue().as_data())
    turned["indicators"].reverse()
    assert Catalogue.from_data(turned) == catalogue()


Mistake = Callable[[dict[str, Any]], object]
MISTAKES: dict[str, tuple[Mistake, str]] = {
    "one too few": (lambda data: data["indicators"].pop(), "environment: the indicators are not 4.1 to 4.9"),
    "one twice": (lambda data: data["indicators"].append(data["indicators"][0]), "1.1: the number is used twice"),
    "a number out of line": (lambda data: data["indicators"][9].update(number="1.11"), "1.11"),
    "a malformed number": (lambda data: data["indicators"][0].update(number="1.01"), "1.01: not a number"),
    "the wrong dimension": (lambda data: data["indicators"][0].update(dimension="social"), "1.1: the number"),
    "no such dimension": (lambda data: data["indicators"][0].update(dimension="sport"), "1.1: 'sport'"),
    "an empty text": (lambda data: data["indicators"][2]["question"].update(nn=" "), "1.3: a text lacks"),
    "a missing language": (lambda data: data["indicators"][2]["levels"]["red"].pop("en"), "1.3: a text lacks"),
    "a missing level": (lambda data: data["indicators"][2]["levels"].pop("red"), "1.3: 'red' is missing"),
    "a missing part": (lambda data: data["indicators"][2].pop("duty"), "1.3: 'duty' is missing"),
    "a nameless sub-indicator": (
        lambda data: data["indicators"][0]["sub_indicators"][1]["name"].update(nb=""),
        "1.1.2: a text lacks",
    ),
    "too few sub-indicators": (lambda data: data["indicators"][0].update(sub_indicators=[]), "1.1: there must be"),
    "a stray sub-indicator": (
        lambda data: data["indicators"][0]["sub_indicators"][0].update(key="1.2.1"),
        "1.1: a sub-indicator's key",
    ),
    "goal 18": (lambda data: data["indicators"][0]["sdgs"].append(18), "1.1: an SDG is not one of"),
    "a goal sourced and proposed": (
        lambda data: data["indicators"][0].update(sdgs=[3], sdgs_proposed=[3]),
        "1.1: an SDG stands twice",
    ),
    "a duty shared with nobody": (
        lambda data: data["indicators"][0]["duty"].update(holder="shared"),
        "1.1: a shared duty names",
    ),
    "a goal too few": (lambda data: data["goals"].pop(), "the goals are not 1 to 17"),
    "a goal without a language": (lambda data: data["goals"][4].pop("name"), "goal 5: 'name' is missing"),
    "a goal without a name": (lambda data: data["goals"][4]["name"].update(en=""), "goal 5: a text lacks"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_when_the_catalogue_is_read(mistake):
    make, message = MISTAKES[mistake]
    data = copy.deepcopy(catalogue().as_data())
    del data["version"]
    make(data)
    with pytest.raises(CatalogueError) as refused:
        Catalogue.from_data(data)
    assert message in str(refused.value)

"""Texts that say the same in other words resemble each other, and a thing is never like what isn't there any more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.similar import pairs
from portal.search import actions, likeness, queries, synonyms, words
from tests.search.library import Shelf
from tests.support.cast import Cast

OTHERS = (
    "Flere busser til Tofte om natta",
    "Kunstutstilling på rådhuset",
    "Rens bekken bak Hofstad",
    "Kaffe til alle på møtet",
)


@pytest.mark.parametrize("counted", [False, True], ids=["before any count", "counted"])
def test_most_of_the_labelled_pairs_are_found_on_both_databases(shelf: Shelf, cast: Cast, counted: bool) -> None:
    known = pairs()
    assert len(known) >= 60
    numbers = {pair.there: shelf.put(pair.there) for pair in known}
    if counted:
        actions.count_trigrams(cast.actor("admin"))
    found = [numbers[pair.there] in [each.ref.id for each in queries.similar(pair.new, shelf.name)] for pair in known]
    assert sum(found) / len(known) >= 0.85


def test_the_most_alike_comes_first_and_what_is_not_alike_not_at_all(shelf: Shelf) -> None:
    for title in OTHERS:
        shelf.put(title)
    wanted = shelf.put("Tryggere skolevei i Sætre", "Biler kjører for fort.")
    near = shelf.put("Veien til skolen i Røyken")
    found = queries.similar("Veien til skolen i Sætre er utrygg", shelf.name)
    assert found[0].ref.id == wanted
    assert {each.ref.id for each in found} <= {wanted, near}
    assert all(0 < each.score <= 1 for each in found)


def test_nothing_is_like_itself_or_of_another_kind_or_gone(shelf: Shelf) -> None:
    number = shelf.put("Skøytebane på Hvalstad")
    assert queries.similar("Skøytebanen på Hvalstad", shelf.name, exclude=[number]) == []
    assert queries.similar("Skøytebanen på Hvalstad", "another") == []
    assert queries.similar("", shelf.name) == []
    del shelf.holds[number]
    shelf.index(number)
    assert queries.similar("Skøytebanen på Hvalstad", shelf.name) == []


def test_another_word_for_the_same_thing_is_known_in_all_its_forms() -> None:
    for one, other in (("Fotgjengerovergangen", "gangfelt"), ("pensjonistane", "eldre"), ("snørydding", "brøyting")):
        told = [words.canonical(word) for word in words.words(one)]
        assert (words.canonical(other),) in synonyms.others(told), one


@given(st.text(max_size=100), st.text(max_size=100))
def test_likeness_is_between_none_and_all(one: str, other: str) -> None:
    asked = likeness.wanted(one)
    weighed = likeness.weights(asked, {})
    assert 0 <= likeness.score(weighed, set(likeness.trigrams(other))) <= 1
    rare = likeness.rarest(asked, weighed, {})
    assert len(rare) <= likeness.RAREST
    assert set(rare) <= set(asked)


def test_a_rare_trigram_weighs_more_and_common_ones_are_not_all_looked_up() -> None:
    asked = likeness.wanted("gangfelt ved skolen på Tofte og noen andre steder i bygda hver morgen")
    counts = dict.fromkeys(asked, 9_000) | {"tof": 3}
    weighed = likeness.weights(asked, counts)
    assert max(weighed, key=weighed.__getitem__) == "tof"
    rare = likeness.rarest(asked, weighed, counts)
    assert rare[0] == "tof"
    assert len(rare) == likeness.LEAST

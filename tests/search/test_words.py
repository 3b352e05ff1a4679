"""Words are folded, stemmed, read as bokmål and taken apart the same way wherever they come from."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.search import words

texts = st.text(max_size=80)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Skole", "skolen skolene skoler SKOLENS skule skulen skular skulane"),
        ("vei", "veien veier veiene veg vegen vegar vegane veger"),
        ("skolevei", "skoleveien skoleveiene skuleveg skulevegen skulevegane skoleveg"),
        ("gangfelt", "gangfeltet gangfeltene gangfelta"),
        ("barnehage", "barnehagen barnehager barnehagane barnehagene"),
        ("hjemmetjeneste", "hjemmetjenesten heimeteneste heimetenesta"),
        ("trafikksikkerhet", "trafikksikkerheten trafikktryggleik trafikktryggleiken"),
        ("tilskudd", "tilskuddet tilskot tilskotet"),
        ("vann", "vannet vatn vatnet"),
        ("idé", "ideen ideer idéer idear"),
        ("café", "cafe CAFÉ"),
        ("hvordan", "korleis"),
        ("ikke", "ikkje"),
        ("buss", "bussen busser bussene bussar bussane"),
        ("øy", "øya øyer øyene"),
        ("e-post", "epost e-posten"),
        ("1.10", "1,10"),
        ("Malmö", "malmø"),
    ],
)
def test_forms_of_one_word_stand_for_one_thing(one: str, other: str) -> None:
    wanted = [words.canonical(word) for word in words.words(one)]
    for form in other.split():
        assert [words.canonical(word) for word in words.words(form)] == wanted, form


@pytest.mark.parametrize(
    ("one", "other"),
    [("på", "pa"), ("båt", "bat"), ("øl", "ol"), ("skole", "skål"), ("hage", "barnehage"), ("vei", "vær")],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert words.canonical(words.fold(one)) != words.canonical(words.fold(other))


@pytest.mark.parametrize(
    ("compound", "wanted"),
    [
        ("skoleveien", "skole vei"),
        ("barneskolevegane", "barn skole vei"),
        ("arbeidsplasser", "arbeid plass"),
        ("snøbrøytingen", "snø brøyting"),
        ("søknadsskjema", "søknad skjema"),
        ("avløpsvatn", "avløp vann"),
        ("fartsgrensa", "fart grense"),
        ("barnehage", ""),
        ("forslag", ""),
        ("person", ""),
        ("kultur", ""),
        ("gjenbruk", ""),
        ("vei", ""),
    ],
)
def test_compounds_are_taken_apart_and_words_that_only_look_so_are_not(compound: str, wanted: str) -> None:
    assert words.parts(compound) == tuple(words.canonical(part) for part in wanted.split())


def test_english_texts_have_english_stems_and_no_norwegian_compounds() -> None:
    assert words.stream("The schools and their libraries", "en") == "the school and their librari"
    assert words.parts("newspaperbuss", "en") == ()


def test_a_keyboard_without_our_letters_is_understood() -> None:
    assert words.spellings("skoeytebane") == ["skoeytebane", "skøytebane"]
    assert "båt" in words.spellings("baat")
    assert "færge" in words.spellings("faerge")


def test_parts_stand_after_the_text_so_that_phrases_never_run_into_them() -> None:
    assert words.stream("Skoleveien er trygg") == "skolvei er trygg ¶ skol vei"


@given(texts)
@example("İstanbul")
@example("ﷺ ǆ ß ŉ")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert words.fold(words.fold(text)) == words.fold(text)


@given(texts)
@example("a-b_c 1.2.3 x\x00y")
def test_what_is_indexed_holds_nothing_that_a_database_could_read_as_an_operator(text: str) -> None:
    for language in ("nb", "nn", "en"):
        for word in words.stream(text, language).split():
            assert word == words.GAP or all(each.isalnum() or each == "·" for each in word), word
            assert 0 < len(word) <= words.LONGEST


@given(texts)
def test_capital_letters_make_no_difference(text: str) -> None:
    plain = "".join(each for each in text if each.isalpha() and each.upper().lower() == each)
    assert words.stream(plain.upper()) == words.stream(plain)


@given(texts)
def test_a_text_with_words_always_has_something_to_look_for(text: str) -> None:
    found = words.words(text)
    assert bool(words.content_words(found)) == bool(found)

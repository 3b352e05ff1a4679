"""The pieces of the field that know values only: signals, masking, modes, house rules and fingerprints."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer, kontonr

from portal.kernel.i18n import LANGUAGES
from portal.moderation import masking, modes, signals
from portal.moderation.house_rules import BY_KEY, RULES
from portal.moderation.modes import Mode
from portal.moderation.queries.cases import marked
from portal.moderation.signals import PERSONAL, Found, Signal

WORDS = st.text(alphabet="abc æøå.,!?\n", max_size=30)


def kinds(text: str, words: tuple[str, ...] = ()) -> set[Signal]:
    return {each.signal for each in signals.find({"text": text}, words)}


def passages(text: str, signal: Signal, words: tuple[str, ...] = ()) -> list[str]:
    found = signals.find({"text": text}, words)
    return [text[each.start : each.end] for each in found if each.signal is signal]


@st.composite
def national_ids(draw: st.DrawFn) -> str:
    """Fødselsnummer and D-nummer with check digits that are right."""
    day = draw(st.integers(1, 28)) + draw(st.sampled_from([0, 40]))
    start = f"{day:02}{draw(st.integers(1, 12)):02}{draw(st.integers(54, 99)):02}{draw(st.integers(0, 499)):03}"
    first = fodselsnummer.calc_check_digit1(start)
    assume(first != "-")
    second = fodselsnummer.calc_check_digit2(start + first)
    assume(second != "-")
    number = start + first + second
    assume(fodselsnummer.is_valid(number))
    return number


@given(national_ids(), WORDS, WORDS, st.sampled_from(["", " ", "-", "\u00a0"]))
def test_a_national_number_is_found_where_it_stands(number: str, before: str, after: str, gap: str) -> None:
    written = f"{number[:6]}{gap}{number[6:]}"
    text = f"{before} {written} {after}"
    assert written in passages(text, Signal.NATIONAL_ID)


@given(national_ids(), st.integers(0, 10), st.integers(1, 9))
def test_a_number_whose_check_digits_are_wrong_is_no_national_number(number: str, place: int, step: int) -> None:
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assume(not fodselsnummer.is_valid(wrong))
    assert Signal.NATIONAL_ID not in kinds(wrong)


@given(st.integers(10**9, 10**10 - 1).map(lambda number: f"{number:010}"))
def test_an_account_number_is_found_also_with_points(ten: str) -> None:
    number = next((ten + last for last in "0123456789" if kontonr.is_valid(ten + last)), None)
    assume(number is not None and not fodselsnummer.is_valid(number) and not number.startswith("0000"))
    written = f"{number[:4]}.{number[4:6]}.{number[6:]}"
    assert passages(f"Betal til {written} i dag", Signal.BANK_ACCOUNT) == [written]


@pytest.mark.parametrize(
    "number",
    ["91234567", "912 34 567", "22 33 44 55", "+47 912 34 567", "004791234567", "2233 4455", "+46 70 123 45 67"],
)
def test_a_phone_number_is_found_however_it_is_written(number: str) -> None:
    assert passages(f"Ring {number}, takk.", Signal.PHONE) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Budsjettet er 25 000 000 kroner.",
        "Møtet var 20261122.",
        "I 2025 og 2026 kom det 1 234 svar.",
        "Organisasjonsnummer 974760673",
        "Versjon 1.2.3.4",
        "Saksnummer 2026/123456",
    ],
)
def test_ordinary_numbers_are_no_persons(text: str) -> None:
    assert not kinds(text) & PERSONAL


def test_an_address_a_few_links_and_a_repetition_are_found() -> None:
    assert passages("Skriv til kari.nord@asker.example.", Signal.EMAIL) == ["kari.nord@asker.example"]
    assert Signal.LINKS not in kinds("Se https://a.no og https://b.no")
    assert len(passages("https://a.no www.b.no http://c.no", Signal.LINKS)) == 3
    assert passages("Neeeeeeeeei", Signal.REPETITION) == ["eeeeeeeee"]
    assert Signal.REPETITION in kinds("kjøp kjøp kjøp kjøp kjøp")
    assert Signal.REPETITION not in kinds("ha ha ha")


def test_listed_words_are_whole_words_and_a_star_is_a_beginning() -> None:
    assert passages("Idiot! idiotisk, superidiot", Signal.WORD, ("idiot",)) == ["Idiot"]
    assert passages("Idiot! idiotisk, superidiot", Signal.WORD, ("idiot*",)) == ["Idiot", "idiotisk"]
    assert not kinds("Hva som helst", ("*", " ", "[(", ""))


@given(st.text(max_size=300), st.lists(st.text(max_size=8), max_size=4))
def test_signals_stand_inside_any_text_and_survive_being_stored(text: str, words: list[str]) -> None:
    found = signals.find({"text": text}, words)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert signals.read([each.plain() for each in found]) == found
    personal = [each for each in found if each.signal in PERSONAL]
    assert not any(a.start < b.end and b.start < a.end for a, b in itertools.combinations(personal, 2))
    assert "".join(piece.text for piece in marked(text, "text", found)) == text


def test_many_texts_in_a_short_time_are_a_flood() -> None:
    assert not signals.flood(signals.MANY_TEXTS - 1)
    assert signals.flood(signals.MANY_TEXTS) == [Found("", 0, 0, Signal.FLOOD)]


# -- masking -----------------------------------------------------------------------------------------------------------


@given(st.data(), st.text(alphabet="abcdefgh ", min_size=1, max_size=60))
def test_nothing_of_what_is_masked_is_left_and_all_else_is(data: st.DataObject, text: str) -> None:
    spans = data.draw(
        st.lists(
            st.integers(0, len(text) - 1).flatmap(
                lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
            ),
            max_size=4,
        )
    )
    covered = {place for start, end in masking.merged(text, spans) for place in range(start, end)}
    kept = "".join(letter for place, letter in enumerate(text) if place not in covered)
    masked = masking.mask(text, spans)
    assert masked.replace(masking.MASKS["nb"], "") == kept
    assert masked.count(masking.MASKS["nb"]) == len(masking.merged(text, spans))
    assert all(place in covered for start, end in spans for place in range(start, end))


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (-1, 2), (0, 6)])
def test_a_passage_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"\("):
        masking.mask("hallo", [span])
    with pytest.raises(ValueError, match="title"):
        masking.mask_fields({"text": "hallo"}, [("title", 0, 1)])


def test_a_mask_tells_neither_what_nor_how_long_and_is_in_the_texts_language() -> None:
    assert masking.mask("ab", [(0, 1)]) == "[sladdet]b"
    assert masking.mask("abcdefgh", [(0, 7)]) == "[sladdet]h"
    assert {masking.mask("x", [(0, 1)], language) for language in LANGUAGES} == set(masking.MASKS.values())


def test_a_pasted_passage_is_found_everywhere_whatever_the_space_and_the_case() -> None:
    fields = {"title": "Kari Nord", "text": "om kari\n nord og KARI NORD"}
    assert masking.places(fields, " Kari  nord ") == [("title", 0, 9), ("text", 3, 13), ("text", 17, 26)]
    assert masking.places(fields, "  ") == []
    assert masking.places(fields, "(") == []


# -- modes and rules ---------------------------------------------------------------------------------------------------


@given(st.sampled_from(Mode), st.booleans(), st.sets(st.sampled_from(Signal)))
def test_what_may_tell_who_somebody_is_waits_in_every_mode(mode: Mode, known: bool, found: set[Signal]) -> None:
    waits = modes.waits(mode, author_is_known=known, found=found)
    if found & PERSONAL or mode is Mode.PRE:
        assert waits
    elif mode is Mode.POST:
        assert not waits
    else:
        assert waits == (not known or bool(found))


def test_every_rule_has_plain_words_and_what_is_allowed_is_said(app: object) -> None:
    assert len(BY_KEY) == len(RULES)
    for rule in RULES:
        assert str(rule.title)
        assert len(str(rule.text)) > 40
    assert sum(bool(str(rule.law)) for rule in RULES) >= 10

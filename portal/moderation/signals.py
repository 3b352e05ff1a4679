"""What in a text a moderator should look at: numbers and addresses of people, links, repetition and listed words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from stdnum.no import fodselsnummer, kontonr


class Signal(StrEnum):
    """What was noticed."""

    NATIONAL_ID = "national_id"
    """A fødselsnummer or D-nummer whose check digits are right."""
    BANK_ACCOUNT = "bank_account"
    PHONE = "phone"
    EMAIL = "email"
    LINKS = "links"
    REPETITION = "repetition"
    WORD = "word"
    FLOOD = "flood"


PERSONAL = frozenset({Signal.NATIONAL_ID, Signal.BANK_ACCOUNT, Signal.PHONE, Signal.EMAIL})
"""They may tell who somebody is, so a text with one always waits for a person."""
MANY_LINKS = 3
MANY_TEXTS = 12
"""By one author within the time that the caller counts."""


@dataclass(frozen=True, order=True)
class Found:
    """A signal, and the passage of which field it stands in; a signal of the whole text has no passage."""

    field: str
    start: int
    end: int
    signal: Signal

    def plain(self) -> dict[str, Any]:
        return {"signal": self.signal.value, "field": self.field, "start": self.start, "end": self.end}


_GAP = r"[ \u00a0.\-–]?"
_DIGITS = re.compile(rf"\d(?:{_GAP}\d)*")
_PHONE = re.compile(
    rf"""(?<![\w+])(?:(?:\+|00)47{_GAP})?
    (?:[2-9]\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d\d | [2-9]\d\d{_GAP}\d\d{_GAP}\d\d\d | [2-9]\d{{3}}{_GAP}\d{{4}})
    (?!{_GAP}\d)(?!\w)
    | (?<![\w+])(?:\+|00)(?!47)[1-9]\d(?:{_GAP}\d){{5,12}}(?!\w)""",
    re.VERBOSE,
)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_REPETITION = re.compile(r"([^\s\d])\1{7,} | \b(\w+)(?:\W+\2\b){4,}", re.IGNORECASE | re.VERBOSE)


def find(fields: Mapping[str, str], words: Sequence[str] = ()) -> list[Found]:
    """Return the signals of the texts, in their order; no passage is reported for two kinds of personal signal.

    `words` are whole words, in any case; one that ends with `*` is a beginning.
    """
    return sorted(found for field, text in fields.items() for found in _in_text(field, text, words))


def flood(texts: int) -> list[Found]:
    """Return the signal that one author has written this many texts in a short time, when they are many."""
    return [Found("", 0, 0, Signal.FLOOD)] if texts >= MANY_TEXTS else []


def read(stored: Iterable[Mapping[str, Any]]) -> list[Found]:
    """Return signals from their plain values."""
    return [Found(each["field"], each["start"], each["end"], Signal(each["signal"])) for each in stored]


def _in_text(field: str, text: str, words: Sequence[str]) -> Iterator[Found]:
    personal: list[Found] = []
    for signal, spans in (
        (Signal.EMAIL, (each.span() for each in _EMAIL.finditer(text))),
        (Signal.NATIONAL_ID, _numbers(text, fodselsnummer.is_valid)),
        (Signal.BANK_ACCOUNT, _numbers(text, _is_account)),
        (Signal.PHONE, (each.span() for each in _PHONE.finditer(text) if not _is_day(each.group()))),
    ):
        for start, end in spans:
            if not any(start < other.end and other.start < end for other in personal):
                personal.append(Found(field, start, end, signal))
    yield from personal
    links = [Found(field, *each.span(), Signal.LINKS) for each in _LINK.finditer(text)]
    yield from links if len(links) >= MANY_LINKS else ()
    yield from (Found(field, *each.span(), Signal.REPETITION) for each in _REPETITION.finditer(text))
    yield from _listed(field, text, words)


def _numbers(text: str, is_valid: Any) -> Iterator[tuple[int, int]]:
    """Find numbers of eleven digits, also written in groups, that are not a part of a longer group."""
    for run in _DIGITS.finditer(text):
        places = [run.start() + at for at, character in enumerate(run.group()) if character.isdigit()]
        for first in range(len(places) - 10):
            start, last = places[first], places[first + 10]
            begins = first == 0 or places[first - 1] < start - 1
            ends = first + 11 == len(places) or places[first + 11] > last + 1
            digits = "".join(text[place] for place in places[first : first + 11])
            if begins and ends and digits.isascii() and is_valid(digits):
                yield start, last + 1


def _is_account(digits: str) -> bool:
    return not digits.startswith("0000") and bool(kontonr.is_valid(digits))


def _is_day(written: str) -> bool:
    try:
        return datetime.strptime(written, "%Y%m%d").year >= 1900  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False


def _listed(field: str, text: str, words: Sequence[str]) -> Iterator[Found]:
    listed = [
        re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "") for word in words if word.strip("* ")
    ]
    if listed:
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)", re.IGNORECASE)
        yield from (Found(field, *each.span(), Signal.WORD) for each in pattern.finditer(text))

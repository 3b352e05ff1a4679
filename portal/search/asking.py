"""What somebody wrote in the box, as a question to either database: nothing of it is ever read as an operator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.search import synonyms, words

LONGEST = 200
"""Letters that are read of a question."""
MOST = 12
"""Words and phrases that are looked for."""
LEAST_BEGINNING = 3
_QUOTES = re.compile(r'["«»“”„]')


@dataclass(frozen=True)
class Word:
    """One word as it stands in the index, or the beginning of one."""

    text: str
    begins: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """All of its parts, or any of them."""

    parts: tuple[Question, ...]
    all: bool


Question = Word | Phrase | Group


class Width(StrEnum):
    """How much is taken for an answer: tried in this order until something is found."""

    EXACT = "exact"
    WIDER = "wider"
    """Words that begin so, and other words for the same, too."""
    SOME = "some"
    """One of the words is enough."""


def read(text: str, width: Width = Width.EXACT) -> Question | None:
    """Return the question; None when there is no word in the text."""
    loose, quoted = _pieces(text[:LONGEST])
    asked: list[Question] = [phrase for piece in quoted if (phrase := _phrase(words.words(piece)))]
    asked += [_term(word, begins, width) for word, begins in _loose(loose, alone=not asked)]
    return _group(asked[:MOST], all_of=width is not Width.SOME) if asked else None


def leaves(question: Question) -> Iterator[Word]:
    """Return the words that a hit may hold, for marking them."""
    if isinstance(question, Word):
        yield question
    elif isinstance(question, Phrase):
        yield from map(Word, question.words)
    else:
        for part in question.parts:
            yield from leaves(part)


def _pieces(text: str) -> tuple[str, list[str]]:
    """Return what stands outside quotation marks, and what within; a mark without its other half is nothing."""
    pieces = _QUOTES.split(text)
    if len(pieces) % 2 == 0:
        pieces[-2:] = [" ".join(pieces[-2:])]
    return " ".join(pieces[::2]), pieces[1::2]


def _loose(text: str, *, alone: bool) -> list[tuple[str, bool]]:
    """Return the words that say something, and whether a star follows: the small ones only when there are no others."""
    folded = words.fold(text)
    found = [
        (word, folded[match.end() :].startswith("*"))
        for match in words.WORD.finditer(folded)
        for word in words.words(match[0])
    ]
    telling = [each for each in found if each[0] not in words.small()]
    return list(dict.fromkeys(telling or (found if alone else [])))


def _term(word: str, begins: bool, width: Width) -> Question:
    """Return one word in all the ways it may stand in the index."""
    ways: dict[Question, None] = {}
    for spelling in words.spellings(word):
        stems = dict.fromkeys((words.canonical(spelling), words.canonical(spelling, "en")))
        ways |= dict.fromkeys(map(Word, stems))
        if parts := words.parts(spelling):
            ways[_group([Word(part) for part in parts])] = None
        if begins or (width is not Width.EXACT and len(spelling) >= LEAST_BEGINNING):
            ways |= dict.fromkeys(Word(start, begins=True) for start in dict.fromkeys((spelling, *stems)))
        if width is not Width.EXACT:
            ways |= dict.fromkeys(
                _group(list(map(Word, other))) for other in synonyms.others((words.canonical(spelling),))
            )
    return _group(list(ways), all_of=False)


def _phrase(found: list[str]) -> Question | None:
    """Return words in a row, as they stand in a Norwegian or an English text."""
    ways = dict.fromkeys(tuple(words.canonical(word, language) for word in found) for language in ("nb", "en"))
    return _group([Phrase(way) for way in ways], all_of=False) if found else None


def _group(parts: list[Question], *, all_of: bool = True) -> Question:
    return parts[0] if len(parts) == 1 else Group(tuple(parts), all_of)

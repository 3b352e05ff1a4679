"""How alike two texts are: the groups of three letters they share, each weighing more the rarer it is."""

from __future__ import annotations

import math
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from portal.search import synonyms, words

LONGEST = 1_500
"""Letters of a text that are compared: what it is about is said early."""
RAREST = 12
"""Trigrams that are looked up."""
MOST_PLACES = 10_000
"""How many documents the looked-up trigrams may stand in together, so that a look-up takes the same in any portal."""
LEAST = 3
"""Trigrams that are looked up however common they are."""
MANY = 1_000
"""Texts are weighed as if there were at least so many."""
SYNONYM = 0.6
"""What a trigram of another word for the same weighs, against one that was written."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Source:
    """Which word a trigram is of, and what it weighs before its rarity is known."""

    word: str
    share: float


def mark(kind: str) -> str:
    """Return two letters that stand before the trigrams of a kind, so that each kind has an index of its own.

    Two kinds may have the same: whoever looks up asks for the kind too.
    """
    number = zlib.crc32(kind.encode()) % len(_LETTERS) ** 2
    return _LETTERS[number // len(_LETTERS)] + _LETTERS[number % len(_LETTERS)]


def marked(kind: str, trigrams: str) -> str:
    """Return trigrams, with spaces between, each with the mark of its kind."""
    return " ".join(mark(kind) + each for each in trigrams.split())


def trigrams(text: str, language: str = "nb") -> list[str]:
    """Return the trigrams of the words that say something: of their stems, and of the parts of compounds."""
    return list(dict.fromkeys(each for word in _telling(text, language) for each in _of(word)))


def wanted(text: str, language: str = "nb") -> dict[str, Source]:
    """Return every trigram that a question may ask for, synonyms' too."""
    told = _telling(text, language)
    meant = [word for other in synonyms.others(told) for word in other]
    found: dict[str, Source] = {}
    for named, share in ((told, 1.0), (meant, SYNONYM)):
        for word in named:
            for each in _of(word):
                found.setdefault(each, Source(word, share))
    return found


def weights(asked: Mapping[str, Source], counts: Mapping[str, int]) -> dict[str, float]:
    """Return what each trigram of a question weighs: `ln(1 + (many + 1) / (count + 1))`, the rarer the more.

    `counts` says in how many texts a trigram stands, and `many` is the commonest's; one that isn't there is the rarest.
    """
    many = max(MANY, *counts.values()) if counts else MANY
    return {each: source.share * math.log(1 + (many + 1) / (counts.get(each, 0) + 1)) for each, source in asked.items()}


def rarest(asked: Mapping[str, Source], weighed: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """Return the trigrams to look up: the weightiest one of each word that is stored; any when none was counted.

    One rare word must not be all that is looked up.
    """
    stored = [each for each in weighed if each in counts] or list(weighed)
    of_each_word: dict[str, str] = {}
    for each in sorted(stored, key=lambda trigram: (-weighed[trigram], trigram)):
        of_each_word.setdefault(asked[each].word, each)
    chosen: list[str] = []
    places = 0
    for each in list(of_each_word.values())[:RAREST]:
        places += counts.get(each, 0)
        if len(chosen) >= LEAST and places > MOST_PLACES:
            break
        chosen.append(each)
    return chosen


def score(weighed: Mapping[str, float], other: Collection[str]) -> float:
    """Return how much of the question's weight a text holds, less when it holds much else: 0 to 1."""
    shared = weighed.keys() & other
    if not shared:
        return 0.0
    return sum(map(weighed.__getitem__, shared)) / sum(weighed.values()) * math.sqrt(len(shared) / len(other))


def _telling(text: str, language: str) -> Sequence[str]:
    found = words.content_words(words.words(text[:LONGEST]))
    return [part for word in found for part in (words.parts(word, language) or (words.stem(word, language),))]


def _of(word: str) -> list[str]:
    return [word[at : at + 3] for at in range(max(1, len(word) - 2))]

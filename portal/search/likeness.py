"""How alike two texts are: the groups of three letters they share, each weighing more the rarer it is."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from portal.search import synonyms, words

LONGEST = 1_500
"""Letters of a text that are compared: what it is about is said early."""
RAREST = 12
SYNONYM = 0.6
"""What a trigram of another word for the same weighs, against one that was written."""


def trigrams(text: str, language: str = "nb") -> list[str]:
    """Return the trigrams of the words that say something: of their stems, and of the parts of compounds."""
    return _of(_telling(text, language))


def weights(text: str, counts: Mapping[str, int], documents: int, language: str = "nb") -> dict[str, float]:
    """Return what each trigram of a question weighs: the rarer the more, and those of synonyms less.

    `counts` says in how many of the `documents` a trigram stands; one that isn't there is the rarest.
    """
    told = _telling(text, language)
    written = _of(told)
    meant = _of([word for other in synonyms.others(told) for word in other])
    found = dict.fromkeys(meant, SYNONYM) | dict.fromkeys(written, 1.0)
    return {each: share * _rarity(counts.get(each, 0), documents) for each, share in found.items()}


def wanted(text: str, language: str = "nb") -> list[str]:
    """Return every trigram that a question may ask for, synonyms' too."""
    told = _telling(text, language)
    return _of([*told, *(word for other in synonyms.others(told) for word in other)])


def rarest(weighed: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """Return the trigrams to look up: the weightiest of those that are stored; all may be new when none was counted."""
    stored = [each for each in weighed if counts.get(each)] or list(weighed)
    return sorted(stored, key=lambda each: (-weighed[each], each))[:RAREST]


def score(weighed: Mapping[str, float], other: Collection[str]) -> float:
    """Return how much of the question's weight a text holds, less when it holds much else: 0 to 1."""
    total = sum(weighed.values())
    if not total or not other:
        return 0.0
    shared = sum(weighed.get(each, 0.0) for each in other)
    known = sum(each in weighed for each in other)
    return shared / total * math.sqrt(known / len(other))


def _rarity(count: int, documents: int) -> float:
    return math.log(1 + (documents + 1) / (count + 1))


def _telling(text: str, language: str) -> Sequence[str]:
    found = words.content_words(words.words(text[:LONGEST]))
    return [part for word in found for part in (words.parts(word, language) or (words.stem(word, language),))]


def _of(found: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word[at : at + 3] for word in found for at in range(max(1, len(word) - 2))))

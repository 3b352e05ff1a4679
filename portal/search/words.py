"""From a text to what is indexed and looked for: stems in one form for bokmål and nynorsk, compounds taken apart.

Whatever is done to the words of a text is done to the words of a question too; that is all that makes them meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock

from snowballstemmer import stemmer

from portal.search import vocabulary

LONGEST = 60
"""Letters of a word; what is longer is no word, and the databases have limits."""
MOST = 10_000
"""Words of a text that are indexed."""
LEAST_PART = 3
GAP = "¶"
"""Stands between the words of a text and the parts of its compounds, so that no phrase runs across."""

# A single letter and what follows its hyphen (e-post), a number with its parts (1.10; 3,8), or letters and digits.
WORD = re.compile(r"\b[^\W\d_]-[^\W_]+|\d+(?:[.,:]\d+)+|[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order: case and accents gone, æ, ø and å kept."""
    return [_tidy(found) for found in WORD.findall(fold(text))]


def fold(text: str) -> str:
    """Return the text in lower case and without accents; å stays, and ä and ö are read as æ and ø."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return lower.translate(_folding)


def stem(word: str, language: str = "nb") -> str:
    """Return the one form of a folded word that all its forms share; nynorsk becomes bokmål."""
    if not word.isalpha():
        return word
    return _english(word) if language == "en" else _norwegian(word)


@lru_cache(maxsize=50_000)
def canonical(word: str, language: str = "nb") -> str:
    """Return how a folded word stands in the index: its stem, a compound as the stems of its parts joined."""
    return "".join(parts(word, language)) or stem(word, language)


@lru_cache(maxsize=50_000)
def parts(word: str, language: str = "nb") -> tuple[str, ...]:
    """Return the stems of the parts of a folded compound; nothing when it is none, or in English."""
    if language == "en" or not word.isalpha():
        return ()
    found = tuple(_apart(word))
    return found if len(found) > 1 else ()


def stream(text: str, language: str = "nb") -> str:
    """Return what the index holds of a text: each word's canonical form in order, and then the parts of compounds."""
    found = words(text)[:MOST]
    compounds = dict.fromkeys(part for word in found for part in parts(word, language))
    whole = [canonical(word, language) for word in found]
    return " ".join([*whole, GAP, *compounds] if compounds else whole)


def content_words(found: list[str]) -> list[str]:
    """Leave out the words that say nothing alone, unless there are no others."""
    return [word for word in found if word not in small()] or found


def spellings(word: str) -> list[str]:
    """Return a folded word and how it is meant by those whose keyboard lacks a letter: «skoeyte» is «skøyte» too."""
    changed = [word]
    for written, meant in (("aa", "å"), ("oe", "ø"), ("ae", "æ")):
        changed += [each.replace(written, meant) for each in changed if written in each]
    return changed


@cache
def small() -> frozenset[str]:
    """Return the words that say nothing alone."""
    return frozenset(fold(vocabulary.SMALL).split())


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter not in "åæø":
            letter = "".join(each for each in unicodedata.normalize("NFD", letter) if not unicodedata.combining(each))
        self[code] = letter
        return letter


_folding = _Folding({ord("ä"): "æ", ord("ö"): "ø", ord("ð"): "d", ord("đ"): "d", ord("ł"): "l", ord("œ"): "oe"})


def _tidy(word: str) -> str:
    """Keep a number in one piece (1.10 and 1,10 are 1·10), and join a letter and what follows its hyphen."""
    return re.sub(r"[.,:]", "·", word.replace("-", ""))[:LONGEST]


_stemmers = {"nb": stemmer("norwegian"), "en": stemmer("english")}
_lock = Lock()


def _snowball(word: str, language: str) -> str:
    with _lock:  # a stemmer keeps the word it works on
        return str(_stemmers[language].stemWord(word))


@lru_cache(maxsize=50_000)
def _english(word: str) -> str:
    return _snowball(word, "en")


@lru_cache(maxsize=50_000)
def _norwegian(word: str) -> str:
    plain = _forms().get(word, word)
    stemmed = _snowball(plain, "nb")
    return _variants().get(plain) or _variants().get(stemmed) or stemmed


@cache
def _variants() -> dict[str, str]:
    """Return nynorsk word or stem → bokmål stem."""
    found: dict[str, str] = {}
    for pair in fold(vocabulary.VARIANTS).split():
        nynorsk, _, meant = pair.partition("=")
        if nynorsk != meant:
            target = _snowball(_forms().get(meant, meant), "nb")
            found[nynorsk] = target
            found.setdefault(_snowball(nynorsk, "nb"), target)
    return found


@cache
def _forms() -> dict[str, str]:
    """Return form of a short word → the word."""
    pairs = (pair.partition("=") for pair in fold(vocabulary.FORMS).split())
    return {form: word for word, _, forms in pairs for form in forms.split(",")}


@cache
def _heads() -> dict[str, str]:
    """Return the ends of compounds as they are written, stemmed but not read as bokmål → their canonical stem."""
    written = set(fold(vocabulary.HEADS).split())
    written |= {nynorsk for nynorsk, _, meant in _pairs() if meant in written}
    return {_snowball(word, "nb"): _norwegian(word) for word in written}


def _pairs() -> Iterator[tuple[str, str, str]]:
    return (pair.partition("=") for pair in fold(vocabulary.VARIANTS).split())


@cache
def _whole() -> frozenset[str]:
    return frozenset(_snowball(word, "nb") for word in fold(vocabulary.WHOLE).split())


def _apart(word: str) -> Iterator[str]:
    """Take a word apart at the longest end that is known, and what stands before it again."""
    stemmed = _snowball(_forms().get(word, word), "nb")
    for cut in range(LEAST_PART, len(stemmed) - LEAST_PART + 1):
        if stemmed[cut:] in _heads() and stemmed not in _whole():
            yield from _apart(stemmed[:cut])
            yield _heads()[stemmed[cut:]]
            return
    yield _norwegian(word)

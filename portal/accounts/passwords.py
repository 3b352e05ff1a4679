"""Passwords: how they are kept, and which are too easy to guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
FEWEST_PIECES = 5
"""A password that falls into fewer guessable pieces than this is refused: «sommer-2026-Asker» has three."""

WORDS_FILE = Path(__file__).parent / "data" / "common_words.txt"
WALKS = (
    *("1234567890", "qwertyuiopå", "asdfghjkløæ", "zxcvbnm", "abcdefghijklmnopqrstuvwxyzæøå"),
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm"),
)
LOOKALIKES = str.maketrans("013457@$!|", "oleastasil")

_hasher = PasswordHasher()


class Fault(StrEnum):
    """What is wrong with a password that somebody chose."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EASY = "easy"


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and parameters."""
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Say whether a password is right; without a stored hash, do the same work and say no."""
    try:
        _hasher.verify(stored or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def find_fault(password: str, context: Iterable[str] = ()) -> Fault | None:
    """Return what is wrong with a new password, or None. Any characters are fine.

    `context` holds words that an attacker would try first here: the municipality, the portal, the person's own name and
    address. Guessable pieces are common words, those words, walks on the keyboard or in the alphabet, repetitions, and
    runs of digits and signs up to 8 long; every other character is a piece of its own.
    """
    if len(password) < SHORTEST:
        return Fault.TOO_SHORT
    if len(password) > LONGEST:
        return Fault.TOO_LONG
    words = _words() | frozenset(_context_words(context))
    plain = unicodedata.normalize("NFKC", password).casefold()
    return Fault.EASY if _pieces(_unit(plain), words) < FEWEST_PIECES else None


def _pieces(text: str, words: frozenset[str]) -> int:
    """Return the smallest number of guessable pieces that a text can be cut into."""
    longest = max(map(len, words))
    fewest = [0] + [len(text)] * len(text)
    for end in range(1, len(text) + 1):
        fewest[end] = fewest[end - 1] + 1
        for start in range(max(0, end - longest), end - 1):
            if fewest[start] + 1 < fewest[end] and _is_guessable(text[start:end], words):
                fewest[end] = fewest[start] + 1
    return fewest[-1]


def _is_guessable(part: str, words: frozenset[str]) -> bool:
    if part in words or part.translate(LOOKALIKES) in words:
        return True
    if not any(character.isalpha() for character in part):
        return len(part) <= 8
    return len(part) >= 3 and _is_walk(part)


def _is_walk(part: str) -> bool:
    """Say whether the characters are one again and again, or neighbours on a known walk, in either direction."""
    if len(set(part)) == 1:
        return True
    return any(part in walk or part[::-1] in walk for walk in WALKS)


def _unit(text: str) -> str:
    """Return what a text repeats: «hesthesthest» is «hest»; a text that repeats nothing is itself."""
    length = (text + text).find(text, 1)
    return text[:length]


def _context_words(context: Iterable[str]) -> set[str]:
    parts = re.split(r"[^\w]+|[\d_]+", " ".join(context).casefold())
    return {part for part in parts if len(part) >= 3}


@cache
def _words() -> frozenset[str]:
    lines = WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split() if len(word) >= 3)


@cache
def _dummy() -> str:
    return _hasher.hash("the password of nobody")

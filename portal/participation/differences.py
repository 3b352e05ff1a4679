"""What differs between two wordings, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Some words that were kept, removed or added."""

    change: Change
    text: str


@lru_cache(maxsize=256)
def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Return both wordings as pieces: the kept and removed make `before`, the kept and added make `after`."""
    return tuple(_joined(_pieces(WORDS.findall(before), WORDS.findall(after))))


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for what, b1, b2, a1, a2 in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            yield Piece(Change.KEPT, "".join(before[b1:b2]))
        else:
            yield Piece(Change.REMOVED, "".join(before[b1:b2]))
            yield Piece(Change.ADDED, "".join(after[a1:a2]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Let a lone space between two changes go with them: «en to» → «tre fire» is one change, not two."""
    removed, added = "", ""
    for piece in pieces:
        if piece.change is Change.KEPT and not (piece.text.isspace() and (removed or added)):
            yield from _changed(removed, added)
            removed = added = ""
            yield piece
        else:
            removed += piece.text * (piece.change is not Change.ADDED)
            added += piece.text * (piece.change is not Change.REMOVED)
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Change.REMOVED, removed)
    if added:
        yield Piece(Change.ADDED, added)

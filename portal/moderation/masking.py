"""Taking passages out of a text: what is left tells neither what stood there nor how long it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

MASKS = {"nb": "[sladdet]", "nn": "[sladda]", "en": "[redacted]"}
"""By the language of the text: words, which a screen reader says, and not blocks, which it spells."""

Span = tuple[int, int]
Passage = tuple[str, int, int]
"""The name of a field, and the first and the last place plus one in its text."""


def mask(text: str, spans: Iterable[Span], language: str = "nb") -> str:
    """Return the text with the passages replaced; those that meet or overlap become one."""
    written, done = "", 0
    for start, end in merged(text, spans):
        written += text[done:start] + MASKS.get(language, MASKS["nb"])
        done = end
    return written + text[done:]


def merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the passages in order, joined where only white space is between. Raises ValueError outside the text."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(text):
            raise ValueError((start, end))
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def pieces(text: str, spans: Iterable[Span]) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether it was taken out; together they are the text."""
    found, done = [], 0
    for start, end in merged(text, spans):
        found += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [piece for piece in [*found, (text[done:], False)] if piece[0]]


def mask_fields(fields: Mapping[str, str], passages: Sequence[Passage], language: str = "nb") -> dict[str, str]:
    """Return the texts with the passages replaced. Raises ValueError for a passage that isn't in them."""
    unknown = {field for field, _, _ in passages} - set(fields)
    if unknown:
        raise ValueError(unknown)
    return {
        name: mask(text, [(start, end) for field, start, end in passages if field == name], language)
        for name, text in fields.items()
    }


def places(fields: Mapping[str, str], passage: str) -> list[Passage]:
    """Return every place where a passage that somebody pasted stands, whatever the white space and the case."""
    words = passage.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    return [(name, *found.span()) for name, text in fields.items() for found in pattern.finditer(text)]

"""Texts in three languages: the reader's when it is there, else bokmål, else whichever there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("nb", "nn", "en")
"""In the order that stands in for a language that is empty."""


@dataclass(frozen=True)
class Told:
    """A text as it is shown, and the language it is in: `lang` on the element when it isn't the page's."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def told(texts: Mapping[str, Any], language: str) -> Told:
    """Return a text of {"nb": …, "nn": …, "en": …} for a reader; bokmål stands in for what is empty."""
    for code in (language, *LANGUAGES):
        if text := str(texts.get(code) or "").strip():
            return Told(text, code)
    return Told("", language)

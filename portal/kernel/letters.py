"""Texts for documents whose fonts lack some signs: each such sign is written as its name."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

# Letters that the fonts in the library for PDF hold.
_LETTERS = re.compile("[^\n -~¡-ſΑ-ΡΣ-Ωα-ωА-яЁё‐–—‘’“”„†•…‹›€−]")


def named(text: str) -> str:
    """Return the text with each sign that the fonts may lack written as its name: «[GRINNING FACE]»."""
    return _LETTERS.sub(lambda sign: _name(sign[0]), text)


def all_named(data: Any) -> Any:
    """Return plain values (as JSON has) with every text in them so."""
    if isinstance(data, str):
        return named(data)
    if isinstance(data, dict):
        return {key: all_named(value) for key, value in data.items()}
    return [all_named(value) for value in data] if isinstance(data, list) else data


def _name(sign: str) -> str:
    if unicodedata.category(sign) in {"Cf", "Mn", "Zs"}:  # joiners, variants and spaces say nothing by themselves
        return " " if unicodedata.category(sign) == "Zs" else ""
    return f"[{unicodedata.name(sign, f'U+{ord(sign):04X}')}]"

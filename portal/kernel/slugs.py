"""The words of an address, made from a title."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
NORWEGIAN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})


def slug(title: str, empty: str = "ide") -> str:
    """Return lower-case ASCII words joined by hyphens, at most 60 characters, cut between words; `empty` for none."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(NORWEGIAN)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    while len(words) > 1 and len("-".join(words)) > LONGEST:
        words.pop()
    return "-".join(words)[:LONGEST] or empty

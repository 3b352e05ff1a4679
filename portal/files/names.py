"""Names of files made safe: for folders, headers and the eye."""

from __future__ import annotations

import re
from urllib.parse import quote

from portal.kernel.richtext import clean_line

LONGEST = 100
"""Characters before the extension."""
MOST_BYTES = 200
"""Bytes before the extension: a name in a file system has room for 255."""
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that Windows keeps to itself, whatever comes after the full stop."""
_LAST_PART = re.compile(r"\.[^\W_]{1,8}$")
_STRANGE = re.compile(r"[^\w &()+,'-]+")


def safe_name(given: str, extension: str) -> str:
    """Return a name like the one given, with the extension that the content has: `.pdf`.

    Nothing of a path is left, no character that can't be seen or turns the direction of writing, and one full stop
    only, before the extension.
    """
    last = re.split(r"[/\\]", given)[-1][:1000]  # what takes the square of its length comes after this
    stem = _LAST_PART.sub("", clean_line(last).strip(" ."))
    stem = re.sub(r"(?<=\d)\.(?=\d)", ",", stem)  # «versjon 1.2» stays a number
    stem = _STRANGE.sub("-", stem)[:LONGEST].strip(" -,'")
    stem = stem.encode()[:MOST_BYTES].decode(errors="ignore").strip(" -,'")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"fil {stem}".strip()
    return stem + extension


def disposition(name: str, *, inline: bool) -> str:
    """Return a `Content-Disposition` (RFC 6266): the name in ASCII for old programs, and as it is for the others."""
    plain = re.sub(r"[^A-Za-z0-9 ._()+-]", "_", name.translate(_ASCII))
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A", "é": "e", "ö": "o", "ä": "a"})

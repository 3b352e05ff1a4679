"""The built files, style, script, pictures and outlines, by their plain names."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "ui"
_MANIFEST = BUILT / "manifest.json"


def manifest() -> dict[str, str]:
    """Return plain name → name with a hash of its content."""
    return _manifest(_MANIFEST.stat().st_mtime_ns)


def find(name: str) -> Path | None:
    """Return where a built file lies; None when it hasn't been built."""
    built = manifest().get(name) if _MANIFEST.exists() else None
    return BUILT / built if built else None


@lru_cache(maxsize=1)
def _manifest(_changed: int) -> dict[str, str]:
    """Read it anew only when the files have been built anew."""
    names: dict[str, str] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return names

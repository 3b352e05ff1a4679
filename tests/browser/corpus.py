"""Hostile texts: our own in two languages, and a public corpus for the long run."""

from __future__ import annotations

from portal.kernel.richtext import clean_text
from tests.kernel.hostile import HOSTILE

LEAST = 300
LONGEST = 2000
MANY = 450


def some() -> list[str]:
    """Return every eighth of our own hostile texts, for the ordinary run."""
    return own()[::8]


def own() -> list[str]:
    """Return our own hostile texts."""
    return [line for line in HOSTILE if clean_text(line).strip()]


def public() -> list[str]:
    """Return texts of a public corpus, spread evenly over all of it; always the same."""
    import brs_kb  # only installed for the long run

    found = {each["payload"] for each in brs_kb.get_all_payloads().values() if 0 < len(each["payload"]) <= LONGEST}
    texts = sorted(text for text in found if clean_text(text).strip() and "\x00" not in text)
    chosen = texts[:: max(1, len(texts) // MANY)]
    assert len(chosen) >= LEAST
    return chosen

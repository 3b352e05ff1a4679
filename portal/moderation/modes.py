"""When a text waits for a person before it is shown: by the mode of its kind, its author and its signals."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.moderation.signals import PERSONAL, Signal


class Mode(StrEnum):
    """How a kind of content is moderated."""

    PRE = "pre"
    """Everything is read before it is shown."""
    NEW_AUTHORS = "new_authors"
    """Read before it is shown until the author is known."""
    POST = "post"
    """Shown at once; what has a signal is read afterwards."""


def waits(mode: Mode, *, author_is_known: bool, found: Iterable[Signal]) -> bool:
    """Say whether a text waits. What may tell who somebody is waits in every mode."""
    seen = set(found)
    if seen & PERSONAL or mode is Mode.PRE:
        return True
    return mode is Mode.NEW_AUTHORS and (not author_is_known or bool(seen))

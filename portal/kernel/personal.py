"""What each package keeps about people: shown, exported, erased and retained from one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """One package's answer to «what do you know of me», «delete me» and «how long do you keep it»."""

    name: str
    tables: frozenset[str]
    """The tables of the package that point at a person; a test fails on one that nobody declares."""
    export: Callable[[int], Mapping[str, Sequence[Mapping[str, Any]]]]
    """Everything kept about an account, by account id, as plain values."""
    erase: Callable[[int], None]
    """Take the person out of the package's tables; joins the running transaction."""
    retain: Callable[[], Mapping[str, int]] | None = None
    """Delete what has been kept long enough; returns how many rows of each kind."""

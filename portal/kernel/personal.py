"""What each package keeps about people: shown, exported, erased and retained from one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.kernel.content import Ref


@dataclass(frozen=True, kw_only=True)
class Held:
    """Something about a person that must not be erased yet, as they are told of it."""

    ref: Ref
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an erasure must leave."""

    held: frozenset[Ref] = frozenset()
    """On hold: a package leaves these as they are, and is asked again when the hold is lifted."""
    keep_answers_open_at: datetime | None = None
    """The person lets answers stay, as numbers without a name, in the rounds that were open at this time."""


NOTHING_LEFT = Terms()


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """One package's answer to «what do you know of me», «delete me» and «how long do you keep it»."""

    name: str
    tables: frozenset[str]
    """The tables of the package that point at a person; a test fails on one that nobody declares."""
    export: Callable[[int], Mapping[str, Sequence[Mapping[str, Any]]]]
    """Everything kept about an account, by account id, as plain values."""
    erase: Callable[[int, Terms], None]
    """Take the person out of the package's tables; joins the running transaction. Does no harm twice."""
    retain: Callable[[], Mapping[str, int]] | None = None
    """Delete what has been kept long enough; returns how many rows of each kind."""
    kept: Sequence[tuple[Any, timedelta]] = ()
    """What `retain` deletes, in words, and how long it is kept: the page about privacy promises it."""
    files: Callable[[int], Iterable[tuple[str, Iterable[bytes]]]] | None = None
    """The files a person has sent in: each by its place in the archive, and its content piece by piece."""
    held: Callable[[int], Sequence[Held]] | None = None
    """What must not be erased yet; the package that says so leaves its own rows about it too."""
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    """What the values of exported fields are called, by field, where the code names them."""
    stays: Callable[[int], Sequence[str]] | None = None
    """What an erasure leaves for good, in sentences that the person reads beforehand."""
    open_answers: Callable[[int], Sequence[str]] | None = None
    """What is open now and has the person's answers, by title: they may let these stay as numbers without a name."""

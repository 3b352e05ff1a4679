"""Friendly names for people who don't want to use their own: «Syngende bjørk»."""

from __future__ import annotations

import secrets
from functools import cache
from importlib import resources

TRIES = 20
"""How many names are tried before a number is put behind one."""


def suggest(taken_before: int = 0) -> str:
    """Return a name by chance, so that it says nothing of whose it is; `taken_before` is how many were taken."""
    first, second = _words()
    name = f"{secrets.choice(first).capitalize()} {secrets.choice(second)}"
    return name if taken_before < TRIES else f"{name} {secrets.randbelow(9000) + 1000}"


@cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = (resources.files("portal.participation") / "data" / "pseudonyms.txt").read_text("utf-8")
    first, second = text.split("\n\n")
    return tuple(first.split()), tuple(second.split())

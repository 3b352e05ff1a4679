"""Links that open a decision or a receipt without signing in: made under our key, kept nowhere."""

from __future__ import annotations

from portal.accounts.hashing import keyed

DECISION = "moderation.decision"
REPORT = "moderation.report"


def token(purpose: str, id_: int) -> str:
    """Return the token of a decision or a report: the same each time, and not to be guessed."""
    return keyed(purpose, str(id_))[:48]


def hashed(token_: str) -> str:
    """Return what the database keeps of a token."""
    return keyed("moderation.link", token_)

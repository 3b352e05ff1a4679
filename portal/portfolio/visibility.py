"""Whether everybody may see a thing, so that the portfolio may tell of it."""

from __future__ import annotations

from portal.kernel.content import Ref
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS


def is_public(ref: Ref) -> bool:
    """Say whether everybody may see a thing: what its kind lets be searched for, or read by who is signed out."""
    kind = content().find(ref.kind)
    if kind is None:
        return False
    if kind.entries is not None:
        return ref.id in kind.entries([ref.id])
    return kind.may(ANONYMOUS, ref, "read")

"""Who may see and choose notices: everybody their own, and nobody else's."""

from __future__ import annotations

from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


def own_account(actor: Actor) -> int:
    """Return the account whose notices somebody may see; raise Forbidden when nobody is signed in."""
    if actor.id is None:
        raise Forbidden(_l("Du må logge inn for å se varslene dine."))
    return actor.id

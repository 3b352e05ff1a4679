"""Who may read what people have told of pages they can't use."""

from __future__ import annotations

from portal.kernel.identity import Actor, Role


def may_read_reports(actor: Actor) -> bool:
    """Administrators answer for the pages; coordinators stand in for them."""
    return actor.has(Role.ADMIN, Role.COORDINATOR)

"""Who may run the municipality's list of delmål."""

from __future__ import annotations

from portal.kernel.identity import Actor, Role

RUNNING = (Role.ADMIN, Role.IDEA_MANAGER, Role.COORDINATOR)


def may_import_subgoals(actor: Actor) -> bool:
    """Read delmål in from a file; the command line may too."""
    return actor.is_system or (actor.has(*RUNNING) and not actor.is_limited)

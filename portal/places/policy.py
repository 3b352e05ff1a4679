"""Who may run the municipality's lokalsamfunn."""

from __future__ import annotations

from portal.kernel.identity import Actor, Role


def may_run_neighbourhoods(actor: Actor) -> bool:
    """Read lokalsamfunn in and take them out of use; the command line may too."""
    return actor.is_system or (actor.has(Role.ADMIN) and not actor.is_limited)

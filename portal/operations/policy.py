"""Who may see how the machinery runs, and step in."""

from __future__ import annotations

from portal.kernel.identity import Actor, Role


def may_operate(actor: Actor) -> bool:
    return (actor.has(Role.ADMIN) and not actor.is_limited) or actor.is_system

"""Who may read cases, decide them, decide appeals, report and complain."""

from __future__ import annotations

from portal.kernel.identity import Actor, Role
from portal.moderation.models import Appeal, Case


def may_moderate(actor: Actor) -> bool:
    """Open the queue and the cases."""
    return actor.has(Role.MODERATOR) and not actor.is_limited


def may_see_appeals(actor: Actor) -> bool:
    """Administrators decide appeals where there is only one moderator."""
    return actor.has(Role.MODERATOR, Role.ADMIN) and not actor.is_limited


def may_decide(actor: Actor, case: Case) -> bool:
    """Nobody decides about what they wrote themselves."""
    return may_moderate(actor) and case.author_id != actor.id


def may_decide_appeal(actor: Actor, appeal: Appeal, case: Case) -> bool:
    """Somebody other than who decided first, and than who wrote the text. The database refuses the first as well."""
    return may_see_appeals(actor) and actor.id not in {appeal.first_decided_by_id, case.author_id}


def may_report(actor: Actor) -> bool:
    """Anyone may, also without an account; a limited account too, for it may be threatened."""
    return not actor.is_system

"""Reading everything that every package keeps about a person."""

from __future__ import annotations

from portal.accounts import policy
from portal.accounts.own_data import Everything
from portal.kernel.extensions import personal_data
from portal.kernel.identity import Actor


def everything_about(actor: Actor) -> Everything:
    """Return what is kept about the actor, by package."""
    account_id = policy.own_only(actor)
    return {package.name: package.export(account_id) for package in personal_data()}

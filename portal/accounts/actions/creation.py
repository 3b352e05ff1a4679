"""Accounts made from the command line, ready to sign in: the first administrator, and the demo's people."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.events.account import AccountCreated
from portal.accounts.models import Account, Grant
from portal.accounts.queries import account as queries
from portal.kernel import clock, mail
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role


@dataclass(frozen=True, kw_only=True)
class AccountDraft:
    """A person as the command line knows them. Without a hash they set a password by the link «glemt passord»."""

    name: str
    email: str | None = None
    password_hash: str | None = None
    roles: tuple[Role, ...] = ()
    municipality_number: str | None = None


@atomic
def create_account(actor: Actor, draft: AccountDraft) -> Account:
    """Make an account whose address counts as confirmed. Only the portal itself may. Invalid at email when taken."""
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))
    email = None
    if draft.email is not None:
        email = queries.normalised_email(draft.email)
        mail.checked_address(email)
        if queries.find_by_email(email) is not None:
            raise Invalid("email", _l("Det finnes en konto med denne adressen fra før."))
    moment = clock.now()
    account = Account(
        email=email,
        email_confirmed_at=moment if email else None,
        name=draft.name,
        password_hash=draft.password_hash,
        municipality_number=draft.municipality_number,
        created_at=moment,
    )
    account.grants = [Grant(role=role, source="manual", granted_at=moment) for role in draft.roles]
    db.session.add(account)
    db.session.flush()
    publish(AccountCreated(actor=actor, account_id=account.id, roles=draft.roles, email=email, shown_name=draft.name))
    return account

"""What people change in their own account: name, language, e-mail address and password."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts import passwords, policy, tokens
from portal.accounts.actions.retention import forget_unconfirmed
from portal.accounts.actions.sign_in import end_sessions
from portal.accounts.actions.sign_up import tell_of_account
from portal.accounts.events.account import EmailChanged, PasswordChanged, ProfileChanged
from portal.accounts.models import Account
from portal.accounts.queries import account as queries
from portal.kernel import clock, mail
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid, TooMany
from portal.kernel.events import publish
from portal.kernel.i18n import LANGUAGES, _l
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class ProfileDraft:
    """What is shown of a person, and the language to write to them in."""

    name: str
    language: str


@atomic
def change_profile(actor: Actor, draft: ProfileDraft) -> None:
    """Change the name shown to others and the language."""
    account = _mine(actor)
    if draft.language not in LANGUAGES:
        raise Invalid("language", _l("Velg et av alternativene."))
    before = account.name
    if (before, account.language) == (draft.name, draft.language):
        return
    account.name, account.language = draft.name, draft.language
    db.session.flush()
    publish(
        ProfileChanged(
            actor=actor, account_id=account.id, language=draft.language, name_before=before, name_after=draft.name
        )
    )


@atomic
def ask_for_new_email(actor: Actor, email: str) -> None:
    """Mail a link to the new address, and tell the old one; the address changes when the link is used.

    An address that is somebody else's gets a mail that says so, and the person who asked the same answer as always.
    """
    account, email = _mine(actor), queries.normalised_email(email)
    if email == account.email:
        raise Invalid("email", _l("Dette er adressen du har nå."))
    mail.checked_address(email)
    if tokens.enough_today(account.id, tokens.CHANGE_EMAIL):
        raise TooMany(_l("Du har bedt om dette flere ganger i dag. Se i innboksen, eller prøv igjen i morgen."))
    language, other = account.language or "nb", queries.find_by_email(email)
    token = tokens.issue(account.id, tokens.CHANGE_EMAIL, data={"email": email})
    if other is not None and other.email_confirmed_at is not None:
        tell_of_account(actor, other.id)
    else:
        mail.queue("accounts/mail/confirm_new", to=email, language=language, name=account.name, token=token)
    if account.email:
        mail.queue("accounts/mail/email_changing", to=account.email, language=language, name=account.name)


@atomic
def confirm_new_email(actor: Actor, token: str) -> None:
    """Let a new address count; a sign-up with it that nobody confirmed gives way."""
    used = tokens.use(tokens.CHANGE_EMAIL, token)
    if used.account_id != policy.own_only(actor):
        raise Invalid("", _l("Lenken hører til en annen bruker. Logg inn som den du var da du ba om den."))
    account, email = _mine(actor), str(used.data["email"])
    other = queries.find_by_email(email)
    if other is not None and other.id != account.id:
        if other.email_confirmed_at is not None:
            raise Conflict(_l("Denne adressen er i bruk av en annen bruker."))
        forget_unconfirmed(actor, [other.id])
    before, account.email, account.email_confirmed_at = account.email, email, clock.now()
    tokens.void(account.id, tokens.RESET_PASSWORD)
    db.session.flush()
    publish(EmailChanged(actor=actor, account_id=account.id, before=before, after=email))


@atomic
def change_password(actor: Actor, password: str) -> None:
    """Change the password; every other sign-in ends, and links for a new one stop working.

    That the person knows the password they have, has been proven by session.check_password.
    """
    account = _mine(actor)
    policy.check_new_password(password, queries.password_context(account.name, account.email))
    account.password_hash = passwords.hash_password(password)
    tokens.void(account.id, tokens.RESET_PASSWORD, tokens.CHANGE_EMAIL)
    db.session.flush()
    end_sessions(actor, account.id, reason="password_changed", but=actor.session_id)
    publish(PasswordChanged(actor=actor, account_id=account.id))
    if account.email:
        mail.queue(
            "accounts/mail/password_changed", to=account.email, language=account.language or "nb", name=account.name
        )


def _mine(actor: Actor) -> Account:
    return queries.find_account(policy.own_only(actor))

"""Signing up with an e-mail address, and proving that the address is one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.accounts import passwords, policy, tokens
from portal.accounts.actions.administration import grant_role
from portal.accounts.actions.sign_in import end_sessions
from portal.accounts.events.account import AccountSignedUp, EmailConfirmed, PasswordReset
from portal.accounts.models import Account
from portal.accounts.queries import account as queries
from portal.kernel import clock, mail
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role, SignInMethod

INVITATION = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class SignUpDraft:
    """What a person gives to sign up."""

    name: str
    email: str
    password: str
    language: str


@dataclass(frozen=True, kw_only=True)
class NewPasswordDraft:
    """The token from the mail and the password chosen."""

    token: str
    password: str


@dataclass(frozen=True, kw_only=True)
class AddedDraft:
    """A person whom the command line adds. Without a password, a link for making one is mailed."""

    name: str
    email: str
    password: str | None
    roles: frozenset[Role]


@atomic
def sign_up(actor: Actor, draft: SignUpDraft) -> None:
    """Make an account that counts when its address is confirmed, and mail a link to that address.

    Whoever asks gets the same answer for the same work whether or not there is an account with the address: its owner
    is told by mail. A sign-up that nobody confirmed is written over, because only the owner of the address can confirm.
    """
    email = queries.normalised_email(draft.email)
    mail.checked_address(email)
    policy.check_new_password(draft.password, queries.password_context(draft.name, email), "password")
    password_hash = passwords.hash_password(draft.password)
    account = queries.find_by_email(email)
    if account is not None and account.email_confirmed_at is not None:
        tell_of_account(actor, account.id)
        return
    if account is None:
        account = Account(email=email, name=draft.name, created_at=clock.now())
        db.session.add(account)
    account.name, account.password_hash, account.language = draft.name, password_hash, draft.language
    db.session.flush()
    _mail_confirmation(account)
    publish(
        AccountSignedUp(
            actor=actor,
            account_id=account.id,
            method=SignInMethod.PASSWORD,
            email=email,
            shown_name=draft.name,
        )
    )


@atomic
def tell_of_account(actor: Actor, account_id: int) -> None:
    """Mail the owner of an address that somebody tried to use it here, and how to get in."""
    account = queries.find_account(account_id)
    if tokens.enough_today(account.id, tokens.NOTICE):
        return
    tokens.issue(account.id, tokens.NOTICE)
    _mail("already_signed_up", account)


@atomic
def send_confirmation_again(actor: Actor, email: str) -> None:
    """Mail a new link to an address that waits for being confirmed; nothing is said of whether there is one."""
    account = queries.find_by_email(email)
    if account is not None and account.email_confirmed_at is None and account.password_hash is not None:
        _mail_confirmation(account)


@atomic
def confirm_email(actor: Actor, token: str) -> int:
    """Count the address as the account's own, and return the account. Raises Invalid when the link doesn't work."""
    account = queries.find_account(tokens.use(tokens.CONFIRM_EMAIL, token).account_id)
    _confirmed(account)
    return account.id


@atomic
def ask_for_new_password(actor: Actor, email: str) -> None:
    """Mail a link for a new password; nothing is said of whether there is an account with the address.

    People who come by an OpenID provider have no password here, and are told how they sign in.
    """
    account = queries.find_by_email(email)
    if account is None or account.deactivated_at is not None:
        return
    if tokens.enough_today(account.id, tokens.RESET_PASSWORD):
        return
    token = tokens.issue(account.id, tokens.RESET_PASSWORD)
    if account.password_hash is None and queries.has_identity(account.id):
        tokens.void(account.id, tokens.RESET_PASSWORD)
        _mail("no_password", account)
    else:
        _mail("reset_password", account, token=token)


@atomic
def set_new_password(actor: Actor, draft: NewPasswordDraft) -> int:
    """Give an account a new password by a mailed link, and return the account.

    Every sign-in ends; the second factor stays and is asked for. The link proves the address too.
    """
    account = queries.find_account(tokens.use(tokens.RESET_PASSWORD, draft.token).account_id)
    policy.check_new_password(draft.password, queries.password_context(account.name, account.email))
    account.password_hash = passwords.hash_password(draft.password)
    owner = Actor(id=account.id, name=account.name)
    if account.email_confirmed_at is None:
        _confirmed(account)
    tokens.void(account.id, tokens.CONFIRM_EMAIL, tokens.CHANGE_EMAIL)
    db.session.flush()
    end_sessions(owner, account.id, reason="password_changed")
    publish(PasswordReset(actor=owner, account_id=account.id))
    _mail("password_changed", account)
    return account.id


@atomic
def add_person(actor: Actor, draft: AddedDraft) -> None:
    """Make an account without the person having signed up: the first administrator, and staff.

    With a password the address counts as confirmed; otherwise the mailed link confirms it, and works for three days.
    """
    if not policy.may_administer(actor):
        raise Forbidden
    email = mail.checked_address(queries.normalised_email(draft.email))
    if queries.find_by_email(email) is not None:
        raise Conflict(_l("Adressen har en bruker fra før."))
    moment = clock.now()
    account = Account(email=email, name=draft.name, language="nb", created_at=moment)
    if draft.password is not None:
        policy.check_new_password(draft.password, queries.password_context(draft.name, email), "password")
        account.password_hash, account.email_confirmed_at = passwords.hash_password(draft.password), moment
    db.session.add(account)
    db.session.flush()
    method, name = SignInMethod.PASSWORD, draft.name
    publish(AccountSignedUp(actor=actor, account_id=account.id, method=method, email=email, shown_name=name))
    for role in sorted(draft.roles):
        grant_role(actor, account.id, role)
    if draft.password is None:
        _mail("welcome", account, token=tokens.issue(account.id, tokens.RESET_PASSWORD, lasts=INVITATION))


def _mail_confirmation(account: Account) -> None:
    if not tokens.enough_today(account.id, tokens.CONFIRM_EMAIL):
        _mail("confirm", account, token=tokens.issue(account.id, tokens.CONFIRM_EMAIL))


def _mail(template: str, account: Account, **values: Any) -> None:
    to, language = account.email or "", account.language or "nb"
    mail.queue(f"accounts/mail/{template}", to=to, language=language, name=account.name, **values)


def _confirmed(account: Account) -> None:
    account.email_confirmed_at = clock.now()
    db.session.flush()
    publish(
        EmailConfirmed(actor=Actor(id=account.id, name=account.name), account_id=account.id, email=account.email or "")
    )

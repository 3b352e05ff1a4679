"""Forgetting what has been kept long enough."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.actions.erase import erase_account, finish_erasures
from portal.accounts.models import (
    Account,
    AccountServiceArea,
    Grant,
    Identity,
    OneTimeToken,
    SeenLogoutToken,
    SignInAttempt,
    SignInSession,
    Spokesperson,
)
from portal.accounts.queries import account as queries
from portal.kernel import clock, mail
from portal.kernel.audit import AuditPersonal
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import in_language
from portal.kernel.identity import Actor
from portal.ui import filters

ATTEMPTS = timedelta(days=14)
SESSIONS = timedelta(days=90)
TOKENS = timedelta(days=7)
UNCONFIRMED = timedelta(days=7)
LOGOUT_TOKENS = timedelta(days=1)
"""Longer than any logout token is valid."""
INACTIVE = timedelta(days=730)
"""Nobody has signed in for so long: the owner is told."""
INACTIVE_NOTICE = timedelta(days=90)
"""From the notice to the deletion."""


@atomic
def forget_old(actor: Actor) -> Mapping[str, int]:
    """Delete what has been kept long enough, and finish erasures that waited; return how many rows of each."""
    if not policy.may_administer(actor):
        raise Forbidden
    moment = clock.now()
    over = sa.func.coalesce(SignInSession.ended_at, SignInSession.expires_at)
    gone = sa.func.coalesce(OneTimeToken.used_at, OneTimeToken.expires_at)
    unconfirmed = db.session.scalars(
        sa.select(Account.id)
        .outerjoin(Identity, Identity.account_id == Account.id)
        .where(
            Account.email.is_not(None),
            Account.email_confirmed_at.is_(None),
            Identity.id.is_(None),
            Account.created_at < moment - UNCONFIRMED,
        )
    ).all()
    return {
        "sign_in_attempts": delete_rows(sa.delete(SignInAttempt).where(SignInAttempt.at < moment - ATTEMPTS)),
        "sign_in_sessions": delete_rows(sa.delete(SignInSession).where(over < moment - SESSIONS)),
        "one_time_tokens": delete_rows(sa.delete(OneTimeToken).where(gone < moment - TOKENS)),
        "seen_logout_tokens": delete_rows(
            sa.delete(SeenLogoutToken).where(SeenLogoutToken.seen_at < moment - LOGOUT_TOKENS)
        ),
        "accounts": forget_unconfirmed(actor, unconfirmed),
        "inactive_erased": _erase_inactive(actor, moment),
        "inactive_told": _tell_inactive(moment),
        "erasures_finished": finish_erasures(actor),
    }


@atomic
def forget_unconfirmed(actor: Actor, account_ids: Collection[int]) -> int:
    """Delete sign-ups whose address nobody confirmed, with what hangs on them; return how many.

    Nobody has been able to sign in to them, so they hold nothing but what was typed and what administrators gave them.
    """
    addresses = db.session.scalars(sa.select(Account.email).where(Account.id.in_(account_ids))).all()
    mail.take_back(address for address in addresses if address)
    for model in (OneTimeToken, Grant, Spokesperson, AccountServiceArea, AuditPersonal):
        delete_rows(sa.delete(model).where(model.account_id.in_(account_ids)))
    return delete_rows(sa.delete(Account).where(Account.id.in_(account_ids), Account.email_confirmed_at.is_(None)))


def _inactive(moment: datetime) -> sa.Select[Account]:
    seen = sa.func.coalesce(Account.last_sign_in_at, Account.created_at)
    return sa.select(Account).where(Account.erased_at.is_(None), seen < moment - INACTIVE).order_by(Account.id)


def _tell_inactive(moment: datetime) -> int:
    """Tell people that nobody has signed in for long, and when the account goes; return how many.

    Who has given no address can't be told, and has as long.
    """
    accounts = db.session.scalars(_inactive(moment).where(Account.inactive_told_at.is_(None))).all()
    for account in accounts:
        account.inactive_told_at = moment
        if account.email:
            language = account.language or "nb"
            with in_language(language):
                until = filters.date(moment + INACTIVE_NOTICE)
            mail.queue("accounts/mail/inactive", to=account.email, language=language, name=account.name, until=until)
    db.session.flush()
    return len(accounts)


def _erase_inactive(actor: Actor, moment: datetime) -> int:
    """Erase accounts whose owners were told and haven't come; return how many. The last administrator stays."""
    due = _inactive(moment).where(Account.inactive_told_at < moment - INACTIVE_NOTICE).with_for_update()
    told = db.session.scalars(due.execution_options(populate_existing=True)).all()
    erased = [account.id for account in told if not queries.is_last_administrator(account.id)]
    for account_id in erased:
        erase_account(actor, account_id)
    return len(erased)

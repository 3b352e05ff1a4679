"""Forgetting what has been kept long enough."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import policy
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
from portal.kernel import clock, mail
from portal.kernel.audit import AuditPersonal
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import Forbidden
from portal.kernel.identity import Actor

ATTEMPTS = timedelta(days=14)
SESSIONS = timedelta(days=90)
TOKENS = timedelta(days=7)
UNCONFIRMED = timedelta(days=7)
LOGOUT_TOKENS = timedelta(days=1)
"""Longer than any logout token is valid."""


@atomic
def forget_old(actor: Actor) -> Mapping[str, int]:
    """Delete tries, ended sign-ins, used links and sign-ups that nobody confirmed; return how many rows of each."""
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

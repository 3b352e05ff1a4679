"""Whom moderation writes to, and what it may know of them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Account, Grant
from portal.kernel.db import db
from portal.kernel.identity import Role


@dataclass(frozen=True)
class Recipient:
    """Where to write, and in which language; no language: the person has chosen none."""

    email: str
    language: str | None


def language_of(account_id: int, otherwise: str) -> str:
    """Return the language a person has chosen, or that of what they wrote."""
    return db.session.scalar(sa.select(Account.language).where(Account.id == account_id)) or otherwise


def recipient(account_id: int) -> Recipient | None:
    """Return where a person is written to, when they have a proven address."""
    row = db.session.execute(
        sa.select(Account.email, Account.language).where(
            Account.id == account_id,
            Account.email.is_not(None),
            Account.email_confirmed_at.is_not(None),
            Account.deactivated_at.is_(None),
        )
    ).one_or_none()
    return Recipient(row.email, row.language) if row else None


def moderators() -> list[Recipient]:
    """Return everybody who moderates and can be written to."""
    rows = db.session.execute(
        sa.select(Account.email, Account.language)
        .where(
            Account.id.in_(sa.select(Grant.account_id).where(Grant.role == Role.MODERATOR)),
            Account.email.is_not(None),
            Account.email_confirmed_at.is_not(None),
            Account.deactivated_at.is_(None),
        )
        .order_by(Account.id)
    )
    return [Recipient(row.email, row.language) for row in rows]


def name_of(account_id: int | None) -> str:
    """Return the name of a colleague; empty when it is not kept."""
    return db.session.scalar(sa.select(Account.name).where(Account.id == account_id)) or "" if account_id else ""

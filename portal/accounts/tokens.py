"""Links and codes that work once: only their hashes are kept, and of two who come at once, one gets through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts import hashing
from portal.accounts.models import OneTimeToken
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _l

CONFIRM_EMAIL = "confirm_email"
CHANGE_EMAIL = "change_email"
RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
RECOVERY_CODE = "recovery_code"
NOTICE = "notice"
"""No link: counts the mails that tell somebody they have an account already."""
MOST_A_DAY = 5
EXPIRED = _l("Lenken virker ikke lenger. Den kan være brukt eller for gammel. Be om en ny.")

LASTS = {
    CONFIRM_EMAIL: timedelta(hours=24),
    CHANGE_EMAIL: timedelta(hours=24),
    RESET_PASSWORD: timedelta(hours=1),
    RECOVERY_CODE: timedelta(days=3650),
    NOTICE: timedelta(days=1),
}


def find(purpose: str, token: str) -> OneTimeToken | None:
    """Return a token's row while it works: neither used nor expired."""
    return db.session.scalar(
        sa.select(OneTimeToken).where(
            OneTimeToken.purpose == purpose,
            OneTimeToken.token_hash == hashing.keyed(purpose, token),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
        )
    )


def issue(account_id: int, purpose: str, *, lasts: timedelta | None = None, data: dict[str, Any] | None = None) -> str:
    """Return a new token of 256 random bits; older ones of the account for the same purpose stop working."""
    void(account_id, purpose)
    token = hashing.new_token()
    keep(account_id, purpose, token, lasts=lasts, data=data)
    return token


def keep(
    account_id: int,
    purpose: str,
    token: str,
    *,
    lasts: timedelta | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Keep the hash of a token until it is used or runs out."""
    moment = clock.now()
    db.session.add(
        OneTimeToken(
            account_id=account_id,
            purpose=purpose,
            token_hash=hashing.keyed(purpose, token),
            data=data or {},
            created_at=moment,
            expires_at=moment + (lasts or LASTS[purpose]),
        )
    )
    db.session.flush()


def enough_today(account_id: int, purpose: str) -> bool:
    """Say whether an account has got so many mails of one kind in a day that the next is somebody's mischief."""
    count = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(OneTimeToken)
        .where(
            OneTimeToken.account_id == account_id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.created_at > clock.now() - timedelta(days=1),
        )
    )
    return (count or 0) >= MOST_A_DAY


def void(account_id: int, *purposes: str) -> None:
    """Let an account's unused tokens stop working."""
    db.session.execute(
        sa.update(OneTimeToken)
        .where(
            OneTimeToken.account_id == account_id, OneTimeToken.purpose.in_(purposes), OneTimeToken.used_at.is_(None)
        )
        .values(used_at=clock.now())
    )


def use(purpose: str, token: str) -> OneTimeToken:
    """Mark a token as used and return it. Raises Invalid when it doesn't work any more."""
    found = find(purpose, token)
    if found is None or not _took(found.id):
        raise Invalid("", EXPIRED)
    return found


def _took(token_id: int) -> bool:
    taken = db.session.scalar(
        sa.update(OneTimeToken)
        .where(OneTimeToken.id == token_id, OneTimeToken.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeToken.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None

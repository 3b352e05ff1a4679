"""Limiting an account for a time: it may read, and take no part."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.events.administration import AccountLimited
from portal.accounts.models import Account, Grant
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor


@atomic
def limit_account(actor: Actor, account_id: int, until: datetime | None) -> datetime | None:
    """Let an account only read until a time, or lift the limit with None; return the limit it had before.

    Staff are not limited this way: an administrator takes the role or closes the account.
    """
    account = db.session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None or account.erased_at is not None:
        raise NotFound
    if not policy.may_limit(actor, account_id):
        raise Forbidden
    if until is not None and until <= clock.now():
        raise Invalid("until", _l("Velg et tidspunkt som ikke er passert."))
    held = sa.select(Grant.id).where(Grant.account_id == account_id, Grant.role.in_(STAFF))
    if until is not None and db.session.scalar(held.limit(1)):
        raise Conflict(_l("En ansatt kan ikke begrenses her. Be en administrator om å se på rollene."))
    before = account.limited_until
    if before != until:
        account.limited_until = until
        db.session.flush()
        publish(AccountLimited(actor=actor, account_id=account_id, before=before, after=until))
    return before

"""Erasing a person: every package takes them out of its tables, and the account stays as an empty row."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.events.account import AccountErased
from portal.accounts.models import Erasure
from portal.accounts.queries import account as queries
from portal.kernel import clock
from portal.kernel.audit import AuditPersonal
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.events import publish
from portal.kernel.extensions import personal_data
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.personal import NOTHING_LEFT


@atomic
def erase_account(actor: Actor, account_id: int) -> None:
    """Erase an account and everything personal about its owner, in every package and in the audit trail.

    The erasure is kept on a list, so that it can be done again when a backup from before it is restored. The system may
    do so at any time; it does no harm twice.
    """
    if not policy.may_erase(actor, account_id):
        raise Forbidden
    account = queries.find_account(account_id)
    if not actor.is_system and queries.is_last_administrator(account_id):
        raise Conflict(_l("Portalen må ha minst én administrator. Gi rollen til en annen først."))
    for package in personal_data():
        package.erase(account_id, NOTHING_LEFT)
    if account.erased_at is None:
        account.erased_at = clock.now()
        db.session.flush()
        publish(AccountErased(actor=actor, account_id=account_id))
    delete_rows(sa.delete(AuditPersonal).where(AuditPersonal.account_id == account_id))
    insert_once(Erasure, {"account_id": account_id, "at": clock.now()})

"""Erasing a person: every package takes them out of its tables, and the account stays as an empty row."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.events.account import AccountErased
from portal.accounts.models import Erasure
from portal.accounts.queries import account as queries
from portal.accounts.queries.own_data import held_of
from portal.kernel import clock
from portal.kernel.audit import AuditPersonal
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.events import publish
from portal.kernel.extensions import personal_data
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.personal import Held, Terms


@atomic
def erase_account(actor: Actor, account_id: int, *, keep_answers: bool = False) -> Sequence[Held]:
    """Erase an account and everything personal about its owner, in every package and in the audit trail.

    What is on hold is left and returned; the worker erases it when the hold is lifted. With `keep_answers`, answers in
    rounds that are open now stay as numbers without a name. The erasure is kept on a list, so that it can be done again
    when a backup from before it is restored. The system may do so at any time; it does no harm twice.
    """
    if not policy.may_erase(actor, account_id):
        raise Forbidden
    account = queries.find_account(account_id)
    if not actor.is_system and queries.is_last_administrator(account_id):
        raise Conflict(_l("Portalen må ha minst én administrator. Gi rollen til en annen først."))
    erasure = db.session.get(Erasure, account_id) or Erasure(
        account_id=account_id, at=clock.now(), keep_answers=keep_answers
    )
    held = held_of(account_id)
    terms = Terms(
        held=frozenset(each.ref for each in held),
        keep_answers_open_at=erasure.at if erasure.keep_answers else None,
    )
    for package in personal_data():
        package.erase(account_id, terms)
    if account.erased_at is None:
        account.erased_at = clock.now()
        db.session.flush()
        publish(AccountErased(actor=actor, account_id=account_id))
    delete_rows(sa.delete(AuditPersonal).where(AuditPersonal.account_id == account_id))
    erasure.is_finished = not held
    db.session.add(erasure)
    db.session.flush()
    return held


@atomic
def finish_erasures(actor: Actor) -> int:
    """Erase what was on hold and no longer is; return of how many people nothing is left."""
    waiting = db.session.scalars(
        sa.select(Erasure.account_id).where(Erasure.is_finished.is_(False)).order_by(Erasure.account_id)
    ).all()
    return sum(not erase_account(actor, account_id) for account_id in waiting)

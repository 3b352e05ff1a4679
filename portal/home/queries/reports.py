"""Reading what people have told of pages they can't use."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from portal.accounts.models import Account, Grant
from portal.accounts.queries import settings
from portal.home import policy
from portal.home.models import AccessibilityReport
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.identity import Actor, Role

NEWEST = 100


def check_received(number: int) -> None:
    """Raise NotFound unless a report has this number: the receipt says no more than that."""
    if db.session.scalar(sa.select(AccessibilityReport.id).where(AccessibilityReport.id == number)) is None:
        raise NotFound


def whom_to_tell() -> Sequence[str]:
    """Return the municipality's contact address; those of the administrators when none is set."""
    if address := settings.branding().contact_email:
        return [address]
    administrators = sa.select(Account.email).where(
        Account.id.in_(sa.select(Grant.account_id).where(Grant.role == Role.ADMIN)),
        Account.email_confirmed_at.is_not(None),
        Account.deactivated_at.is_(None),
    )
    return [each for each in db.session.scalars(administrators.order_by(Account.id)) if each]


def reports(actor: Actor) -> Sequence[AccessibilityReport]:
    """Return the newest reports."""
    if not policy.may_read_reports(actor):
        raise Forbidden
    newest = sa.select(AccessibilityReport).order_by(AccessibilityReport.id.desc()).limit(NEWEST)
    return db.session.scalars(newest).all()

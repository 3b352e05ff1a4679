"""Telling the municipality of a page one can't use: kept first, then told by mail, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.home.events import AccessibilityReported
from portal.home.models import AccessibilityReport
from portal.home.queries import reports
from portal.kernel import clock, mail
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 4000
KEPT = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """What isn't accessible, on which page, and where to answer; `key` is that of the form it came by."""

    text: str
    page: str = ""
    email: str = ""
    language: str = "nb"
    key: str


@atomic
def report(actor: Actor, draft: ReportDraft) -> int:
    """Keep what somebody tells, and return its number. Sent twice, it is one all the same. Invalid at `text`."""
    if not draft.text or len(draft.text) > LONGEST:
        raise Invalid("text", _l("Skriv hva som er vanskelig, med høyst %(max)d tegn.", max=LONGEST))
    values = {
        "created_at": clock.now(),
        "page": draft.page[:200],
        "text": draft.text,
        "email": mail.checked_address(draft.email) if draft.email else None,
        "language": draft.language,
        "key": draft.key,
    }
    new = insert_once(AccessibilityReport, values)
    number = db.session.scalars(sa.select(AccessibilityReport.id).where(AccessibilityReport.key == draft.key)).one()
    if new:
        publish(AccessibilityReported(actor=actor, report_id=number))
        for to in reports.whom_to_tell():
            mail.queue("home/mail/accessibility", to=to, language="nb", number=number)
    return number


@atomic
def forget_old(actor: Actor) -> Mapping[str, int]:
    """Delete what was told long ago; return how many rows."""
    if not actor.is_system:
        raise Forbidden
    old = sa.delete(AccessibilityReport).where(AccessibilityReport.created_at < clock.now() - KEPT)
    return {"accessibility_reports": delete_rows(old)}

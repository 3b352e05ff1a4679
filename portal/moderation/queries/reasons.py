"""What a statement of reasons is made from."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from portal.accounts.queries import settings
from portal.kernel import clock
from portal.kernel.db import db
from portal.moderation import casework
from portal.moderation.models import Case, Decision, Report
from portal.moderation.statement import Grounds


def is_reported(case_id: int) -> bool:
    """Say whether anybody has reported what the case is about."""
    return db.session.scalar(sa.select(Report.id).where(Report.case_id == case_id).limit(1)) is not None


def appeal_by(decision: Decision) -> datetime:
    """Return the last second in which one can complain: the whole of the last day counts."""
    last = clock.local(decision.decided_at + timedelta(days=settings.value("appeal_days")))
    return clock.end_of_day(last.date()) - timedelta(seconds=1)


def grounds(decision: Decision, case: Case) -> Grounds:
    """Return what the statement of a restriction is made of, in the language in use."""
    ref = casework.ref_of(case)
    written = casework.written_at(ref)
    return Grounds(
        verdict=decision.verdict,
        what=casework.title_of(ref),
        written_at=written.written_at if written else case.opened_at,
        decided_at=decision.decided_at,
        until=decision.until,
        rule=decision.rule or "",
        facts=decision.facts,
        why=decision.why,
        on_report=decision.on_report,
        automated=decision.decided_by_id is None,
        appeal_by=appeal_by(decision),
        passages=len(decision.masks),
    )

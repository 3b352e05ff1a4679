"""What moderation keeps about people: shown to them, exported, erased, and forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, Held, PersonalData, Terms
from portal.moderation import casework, house_rules
from portal.moderation.actions import queueing
from portal.moderation.models import Appeal, Appellant, Case, CaseEvent, Cause, Decision, Report

KEPT = timedelta(days=365)
"""How long the address and the words of a report are kept after its case was closed."""


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the cases about a person's texts, what they reported and complained of, and what they did as staff."""
    of_mine = Case.author_id == account_id
    return {
        "cases": _rows(
            sa.select(Case.id, Case.kind, Case.target_id, Case.cause, Case.signals, Case.opened_at, Case.closed_at)
            .where(of_mine)
            .order_by(Case.id)
        ),
        "decisions": _rows(
            sa.select(
                Decision.case_id,
                Decision.verdict,
                Decision.decided_at,
                Decision.rule,
                Decision.facts,
                Decision.why,
                Decision.until,
                Decision.before,
            )
            .join(Case, Case.id == Decision.case_id)
            .where(of_mine)
            .order_by(Decision.id)
        ),
        "reports": _rows(
            sa.select(Report.rule, Report.text, Report.language, Report.created_at)
            .where(Report.reporter_id == account_id)
            .order_by(Report.id)
        ),
        "appeals": _rows(
            sa.select(Appeal.text, Appeal.created_at, Appeal.decided_at, Appeal.outcome, Appeal.reason)
            .where(Appeal.id.in_(_appeals_of(account_id)))
            .order_by(Appeal.id)
        ),
        "done_as_moderator": _rows(
            sa.select(CaseEvent.case_id, CaseEvent.at, CaseEvent.what)
            .where(CaseEvent.actor_id == account_id)
            .order_by(CaseEvent.id)
        ),
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take out what a person wrote: kept originals, reports and complaints. That it was decided stays, with the rule.

    Runs after the packages that hold the texts: the cases of what is gone by now are closed.
    """
    cases = db.session.scalars(sa.select(Case).where(Case.author_id == account_id)).all()
    mine = [case for case in cases if casework.ref_of(case) not in terms.held]
    for case in mine:
        written = casework.written_at(casework.ref_of(case))
        if case.closed_at is None and (written is None or written.state is PublicationState.WITHDRAWN):
            queueing.close_gone(SYSTEM, casework.ref_of(case))
    of_mine = Decision.case_id.in_([case.id for case in mine])
    _change(sa.update(Decision).where(of_mine).values(before={}, facts="", why="", masks=[]))
    appeals = sa.select(Appeal.id).join(Decision, Decision.id == Appeal.decision_id).where(of_mine)
    as_author = sa.and_(Appeal.appellant == Appellant.AUTHOR, Appeal.id.in_(appeals))
    as_reporter = Appeal.report_id.in_(sa.select(Report.id).where(Report.reporter_id == account_id))
    _change(sa.update(Appeal).where(sa.or_(as_author, as_reporter)).values(text="", reason=""))
    _change(sa.update(Report).where(Report.reporter_id == account_id).values(text="", email=None, reporter_id=None))


def held(account_id: int) -> Sequence[Held]:
    """Return the texts that somebody's report, a moderator's own case or a complaint is about, and nobody has decided.

    A text that merely waits to be read for the first time is not on hold: it goes, and its case with it.
    """
    undecided = sa.exists().where(
        Decision.case_id == Case.id, Appeal.decision_id == Decision.id, Appeal.decided_at.is_(None)
    )
    reported = sa.exists().where(Report.case_id == Case.id)
    raised = sa.and_(Case.closed_at.is_(None), sa.or_(Case.cause == Cause.OWN_INITIATIVE, reported))
    rows = sa.select(Case, undecided).where(Case.author_id == account_id, sa.or_(raised, undecided)).order_by(Case.id)
    found: dict[Ref, Held] = {}
    for case, appealed in db.session.execute(rows).all():
        ref = casework.ref_of(case)
        written = casework.written_at(ref)
        if written is not None and written.state is not PublicationState.WITHDRAWN:
            reason = _("En klage om den er ikke avgjort.") if appealed else _("En sak om den er ikke avgjort.")
            found[ref] = Held(ref=ref, title=casework.title_of(ref), reason=str(reason))
    return list(found.values())


def stays(account_id: int) -> Sequence[str]:
    """Say what is left of the decisions about a person's texts, and of their reports."""
    decided = sa.exists().where(Decision.case_id == Case.id, Case.author_id == account_id)
    reported = sa.exists().where(Report.reporter_id == account_id)
    about, by = db.session.execute(sa.select(decided, reported)).one()
    told = []
    if about:
        told.append(str(_("At noe du skrev, ble vurdert av en moderator: når, utfallet og regelen, men ikke teksten.")))
    if by:
        told.append(str(_("At noen har meldt fra om en tekst, men ikke at det var du, og ikke hva du skrev.")))
    return told


@atomic
def retain() -> Mapping[str, int]:
    """Forget who reported, and in which words, when the case has been closed long enough."""
    closed = sa.select(Case.id).where(Case.closed_at < clock.now() - KEPT)
    old = sa.or_(Report.email.is_not(None), Report.reporter_id.is_not(None), Report.text != "")
    forgotten = _change(
        sa.update(Report)
        .where(Report.case_id.in_(closed), Report.created_at < clock.now() - KEPT, old)
        .values(text="", email=None, reporter_id=None)
    )
    return {"reports": forgotten}


def _appeals_of(account_id: int) -> sa.Select[int]:
    """Return the numbers of a person's complaints, as author and as reporter."""
    return (
        sa.select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Report, Report.id == Appeal.report_id)
        .where(
            sa.or_(
                sa.and_(Appeal.appellant == Appellant.AUTHOR, Case.author_id == account_id),
                Report.reporter_id == account_id,
            )
        )
    )


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


def _change(statement: sa.Update) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session="fetch"))
    return int(result.rowcount)


PERSONAL = PersonalData(
    name="moderation",
    tables=frozenset(
        {
            "moderation_cases",
            "moderation_reports",
            "moderation_case_events",
            "moderation_decisions",
            "moderation_appeals",
        }
    ),
    export=export,
    erase=erase,
    retain=retain,
    kept=((_l("Hvem som meldte fra om en tekst, og med hvilke ord, etter at saken er lukket"), KEPT),),
    words={"rule": {rule.key: rule.title for rule in house_rules.RULES}},
    held=held,
    stays=stays,
)

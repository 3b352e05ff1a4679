"""The mails of moderation: reasons to authors, outcomes to reporters, reminders to moderators."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel import mail
from portal.kernel.db import db
from portal.kernel.i18n import in_language
from portal.moderation import casework, links, people, statement
from portal.moderation.models import Appeal, Appellant, Case, Decision, Outcome, Report, Verdict
from portal.moderation.queries import reasons


def tell_author(case: Case, decision: Decision) -> None:
    """Send the statement of reasons; that a text is shown needs none, and is told by a notice."""
    to = people.recipient(case.author_id)
    if to is None or decision.verdict is Verdict.APPROVE:
        return
    with in_language(decision.language):
        what = casework.title_of(casework.ref_of(case))
        parts = statement.parts(reasons.grounds(decision, case))
    mail.queue(
        "moderation/mail/statement",
        to=to.email,
        language=decision.language,
        what=what,
        parts=[[part.heading, part.text] for part in parts],
        token=links.token(links.DECISION, decision.id),
    )


def send_receipt(report: Report) -> None:
    """Tell a reporter that we have the report, with the link to follow it."""
    if address := _address(report):
        token = links.token(links.REPORT, report.id)
        mail.queue("moderation/mail/receipt", to=address, language=report.language, token=token)


def tell_reporters(case_id: int, *, restricted: bool) -> None:
    """Tell everybody who reported how it went."""
    for report in db.session.scalars(sa.select(Report).where(Report.case_id == case_id).order_by(Report.id)):
        if address := _address(report):
            mail.queue(
                "moderation/mail/outcome",
                to=address,
                language=report.language,
                restricted=restricted,
                token=links.token(links.REPORT, report.id),
            )


def tell_appellant(appeal: Appeal, case: Case, report: Report | None) -> None:
    """Tell who complained what became of it, and why."""
    if appeal.appellant is Appellant.AUTHOR:
        to = people.recipient(case.author_id)
        address, token = to.email if to else None, links.token(links.DECISION, appeal.decision_id)
    else:
        address = _address(report) if report else None
        token = links.token(links.REPORT, appeal.report_id or 0)
    if address:
        mail.queue(
            "moderation/mail/appeal",
            to=address,
            language=appeal.language,
            appellant=appeal.appellant.value,
            upheld=appeal.outcome is Outcome.UPHELD,
            reason=appeal.reason,
            token=token,
        )


def tell_moderators(template: str, *, cases: int, appeals: int = 0) -> None:
    """Write to everybody who moderates."""
    for to in people.moderators():
        mail.queue(
            f"moderation/mail/{template}", to=to.email, language=to.language or "nb", cases=cases, appeals=appeals
        )


def _address(report: Report) -> str | None:
    to = people.recipient(report.reporter_id) if report.reporter_id else None
    return to.email if to else report.email

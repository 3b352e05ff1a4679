"""Reporting a text: it hides nothing, shortens the deadline, and is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.accounts.queries import settings
from portal.kernel import clock, mail
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, TooMany
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, letters, links, policy
from portal.moderation.actions import queueing
from portal.moderation.casework import Step
from portal.moderation.events import ThingReported
from portal.moderation.house_rules import BY_KEY
from portal.moderation.models import Case, Report
from portal.moderation.queries import reporting

LONGEST = 2000
MOST_A_DAY = 20
"""By one person who is signed in; others are slowed by their network."""
MAILS_A_DAY = 3
"""To an address that nobody has proven: else it could be flooded by whoever writes it."""


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """What somebody reports, which house rule it breaks, and where to tell the outcome."""

    ref: Ref
    rule: str
    text: str = ""
    email: str = ""
    """Only from somebody without an account, and only when they want to."""
    language: str = "nb"


@dataclass(frozen=True)
class Receipt:
    """The number of a report, and the token of the link to follow it by."""

    report_id: int
    token: str


@atomic
def report(actor: Actor, draft: ReportDraft) -> Receipt:
    """Report something that one can read. Invalid at `rule`, `text` or `email`; Conflict when done already."""
    if not policy.may_report(actor):
        raise Forbidden
    reporting.reportable(actor, draft.ref)
    if draft.rule not in BY_KEY:
        raise Invalid("rule", _l("Velg hva det gjelder."))
    if len(draft.text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    email = _checked_address(draft.email) if draft.email and not actor.is_signed_in else None
    case = queueing.open_reported(actor, draft.ref)
    _refuse_repeated(actor, case)
    made = _made(actor, case, draft, email)
    _hurry(case)
    casework.note(case, actor, Step.REPORTED, rule=draft.rule)
    publish(ThingReported(actor=actor, report_id=made.id, rule=draft.rule, **casework.facts(case)))
    letters.send_receipt(made)
    return Receipt(made.id, links.token(links.REPORT, made.id))


def _checked_address(email: str) -> str:
    address = mail.checked_address(email).lower()
    lately = sa.select(sa.func.count()).select_from(Report)
    lately = lately.where(Report.email == address, Report.created_at > clock.now() - timedelta(days=1))
    if (db.session.scalar(lately) or 0) >= MAILS_A_DAY:
        raise Invalid("email", _l("Adressen har fått nok e-post i dag. Send uten, og ta vare på lenken du får."))
    return address


def _refuse_repeated(actor: Actor, case: Case) -> None:
    if not actor.is_signed_in:
        return
    mine = sa.select(sa.func.count()).select_from(Report).where(Report.reporter_id == actor.id)
    if db.session.scalar(mine.where(Report.case_id == case.id)):
        raise Conflict(_l("Du har alt meldt fra om dette. Vi ser på det."))
    if (db.session.scalar(mine.where(Report.created_at > clock.now() - timedelta(days=1))) or 0) >= MOST_A_DAY:
        raise TooMany(_l("Du har meldt fra om mye i dag. Vi ser på det. Prøv igjen i morgen."))


def _made(actor: Actor, case: Case, draft: ReportDraft, email: str | None) -> Report:
    made = Report(
        case_id=case.id,
        reporter_id=actor.id,
        email=email,
        rule=draft.rule,
        text=draft.text,
        language=draft.language,
        token_hash=links.hashed(f"new in case {case.id} at {clock.now()}"),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    made.token_hash = links.hashed(links.token(links.REPORT, made.id))  # the link is made from the number
    db.session.flush()
    return made


def _hurry(case: Case) -> None:
    """Shorten the deadline, however many report; a form made before this is stale."""
    case.due_at = min(case.due_at, clock.now() + timedelta(hours=settings.value("moderation_report_hours")))
    flag_modified(case, "due_at")
    db.session.flush()

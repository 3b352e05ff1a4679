"""Taking in what people write: shown at once where the settings let it, else a case in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.queries import settings
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref, Written
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, modes, policy, signals
from portal.moderation.casework import Step
from portal.moderation.events import CaseClosed, CaseOpened, TextPassed
from portal.moderation.models import RESTRICTIONS, Case, Cause, Decision, Verdict
from portal.moderation.modes import Mode

FLOOD_WITHIN = timedelta(minutes=10)
GOOD_STANDING = timedelta(days=90)
"""An author whose text was restricted within this time is read beforehand again."""


@atomic
def take_in(actor: Actor, ref: Ref, *, official: bool = False) -> Case | None:
    """Let a text that waits be shown, or open a case for it; return the case that is open.

    `official` are the municipality's own answers: they pass.
    """
    written = casework.written_at(ref)
    if written is None or written.state is not PublicationState.PENDING:
        return None
    found = _noticed(written)
    case = casework.open_case_of(ref)
    if case is not None:  # somebody is to look at it already
        case.signals = [each.plain() for each in found]
        casework.note(case, actor, Step.EDITED)
        return case
    seen = [each.signal for each in found]
    mode = Mode(_mode(ref.kind))
    known = mode is not Mode.NEW_AUTHORS or _is_known(written.author_id)
    if not official and modes.waits(mode, author_is_known=known, found=seen):
        return _open(actor, ref, written, found, _cause(ref))
    case = _open(actor, ref, written, found, _cause(ref), tells=False)
    _pass(actor, case, written)
    if not seen or official:
        casework.close(case)
        return None
    publish(CaseOpened(actor=actor, cause=case.cause, **casework.facts(case)))
    return case


@atomic
def open_case(actor: Actor, ref: Ref) -> Case:
    """Open a case of one's own initiative about something that is shown, or return the one that is open."""
    if not policy.may_moderate(actor):
        raise Forbidden
    written = casework.written_at(ref)
    if written is None:
        raise NotFound(_l("Vi finner ikke denne teksten."))
    if written.state is PublicationState.WITHDRAWN:
        raise Conflict(_l("Teksten er trukket av den som skrev den."))
    return casework.open_case_of(ref) or _open(actor, ref, written, _noticed(written), Cause.OWN_INITIATIVE)


@atomic
def open_reported(actor: Actor, ref: Ref) -> Case:
    """Return the open case of a thing that somebody reports or complains of; open one when there is none."""
    written = casework.written_at(ref)
    if written is None:
        raise NotFound(_l("Vi finner ikke denne teksten."))
    return casework.open_case_of(ref) or _open(actor, ref, written, _noticed(written), Cause.REPORTED)


@atomic
def close_gone(actor: Actor, ref: Ref) -> None:
    """Close the open case of a thing that its author has withdrawn, or that is erased."""
    case = casework.open_case_of(ref)
    if case is not None:
        casework.close(case)
        casework.note(case, actor, Step.CLOSED)
        publish(CaseClosed(actor=actor, **casework.facts(case)))


def _open(
    actor: Actor, ref: Ref, written: Written, found: Sequence[signals.Found], cause: Cause, *, tells: bool = True
) -> Case:
    moment = clock.now()
    hours = settings.value("moderation_report_hours" if cause is Cause.REPORTED else "moderation_hours")
    case = Case(
        kind=ref.kind,
        target_id=ref.id,
        cause=cause,
        author_id=written.author_id,
        signals=[each.plain() for each in found],
        opened_at=moment,
        due_at=moment + timedelta(hours=hours),
    )
    db.session.add(case)
    db.session.flush()
    casework.note(case, actor, Step.OPENED, cause=cause)
    if tells:
        publish(CaseOpened(actor=actor, cause=cause, **casework.facts(case)))
    return case


def _pass(actor: Actor, case: Case, written: Written) -> None:
    """Show a text by the rules that are set: a decision of the machine, in favour of the author."""
    casework.put_into_effect(casework.ref_of(case), PublicationState.PUBLISHED)
    db.session.add(
        Decision(
            case_id=case.id,
            verdict=Verdict.APPROVE,
            decided_at=clock.now(),
            on_report=False,
            language=written.language,
            masks=[],
            before={"state": written.state.value},
        )
    )
    casework.note(case, actor, Step.PASSED)
    publish(TextPassed(actor=actor, **casework.facts(case)))


def _noticed(written: Written) -> list[signals.Found]:
    recent = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Case)
        .where(Case.author_id == written.author_id, Case.opened_at > clock.now() - FLOOD_WITHIN)
    )
    return signals.flood((recent or 0) + 1) + signals.find(written.fields, settings.value("moderation_words"))


def _mode(kind: str) -> str:
    try:
        return str(settings.value(f"moderation_of_{kind}"))
    except KeyError:  # a kind that has no setting of its own
        return Mode.NEW_AUTHORS


def _cause(ref: Ref) -> Cause:
    before = sa.select(Case.id).where(Case.kind == ref.kind, Case.target_id == ref.id).limit(1)
    return Cause.EDITED if db.session.scalar(before) else Cause.NEW


def _is_known(author_id: int) -> bool:
    """An author is known by texts that moderators have let be shown, and none restricted lately that still is."""
    reversed_ = sa.select(Decision.reverses_id).where(Decision.reverses_id.is_not(None))
    counts = sa.select(
        sa.func.count().filter(Decision.verdict == Verdict.APPROVE, Decision.decided_by_id.is_not(None)),
        sa.func.count().filter(
            Decision.verdict.in_(RESTRICTIONS),
            Decision.decided_at > clock.now() - GOOD_STANDING,
            Decision.id.not_in(reversed_),
        ),
    ).join(Case, Case.id == Decision.case_id)
    approved, restricted = db.session.execute(counts.where(Case.author_id == author_id)).one()
    return approved >= settings.value("moderation_known_after") and not restricted

"""Answers given on paper: entered by one person, looked over by another, and then ratings like all others."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.db import atomic, db, delete_rows, upsert
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor, StakeholderGroup
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.events.outreach import (
    PaperBatchApproved,
    PaperBatchBegun,
    PaperBatchDiscarded,
    PaperBatchRejected,
    PaperBatchSent,
    PaperFormEntered,
    PaperFormRemoved,
)
from portal.observatorium.models.outreach import BatchState, PaperBatch, PaperForm
from portal.observatorium.models.rounds import Ballot, Rating, Round, RoundState, Tie
from portal.observatorium.queries.rounds import lock_round

MOST_FORMS = 500
"""How many forms a batch may hold: a pile that one person looks over."""
PSEUDONYM_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class BatchDraft:
    """What is known of a whole pile of forms. Residents answer for themselves, the others for an organisation."""

    label: str
    group: StakeholderGroup
    organisation_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class FormDraft:
    """One form as it lies on the table. With `replaces`, it is that form entered anew."""

    number: int
    tie: Tie
    answers: Mapping[str, Answer]
    replaces: int | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the second person says of a batch; `version` is that of the copy they saw."""

    version: int
    reason: str = ""


@atomic
def begin_batch(actor: Actor, slug: str, draft: BatchDraft) -> PaperBatch:
    """Begin to enter a pile of forms."""
    round_ = _round(actor, slug)
    _check_batch(round_, draft)
    batch = PaperBatch(
        round_id=round_.id,
        label=draft.label,
        group=draft.group,
        organisation_id=draft.organisation_id,
        state=BatchState.DRAFT,
        entered_by_id=actor.id,
        entered_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    publish(PaperBatchBegun(actor=actor, **_told(batch, slug)))
    return batch


@atomic
def enter_form(actor: Actor, slug: str, batch_id: int, draft: FormDraft) -> None:
    """Enter one form, or enter it anew."""
    round_ = _round(actor, slug)
    batch = _own(actor, round_, batch_id)
    _check_form(batch, draft)
    if draft.replaces is not None and draft.replaces != draft.number:
        _remove(batch, draft.replaces)
    answers = {number: answer.value for number, answer in draft.answers.items()}
    values = {"batch_id": batch.id, "number": draft.number, "tie": draft.tie, "answers": answers}
    upsert(PaperForm, values, change=("tie", "answers"))
    _count(batch)
    publish(PaperFormEntered(actor=actor, number=draft.number, **_told(batch, slug)))


@atomic
def remove_form(actor: Actor, slug: str, batch_id: int, number: int) -> None:
    """Take a form out of a batch."""
    round_ = _round(actor, slug)
    batch = _own(actor, round_, batch_id)
    if not _remove(batch, number):
        raise NotFound(_l("Vi finner ikke dette skjemaet."))
    _count(batch)
    publish(PaperFormRemoved(actor=actor, number=number, **_told(batch, slug)))


@atomic
def send_batch(actor: Actor, slug: str, batch_id: int) -> PaperBatch:
    """Let somebody else look the batch over; until they have, nobody changes it."""
    round_ = _round(actor, slug)
    batch = _own(actor, round_, batch_id)
    if not batch.count:
        raise Invalid("", _l("Bunten er tom. Før inn minst ett skjema først."))
    batch.state, batch.reason, batch.decided_by_id, batch.decided_at = BatchState.WAITING, "", None, None
    db.session.flush()
    publish(PaperBatchSent(actor=actor, count=batch.count, **_told(batch, slug)))
    return batch


@atomic
def approve_batch(actor: Actor, slug: str, batch_id: int, verdict: Verdict) -> PaperBatch:
    """Count the forms of a batch, and forget them: from now on nobody can tell them from the others.

    Each becomes a ballot under a pseudonym that is drawn, so that no key leads back to the batch. Where they lie in the
    database is forgotten with the order of arrival, as of all ballots.
    """
    round_ = _round(actor, slug)
    batch = _to_decide(actor, round_, batch_id, verdict)
    key = secrecy.read_key(round_.id)
    organisation = secrecy.organisation_pseudonym(key, batch.organisation_id) if batch.organisation_id else None
    forms = db.session.scalars(sa.select(PaperForm).where(PaperForm.batch_id == batch.id)).all()
    drawn = sorted(((secrets.token_bytes(PSEUDONYM_BYTES), form) for form in forms), key=itemgetter(0))
    frozen = {"round_id": round_.id, "group": batch.group, "organisation": organisation}
    db.session.execute(sa.insert(Ballot), [{**frozen, "pseudonym": each, "tie": form.tie} for each, form in drawn])
    db.session.execute(
        sa.insert(Rating),
        [
            {"round_id": round_.id, "pseudonym": each, "indicator": number, "answer": Answer(answer)}
            for each, form in drawn
            for number, answer in form.answers.items()
        ],
    )
    delete_rows(sa.delete(PaperForm).where(PaperForm.batch_id == batch.id))
    _decide(actor, batch, BatchState.APPROVED)
    publish(PaperBatchApproved(actor=actor, count=batch.count, **_told(batch, slug)))
    return batch


@atomic
def reject_batch(actor: Actor, slug: str, batch_id: int, verdict: Verdict) -> PaperBatch:
    """Give a batch back to whoever entered it, and say why."""
    round_ = _round(actor, slug)
    batch = _to_decide(actor, round_, batch_id, verdict)
    if not verdict.reason:
        raise Invalid("reason", _l("Skriv hva som må rettes."))
    batch.reason = verdict.reason
    _decide(actor, batch, BatchState.REJECTED)
    publish(PaperBatchRejected(actor=actor, reason=verdict.reason, **_told(batch, slug)))
    return batch


@atomic
def discard_batch(actor: Actor, slug: str, batch_id: int) -> None:
    """Throw away a batch that isn't approved, with its forms."""
    round_ = _round(actor, slug)
    batch = _own(actor, round_, batch_id)
    _forget(batch.id)
    publish(PaperBatchDiscarded(actor=actor, **_told(batch, slug)))


@atomic
def forget_unused_paper(actor: Actor = SYSTEM) -> int:
    """Throw away what was entered but never approved, when the round is over for good; the worker calls it daily."""
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))
    rows = db.session.execute(
        sa.select(PaperBatch, Round.slug)
        .join(Round, Round.id == PaperBatch.round_id)
        .where(Round.state.in_((RoundState.PUBLISHED, RoundState.WITHDRAWN)), PaperBatch.state != BatchState.APPROVED)
    ).all()
    for batch, slug in rows:
        _forget(batch.id)
        publish(PaperBatchDiscarded(actor=actor, **_told(batch, slug)))
    return len(rows)


def _round(actor: Actor, slug: str) -> Round:
    """Return the round, held open until the transaction is over, if paper can be entered in it now."""
    round_ = lock_round(actor, slug, shared=True)
    if not policy.may_read_paper(actor):
        raise Forbidden(_l("Bare ansatte og koordinatorer kan føre inn papirskjemaer."))
    if not policy.may_enter_paper(actor, round_):
        raise Conflict(_l("Papirskjemaer kan føres inn fra runden åpner til resultatet regnes ut."))
    return round_


def _batch(round_: Round, batch_id: int) -> PaperBatch:
    batch = db.session.get(PaperBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke denne bunten."))
    return batch


def _own(actor: Actor, round_: Round, batch_id: int) -> PaperBatch:
    batch = _batch(round_, batch_id)
    if batch.entered_by_id != actor.id:
        raise Forbidden(_l("Bare den som begynte på bunten, kan endre den."))
    if not policy.may_change_batch(actor, round_, batch):
        raise Conflict(_l("Bunten er sendt og kan ikke endres nå."))
    return batch


def _to_decide(actor: Actor, round_: Round, batch_id: int, verdict: Verdict) -> PaperBatch:
    batch = _batch(round_, batch_id)
    if batch.entered_by_id == actor.id:
        raise Forbidden(_l("En annen enn den som førte inn bunten, må se over den."))
    if not policy.may_decide_batch(actor, round_, batch):
        raise Conflict(_l("Bunten venter ikke på godkjenning."))
    if batch.version != verdict.version:
        raise Conflict(_l("Bunten er endret etter at du åpnet siden. Se over skjemaene på nytt."))
    return batch


def _check_batch(round_: Round, draft: BatchDraft) -> None:
    taken = sa.select(PaperBatch.id).where(PaperBatch.round_id == round_.id, PaperBatch.label == draft.label)
    if db.session.scalar(taken) is not None:
        raise Invalid("label", _l("En annen bunt i runden heter det samme. Velg et annet navn."))
    if draft.group is StakeholderGroup.RESIDENT:
        if draft.organisation_id is not None:
            raise Invalid("organisation", _l("Innbyggere svarer for seg selv, ikke for en organisasjon."))
        return
    organisation = db.session.get(Organisation, draft.organisation_id) if draft.organisation_id else None
    if organisation is None or organisation.verified_at is None or organisation.closed_at is not None:
        raise Invalid("organisation", _l("Velg en godkjent organisasjon."))
    if organisation.group is not draft.group:
        raise Invalid("organisation", _l("Organisasjonen hører til en annen gruppe."))


def _check_form(batch: PaperBatch, draft: FormDraft) -> None:
    if not draft.answers:
        raise Invalid("", _l("Skjemaet har ingen svar. Et tomt skjema teller ikke og skal ikke føres inn."))
    if any(catalogue().indicator(number) is None for number in draft.answers):
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    if draft.number != draft.replaces and db.session.get(PaperForm, (batch.id, draft.number)) is not None:
        raise Invalid("number", _l("Skjema %(number)s er alt ført inn i denne bunten.", number=draft.number))
    if draft.replaces is None and batch.count >= MOST_FORMS:
        raise Invalid("", _l("Bunten er full. Begynn på en ny."))


def _remove(batch: PaperBatch, number: int) -> int:
    return delete_rows(sa.delete(PaperForm).where(PaperForm.batch_id == batch.id, PaperForm.number == number))


def _count(batch: PaperBatch) -> None:
    counted = sa.select(sa.func.count()).where(PaperForm.batch_id == batch.id)
    batch.count = db.session.scalar(counted) or 0
    db.session.flush()


def _decide(actor: Actor, batch: PaperBatch, state: BatchState) -> None:
    batch.state, batch.decided_by_id, batch.decided_at = state, actor.id, clock.now()
    db.session.flush()


def _forget(batch_id: int) -> None:
    delete_rows(sa.delete(PaperForm).where(PaperForm.batch_id == batch_id))
    delete_rows(sa.delete(PaperBatch).where(PaperBatch.id == batch_id))


def _told(batch: PaperBatch, slug: str) -> dict[str, Any]:
    return {"round_id": batch.round_id, "slug": slug, "batch_id": batch.id, "title": batch.label}

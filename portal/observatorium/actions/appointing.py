"""What a coordinator does with the verification: appoints, takes off, sets dates, and replies for the municipality."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import catalogue, sort_key
from portal.observatorium.events.verifying import (
    ReplyWithdrawn,
    ReplyWritten,
    VerifierAppointed,
    VerifierReleased,
    VerifyingDated,
)
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, Reply, VerificationDates
from portal.observatorium.queries.rounds import lock_round
from portal.observatorium.queries.verification import candidates, standing


@dataclass(frozen=True, kw_only=True)
class AppointmentDraft:
    """Who is asked to verify what."""

    account_ids: Sequence[int]
    indicators: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class DatesDraft:
    """Until when the verifiers answer, and until when the municipality can reply."""

    verify_by: date | None = None
    reply_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyDraft:
    """What the municipality says, and who says it, by title."""

    text: str
    by_title: str
    version: int = 0
    """Of the copy that was seen; 0 when there was none."""


@atomic
def appoint_verifiers(actor: Actor, slug: str, draft: AppointmentDraft) -> int:
    """Ask some people to verify some indicators; return how many were new. Each is told once."""
    round_ = _open(actor, slug)
    _check(draft)
    already = _appointed(round_)
    numbers = sorted(set(draft.indicators), key=sort_key)
    made = 0
    for account_id in dict.fromkeys(draft.account_ids):
        new = [number for number in numbers if (account_id, number) not in already]
        db.session.add_all(_appointment(actor, round_, account_id, number) for number in new)
        db.session.flush()
        if new:
            publish(VerifierAppointed(actor=actor, **_told(round_), account_id=account_id, indicators=tuple(new)))
        made += len(new)
    return made


@atomic
def release_verifier(actor: Actor, slug: str, appointment_id: int) -> None:
    """Take somebody off an indicator that they haven't answered, so that the others needn't wait for them."""
    round_ = _open(actor, slug)
    found = db.session.get(Appointment, appointment_id, with_for_update=True, populate_existing=True)
    if found is None or found.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke denne oppnevningen."))
    stands = standing(round_.id, found.indicator, lock=True)
    if found in stands.answered:
        raise Conflict(_l("Verifikatøren har svart, og svaret blir stående."))
    if found.has_conflict:
        raise Conflict(_l("Verifikatøren har meldt seg inhabil, og er alt ute. Oppnevn en annen."))
    db.session.delete(found)
    db.session.flush()
    publish(VerifierReleased(actor=actor, **_told(round_), account_id=found.account_id, indicator=found.indicator))


@atomic
def set_verifying_dates(actor: Actor, slug: str, draft: DatesDraft) -> None:
    """Say until when verifiers answer and the municipality replies; no date takes it away."""
    round_ = _open(actor, slug)
    if draft.verify_by and draft.reply_by and draft.reply_by < draft.verify_by:
        raise Invalid("reply_by", _l("Fristen for tilsvar må være etter fristen for å verifisere."))
    opened = clock.local(round_.opens_at).date()
    for name in ("verify_by", "reply_by"):
        chosen = getattr(draft, name)
        if chosen is not None and chosen < opened:
            raise Invalid(name, _l("Datoen er før runden åpner."))
    dates = db.session.get(VerificationDates, round_.id) or VerificationDates(round_id=round_.id)
    if (dates.verify_by, dates.reply_by) == (draft.verify_by, draft.reply_by):
        return
    dates.verify_by, dates.reply_by = draft.verify_by, draft.reply_by
    db.session.add(dates)
    db.session.flush()
    publish(VerifyingDated(actor=actor, **_told(round_), verify_by=draft.verify_by, reply_by=draft.reply_by))


@atomic
def reply_to_verifiers(actor: Actor, slug: str, indicator: str, draft: ReplyDraft) -> Reply:
    """Write the municipality's reply to what the verifiers of an indicator said, or write it anew.

    Raises Invalid when somebody else has changed it since it was seen.
    """
    round_ = _replying(actor, slug)
    stands = standing(round_.id, indicator, lock=True)
    if not stands.is_revealed and stands.reply is None:
        raise Conflict(_l("Verifikatørene er ikke ferdige med denne indikatoren. Tilsvaret skrives etterpå."))
    if not draft.text:
        raise Invalid("text", _l("Skriv et tilsvar."))
    if not draft.by_title:
        raise Invalid("by_title", _l("Skriv hvem som svarer, med tittel."))
    reply = stands.reply
    if draft.version != (reply.version if reply else 0):
        raise Invalid("text", _l("Noen andre har endret tilsvaret mens du skrev. Lagre en gang til hvis ditt gjelder."))
    if reply is None:
        reply = Reply(round_id=round_.id, indicator=indicator)
        db.session.add(reply)
    elif (reply.text, reply.by_title) == (draft.text, draft.by_title):
        return reply
    reply.text, reply.by_title, reply.written_at = draft.text, draft.by_title, clock.now()
    db.session.flush()
    publish(ReplyWritten(actor=actor, **_told(round_), indicator=indicator, by_title=draft.by_title))
    return reply


@atomic
def withdraw_reply(actor: Actor, slug: str, indicator: str) -> None:
    """Take the municipality's reply back before it is published; once more does no harm."""
    round_ = _replying(actor, slug)
    reply = standing(round_.id, indicator, lock=True).reply
    if reply is not None:
        db.session.delete(reply)
        db.session.flush()
        publish(ReplyWithdrawn(actor=actor, **_told(round_), indicator=indicator))


def _open(actor: Actor, slug: str) -> Round:
    round_ = lock_round(actor, slug, shared=True)
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not policy.may_appoint_verifiers(actor, round_):
        raise Conflict(_l("Runden verifiseres fra den åpner til den publiseres."))
    return round_


def _replying(actor: Actor, slug: str) -> Round:
    round_ = _open(actor, slug)
    dates = db.session.get(VerificationDates, round_.id)
    if dates is not None and dates.reply_by is not None and clock.today() > dates.reply_by:
        raise Conflict(_l("Fristen for tilsvar er ute. Sett en ny frist hvis kommunen trenger mer tid."))
    return round_


def _check(draft: AppointmentDraft) -> None:
    if not draft.account_ids:
        raise Invalid("verifiers", _l("Velg minst én verifikatør."))
    if not draft.indicators:
        raise Invalid("indicators", _l("Velg minst én indikator."))
    if any(catalogue().indicator(number) is None for number in draft.indicators):
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    if not set(draft.account_ids) <= candidates().keys():
        raise Invalid("verifiers", _l("Bare innbyggerverifikatører som ikke er ansatt i kommunen, kan oppnevnes."))


def _appointed(round_: Round) -> Collection[tuple[int | None, str]]:
    rows = db.session.execute(
        sa.select(Appointment.account_id, Appointment.indicator).where(Appointment.round_id == round_.id)
    )
    return {(account_id, number) for account_id, number in rows}


def _appointment(actor: Actor, round_: Round, account_id: int, number: str) -> Appointment:
    return Appointment(
        round_id=round_.id,
        indicator=number,
        account_id=account_id,
        appointed_by_id=actor.id,
        appointed_at=clock.now(),
    )


def _told(round_: Round) -> dict[str, Any]:
    return {"round_id": round_.id, "slug": round_.slug}

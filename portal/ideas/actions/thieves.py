"""What people do with a tidstyv: tell of its time, say whether it came back, and, as staff, place it and measure it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.actions.cases import Receipt, Said, decide_idea
from portal.ideas.actions.steps import add_step, title_of
from portal.ideas.authorship import own
from portal.ideas.events.ideas import IDEA
from portal.ideas.events.thieves import ThiefAttached, ThiefChanged, ThiefConfirmed, ThiefMeasured, ThiefTransferred
from portal.ideas.hours import Cause, Factors, Hit, Owner, kept
from portal.ideas.models.cases import Step
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Confirmation, Measure, TimeThief, Transfer
from portal.ideas.stages import ENDED, Decision, Degree, IdeaKind, Stage
from portal.ideas.thief_words import OUTSIDE
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, insert_once, upsert
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.models import Support

CHANGED = _l("Noen andre har endret dette siden du åpnet siden. Se over det som står der nå, og lagre på nytt.")
MOST_MINUTES, MOST_TIMES, MOST_PERSONS = 10_000, 100_000, 1_000_000
"""The largest factors: beyond them it is a slip of the finger."""
MOST_HOURS = 1_000_000_000
"""A year, in one tidstyv: every Norwegian's, for 180 hours each."""


@dataclass(frozen=True, kw_only=True)
class ThiefDraft:
    """What its author tells of the time, as far as they know."""

    hit: Sequence[Hit] = ()
    cause: Cause | None = None
    within_control: bool | None = None
    minutes: Decimal | None = None
    times: int | None = None
    persons: int | None = None
    owner: Owner | None = None


@dataclass(frozen=True, kw_only=True)
class TransferDraft:
    """Whose it is to mend from now on, and why."""

    owner: Owner
    owner_name: str = ""
    reason: str
    receipt: str = ""
    """What the new owner answered, or the number it was given there."""
    is_known: bool | None = None
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class AfterDraft:
    """What was measured afterwards, and what became of the time."""

    minutes: Decimal | None = None
    times: int | None = None
    persons: int | None = None
    measured_on: date | None = None
    degree: Degree | None = None
    """How much is gone, to be corrected: it is told first when the case is realised."""
    freed_for: str = ""
    used_for: str = ""


@atomic
def save_thief(actor: Actor, idea_id: int, draft: ThiefDraft) -> TimeThief:
    """Let the author tell of the time. Once it is measured or over, the numbers stand: others have built on them."""
    idea = own(actor, idea_id)
    if not policy.may_edit(actor, idea):
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_YOURS)
    thief = _thief(idea)
    before = _said(thief)
    _write(thief, draft)
    if _said(thief) == before:
        return thief
    if idea.stage in ENDED or thief.hours_after is not None:
        raise Conflict(_l("Tiden er målt etterpå, så tallene står. Skriv en kommentar hvis noe er feil."))
    db.session.flush()
    if idea.state is not PublicationState.DRAFT:
        publish(ThiefChanged(actor=actor, idea_id=idea.id))
    return thief


@atomic
def transfer_thief(actor: Actor, idea_id: int, draft: TransferDraft, *, version: int, key: str) -> TimeThief:
    """Place the responsibility, in public and with its reason. The same form twice is one transfer.

    What leaves the municipality before anything is decided, is sent on: that is the decision, and its steps tell of it.
    """
    idea, thief = _handled(actor, idea_id)
    if not draft.reason.strip():
        raise Invalid("reason", _l("Skriv hvorfor. Alle kan lese det."))
    if draft.owner in OUTSIDE and not draft.owner_name.strip():
        raise Invalid("owner_name", _l("Skriv hvem det er."))
    row = {
        "idea_id": idea.id,
        "at": clock.now(),
        "from_owner": thief.owner,
        "from_name": thief.owner_name,
        "to_owner": draft.owner,
        "to_name": draft.owner_name,
        "reason": draft.reason,
        "receipt": draft.receipt,
        "by_id": actor.id,
        "by_title": title_of(actor, idea),
        "key": key,
    }
    if not insert_once(Transfer, row):
        return thief
    _must_be_fresh(thief, version)
    thief.owner, thief.owner_name, thief.is_known = draft.owner, draft.owner_name, draft.is_known
    db.session.flush()
    if draft.owner in OUTSIDE and idea.stage in {Stage.RECEIVED, Stage.ASSESSING}:
        said = Said(text=draft.reason, language=draft.language, version=idea.version)
        receipt = Receipt(to=draft.owner_name, reference=draft.receipt)
        decide_idea(actor, idea.id, Decision.SENT_ON, said, receipt)
    else:
        details = {"owner": draft.owner.value, "name": draft.owner_name, "reference": draft.receipt}
        add_step(actor, idea, Step.TRANSFERRED, text=draft.reason, language=draft.language, details=details)
    publish(ThiefTransferred(actor=actor, idea_id=idea.id, to_owner=draft.owner))
    return thief


@atomic
def attach_thief(actor: Actor, idea_id: int, measure_id: int | None, *, version: int) -> TimeThief:
    """Put it on a measure, or take it off with None."""
    idea, thief = _handled(actor, idea_id)
    if thief.measure_id == measure_id:
        return thief
    _must_be_fresh(thief, version)
    if measure_id is not None and db.session.get(Measure, measure_id, with_for_update=True) is None:
        raise NotFound(_l("Vi finner ikke dette tiltaket."))
    thief.measure_id = measure_id
    db.session.flush()
    publish(ThiefAttached(actor=actor, idea_id=idea.id, measure_id=measure_id))
    return thief


@atomic
def measure_thief(actor: Actor, idea_id: int, draft: AfterDraft, *, version: int) -> TimeThief:
    """Keep what it takes now, all three numbers or none, and what became of the time."""
    idea, thief = _handled(actor, idea_id)
    _must_be_fresh(thief, version)
    missing = Factors(minutes=draft.minutes, times=draft.times, persons=draft.persons).missing
    if 0 < len(missing) < len(("minutes", "times", "persons")):
        raise Invalid(missing[0], _l("Fyll ut alle tre tallene, ellers kan vi ikke regne."))
    if not missing and draft.measured_on is None:
        raise Invalid("measured_on", _l("Skriv når tiden ble målt."))
    if draft.measured_on is not None and draft.measured_on > clock.today():
        raise Invalid("measured_on", _l("Datoen kan ikke være fram i tid."))
    thief.minutes_after, thief.times_after, thief.persons_after = draft.minutes, draft.times, draft.persons
    thief.hours_after = _hours_of(draft.minutes, draft.times, draft.persons)
    thief.measured_on = None if missing else draft.measured_on
    thief.freed_for, thief.used_for = draft.freed_for, draft.used_for
    if idea.stage is Stage.REALISED and draft.degree is not None:
        thief.degree = draft.degree
    db.session.flush()
    publish(ThiefMeasured(actor=actor, idea_id=idea.id))
    return thief


@atomic
def confirm_thief(actor: Actor, idea_id: int, *, agrees: bool) -> None:
    """Say whether the time came back; said again, the newest holds."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id))
    if idea.kind is not IdeaKind.TIME_THIEF or not policy.may_confirm(actor, idea, had_it=_had_it(actor, idea)):
        raise Forbidden(_l("Bare de som meldte eller støttet tidstyven, svarer på om tiden kom tilbake."))
    row = {"idea_id": idea.id, "account_id": actor.id, "agrees": agrees, "at": clock.now()}
    upsert(Confirmation, row, change=("agrees", "at"))
    publish(ThiefConfirmed(actor=actor, idea_id=idea.id))


def _had_it(actor: Actor, idea: Idea) -> bool:
    """Say whether somebody is among those who had the problem: its author, and those who support it."""
    if policy.is_author(actor, idea):
        return True
    support = sa.select(Support.account_id).where(
        Support.kind == IDEA, Support.target_id == idea.id, Support.account_id == actor.id
    )
    return db.session.scalar(support) is not None


def _hours_of(minutes: Decimal | None, times: int | None, persons: int | None) -> Decimal | None:
    hours = Factors(minutes=minutes, times=times, persons=persons).hours
    if hours is not None and hours > MOST_HOURS:
        raise Invalid("minutes", _l("Det blir flere timer enn det finnes. Se over tallene."))
    return kept(hours)


def _handled(actor: Actor, idea_id: int) -> tuple[Idea, TimeThief]:
    idea = policy.must_handle(actor, db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True))
    return idea, _thief(idea)


def _thief(idea: Idea) -> TimeThief:
    thief = db.session.get(TimeThief, idea.id, with_for_update=True, populate_existing=True)
    if thief is None:
        raise NotFound(_l("Dette er ikke en tidstyv."))
    return thief


def _said(thief: TimeThief) -> tuple[Any, ...]:
    return (thief.hit, thief.cause, thief.within_control, thief.minutes, thief.times, thief.persons, thief.owner)


def _write(thief: TimeThief, draft: ThiefDraft) -> None:
    thief.hit = [each.value for each in Hit if each in draft.hit]
    thief.cause, thief.within_control = draft.cause, draft.within_control
    thief.minutes, thief.times, thief.persons = draft.minutes, draft.times, draft.persons
    thief.hours = _hours_of(draft.minutes, draft.times, draft.persons)
    if not _is_placed(thief):
        thief.owner = draft.owner


def _is_placed(thief: TimeThief) -> bool:
    """Say whether staff have placed the responsibility: then the transfers say whose it is, and not the author."""
    placed = sa.select(Transfer.id).where(Transfer.idea_id == thief.idea_id).limit(1)
    return db.session.scalar(placed) is not None


def _must_be_fresh(thief: TimeThief, version: int) -> None:
    if thief.version != version:
        raise Conflict(CHANGED)

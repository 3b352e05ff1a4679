"""Planning, measuring and settling the benefits of a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.portfolio import policy, realisation
from portal.portfolio.events import BenefitChanged, BenefitDropped, BenefitMeasured, BenefitPlanned, BenefitSettled
from portal.portfolio.models import Benefit, BenefitType, Measurement, ResultLink
from portal.portfolio.realisation import SETTLED, Status, Unit
from portal.portfolio.visibility import is_public

CHANGED = _l("Noen har endret gevinsten siden du åpnet den. Se over det som står der nå, og lagre på nytt.")
GONE = _l("Vi finner ikke denne gevinsten.")


@dataclass(frozen=True, kw_only=True)
class BenefitDraft:
    """The plan of a benefit. Values are in its unit."""

    title: str
    type: BenefitType
    link: ResultLink
    for_whom: str
    responsible: str
    indicator: str
    unit: Unit
    target_value: Decimal
    expected_on: date
    unit_word: str = ""
    baseline_value: Decimal | None = None
    baseline_on: date | None = None
    baseline_source: str = ""
    service_area_id: int | None = None
    assumptions: str = ""
    key: str = ""
    version: int | None = None
    """Which version a change was made from."""


@dataclass(frozen=True, kw_only=True)
class MeasurementDraft:
    """What a benefit was measured at, and where the number is from."""

    measured_on: date
    value: Decimal
    source: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SettlementDraft:
    """How it went with a benefit, and what was learnt."""

    status: Status
    learning: str = ""
    version: int | None = None


@atomic
def plan_benefit(actor: Actor, ref: Ref, draft: BenefitDraft) -> Benefit:
    """Say what good is to come of a thing, and how it is measured. The same form twice is one benefit."""
    policy.must_plan(actor, ref)
    moment = clock.now()
    values = _planned(draft) | {
        "kind": ref.kind,
        "target_id": ref.id,
        "is_public": is_public(ref),
        "status": Status.PLANNED,
        "learning": "",
        "entered_by_id": actor.id,
        "key": draft.key,
        "created_at": moment,
        "changed_at": moment,
        "version": 1,
    }
    is_new = insert_once(Benefit, values)
    made = sa.select(Benefit).where(Benefit.entered_by_id == actor.id, Benefit.key == draft.key)
    benefit = db.session.scalars(made).one()
    if is_new:
        publish(BenefitPlanned(actor=actor, **_told(benefit)))
    return benefit


@atomic
def change_benefit(actor: Actor, benefit_id: int, draft: BenefitDraft) -> Benefit:
    """Change the plan of a benefit. What has been measured keeps its unit."""
    benefit = _mine(actor, benefit_id, draft.version)
    if benefit.measured_on is not None and (draft.unit, draft.unit_word) != (benefit.unit, benefit.unit_word):
        raise Invalid("unit", _l("Enheten kan ikke endres når gevinsten er målt. Målingene ville betydd noe annet."))
    for name, value in _planned(draft).items():
        setattr(benefit, name, value)
    benefit.gain = realisation.gained(benefit.baseline_value, benefit.target_value, benefit.latest_value)
    _touch(benefit)
    publish(BenefitChanged(actor=actor, **_told(benefit)))
    return benefit


@atomic
def drop_benefit(actor: Actor, benefit_id: int) -> Ref:
    """Take away a benefit that nobody has measured or settled; return what it was on."""
    benefit = _mine(actor, benefit_id)
    if benefit.measured_on is not None or benefit.is_settled:
        raise Conflict(_l("En gevinst som er målt eller gjort opp, tar vi ikke bort. Gjør den heller opp."))
    db.session.delete(benefit)
    db.session.flush()
    publish(BenefitDropped(actor=actor, **_told(benefit)))
    return benefit.ref


@atomic
def measure_benefit(actor: Actor, benefit_id: int, draft: MeasurementDraft) -> Benefit:
    """Add a measurement; the newest one says how far the benefit has come. One for each day."""
    benefit = _mine(actor, benefit_id)
    if draft.measured_on > clock.today():
        raise Invalid("measured_on", _l("Velg en dag som har vært."))
    row = {
        "benefit_id": benefit.id,
        "measured_on": draft.measured_on,
        "value": draft.value,
        "source": draft.source,
        "note": draft.note,
        "entered_by_id": actor.id,
        "created_at": clock.now(),
    }
    if not insert_once(Measurement, row):
        raise Invalid("measured_on", _l("Gevinsten er allerede målt denne dagen."))
    if benefit.measured_on is None or draft.measured_on > benefit.measured_on:
        benefit.measured_on, benefit.latest_value = draft.measured_on, draft.value
        benefit.gain = realisation.gained(benefit.baseline_value, benefit.target_value, draft.value)
    if benefit.status is Status.PLANNED:
        benefit.status = Status.MEASURING
    _touch(benefit)
    told = BenefitMeasured(
        actor=actor, measured_on=draft.measured_on, value=f"{draft.value.normalize():f}", **_told(benefit)
    )
    publish(told)
    return benefit


@atomic
def settle_benefit(actor: Actor, benefit_id: int, draft: SettlementDraft) -> Benefit:
    """Say how it went with a benefit. What was not realised, or only partly, needs to say what was learnt."""
    benefit = _mine(actor, benefit_id, draft.version)
    if draft.status in {Status.NOT_REALISED, Status.PARTLY} and not draft.learning.strip():
        raise Invalid("learning", _l("Skriv hva dere lærte. Det er det andre får nytte av."))
    if draft.status is Status.REALISED and benefit.measured_on is None and not draft.learning.strip():
        raise Invalid("learning", _l("Gevinsten er ikke målt. Skriv hvordan dere vet at den er realisert."))
    if draft.status is Status.PLANNED and benefit.measured_on is not None:
        raise Invalid("status", _l("Gevinsten er målt, så den er ikke bare planlagt."))
    benefit.status, benefit.learning = draft.status, draft.learning
    benefit.settled_on = clock.today() if draft.status in SETTLED else None
    _touch(benefit)
    publish(BenefitSettled(actor=actor, benefit_status=draft.status, **_told(benefit)))
    return benefit


def _mine(actor: Actor, benefit_id: int, version: int | None = None) -> Benefit:
    """Return a benefit, held, to somebody who may plan and measure it. NotFound, Forbidden, Conflict."""
    benefit = db.session.get(Benefit, benefit_id, with_for_update=True, populate_existing=True)
    if benefit is None:
        raise NotFound(GONE)
    policy.must_plan(actor, benefit.ref)
    if version is not None and version != benefit.version:
        raise Conflict(CHANGED)
    return benefit


def _planned(draft: BenefitDraft) -> dict[str, Any]:
    """Return the columns that the plan fills. Invalid at the field that says what can't be."""
    word = draft.unit_word.strip() if draft.unit is Unit.OTHER else ""
    if draft.unit is Unit.OTHER and not word:
        raise Invalid("unit_word", _l("Skriv hva dere måler i, for eksempel «dager» eller «prosent»."))
    if draft.baseline_value is not None and draft.baseline_value == draft.target_value:
        raise Invalid("target_value", _l("Målet er det samme som nullpunktet. Da er det ingenting å oppnå."))
    if draft.baseline_value is not None and draft.baseline_on is None:
        raise Invalid("baseline_on", _l("Skriv når nullpunktet ble målt."))
    return {
        "title": draft.title,
        "type": draft.type,
        "link": draft.link,
        "for_whom": draft.for_whom,
        "responsible": draft.responsible,
        "service_area_id": draft.service_area_id,
        "indicator": draft.indicator,
        "unit": draft.unit,
        "unit_word": word,
        "baseline_value": draft.baseline_value,
        "baseline_on": draft.baseline_on,
        "baseline_source": draft.baseline_source,
        "target_value": draft.target_value,
        "expected_on": draft.expected_on,
        "expected_year": draft.expected_on.year,
        "assumptions": draft.assumptions,
        "planned_gain": realisation.planned(draft.baseline_value, draft.target_value),
    }


def _touch(benefit: Benefit) -> None:
    benefit.changed_at = clock.now()
    db.session.flush()


def _told(benefit: Benefit) -> dict[str, Any]:
    return {"benefit_id": benefit.id, "on_kind": benefit.kind, "on_id": benefit.target_id}

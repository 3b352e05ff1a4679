"""What staff do with a measure against tidstyver: make it, change what it says, and measure what it freed as one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.actions.thieves import CHANGED, MOST_HOURS, attach_thief
from portal.ideas.events.thieves import MeasureChanged, MeasureMade, MeasureMeasured
from portal.ideas.hours import FINEST
from portal.ideas.models.thieves import Measure
from portal.kernel import clock
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

NOT_YOURS = _l("Tiltaket hører til et annet tjenesteområde. En innovasjonsrådgiver kan endre det.")
NOT_FOUND = _l("Vi finner ikke dette tiltaket.")


@dataclass(frozen=True, kw_only=True)
class MeasureDraft:
    """What is done, and who has it."""

    title: str
    description: str = ""
    responsible: str = ""
    """By title."""
    service_area_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TogetherDraft:
    """What was freed, measured for all the tidstyver of a measure as one; None: each by itself."""

    hours_freed: Decimal | None = None
    measured_on: date | None = None
    freed_for: str = ""
    used_for: str = ""


@atomic
def make_measure(
    actor: Actor, draft: MeasureDraft, *, key: str, idea_id: int | None = None, version: int = 0
) -> Measure:
    """Make a measure, and put the tidstyv it was made from on it. The same form twice is one measure."""
    if not policy.may_make_measures(actor):
        raise Forbidden(NOT_YOURS)
    is_new = insert_once(
        Measure,
        {**_columns(draft), "key": key, "freed_for": "", "used_for": "", "created_at": clock.now(), "version": 1},
    )
    made = db.session.scalars(sa.select(Measure).where(Measure.key == key)).one()
    if is_new:
        publish(MeasureMade(actor=actor, measure_id=made.id))
        if idea_id is not None:
            attach_thief(actor, idea_id, made.id, version=version)
    return made


@atomic
def change_measure(actor: Actor, measure_id: int, draft: MeasureDraft, *, version: int) -> Measure:
    """Change what a measure says. Raises Conflict when somebody changed it in the meantime."""
    measure = _run(actor, measure_id, version)
    for name, value in _columns(draft).items():
        setattr(measure, name, value)
    db.session.flush()
    publish(MeasureChanged(actor=actor, measure_id=measure.id))
    return measure


@atomic
def measure_together(actor: Actor, measure_id: int, draft: TogetherDraft, *, version: int) -> Measure:
    """Keep what a measure freed for all of its tidstyver as one: it then counts once, and theirs no more."""
    measure = _run(actor, measure_id, version)
    if draft.hours_freed is not None and abs(draft.hours_freed) > MOST_HOURS:
        raise Invalid("hours_freed", _l("Det blir flere timer enn det finnes. Se over tallet."))
    if draft.hours_freed is not None and draft.measured_on is None:
        raise Invalid("measured_on", _l("Skriv når tiden ble målt."))
    if draft.measured_on is not None and draft.measured_on > clock.today():
        raise Invalid("measured_on", _l("Datoen kan ikke være fram i tid."))
    measure.hours_freed = None if draft.hours_freed is None else draft.hours_freed.quantize(FINEST)
    measure.measured_on = None if draft.hours_freed is None else draft.measured_on
    measure.freed_for, measure.used_for = draft.freed_for, draft.used_for
    db.session.flush()
    publish(MeasureMeasured(actor=actor, measure_id=measure.id))
    return measure


def _run(actor: Actor, measure_id: int, version: int) -> Measure:
    measure = db.session.get(Measure, measure_id, with_for_update=True, populate_existing=True)
    if measure is None:
        raise NotFound(NOT_FOUND)
    if not policy.may_run_measure(actor, measure):
        raise Forbidden(NOT_YOURS)
    if measure.version != version:
        raise Conflict(CHANGED)
    return measure


def _columns(draft: MeasureDraft) -> dict[str, object]:
    return {each.name: getattr(draft, each.name) for each in fields(draft)}

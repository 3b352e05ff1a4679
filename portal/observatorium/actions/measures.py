"""What the municipality does about a judgement: it answers in public, makes measures, and tells how they are going."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.goals.actions import link
from portal.goals.events import GOAL
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import ANONYMOUS, Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Indicator
from portal.observatorium.events.measures import (
    MEASURE,
    IndicatorAnswered,
    MeasureChanged,
    MeasureLinked,
    MeasureLogged,
    MeasureMade,
    MeasureUnlinked,
)
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.measures import IndicatorAnswer, IndicatorMeasure, MeasureEntry, MeasureLink
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.queries.rounds import catalogue_of, lock_round

LINKABLE = ("idea", "project", "solution")
"""The kinds of things that can carry a measure out."""
MOST_LINKS = 20
STALE = _l("Noen andre har endret dette mens du skrev. Lagre en gang til hvis ditt skal gjelde.")
NOT_FOUND = _l("Vi finner ikke dette tiltaket.")


@dataclass(frozen=True, kw_only=True)
class MeasureDraft:
    """What is done about a judgement, by whom and by when."""

    title: str
    description: str
    responsible: str
    deadline: date
    service_area_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """How a measure is going now."""

    text: str
    status: MeasureStatus


@dataclass(frozen=True, kw_only=True)
class AnswerDraft:
    """What the municipality says to a judgement. No words: it takes them back. `version` 0: there were none."""

    text: str
    version: int = 0


@atomic
def answer_indicator(actor: Actor, slug: str, number: str, draft: AnswerDraft) -> None:
    """Answer in public what a published round said of an indicator; Invalid for a copy that somebody has changed."""
    round_, indicator = _judged(actor, slug, number)
    stands = db.session.scalar(
        sa.select(IndicatorAnswer).where(
            IndicatorAnswer.round_id == round_.id, IndicatorAnswer.indicator == indicator.number
        )
    )
    if draft.version != (stands.version if stands else 0):
        raise Invalid("", STALE)
    if draft.text == (stands.text if stands else ""):
        return
    if stands is None:
        stands = IndicatorAnswer(round_id=round_.id, indicator=indicator.number)
        db.session.add(stands)
    if draft.text:
        stands.text, stands.answered_at = draft.text, clock.now()
    else:
        db.session.delete(stands)
    db.session.flush()
    publish(IndicatorAnswered(actor=actor, round_id=round_.id, indicator=indicator.number))


@atomic
def make_measure(actor: Actor, slug: str, number: str, draft: MeasureDraft, *, key: str) -> IndicatorMeasure:
    """Make a measure that answers what a published round said of an indicator. The same form twice is one measure."""
    round_, indicator = _judged(actor, slug, number)
    _check(draft)
    if draft.deadline < clock.today():
        raise Invalid("deadline", _l("Velg en frist som ikke er passert."))
    moment = clock.now()
    planned = {"status": MeasureStatus.PLANNED, "created_at": moment, "told_at": moment, "key": key, "version": 1}
    is_new = insert_once(
        IndicatorMeasure, {**_columns(draft), **planned, "round_id": round_.id, "indicator": indicator.number}
    )
    measure = db.session.scalars(sa.select(IndicatorMeasure).where(IndicatorMeasure.key == key)).one()
    if is_new:
        link(actor, Ref(MEASURE, measure.id), GOAL, indicator.sdgs)
        publish(
            MeasureMade(actor=actor, round_id=round_.id, title=measure.title, deadline=measure.deadline, **_of(measure))
        )
    return measure


@atomic
def change_measure(actor: Actor, measure_id: int, draft: MeasureDraft, *, version: int) -> IndicatorMeasure:
    """Change what a measure says; Invalid for a copy that somebody has changed. How it is going is told in its log."""
    measure = _mine(actor, measure_id)
    if measure.version != version:
        raise Invalid("", STALE)
    _check(draft, measure.service_area_id)
    for name, value in _columns(draft).items():
        setattr(measure, name, value)
    db.session.flush()
    publish(MeasureChanged(actor=actor, title=measure.title, deadline=measure.deadline, **_of(measure)))
    return measure


@atomic
def log_measure(actor: Actor, measure_id: int, draft: EntryDraft, *, key: str) -> None:
    """Tell how a measure is going, and how far it has come. The same form twice is one entry."""
    measure = _locked(measure_id)
    if not policy.may_log_measure(actor, measure):
        raise Forbidden(_l("Bare en koordinator og tjenesteområdet som har ansvaret, kan skrive i loggen."))
    if not draft.text:
        raise Invalid("text", _l("Skriv hva som er gjort, eller hvorfor tiltaket har stoppet."))
    changed = draft.status if draft.status is not measure.status else None
    row = {"measure_id": measure.id, "text": draft.text, "status": changed, "created_at": clock.now(), "key": key}
    if not insert_once(MeasureEntry, row):
        return
    measure.status, measure.told_at = draft.status, clock.now()
    db.session.flush()
    publish(MeasureLogged(actor=actor, measure_status=measure.status, **_of(measure)))


@atomic
def link_measure(actor: Actor, measure_id: int, to: Ref) -> None:
    """Tie a measure to a public idea, project or solution that carries it out."""
    measure = _mine(actor, measure_id)
    if to.kind not in LINKABLE or not content().may(ANONYMOUS, to, "read"):
        raise Invalid("address", _l("Velg en idé, et prosjekt eller en løsning som alle kan se."))
    links = sa.select(sa.func.count()).select_from(MeasureLink).where(MeasureLink.measure_id == measure.id)
    if (db.session.scalar(links) or 0) >= MOST_LINKS:
        raise Invalid("address", _l("Et tiltak kan ha høyst %(count)s koblinger.", count=MOST_LINKS))
    if insert_once(MeasureLink, {"measure_id": measure.id, "kind": to.kind, "target_id": to.id}):
        publish(MeasureLinked(actor=actor, kind=to.kind, target_id=to.id, **_of(measure)))


@atomic
def unlink_measure(actor: Actor, measure_id: int, to: Ref) -> None:
    """Take a tie away."""
    measure = _mine(actor, measure_id)
    gone = delete_rows(
        sa.delete(MeasureLink).where(
            MeasureLink.measure_id == measure.id, MeasureLink.kind == to.kind, MeasureLink.target_id == to.id
        )
    )
    if gone:
        publish(MeasureUnlinked(actor=actor, kind=to.kind, target_id=to.id, **_of(measure)))


def _judged(actor: Actor, slug: str, number: str) -> tuple[Round, Indicator]:
    """Return a published round and one of its indicators, to somebody who answers for the municipality."""
    if not policy.may_plan_measures(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    round_ = lock_round(actor, slug)
    if round_.state is not RoundState.PUBLISHED:
        raise Conflict(_l("Bare en publisert runde kan besvares."))
    indicator = catalogue_of(round_).indicator(number)
    if indicator is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    return round_, indicator


def _mine(actor: Actor, measure_id: int) -> IndicatorMeasure:
    if not policy.may_plan_measures(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    return _locked(measure_id)


def _locked(measure_id: int) -> IndicatorMeasure:
    found = db.session.get(IndicatorMeasure, measure_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def _check(draft: MeasureDraft, before: int | None = None) -> None:
    """Refuse a service area that isn't there or has been laid down, unless the measure had it already."""
    area = draft.service_area_id
    offered = sa.select(ServiceArea.id).where(ServiceArea.id == area, ServiceArea.active)
    if area is not None and area != before and db.session.scalar(offered) is None:
        raise Invalid("service_area", _l("Velg et tjenesteområde fra listen."))


def _columns(draft: MeasureDraft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "description": draft.description,
        "responsible": draft.responsible,
        "deadline": draft.deadline,
        "service_area_id": draft.service_area_id,
    }


def _of(measure: IndicatorMeasure) -> dict[str, Any]:
    return {"measure_id": measure.id, "indicator": measure.indicator}

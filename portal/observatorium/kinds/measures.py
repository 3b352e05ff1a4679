"""Measures as a kind of content: how one is shown as a link, searched for, counted under a goal, and followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Entry, Ref
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.kernel.richtext import excerpt, plain
from portal.observatorium import policy
from portal.observatorium.events.measures import MEASURE
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.measures import IndicatorMeasure

ANSWERING = (Role.COORDINATOR, Role.EMPLOYEE)
STATUS = {
    MeasureStatus.PLANNED: (_l("Planlagt"), "neutral"),
    MeasureStatus.UNDER_WAY: (_l("I gang"), "info"),
    MeasureStatus.DONE: (_l("Gjennomført"), "success"),
    MeasureStatus.STOPPED: (_l("Avbrutt"), "warning"),
}
"""What each status is called, and the colour of its tag."""


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how measures are shown as links."""
    return {
        each.id: Card(
            ref=Ref(MEASURE, each.id),
            title=each.title,
            endpoint="measures.show",
            values={"measure_id": each.id},
            excerpt=excerpt(each.description),
            status=str(STATUS[each.status][0]),
            tone=STATUS[each.status][1],
        )
        for each in by_ids(IndicatorMeasure, ids).values()
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a measure: all read it; people follow it and ask, and staff answer."""
    if ref.id not in by_ids(IndicatorMeasure, [ref.id]):
        return False
    if verb == "answer":
        return actor.has(*ANSWERING) and policy.may_take_part(actor)
    return verb == "read" or (verb in {"follow", "ask"} and policy.may_take_part(actor))


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of measures: they are public from the first."""
    return {
        each.id: (
            Entry(
                title=each.title,
                body=plain(each.description),
                updated_at=each.told_at,
                facets={"indicator": (each.indicator,)},
            ),
        )
        for each in by_ids(IndicatorMeasure, ids).values()
    }


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of measures, for building the search index anew."""
    known = sa.select(IndicatorMeasure.id).where(IndicatorMeasure.id > after).order_by(IndicatorMeasure.id)
    return db.session.scalars(known.limit(limit)).all()


MEASURES = ContentKind(
    name=MEASURE,
    label=_l("tiltak"),
    plural=_l("tiltak"),
    cards=cards,
    may=may,
    entries=entries,
    all_ids=all_ids,
)

"""Preparing the self-assessment of a round: its sub-indicators, last year's as a start, and who owes what by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.observatorium import policy
from portal.observatorium.actions.assessing import judge
from portal.observatorium.actions.own_levels import begin_own
from portal.observatorium.catalogue import sort_key
from portal.observatorium.events.assessing import (
    AssessmentsCopied,
    AssigneesReminded,
    AssignmentRemoved,
    IndicatorAssigned,
    PartChanged,
)
from portal.observatorium.models.assessing import Assignment, Evidence, Origin, Part, PartAssessment
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.queries.assessing import (
    PartState,
    find_indicator,
    find_part,
    parts_of,
    states,
    unfinished,
)
from portal.observatorium.queries.rounds import get_round, lock_round

MOST_PARTS = 12
"""Sub-indicators of one indicator: what a page can show and a person can judge."""
SOON = timedelta(days=7)
"""So long before the deadline a service area is reminded."""
COPIED = ("indicator", "key", "kind", "title", "url", "file_id", "figure_value", "figure_unit", "figure_source",
          "dated_on", "valid_from", "valid_to")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PartDraft:
    """How a sub-indicator reads, and whether it is shown; the other two languages are as bokmål when left out."""

    name_nb: str
    name_nn: str = ""
    name_en: str = ""
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class AssignmentDraft:
    """Indicators that a service area is to assess by a day."""

    indicators: tuple[str, ...]
    service_area_id: int | None
    due_on: date


@atomic
def add_part(actor: Actor, slug: str, indicator: str, draft: PartDraft) -> Part:
    """Add a sub-indicator of the municipality's own to the draft of a round."""
    round_ = _draft(actor, slug)
    parts = parts_of(round_, indicator)
    if len(parts) >= MOST_PARTS:
        raise Conflict(_l("En indikator kan ha høyst %(max)d delindikatorer.", max=MOST_PARTS))
    number = max(sort_key(part.key)[-1] for part in parts) + 1
    made = Part(round_id=round_.id, indicator=indicator, key=f"{indicator}.{number}", origin=Origin.ADDED, hidden=False)
    _put(actor, round_, made, draft)
    return made


@atomic
def change_part(actor: Actor, slug: str, key: str, draft: PartDraft) -> None:
    """Reword, hide or show a sub-indicator in the draft of a round; one at least stays."""
    round_ = _draft(actor, slug)
    state = find_part(round_, key)
    parts = parts_of(round_, state.indicator)
    if draft.hidden and [each.key for each in parts if not each.hidden] == [key]:
        raise Invalid("hidden", _l("Minst én delindikator må vises."))
    statement = sa.select(Part).where(Part.round_id == round_.id, Part.key == state.key)
    row = db.session.scalar(statement) or Part(
        round_id=round_.id, indicator=state.indicator, key=state.key, origin=Origin.STANDARD, hidden=False
    )
    _put(actor, round_, row, draft)


@atomic
def copy_assessments(actor: Actor, slug: str, from_slug: str) -> int:
    """Copy the assessments and evidence of an earlier round to what isn't assessed yet; return how many.

    They count as not assessed until somebody has confirmed them.
    """
    round_, source = lock_round(actor, slug), get_round(actor, from_slug)
    if not policy.may_set_own_levels(actor, round_):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if source.opens_at >= round_.opens_at:
        raise Invalid("copied_from", _l("Velg en runde som er eldre enn denne."))
    before, now = _by_key(source), _by_key(round_)
    copied = [part for key, part in before.items() if _is_told(part) and key in now and now[key].assessment is None]
    if not copied:
        raise Invalid("copied_from", _l("Det er ikke noe å kopiere: alt som var vurdert da, er vurdert nå."))
    for number in {part.indicator for part in copied}:
        begin_own(actor, round_, number)
    for part in copied:
        _copy(actor, round_, source, part)
    db.session.flush()
    publish(AssessmentsCopied(actor=actor, round_id=round_.id, slug=slug, copied_from=source.slug, number=len(copied)))
    judge(actor, round_, {part.indicator for part in copied})
    return len(copied)


@atomic
def assign(actor: Actor, slug: str, draft: AssignmentDraft) -> int:
    """Ask a service area to assess indicators by a day; return how many. A new day takes the place of the old."""
    round_ = lock_round(actor, slug)
    _require(actor, round_)
    if not draft.indicators:
        raise Invalid("indicators", _l("Velg minst én indikator."))
    area = db.session.get(ServiceArea, draft.service_area_id) if draft.service_area_id else None
    if area is None:
        raise Invalid("service_area_id", _l("Velg et tjenesteområde."))
    if draft.due_on < clock.today():
        raise Invalid("due_on", _l("Fristen kan ikke være passert."))
    stand = {
        each.indicator: each
        for each in db.session.scalars(
            sa.select(Assignment).where(Assignment.round_id == round_.id, Assignment.service_area_id == area.id)
        )
    }
    for number in draft.indicators:
        find_indicator(round_, number)
        row = stand.get(number) or Assignment(round_id=round_.id, indicator=number, service_area_id=area.id)
        row.due_on, row.reminded_at = draft.due_on, None
        db.session.add(row)
        db.session.flush()
        publish(
            IndicatorAssigned(
                actor=actor,
                round_id=round_.id,
                slug=slug,
                indicator=number,
                service_area_id=area.id,
                due_on=draft.due_on,
            )
        )
    return len(draft.indicators)


@atomic
def unassign(actor: Actor, slug: str, assignment_id: int) -> None:
    """Take an indicator from a service area again; what it has assessed stays."""
    round_ = lock_round(actor, slug)
    _require(actor, round_)
    row = db.session.get(Assignment, assignment_id)
    if row is None or row.round_id != round_.id:
        raise NotFound(_l("Fordelingen er alt tatt bort."))
    told: dict[str, Any] = {"indicator": row.indicator, "service_area_id": row.service_area_id}
    db.session.delete(row)
    db.session.flush()
    publish(AssignmentRemoved(actor=actor, round_id=round_.id, slug=slug, **told))


@atomic
def remind(actor: Actor = SYSTEM) -> int:
    """Remind the service areas that have something left to assess: a week before the deadline, and the day after it.

    Returns how many areas. The worker calls it daily.
    """
    if not actor.is_system:
        raise Forbidden
    today, told = clock.today(), 0
    statement = (
        sa.select(Assignment, Round)
        .join(Round, Round.id == Assignment.round_id)
        .where(Round.state.in_((RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED)))
        .where(Assignment.due_on <= today + SOON)
        .order_by(Assignment.id)
    )
    due: dict[Round, dict[int, list[Assignment]]] = defaultdict(lambda: defaultdict(list))
    for assignment, round_ in db.session.execute(statement):
        if _is_to_be_told(assignment, today):
            due[round_][assignment.service_area_id].append(assignment)
    for round_, areas in due.items():
        left = unfinished(round_)
        for area_id, assignments in sorted(areas.items()):
            told += _remind(actor, round_, area_id, [each for each in assignments if each.indicator in left])
    return told


def _remind(actor: Actor, round_: Round, area_id: int, assignments: Sequence[Assignment]) -> bool:
    for each in assignments:
        each.reminded_at = clock.now()
    db.session.flush()
    if assignments:
        numbers = sorted((each.indicator for each in assignments), key=sort_key)
        publish(
            AssigneesReminded(
                actor=actor,
                round_id=round_.id,
                slug=round_.slug,
                service_area_id=area_id,
                indicators=tuple(numbers),
            )
        )
    return bool(assignments)


def _is_to_be_told(assignment: Assignment, today: date) -> bool:
    told = assignment.reminded_at
    is_late = assignment.due_on < today
    return told is None or (is_late and clock.local(told).date() <= assignment.due_on)


def _draft(actor: Actor, slug: str) -> Round:
    round_ = lock_round(actor, slug)
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not policy.may_change(actor, round_):
        raise Conflict(_l("Delindikatorene er fryst: runden er åpnet."))
    return round_


def _require(actor: Actor, round_: Round) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not policy.may_set_own_levels(actor, round_):
        raise Conflict(_l("Egenvurderingen er publisert og kan bare endres med en retting."))


def _put(actor: Actor, round_: Round, part: Part, draft: PartDraft) -> None:
    if not draft.name_nb:
        raise Invalid("name_nb", _l("Skriv hva delindikatoren heter."))
    part.name_nb, part.hidden = draft.name_nb, draft.hidden
    part.name_nn, part.name_en = draft.name_nn or draft.name_nb, draft.name_en or draft.name_nb
    db.session.add(part)
    db.session.flush()
    publish(
        PartChanged(
            actor=actor,
            round_id=round_.id,
            slug=round_.slug,
            part=part.key,
            title=part.name_nb,
            shown=not part.hidden,
        )
    )
    judge(actor, round_, [part.indicator])


def _by_key(round_: Round) -> dict[str, PartState]:
    return {part.key: part for state in states(round_).values() for part in state.parts}


def _is_told(part: PartState) -> bool:
    return part.assessment is not None and part.assessment.is_confirmed


def _copy(actor: Actor, round_: Round, source: Round, part: PartState) -> None:
    said = part.assessment
    if said is None:
        return
    db.session.add(
        PartAssessment(
            round_id=round_.id,
            indicator=part.indicator,
            key=part.key,
            level=said.level,
            justification=said.justification,
            responsible=said.responsible,
            copied_from_id=source.id,
            is_confirmed=False,
        )
    )
    moment = clock.now()
    db.session.add_all(
        Evidence(
            round_id=round_.id,
            created_at=moment,
            created_by_id=actor.id,
            **{name: getattr(piece.evidence, name) for name in COPIED},
        )
        for piece in part.pieces
    )

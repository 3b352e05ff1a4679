"""What the pages of the self-assessment show: a dimension, an indicator, a part, one's own share, and who owes what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.observatorium import policy
from portal.observatorium.catalogue import Catalogue, Dimension, Indicator, sort_key
from portal.observatorium.models.assessing import Assignment, Evidence, PartAssessment
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.queries.assessing import (
    IndicatorState,
    PartState,
    Piece,
    areas_of,
    closing_day,
    find_indicator,
    find_part,
    find_round,
    states,
)
from portal.observatorium.queries.rounds import catalogue_of, get_round

DENIED = _l("Denne indikatoren er ikke fordelt til ditt tjenesteområde.")


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An assignment, with the name of its service area."""

    assignment: Assignment
    area: str
    state: IndicatorState | None = None

    @property
    def is_late(self) -> bool:
        unfinished = self.state is None or self.state.done < len(self.state.parts)
        return unfinished and self.assignment.due_on < clock.today()


@dataclass(frozen=True, kw_only=True)
class DimensionPage:
    """The indicators of one dimension and how the municipality's assessment of each stands."""

    round: Round
    dimension: Dimension
    states: Sequence[IndicatorState]
    owed: Mapping[str, Sequence[Owed]]
    """Who owes an indicator, by its number."""
    assessed: Mapping[Dimension, int]
    """How many have a level, in each dimension."""
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class AssessPage:
    """One indicator with its parts, its evidence and its summary."""

    round: Round
    state: IndicatorState
    owed: Sequence[Owed]
    closing_day: date
    may_assess: bool
    may_sign: bool
    may_change_parts: bool
    is_coordinator: bool

    @property
    def unconfirmed(self) -> int:
        return sum(part.is_unconfirmed for part in self.state.parts)


@dataclass(frozen=True, kw_only=True)
class PartPage:
    """One sub-indicator that is to be assessed or reworded."""

    round: Round
    indicator: Indicator
    part: PartState
    closing_day: date
    is_coordinator: bool


@dataclass(frozen=True, kw_only=True)
class EvidencePage:
    """A piece of evidence that is to be taken back."""

    round: Round
    part: PartState
    piece: Piece


@dataclass(frozen=True, kw_only=True)
class Share:
    """What somebody's service areas owe in one round."""

    round: Round
    catalogue: Catalogue
    owed: Sequence[Owed]


@dataclass(frozen=True, kw_only=True)
class AssignPage:
    """Who owes what in a round."""

    round: Round
    catalogue: Catalogue
    owed: Sequence[Owed]
    areas: Sequence[ServiceArea]


@dataclass(frozen=True, kw_only=True)
class CopyPage:
    """The earlier rounds that there is something to copy from."""

    round: Round
    sources: Mapping[Round, int]
    """How many sub-indicators each has assessed, the newest round first."""


def dimension_page(actor: Actor, slug: str, number: int) -> DimensionPage:
    """Return how the self-assessment of a dimension (1–4) stands."""
    _require_coordinator(actor)
    if not 1 <= number <= len(Dimension):
        raise NotFound(_l("Det finnes bare fire dimensjoner."))
    round_, dimension = get_round(actor, slug), Dimension.numbered(number)
    found = states(round_)
    levels = [each.indicator.dimension for each in found.values() if each.level is not None]
    owed: dict[str, list[Owed]] = defaultdict(list)
    for each in _owed(Assignment.round_id == round_.id):
        owed[each.assignment.indicator].append(each)
    return DimensionPage(
        round=round_,
        dimension=dimension,
        states=[each for each in found.values() if each.indicator.dimension is dimension],
        owed=owed,
        assessed={each: levels.count(each) for each in Dimension},
        may_change=policy.may_set_own_levels(actor, round_),
    )


def assess_page(actor: Actor, slug: str, number: str) -> AssessPage:
    """Return one indicator as the municipality assesses it; those who may assess read it, and every coordinator."""
    round_ = find_round(actor, slug)
    find_indicator(round_, number)
    owed = _owed(Assignment.round_id == round_.id, Assignment.indicator == number)
    _require_reader(actor, round_, [each.assignment.service_area_id for each in owed])
    state = states(round_, [number])[number]
    return AssessPage(
        round=round_,
        state=state,
        owed=owed,
        closing_day=closing_day(round_),
        may_assess=policy.may_assess(actor, round_, [each.assignment.service_area_id for each in owed]),
        may_sign=policy.may_set_own_levels(actor, round_),
        may_change_parts=policy.may_change(actor, round_),
        is_coordinator=policy.may_run_rounds(actor),
    )


def part_page(actor: Actor, slug: str, key: str) -> PartPage:
    """Return one sub-indicator for whoever may assess it."""
    round_ = find_round(actor, slug)
    part = find_part(round_, key)
    assigned = areas_of(round_, part.indicator)
    if not policy.may_assess(actor, round_, assigned):
        _require_reader(actor, round_, assigned)
    return PartPage(
        round=round_,
        indicator=find_indicator(round_, part.indicator),
        part=part,
        closing_day=closing_day(round_),
        is_coordinator=policy.may_run_rounds(actor),
    )


def new_part_page(actor: Actor, slug: str, number: str) -> AssessPage:
    """Return the indicator that a sub-indicator is to be added to."""
    _require_coordinator(actor)
    return assess_page(actor, slug, number)


def evidence_page(actor: Actor, slug: str, evidence_id: int) -> EvidencePage:
    """Return a piece of evidence for whoever may take it back; raises NotFound."""
    evidence = db.session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound(_l("Vi finner ikke dette belegget. Det kan være fjernet."))
    page = part_page(actor, slug, evidence.key)
    for piece in page.part.pieces:
        if piece.evidence.id == evidence_id:
            return EvidencePage(round=page.round, part=page.part, piece=piece)
    raise NotFound(_l("Vi finner ikke dette belegget. Det kan være fjernet."))


def my_share(actor: Actor) -> list[Share]:
    """Return what somebody's service areas are to assess in the rounds that aren't published, the newest round first.

    How far it has come is told of the newest; coordinators see what everybody owes.
    """
    unpublished = Round.state.in_((RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED))
    mine = sa.true() if policy.may_run_rounds(actor) else Assignment.service_area_id.in_(actor.service_areas)
    rows = db.session.execute(
        sa.select(Round, Assignment, ServiceArea.name)
        .join(Assignment, Assignment.round_id == Round.id)
        .join(ServiceArea, ServiceArea.id == Assignment.service_area_id)
        .where(unpublished, mine, policy.assessable(actor))
        .order_by(Round.opens_at.desc(), Round.id)
    )
    by_round: dict[Round, list[Owed]] = defaultdict(list)
    for round_, assignment, name in rows:
        by_round[round_].append(Owed(assignment=assignment, area=name))
    newest = next(iter(by_round), None)
    found = states(newest, {each.assignment.indicator for each in by_round[newest]}) if newest else {}
    return [
        Share(
            round=round_,
            catalogue=catalogue_of(round_),
            owed=_in_order([_with_state(each, found) if round_ is newest else each for each in owed]),
        )
        for round_, owed in by_round.items()
    ]


def assign_page(actor: Actor, slug: str) -> AssignPage:
    """Return who owes what in a round, and the service areas there are."""
    _require_coordinator(actor)
    round_ = get_round(actor, slug)
    found = states(round_)
    here = sa.and_(Assignment.service_area_id == ServiceArea.id, Assignment.round_id == round_.id)
    rows: Sequence[Any] = db.session.execute(
        sa.select(ServiceArea, Assignment)
        .outerjoin(Assignment, here)
        .where(sa.or_(ServiceArea.active, Assignment.id.is_not(None)))
        .order_by(ServiceArea.name)
    ).all()
    owed = [Owed(assignment=row[1], area=row[0].name) for row in rows if row[1] is not None]
    return AssignPage(
        round=round_,
        catalogue=catalogue_of(round_),
        owed=_in_order([_with_state(each, found) for each in owed]),
        areas=list(dict.fromkeys(row[0] for row in rows if row[0].active)),
    )


def copy_page(actor: Actor, slug: str) -> CopyPage:
    """Return the earlier rounds whose assessment can be a start for this one."""
    _require_coordinator(actor)
    round_ = get_round(actor, slug)
    counted = (
        sa.select(PartAssessment.round_id, sa.func.count())
        .where(PartAssessment.is_confirmed)
        .group_by(PartAssessment.round_id)
    )
    counts = {round_id: count for round_id, count in db.session.execute(counted)}  # noqa: C416 - dict() of rows
    earlier = sa.select(Round).where(Round.opens_at < round_.opens_at, Round.id.in_(list(counts)))
    sources = db.session.scalars(earlier.order_by(Round.opens_at.desc())).all()
    return CopyPage(round=round_, sources={each: counts[each.id] for each in sources})


def _with_state(owed: Owed, found: Mapping[str, IndicatorState]) -> Owed:
    return Owed(assignment=owed.assignment, area=owed.area, state=found.get(owed.assignment.indicator))


def _owed(*conditions: sa.ColumnElement[bool]) -> list[Owed]:
    rows = db.session.execute(
        sa.select(Assignment, ServiceArea.name)
        .join(ServiceArea, ServiceArea.id == Assignment.service_area_id)
        .where(*conditions)
    )
    return _in_order([Owed(assignment=assignment, area=name) for assignment, name in rows])


def _in_order(owed: Sequence[Owed]) -> list[Owed]:
    return sorted(owed, key=lambda each: (each.assignment.due_on, sort_key(each.assignment.indicator), each.area))


def _require_coordinator(actor: Actor) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))


def _require_reader(actor: Actor, round_: Round, assigned: Sequence[int]) -> None:
    """Let those read who assess; an employee also when the round is published, what was their area's to assess."""
    theirs = actor.has(Role.EMPLOYEE) and not actor.service_areas.isdisjoint(assigned)
    if not (policy.may_run_rounds(actor) or policy.may_assess(actor, round_, assigned) or theirs):
        raise Forbidden(DENIED)

"""The stages of a round, what is missing in each, and who owes it: counted for the control room in two statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.db import db
from portal.observatorium.models.assessing import Assignment, Evidence, PartAssessment
from portal.observatorium.models.outreach import BatchState, Invitation, PaperBatch
from portal.observatorium.models.rounds import OwnAssessment, Round, RoundState
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, Verdict, VerifierColour
from portal.observatorium.models.weights import Exclusion, PopulationTable
from portal.observatorium.queries.measures import owed_answers

ENOUGH = 2
"""Verifiers without a conflict of interest that an indicator needs."""


class Stage(StrEnum):
    """A part of a round's life that somebody has to do something in."""

    DRAFT = "draft"
    ASSESSING = "assessing"
    OPEN = "open"
    VERIFYING = "verifying"
    REPLYING = "replying"
    WEIGHING = "weighing"
    PUBLISHING = "publishing"
    FOLLOWING_UP = "following_up"


class Progress(StrEnum):
    """Where a stage stands. Lacking: its time is over, and something was never done."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    LACKING = "lacking"


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A service area that owes indicators, and how many of them it is late with."""

    area: str
    indicators: int
    late: int


@dataclass(frozen=True, kw_only=True)
class Verified:
    """How far the verification is: indicators of the 39."""

    appointed: int
    """With two verifiers without a known conflict of interest."""
    unstated: int
    """Verifiers who haven't said whether they have a conflict of interest."""
    agreed: int
    differing: int
    unanswered: int
    """Contested or differing, without a reply from the municipality."""
    replied: int

    @property
    def verified(self) -> int:
        return self.agreed + self.differing


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """What stands and what is missing in a round. Numbers of people aren't here: they are told in tens elsewhere."""

    round: Round
    assessed: int
    """Indicators with an own level."""
    signed: int
    unconfirmed: int
    """Sub-indicators copied from an earlier round that nobody has confirmed."""
    evidence: int
    owed: Sequence[Owed]
    verified: Verified
    invitations: int
    batches: int
    """Of paper forms that nobody has approved or turned down."""
    has_population: bool
    exclusions: int
    answers: int
    """Red and contested indicators of the published result that have an answer or a measure."""
    to_answer: int

    @property
    def stages(self) -> list[tuple[Stage, Progress]]:
        """Every stage in order, and where it stands; none of a withdrawn round."""
        if self.round.state is RoundState.WITHDRAWN:
            return []
        at = STATES.index(self.round.state)
        opened, closed, published = at > 0, at > 1, at > 2
        marks = {  # has begun, is over, is done
            Stage.DRAFT: (True, opened, opened),
            Stage.ASSESSING: (True, published, self.assessed == 39 and not self.unconfirmed),
            Stage.OPEN: (opened, closed, closed),
            Stage.VERIFYING: (opened, published, self.verified.verified == 39),
            Stage.REPLYING: (self.verified.verified > 0 or published, published, not self.verified.unanswered),
            Stage.WEIGHING: (closed, published, self.has_population),
            Stage.PUBLISHING: (closed, published, published),
            Stage.FOLLOWING_UP: (published, False, self.answers == self.to_answer),
        }
        return [(stage, _progress(*marks[stage])) for stage in Stage]


STATES = (RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED, RoundState.PUBLISHED)


def _progress(has_begun: bool, is_over: bool, is_done: bool) -> Progress:
    if not has_begun:
        return Progress.LATER
    if is_done:
        return Progress.DONE
    return Progress.LACKING if is_over else Progress.NOW


def checklist(round_: Round) -> Checklist:
    """Return what stands and what is missing in a round."""
    counts = _counts(round_.id)
    verified = Verified(**{each.name: int(counts.pop(each.name)) for each in fields(Verified)})
    owed = owed_answers(round_) if round_.state is RoundState.PUBLISHED else ()
    counts |= {"answers": sum(each.is_answered for each in owed), "to_answer": len(owed)}
    return Checklist(round=round_, owed=_owed(round_.id), verified=verified, **counts)


def _counts(round_id: int) -> dict[str, Any]:
    """Count, in one statement, all that is a plain number."""
    own = sa.select(sa.func.count()).select_from(OwnAssessment).where(OwnAssessment.round_id == round_id)
    parts = sa.select(sa.func.count()).select_from(PartAssessment).where(PartAssessment.round_id == round_id)
    waiting = PaperBatch.state.not_in((BatchState.APPROVED, BatchState.REJECTED))
    counted = _verified(round_id) | {
        "assessed": own.where(OwnAssessment.level.is_not(None)),
        "signed": own.where(OwnAssessment.signed_at.is_not(None)),
        "unconfirmed": parts.where(PartAssessment.is_confirmed.is_(False)),
        "evidence": _count(Evidence, round_id).where(Evidence.removed_at.is_(None)),
        "invitations": _count(Invitation, round_id).where(Invitation.closed_at.is_(None)),
        "batches": _count(PaperBatch, round_id).where(waiting),
        "has_population": _count(PopulationTable, round_id),
        "exclusions": _count(Exclusion, round_id),
    }
    statement = sa.select(*(each.scalar_subquery().label(name) for name, each in counted.items()))
    found = db.session.execute(statement).mappings().one()
    return {**found, "has_population": found["has_population"] > 0}


def _count(model: Any, round_id: int) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(model).where(model.round_id == round_id)


def _owed(round_id: int) -> list[Owed]:
    """Return which service areas owe indicators without a level, the one that owes most first."""
    lacks = sa.or_(OwnAssessment.id.is_(None), OwnAssessment.level.is_(None))
    late = sa.func.sum(sa.case((Assignment.due_on < clock.today(), 1), else_=0))
    rows = db.session.execute(
        sa.select(ServiceArea.name, sa.func.count(), late)
        .select_from(Assignment)
        .join(ServiceArea, ServiceArea.id == Assignment.service_area_id)
        .outerjoin(
            OwnAssessment,
            sa.and_(OwnAssessment.round_id == Assignment.round_id, OwnAssessment.indicator == Assignment.indicator),
        )
        .where(Assignment.round_id == round_id, lacks)
        .group_by(ServiceArea.id, ServiceArea.name)
        .order_by(sa.func.count().desc(), ServiceArea.name)
    )
    return [Owed(area=area, indicators=count, late=int(overdue)) for area, count, overdue in rows]


def _verified(round_id: int) -> dict[str, sa.Select[int]]:
    """Count verifiers and what they have said, by indicator; who has a conflict of interest is left out."""
    contested = sa.exists().where(
        EvidenceVerdict.appointment_id == Appointment.id, EvidenceVerdict.verdict == Verdict.CONTESTED
    )
    of_indicator = sa.and_(Reply.round_id == Appointment.round_id, Reply.indicator == Appointment.indicator)
    per = (
        sa.select(
            sa.func.count(Appointment.id).label("active"),
            sa.func.sum(sa.case((Appointment.stated_at.is_(None), 1), else_=0)).label("unstated"),
            sa.func.count(VerifierColour.appointment_id).label("answered"),
            sa.func.count(sa.distinct(VerifierColour.level)).label("levels"),
            sa.func.sum(sa.case((contested, 1), else_=0)).label("contested"),
            sa.func.count(Reply.id).label("replies"),
        )
        .outerjoin(VerifierColour, VerifierColour.appointment_id == Appointment.id)
        .outerjoin(Reply, of_indicator)
        .where(Appointment.round_id == round_id, Appointment.has_conflict.is_not(True))
        .group_by(Appointment.indicator)
        .cte("verified")
    )
    told = per.c
    indicators = sa.select(sa.func.count()).select_from(per)
    answered = indicators.where(told.answered >= ENOUGH)
    return {
        "appointed": indicators.where(told.active >= ENOUGH),
        "unstated": sa.select(sa.func.coalesce(sa.func.sum(told.unstated), 0)),
        "agreed": answered.where(told.levels == 1),
        "differing": answered.where(told.levels > 1),
        "unanswered": answered.where(sa.or_(told.levels > 1, told.contested > 0), told.replies == 0),
        "replied": indicators.where(told.replies > 0),
    }

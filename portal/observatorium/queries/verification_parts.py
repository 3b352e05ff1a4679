"""What the pages of verification show of an indicator: the self-assessment, who has come how far, and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.observatorium.catalogue import Indicator, Level
from portal.observatorium.models.rounds import OwnAssessment, Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, VerificationDates
from portal.observatorium.queries.assessing import PartState, Piece, parts_of
from portal.observatorium.queries.rounds import catalogue_of
from portal.observatorium.queries.verification import Standing


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one verifier has come with an indicator."""

    appointment: Appointment
    name: str
    """Nothing when the person is no longer here."""
    judged: int
    of: int
    outdated: int
    """Verdicts on evidence that has been changed since."""

    @property
    def step(self) -> str:
        """Return unstated, conflict, judging, again or done."""
        if self.appointment.has_conflict is None:
            return "unstated"
        if self.appointment.has_conflict:
            return "conflict"
        if self.appointment.colour is None:
            return "judging"
        return "done" if self.judged == self.of else "again"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one verifier said, without a name."""

    number: int
    """First, second: in the order of appointment."""
    is_mine: bool
    level: Level
    reason: str
    verdicts: Mapping[int, EvidenceVerdict]


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """What the municipality says of an indicator, as verifiers read it: what isn't confirmed is left out."""

    level: Level | None = None
    summary: str = ""
    parts: Sequence[PartState] = ()

    @property
    def pieces(self) -> list[tuple[PartState, Piece]]:
        """Every piece of evidence, with what it is evidence for."""
        return [(part, piece) for part in self.parts if not part.is_unconfirmed for piece in part.pieces]

    @property
    def versions(self) -> dict[int, int]:
        return {piece.evidence.id: piece.evidence.version for _part, piece in self.pieces}


def said_by_all(stands: Standing, account_id: int | None = None) -> list[Said]:
    """Return what the verifiers said, when all have said it."""
    if not stands.is_revealed:
        return []
    return [
        Said(
            number=number,
            is_mine=account_id is not None and each.account_id == account_id,
            level=each.colour.level,
            reason=each.colour.reason,
            verdicts=stands.current(each),
        )
        for number, each in enumerate(stands.active, start=1)
        if each.colour
    ]


def progress_of(stands: Standing) -> list[Progress]:
    """Return how far each of an indicator's verifiers has come."""
    return [progress(stands, each, stands.names.get(each.id, "")) for each in stands.appointments]


def progress(stands: Standing, appointment: Appointment, name: str) -> Progress:
    """Return how far one verifier has come."""
    return Progress(
        appointment=appointment,
        name=name,
        judged=len(stands.current(appointment)),
        of=len(stands.evidence),
        outdated=len(stands.outdated(appointment)),
    )


@dataclass(frozen=True)
class Around:
    """What there is one of for an indicator in a round, if any."""

    own: OwnAssessment | None
    reply: Reply | None
    dates: VerificationDates | None


def around(round_id: int, number: str) -> Around:
    """Return what there is one of: one statement."""
    row = db.session.execute(
        sa.select(OwnAssessment, Reply, VerificationDates)
        .select_from(Round)
        .outerjoin(OwnAssessment, sa.and_(OwnAssessment.round_id == Round.id, OwnAssessment.indicator == number))
        .outerjoin(Reply, sa.and_(Reply.round_id == Round.id, Reply.indicator == number))
        .outerjoin(VerificationDates, VerificationDates.round_id == Round.id)
        .where(Round.id == round_id)
    ).one()
    return Around(*row)


def assessed_as(round_: Round, indicator: Indicator, own: OwnAssessment | None) -> Assessed:
    """Return the self-assessment of an indicator: three statements."""
    parts = [part for part in parts_of(round_, indicator.number) if not part.hidden]
    return Assessed(level=own.level if own else None, summary=own.justification if own else "", parts=parts)


def indicator_in(round_: Round, number: str) -> Indicator:
    """Return one of the 39 as it is in a round; raises NotFound."""
    found = catalogue_of(round_).indicator(number)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    return found

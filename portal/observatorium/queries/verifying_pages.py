"""The pages of verification: the coordinator's, and the verifiers', who see nothing of each other too early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Indicator, Level, sort_key
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, VerificationDates, VerifierColour
from portal.observatorium.queries.assessing import IndicatorState, PartState, Piece, states
from portal.observatorium.queries.rounds import catalogue_of, get_round
from portal.observatorium.queries.verification import Standing, appointments, candidates, standings
from portal.observatorium.queries.verifying import NOTHING, Missing, missing_of


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


@dataclass(frozen=True, kw_only=True)
class VerificationRow:
    """One indicator of a round, as the coordinator sees it."""

    indicator: Indicator
    standing: Standing
    verifiers: Sequence[Progress]


@dataclass(frozen=True, kw_only=True)
class VerificationPage:
    """The verification of a round, for its coordinator."""

    round: Round
    dates: VerificationDates | None
    rows: Sequence[VerificationRow]
    missing: Missing
    candidates: Mapping[int, str]
    may_appoint: bool


@dataclass(frozen=True, kw_only=True)
class ReplyPage:
    """What the verifiers said of one indicator, and the municipality's reply."""

    round: Round
    dates: VerificationDates | None
    indicator: Indicator
    assessed: Assessed
    verifiers: Sequence[Progress]
    said: Sequence[Said]
    """Nothing before all have answered."""
    reply: Reply | None
    may_reply: bool
    is_late: bool
    """The date for replies has passed."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One indicator that a verifier is appointed to."""

    indicator: Indicator
    progress: Progress
    is_revealed: bool


@dataclass(frozen=True, kw_only=True)
class TaskRound:
    """What a verifier has before them in one round."""

    round: Round
    verify_by: date | None
    """The date that is set, else none: the round says when it closes."""
    tasks: Sequence[Task]

    @property
    def done(self) -> int:
        return sum(each.progress.step in {"done", "conflict"} for each in self.tasks)


@dataclass(frozen=True, kw_only=True)
class TasksPage:
    """Everything that a verifier is or has been appointed to."""

    now: Sequence[TaskRound]
    before: Sequence[tuple[Round, int]]
    """Rounds that are over, and how many indicators."""


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One indicator, for one of its verifiers."""

    round: Round
    verify_by: date | None
    indicator: Indicator
    progress: Progress
    assessed: Assessed
    """Nothing for somebody with a conflict of interest."""
    verdicts: Mapping[int, EvidenceVerdict]
    """My own, on evidence that is as it was."""
    outdated: Mapping[int, EvidenceVerdict]
    """My own, to be given again."""
    criteria: Sequence[str]
    """What the others would accept as evidence."""
    waiting: int
    """How many of the others haven't answered yet."""
    said: Sequence[Said]
    """Nothing before all have answered."""
    may_verify: bool
    following: str | None
    """The next indicator that waits for this verifier."""

    @property
    def mine(self) -> Appointment:
        return self.progress.appointment

    @property
    def is_open(self) -> bool:
        """Say whether there is something to judge now."""
        return self.may_verify and not self.said


def verification_page(actor: Actor, slug: str) -> VerificationPage:
    """Return the verification of a round; raises Forbidden for others than coordinators."""
    round_ = _run(actor, slug)
    stand = standings(round_.id)
    indicators = catalogue_of(round_).indicators
    return VerificationPage(
        round=round_,
        dates=db.session.get(VerificationDates, round_.id),
        rows=[
            VerificationRow(
                indicator=each,
                standing=stand.get(each.number, NOTHING),
                verifiers=_progress_of(stand.get(each.number, NOTHING)),
            )
            for each in indicators
        ],
        missing=missing_of(stand),
        candidates=candidates(),
        may_appoint=policy.may_appoint_verifiers(actor, round_),
    )


def reply_page(actor: Actor, slug: str, number: str) -> ReplyPage:
    """Return what the verifiers said of an indicator, when all have, and the reply."""
    round_ = _run(actor, slug)
    assessed = _assessed(round_, number)
    reply, dates = _reply_and_dates(round_.id, number)
    stands = _stands(round_.id, number, assessed, reply)
    return ReplyPage(
        round=round_,
        dates=dates,
        indicator=_indicator(round_, number),
        assessed=assessed,
        verifiers=_progress_of(stands),
        said=_said(stands),
        reply=reply,
        may_reply=policy.may_reply_to_verifiers(actor, round_),
        is_late=bool(dates and dates.reply_by and clock.today() > dates.reply_by),
    )


def tasks_page(actor: Actor) -> TasksPage:
    """Return what a verifier is appointed to, the newest round first."""
    _require_verifier(actor)
    rows = db.session.execute(
        sa.select(Round, sa.func.count())
        .join(Appointment, Appointment.round_id == Round.id)
        .where(Appointment.account_id == actor.id, policy.visible(actor))
        .group_by(Round.id)
        .order_by(Round.opens_at.desc(), Round.id.desc())
    ).all()
    return TasksPage(
        now=[_task_round(actor, each) for each, _count in rows if policy.takes_verdicts(each)],
        before=[(each, count) for each, count in rows if not policy.takes_verdicts(each)],
    )


def task_page(actor: Actor, slug: str, number: str) -> TaskPage:
    """Return one indicator for one of its verifiers; raises Conflict before they have stated their interests."""
    _require_verifier(actor)
    round_ = get_round(actor, slug)
    appointed = list(appointments(round_.id, number).get(number, {}))
    mine = _of(actor, appointed)
    if mine.has_conflict is None:
        raise Conflict(_l("Svar først på om du er inhabil."))
    assessed = Assessed() if mine.has_conflict else _assessed(round_, number)
    stands = Standing(appointments=appointed, evidence=assessed.versions)
    others = [each for each in stands.active if each is not mine]
    waiting, verify_by = _waiting(actor, round_.id)
    return TaskPage(
        round=round_,
        verify_by=verify_by,
        indicator=_indicator(round_, number),
        progress=_progress(stands, mine, actor.name),
        assessed=assessed,
        verdicts=stands.current(mine),
        outdated=stands.outdated(mine),
        criteria=[each.criteria for each in others if each.criteria and not mine.has_conflict],
        waiting=sum(not stands.is_complete(each) for each in others),
        said=[] if mine.has_conflict else _said(stands, actor.id),
        may_verify=policy.may_verify(actor, round_, mine) and not mine.has_conflict,
        following=_after(number, waiting),
    )


def statement_page(actor: Actor, slug: str, number: str) -> tuple[Round, Indicator, Appointment]:
    """Return what a verifier is asked about before they see anything: the round, the indicator, the appointment."""
    _require_verifier(actor)
    round_ = get_round(actor, slug)
    mine = _of(actor, list(appointments(round_.id, number).get(number, {})))
    return round_, _indicator(round_, number), mine


def _said(stands: Standing, account_id: int | None = None) -> list[Said]:
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


def _progress_of(stands: Standing) -> list[Progress]:
    return [_progress(stands, each, stands.names.get(each.id, "")) for each in stands.appointments]


def _progress(stands: Standing, appointment: Appointment, name: str) -> Progress:
    return Progress(
        appointment=appointment,
        name=name,
        judged=len(stands.current(appointment)),
        of=len(stands.evidence),
        outdated=len(stands.outdated(appointment)),
    )


def _task_round(actor: Actor, round_: Round) -> TaskRound:
    indicators = {each.number: each for each in catalogue_of(round_).indicators}
    mine = [
        (number, stands, each)
        for number, stands in standings(round_.id).items()
        for each in stands.appointments
        if each.account_id == actor.id
    ]
    return TaskRound(
        round=round_,
        verify_by=_verify_by(round_.id),
        tasks=[
            Task(
                indicator=indicators[number],
                progress=_progress(stands, each, actor.name),
                is_revealed=stands.is_revealed,
            )
            for number, stands, each in sorted(mine, key=lambda one: sort_key(one[0]))
        ],
    )


def _of(actor: Actor, appointed: Sequence[Appointment]) -> Appointment:
    mine = next((each for each in appointed if each.account_id == actor.id), None)
    if mine is None:
        raise NotFound(_l("Du er ikke oppnevnt til denne indikatoren."))
    return mine


def _assessed(round_: Round, number: str) -> Assessed:
    state: IndicatorState | None = states(round_, {number}).get(number)
    if state is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    return Assessed(level=state.level, summary=state.own.justification if state.own else "", parts=state.parts)


def _stands(round_id: int, number: str, assessed: Assessed, reply: Reply | None) -> Standing:
    appointed = appointments(round_id, number).get(number, {})
    return Standing(
        appointments=list(appointed),
        names={each.id: name for each, name in appointed.items()},
        evidence=assessed.versions,
        reply=reply,
    )


def _reply_and_dates(round_id: int, number: str) -> tuple[Reply | None, VerificationDates | None]:
    row = db.session.execute(
        sa.select(Reply, VerificationDates)
        .select_from(Round)
        .outerjoin(Reply, sa.and_(Reply.round_id == Round.id, Reply.indicator == number))
        .outerjoin(VerificationDates, VerificationDates.round_id == Round.id)
        .where(Round.id == round_id)
    ).one()
    return row[0], row[1]


def _waiting(actor: Actor, round_id: int) -> tuple[list[str], date | None]:
    """Return the indicators that wait for a verifier, and by when: one statement."""
    rows = db.session.execute(
        sa.select(*(Appointment.indicator, Appointment.has_conflict, VerifierColour.level, VerificationDates.verify_by))
        .outerjoin(VerifierColour, VerifierColour.appointment_id == Appointment.id)
        .outerjoin(VerificationDates, VerificationDates.round_id == Appointment.round_id)
        .where(Appointment.round_id == round_id, Appointment.account_id == actor.id)
    ).all()
    waiting = [number for number, has_conflict, level, _by in rows if not has_conflict and level is None]
    return sorted(waiting, key=sort_key), rows[0].verify_by if rows else None


def _after(number: str, waiting: Sequence[str]) -> str | None:
    """Return the next indicator that waits, from this one on and around."""
    others = [each for each in waiting if each != number]
    return next((each for each in others if sort_key(each) > sort_key(number)), others[0] if others else None)


def _verify_by(round_id: int) -> date | None:
    dates = db.session.get(VerificationDates, round_id)
    return dates.verify_by if dates else None


def _indicator(round_: Round, number: str) -> Indicator:
    found = catalogue_of(round_).indicator(number)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne indikatoren."))
    return found


def _run(actor: Actor, slug: str) -> Round:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    return get_round(actor, slug)


def _require_verifier(actor: Actor) -> None:
    if not policy.may_see_verifying(actor):
        raise Forbidden(_l("Bare innbyggerverifikatører som ikke er ansatt i kommunen, kan verifisere."))

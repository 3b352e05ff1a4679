"""The pages of verification: the coordinator's, and the verifiers', who see nothing of each other too early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Indicator, sort_key
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.verifying import Appointment, EvidenceVerdict, Reply, VerificationDates
from portal.observatorium.queries.rounds import catalogue_of, get_round
from portal.observatorium.queries.verification import Standing, appointments, candidates, standings
from portal.observatorium.queries.verification_parts import (
    Assessed,
    Progress,
    Said,
    around,
    assessed_as,
    indicator_in,
    progress,
    progress_of,
    said_by_all,
)
from portal.observatorium.queries.verifying import NOTHING, Missing, missing_of


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
class DatesPage:
    """A round whose dates for verifying and replying are set."""

    round: Round
    dates: VerificationDates | None


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
class StatementPage:
    """What a verifier is asked whether they have a conflict of interest in."""

    round: Round
    indicator: Indicator
    mine: Appointment


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One indicator, for one of its verifiers."""

    round: Round
    verify_by: date | None
    indicator: Indicator
    progress: Progress
    assessed: Assessed
    """Nothing for somebody who has a conflict of interest, or hasn't said whether."""
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
    def is_unstated(self) -> bool:
        """Say whether the verifier must first say if they have a conflict of interest."""
        return self.mine.has_conflict is None

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
                verifiers=progress_of(stand.get(each.number, NOTHING)),
            )
            for each in indicators
        ],
        missing=missing_of(stand),
        candidates=candidates(),
        may_appoint=policy.may_appoint_verifiers(actor, round_),
    )


def dates_page(actor: Actor, slug: str) -> DatesPage:
    """Return the dates of a round."""
    round_ = _run(actor, slug)
    return DatesPage(round=round_, dates=db.session.get(VerificationDates, round_.id))


def reply_page(actor: Actor, slug: str, number: str) -> ReplyPage:
    """Return what the verifiers said of an indicator, when all have, and the reply."""
    round_ = _run(actor, slug)
    indicator = indicator_in(round_, number)
    near = around(round_.id, number)
    dates = near.dates
    assessed = assessed_as(round_, indicator, near.own)
    stands = _stands(round_.id, number, assessed, near.reply)
    return ReplyPage(
        round=round_,
        dates=dates,
        indicator=indicator,
        assessed=assessed,
        verifiers=progress_of(stands),
        said=said_by_all(stands),
        reply=near.reply,
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
    """Return one indicator for one of its verifiers: nothing of it unless they have no conflict of interest."""
    _require_verifier(actor)
    round_ = get_round(actor, slug)
    indicator = indicator_in(round_, number)
    here = appointments(round_.id, number, account_id=actor.id)
    appointed = list(here.get(number, {}))
    mine = _of(actor, appointed)
    judges = mine.has_conflict is False
    near = around(round_.id, number)
    assessed = assessed_as(round_, indicator, near.own) if judges else Assessed()
    stands = Standing(appointments=appointed, evidence=assessed.versions)
    others = [each for each in stands.active if each is not mine]
    return TaskPage(
        round=round_,
        verify_by=near.dates.verify_by if near.dates else None,
        indicator=indicator,
        progress=progress(stands, mine, actor.name),
        assessed=assessed,
        verdicts=stands.current(mine),
        outdated=stands.outdated(mine),
        criteria=[each.criteria for each in others if each.criteria and judges],
        waiting=sum(not stands.is_complete(each) for each in others),
        said=said_by_all(stands, actor.id) if judges else [],
        may_verify=policy.may_verify(actor, round_, mine) and judges,
        following=_after(number, _waiting(actor, here)),
    )


def statement_page(actor: Actor, slug: str, number: str) -> StatementPage:
    """Return what a verifier is asked about before they see anything."""
    _require_verifier(actor)
    round_ = get_round(actor, slug)
    mine = _of(actor, list(appointments(round_.id, number).get(number, {})))
    return StatementPage(round=round_, indicator=indicator_in(round_, number), mine=mine)


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
                progress=progress(stands, each, actor.name),
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


def _stands(round_id: int, number: str, assessed: Assessed, reply: Reply | None) -> Standing:
    appointed = appointments(round_id, number).get(number, {})
    return Standing(
        appointments=list(appointed),
        names={each.id: name for each, name in appointed.items()},
        evidence=assessed.versions,
        reply=reply,
    )


def _waiting(actor: Actor, appointed: Mapping[str, Mapping[Appointment, str]]) -> list[str]:
    """Return the indicators that a verifier hasn't set a level for."""
    numbers = [
        number
        for number, each in appointed.items()
        for one in each
        if one.account_id == actor.id and not one.has_conflict and one.colour is None
    ]
    return sorted(numbers, key=sort_key)


def _after(number: str, waiting: Sequence[str]) -> str | None:
    """Return the next indicator that waits, from this one on and around."""
    others = [each for each in waiting if each != number]
    return next((each for each in others if sort_key(each) > sort_key(number)), others[0] if others else None)


def _verify_by(round_id: int) -> date | None:
    dates = db.session.get(VerificationDates, round_id)
    return dates.verify_by if dates else None


def _run(actor: Actor, slug: str) -> Round:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    return get_round(actor, slug)


def _require_verifier(actor: Actor) -> None:
    if not policy.may_see_verifying(actor):
        raise Forbidden(_l("Bare innbyggerverifikatører som ikke er ansatt i kommunen, kan verifisere."))

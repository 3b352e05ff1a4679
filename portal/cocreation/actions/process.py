"""Answering at the gates, passing them, going back with a reason, and keeping the risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.process import GateAnswered, PhaseMoved, RiskChanged, RiskEntered
from portal.cocreation.membership import alive, byline, lock, must_point_at_nobody
from portal.cocreation.models.process import GateAnswer, PhaseMove, Risk
from portal.cocreation.models.projects import Member, Project
from portal.cocreation.phases import Phase, after, before
from portal.cocreation.queries.process import (
    AT_THE_ENDING,
    GONE,
    STEPS,
    gate,
    moved_on,
    must_be_answered,
    must_be_decided,
    must_not_have_moved,
)
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 2000
"""Characters in a decision, a reason, a note or a measure."""
LONGEST_LINE = 200
ANSWERED = _l("Noen andre har svart mens du hadde siden åpen. Se over det som står der nå, og lagre på nytt.")
CHANGED = _l("Noen har endret risikoen siden du åpnet den. Se over det som står der nå, og lagre på nytt.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a question at a gate, and the version of the one that was seen; 0 when there was none."""

    is_yes: bool
    note: str = ""
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class MoveDraft:
    """A decision to pass the gate or go back, in words, with its date and the number of the newest move one saw."""

    reason: str
    decided_on: date
    seen: int


@dataclass(frozen=True, kw_only=True)
class RiskDraft:
    """What may go wrong, how likely and how bad (1–5 each), and what is done about it."""

    what: str
    likelihood: int
    consequence: int
    measure: str = ""
    responsible: str = ""
    version: int | None = None
    """Which version a change was made from."""


@atomic
def answer_gate(actor: Actor, project_id: int, phase: Phase, answers: Mapping[str, Answer]) -> None:
    """Answer questions at the gate out of the phase a project is in. What is as it was, is left alone.

    Raises Conflict when the project has moved, or when somebody else changed the same answer meanwhile.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_agree(actor, project, member), actor, policy.NOT_A_VOICE)
    if project.phase is not phase:
        raise Conflict(moved_on(project))
    for asked in gate(project):
        given = answers.get(asked.question.key)
        if given is None or asked.question.key in AT_THE_ENDING:
            continue
        if len(given.note) > LONGEST:
            raise Invalid(asked.question.key, _l("Skriv høyst %(max)d tegn.", max=LONGEST))
        must_point_at_nobody(asked.question.key, given.note)
        stands = asked.answer
        if stands and asked.is_fresh and (stands.is_yes, stands.note) == (given.is_yes, given.note):
            continue
        if (stands.version if stands else 0) != given.version:
            raise Conflict(ANSWERED)
        keep_answer(actor, project, asked.question.key, given.is_yes, given.note)
    alive(project)


@atomic
def pass_gate(actor: Actor, project_id: int, draft: MoveDraft) -> PhaseMove:
    """Pass the gate to the next phase. Out of «avslutte» one comes by closing the project: `ending.end_project`.

    Raises Conflict when somebody has moved the project meanwhile; Invalid with the questions that are open.
    """
    project, member = _to_move(actor, project_id, draft)
    onward = after(project.phase)
    if onward is None or project.phase is Phase.CLOSE:
        raise Conflict(_l("Dette er den siste porten. Avslutt prosjektet for å gå gjennom den."))
    must_be_answered(project)
    return move(actor, project, member, onward, draft)


@atomic
def go_back(actor: Actor, project_id: int, phase: Phase, draft: MoveDraft) -> PhaseMove:
    """Go back to an earlier phase, with a reason. Its questions are asked again. Raises Conflict, Invalid."""
    project, member = _to_move(actor, project_id, draft)
    if phase not in before(project.phase):
        raise Invalid("phase", _l("Velg en tidligere fase."))
    return move(actor, project, member, phase, draft)


@atomic
def enter_risk(actor: Actor, project_id: int, draft: RiskDraft) -> Risk:
    """Enter something that may go wrong. What is open already, word for word, is not entered twice."""
    project = _to_keep_risks(actor, project_id)
    _must_be_whole(draft)
    same = sa.select(Risk).filter_by(project_id=project.id, closed_at=None, **_said(draft)).limit(1)
    if entered := db.session.scalars(same).one_or_none():
        return entered
    risk = Risk(project_id=project.id, entered_by_id=actor.id, created_at=clock.now(), closed_at=None, **_said(draft))
    db.session.add(risk)
    db.session.flush()
    alive(project)
    publish(RiskEntered(actor=actor, project_id=project.id, risk_id=risk.id))
    return risk


@atomic
def change_risk(actor: Actor, project_id: int, risk_id: int, draft: RiskDraft, *, closes: bool = False) -> Risk:
    """Change a risk. `closes`: it is no longer one; an ordinary change opens it again.

    Raises Conflict when it was changed since one opened it.
    """
    project = _to_keep_risks(actor, project_id)
    risk = db.session.get(Risk, risk_id, populate_existing=True)
    if risk is None or risk.project_id != project.id:
        raise NotFound(GONE)
    if risk.version != draft.version:
        raise Conflict(CHANGED)
    _must_be_whole(draft)
    for name, value in _said(draft).items():
        setattr(risk, name, value)
    risk.closed_at = (risk.closed_at or clock.now()) if closes else None
    alive(project)
    db.session.flush()
    publish(RiskChanged(actor=actor, project_id=project.id, risk_id=risk.id))
    return risk


@atomic
def move(actor: Actor, project: Project, member: Member | None, phase: Phase, draft: MoveDraft) -> PhaseMove:
    """Move a locked project to a phase, and tell of it."""
    now = clock.now()
    made = PhaseMove(
        project_id=project.id,
        number=draft.seen + 1,
        came_from=project.phase,
        came_to=phase,
        reason=draft.reason,
        decided_on=draft.decided_on,
        by_id=actor.id,
        by_title=byline(actor, member),
        at=now,
    )
    db.session.add(made)
    project.phase, project.phase_since, project.alive_at = phase, now, now
    db.session.flush()
    publish(PhaseMoved(actor=actor, project_id=project.id, came_from=made.came_from, came_to=phase))
    return made


@atomic
def keep_answer(actor: Actor, project: Project, question: str, is_yes: bool, note: str = "") -> None:
    """Keep the answer to a question at the gate of the phase a locked project is in, and tell of it."""
    key = (project.id, project.phase, question)
    answer = db.session.get(GateAnswer, key) or GateAnswer(project_id=key[0], phase=key[1], question=question)
    answer.is_yes, answer.note = is_yes, note
    answer.answered_by_id, answer.answered_at = actor.id, clock.now()
    db.session.add(answer)
    db.session.flush()
    publish(GateAnswered(actor=actor, project_id=project.id, phase=project.phase, question=question, is_yes=is_yes))


def _to_move(actor: Actor, project_id: int, draft: MoveDraft) -> tuple[Project, Member | None]:
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    must_not_have_moved(project, draft.seen)
    if not draft.reason.strip():
        raise Invalid("reason", _l("Skriv hva dere bestemte, og hvorfor. Alle kan lese det."))
    if len(draft.reason) > LONGEST:
        raise Invalid("reason", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    must_point_at_nobody("reason", draft.reason)
    must_be_decided(draft.decided_on)
    return project, member


def _to_keep_risks(actor: Actor, project_id: int) -> Project:
    project, member = lock(actor, project_id)
    policy.must(policy.may_contribute(actor, project, member), actor, policy.NOT_A_MEMBER)
    return project


def _must_be_whole(draft: RiskDraft) -> None:
    if not draft.what.strip():
        raise Invalid("what", _l("Skriv hva som kan gå galt."))
    for name, longest in (("what", LONGEST_LINE), ("responsible", LONGEST_LINE), ("measure", LONGEST)):
        if len(getattr(draft, name)) > longest:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=longest))
    for name in ("likelihood", "consequence"):
        if getattr(draft, name) not in STEPS:
            raise Invalid(name, _l("Velg fra 1 til 5."))


def _said(draft: RiskDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ("what", "likelihood", "consequence", "measure", "responsible")}

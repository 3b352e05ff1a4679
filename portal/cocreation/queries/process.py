"""The phases with their gates, and the risk: where a project stands, and what has to be in place to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.classifying import Classification
from portal.cocreation.models.process import (
    Agreement,
    AgreementConfirmation,
    Evaluation,
    GateAnswer,
    PhaseMove,
    Risk,
)
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.models.together import Input
from portal.cocreation.phases import GATES, ORDER, PHASES, Phase, Question, after, before
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.i18n import _, _l, ngettext
from portal.kernel.identity import Actor
from portal.portfolio.models import Benefit
from portal.portfolio.queries import panels

AT_THE_ENDING = frozenset({"learnt", "handed_over"})
"""The questions that are answered by closing the project: what was learnt and who follows up are told there."""


class Stand(StrEnum):
    """Where a phase is on the line."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What the portal itself knows about a question, in words, and whether it says yes."""

    text: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question at the gate, with its answer and what the portal knows."""

    question: Question
    answer: GateAnswer | None
    fact: Fact | None
    is_fresh: bool
    """The answer was given since the project came to this phase; an older one is asked for again."""

    @property
    def is_yes(self) -> bool:
        """Answered yes; against what the portal knows, only with a note that says why."""
        if self.answer is None or not self.is_fresh or not self.answer.is_yes:
            return False
        return self.fact is None or self.fact.holds or bool(self.answer.note)

    @property
    def is_open(self) -> bool:
        return self.question.must and not self.is_yes


@dataclass(frozen=True, kw_only=True)
class Step:
    """One phase on the line."""

    phase: Phase
    stand: Stand
    since: date | None
    """When the project came to it, this time."""


@dataclass(frozen=True, kw_only=True)
class PhasesPage:
    """Where a project stands, how it came there, and the gate it is at."""

    frame: Frame
    line: Sequence[Step]
    moves: Sequence[PhaseMove]
    """The newest first."""
    gate: Sequence[Asked]
    benefits: panels.Panel

    @property
    def number(self) -> int:
        """Of the newest move: what one saw who passes the gate."""
        return self.moves[0].number if self.moves else 0

    @property
    def returns(self) -> frozenset[int]:
        """Return the numbers of the moves that went back."""
        return frozenset(each.number for each in self.moves if each.came_to in before(each.came_from))

    @property
    def open_questions(self) -> Sequence[Asked]:
        return [each for each in self.gate if each.is_open and each.question.key not in AT_THE_ENDING]


@dataclass(frozen=True, kw_only=True)
class GatePage:
    """What one who answers at the gate, passes it or goes back needs."""

    frame: Frame
    gate: Sequence[Asked]
    number: int
    onward: Phase | None
    back: Sequence[Phase]

    @property
    def open_questions(self) -> Sequence[Asked]:
        return [each for each in self.gate if each.is_open]


def phases_page(actor: Actor, project_id: int) -> PhasesPage:
    """Return the phases of a project to somebody who may read it. NotFound."""
    top = frame(actor, project_id)
    of_project = sa.select(PhaseMove).where(PhaseMove.project_id == project_id)
    moves = db.session.scalars(of_project.order_by(PhaseMove.number.desc())).all()
    return PhasesPage(
        frame=top,
        line=_line(top.project, moves),
        moves=moves,
        gate=gate(top.project),
        benefits=panels.benefits(actor, Ref(PROJECT, project_id)),
    )


def gate_page(actor: Actor, project_id: int) -> GatePage:
    """Return the gate to those who answer at it. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.agree, actor, policy.OVER if top.project.ended_at else policy.NOT_A_VOICE)
    phase = top.project.phase
    return GatePage(
        frame=top, gate=gate(top.project), number=newest_move(project_id), onward=after(phase), back=before(phase)
    )


def move_page(actor: Actor, project_id: int) -> GatePage:
    """Return the gate to those who decide whether it is passed. NotFound, Forbidden."""
    page = gate_page(actor, project_id)
    policy.must(page.frame.may.run, actor, policy.NOT_THE_OWNER)
    return page


def newest_move(project_id: int) -> int:
    """Return the number of the newest move; 0 before the first."""
    newest = sa.select(sa.func.max(PhaseMove.number)).where(PhaseMove.project_id == project_id)
    return db.session.scalar(newest) or 0


def gate(project: Project) -> list[Asked]:
    """Return the questions at the gate out of the phase a project is in, with answers and facts: one statement."""
    questions = GATES[project.phase]
    if not questions:
        return []
    here = sa.and_(GateAnswer.project_id == project.id, GateAnswer.phase == project.phase)
    one = sa.select(sa.literal(1)).subquery()
    rows: Sequence[Any] = db.session.execute(
        sa.select(GateAnswer, *_known(project)).select_from(one).outerjoin(GateAnswer, here)
    ).all()
    answers = {row[0].question: row[0] for row in rows if row[0] is not None}
    facts = _facts(rows[0])
    return [
        Asked(
            question=each,
            answer=answers.get(each.key),
            fact=facts.get(each.key),
            is_fresh=each.key in answers and answers[each.key].answered_at >= project.phase_since,
        )
        for each in questions
    ]


def must_be_answered(project: Project) -> None:
    """Keep the gate closed while must-questions are open; raises Invalid with all of them."""
    missing = [str(asked.question.text) for asked in gate(project) if asked.is_open]
    if missing:
        listed = " ".join(f"«{text}»" for text in missing)
        raise Invalid("questions", _l("Porten er lukket. Dette må besvares med ja først: %(list)s", list=listed))


def must_not_have_moved(project: Project, seen: int) -> None:
    """Of two who move a project at once, tell the second; the project is locked. Raises Conflict."""
    if newest_move(project.id) != seen:
        raise Conflict(moved_on(project))


def must_be_decided(decided_on: date) -> None:
    """Raises Invalid for a date that hasn't come."""
    if decided_on > clock.today():
        raise Invalid("decided_on", _l("Datoen kan ikke være etter i dag."))


def moved_on(project: Project) -> object:
    """Say to somebody who was overtaken where the project is now."""
    return _l(
        "Noen andre flyttet prosjektet mens du hadde siden åpen. Det står nå i fasen «%(phase)s».",
        phase=PHASES[project.phase],
    )


def _line(project: Project, moves: Sequence[PhaseMove]) -> list[Step]:
    """Return the phases in order; of those gone through or stood in, the day the project last came to them."""
    now = ORDER.index(project.phase)
    came = {move.came_to: move.decided_on for move in reversed(moves)}
    came.setdefault(Phase.NEED, clock.local(project.created_at).date())
    stands = [Stand.DONE if at < now else Stand.NOW if at == now else Stand.AHEAD for at in range(len(ORDER))]
    return [
        Step(phase=phase, stand=stand, since=came.get(phase) if stand is not Stand.AHEAD else None)
        for phase, stand in zip(ORDER, stands, strict=True)
    ]


def _known(project: Project) -> list[sa.ColumnElement[Any]]:
    """Return the numbers that facts are made of, each a subquery of its own."""
    here = project.id
    parties = sa.select(Party.id).where(Party.project_id == here, Party.left_at.is_(None))
    shown = sa.select(sa.func.max(Agreement.number)).where(
        Agreement.project_id == here, Agreement.state == PublicationState.PUBLISHED
    )
    newest = sa.select(Agreement.id).where(Agreement.project_id == here, Agreement.number == shown.scalar_subquery())
    inputs = sa.and_(Input.project_id == here, Input.state == PublicationState.PUBLISHED)
    benefits = sa.and_(Benefit.kind == PROJECT, Benefit.target_id == here)
    count = sa.func.count
    asked = {
        "parties": sa.select(count()).select_from(parties.subquery()),
        "confirmed": sa.select(count()).where(
            AgreementConfirmation.agreement_id == newest.scalar_subquery(), AgreementConfirmation.party_id.in_(parties)
        ),
        "classified": sa.select(count(Classification.party_id.distinct())).where(
            Classification.project_id == here,
            Classification.party_id.in_(parties),
            Classification.phase == project.phase,
        ),
        "evaluated": sa.select(count()).where(Evaluation.project_id == here, Evaluation.party_id.in_(parties)),
        "risks": sa.select(count()).where(Risk.project_id == here),
        "inputs": sa.select(count()).where(inputs),
        "answered": sa.select(count()).where(inputs, Input.answered_at.is_not(None)),
        "benefits": sa.select(count()).where(benefits),
        "measured": sa.select(count()).where(benefits, Benefit.measured_on.is_not(None)),
    }
    return [each.scalar_subquery().label(name) for name, each in asked.items()]


def _facts(known: Any) -> Mapping[str, Fact]:
    """Return what the portal knows about the questions of a gate."""
    of_parties = {"all": known.parties}
    return {
        "agreement": Fact(
            text=_("%(num)s av %(all)s parter har bekreftet den nyeste avtalen.", num=known.confirmed, **of_parties),
            holds=0 < known.confirmed == known.parties,
        ),
        "type_talked_over": Fact(
            text=_("%(num)s av %(all)s parter har svart i denne fasen.", num=known.classified, **of_parties),
            holds=0 < known.classified == known.parties,
        ),
        "evaluated": Fact(
            text=_("%(num)s av %(all)s parter har vurdert.", num=known.evaluated, **of_parties),
            holds=0 < known.evaluated == known.parties,
        ),
        "risk_seen": Fact(
            text=ngettext("%(num)s risiko er ført opp.", "%(num)s risikoer er ført opp.", known.risks),
            holds=known.risks > 0,
        ),
        "benefits_identified": _planned(known.benefits),
        "benefits_planned": _planned(known.benefits),
        "benefits_followed": Fact(
            text=_("%(num)s av %(all)s gevinster er målt.", num=known.measured, all=known.benefits),
            holds=known.measured > 0,
        ),
        "input_answered": Fact(
            text=_("%(num)s av %(all)s innspill har fått svar.", num=known.answered, all=known.inputs),
            holds=known.answered == known.inputs,
        ),
    }


def _planned(number: int) -> Fact:
    text = ngettext("%(num)s gevinst er planlagt.", "%(num)s gevinster er planlagt.", number)
    return Fact(text=text, holds=number > 0)


# --- risk -------------------------------------------------------------------------------------------------------------

GONE = _l("Vi finner ikke denne risikoen.")
STEPS = range(1, 6)
LIKELIHOOD: Mapping[int, Any] = {
    1: _l("Svært lite sannsynlig"),
    2: _l("Lite sannsynlig"),
    3: _l("Mulig"),
    4: _l("Sannsynlig"),
    5: _l("Nesten sikkert"),
}
CONSEQUENCE: Mapping[int, Any] = {
    1: _l("Merkes knapt"),
    2: _l("Liten"),
    3: _l("Merkes godt"),
    4: _l("Alvorlig"),
    5: _l("Stopper prosjektet eller skader noen"),
}


class Level(StrEnum):
    """How serious a risk is, by likelihood × consequence, 1–25; coloured as a judgement."""

    LOW = "green"
    MIDDLE = "yellow"
    HIGH = "red"


LEVELS: Mapping[Level, Any] = {Level.LOW: _l("Lav"), Level.MIDDLE: _l("Middels"), Level.HIGH: _l("Høy")}


def level(likelihood: int, consequence: int) -> Level:
    """Return how serious it is: 1–4 low, 5–12 middle, 15–25 high. *Ours*: the limits most municipalities use."""
    product = likelihood * consequence
    return Level.LOW if product <= 4 else Level.MIDDLE if product <= 12 else Level.HIGH


@dataclass(frozen=True, kw_only=True)
class RisksPage:
    """What may go wrong in a project: the open ones, the most serious first, and those that are closed."""

    frame: Frame
    risks: Sequence[Risk]
    closed: Sequence[Risk]

    @property
    def cells(self) -> Mapping[tuple[int, int], Sequence[tuple[int, Risk]]]:
        """Return the open risks with their numbers in the list, by likelihood and consequence."""
        found: dict[tuple[int, int], list[tuple[int, Risk]]] = {}
        for number, risk in enumerate(self.risks, 1):
            found.setdefault((risk.likelihood, risk.consequence), []).append((number, risk))
        return found


def risks_page(actor: Actor, project_id: int) -> RisksPage:
    """Return the risks to those who are in the project, and staff who follow it up. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.see_risks, actor, policy.NOT_A_MEMBER)
    serious = (Risk.likelihood * Risk.consequence).desc()
    of_project = sa.select(Risk).where(Risk.project_id == project_id)
    rows = db.session.scalars(of_project.order_by(serious, Risk.consequence.desc(), Risk.id)).all()
    return RisksPage(
        frame=top,
        risks=[each for each in rows if each.closed_at is None],
        closed=[each for each in rows if each.closed_at is not None],
    )


def risk_page(actor: Actor, project_id: int, risk_id: int | None = None) -> tuple[Frame, Risk | None]:
    """Return what one who enters or changes a risk needs. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.contribute, actor, policy.OVER if top.project.ended_at else policy.NOT_A_MEMBER)
    risk = db.session.get(Risk, risk_id) if risk_id is not None else None
    if risk_id is not None and (risk is None or risk.project_id != project_id):
        raise NotFound(GONE)
    return top, risk

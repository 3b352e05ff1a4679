"""What the parties have answered about who decides what, what it comes to, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.models.classifying import Classification, TypeChoice
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.frame import Frame, frame
from portal.cocreation.typology import STEPS, Answers, Check, Outcome, ProjectType, Reading, classify
from portal.cocreation.typology_words import ANSWER_WORDS, CHECK_WORDS, STEP_WORDS, YES_NO
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

NO_PARTY = _l("Du må representere en part i prosjektet for å svare.")
KEPT_ANSWERS = 10
"""Of one party in one phase, the newest: what the trail shows."""
FAR_APART = 2
"""From this many steps apart, answers are far from each other."""


class Why(StrEnum):
    """Why a project's type is what it is, or is open."""

    CHOSEN = "chosen"
    AGREED = "agreed"
    NOBODY = "nobody"
    ONE_OF_MANY = "one_of_many"
    DIFFER = "differ"
    IN_DOUBT = "in_doubt"
    ALONE = "alone"


WHY: Mapping[Why, Any] = {
    Why.CHOSEN: _l("De som eier prosjektet, har valgt typen."),
    Why.AGREED: _l("Partene som har svart, er enige."),
    Why.NOBODY: _l("Ingen av partene har svart ennå."),
    Why.ONE_OF_MANY: _l("Bare én av partene har svart. Én part kan ikke si det for alle."),
    Why.DIFFER: _l("Partene ser ulikt på hva slags samskaping dette er."),
    Why.IN_DOUBT: _l("Minst én av partene har svart noe som ligger mellom to typer."),
    Why.ALONE: _l("Minst én av partene har svart at bare den ene siden bestemmer. Da er det ikke samskaping."),
}
CLEAR = frozenset({Outcome.CLEAR, Outcome.MIXED})


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One party's answers in one phase, and what the rule makes of them."""

    party: Party
    row: Classification
    answers: Answers
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class Voice:
    """A party that is in the project, and its newest answers."""

    party: Party
    newest: Answered | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a project's parties have answered, and what its type is by that."""

    phase: Phase
    voices: Sequence[Voice]
    choice: TypeChoice | None
    """The owners' choice, until a party answers in another phase."""

    @property
    def answered(self) -> Sequence[Answered]:
        return [each.newest for each in self.voices if each.newest is not None]

    @property
    def waiting(self) -> Sequence[Party]:
        """The parties that haven't answered in this phase."""
        return [each.party for each in self.voices if each.newest is None or each.newest.row.phase is not self.phase]

    @property
    def agreed(self) -> ProjectType | None:
        """What the parties' newest answers agree on; one of many can't say it for all."""
        return self.answered[0].reading.type if self._why_by_answers is Why.AGREED else None

    @property
    def type(self) -> ProjectType | None:
        return self.choice.type if self.choice is not None else self.agreed

    @property
    def why(self) -> Why:
        return Why.CHOSEN if self.choice is not None else self._why_by_answers

    @property
    def reason(self) -> Any:
        """Why the type is what it is, or is open, in a sentence."""
        return WHY[self.why]

    @property
    def position(self) -> tuple[float, float] | None:
        """The mean of the newest answers: central actor, predictability."""
        readings = [each.reading for each in self.answered]
        if not readings:
            return None
        return fmean(each.central_actor for each in readings), fmean(each.predictability for each in readings)

    @property
    def _why_by_answers(self) -> Why:
        readings = [each.reading for each in self.answered]
        if not readings:
            return Why.NOBODY
        if len(readings) < min(2, len(self.voices)):
            return Why.ONE_OF_MANY
        if not all(each.is_samskaping for each in readings):
            return Why.ALONE
        if len({each.type for each in readings}) > 1:
            return Why.DIFFER
        return Why.AGREED if all(each.outcome in CLEAR for each in readings) else Why.IN_DOUBT


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A step or a check that parties answer differently, and what to talk about."""

    name: Any
    said: Sequence[tuple[Any, Sequence[str]]]
    """Each answer that was given, and the parties that gave it."""
    talk: Any
    far: bool


@dataclass(frozen=True, kw_only=True)
class TypePage:
    """Who decides what in a project."""

    frame: Frame
    summary: Summary
    trail: Sequence[Answered]
    """Everybody's answers, the oldest first; of each party in each phase the newest few."""
    choices: Sequence[TypeChoice]
    """The newest first."""
    differences: Sequence[Difference]
    mine: Party | None
    """The party that the reader may answer for."""

    @property
    def has_answered(self) -> bool:
        return self.mine is not None and self.mine not in self.summary.waiting


@dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """What one who answers for a party begins with."""

    frame: Frame
    party: Party
    before: Answered | None
    """What the party answered last."""


@dataclass(frozen=True, kw_only=True)
class ChoosePage:
    """What an owner who chooses a type begins with."""

    frame: Frame
    summary: Summary


def summary(project: Project) -> Summary:
    """Return what a project's parties have answered. One statement."""
    newest_answer = (
        sa.select(sa.func.max(Classification.id))
        .where(Classification.party_id == Party.id, Classification.project_id == Party.project_id)
        .correlate(Party)
        .scalar_subquery()
    )
    newest_choice = (
        sa.select(sa.func.max(TypeChoice.id))
        .where(TypeChoice.project_id == Party.project_id)
        .correlate(Party)
        .scalar_subquery()
    )
    found = (
        sa.select(Party, Classification, TypeChoice)
        .outerjoin(Classification, Classification.id == newest_answer)
        .outerjoin(TypeChoice, TypeChoice.id == newest_choice)
        .where(Party.project_id == project.id, Party.left_at.is_(None))
        .order_by(Party.id)
    )
    rows = db.session.execute(found).all()
    voices = [_voice(party, row) for party, row, _choice in rows]
    choice = next((choice for _party, _row, choice in rows if _holds(choice, voices)), None)
    return Summary(phase=project.phase, voices=voices, choice=choice)


def type_page(actor: Actor, project_id: int) -> TypePage:
    """Return who decides what in a project, to somebody who may read it. Four statements. NotFound."""
    top = frame(actor, project_id)
    told = summary(top.project)
    choices = sa.select(TypeChoice).where(TypeChoice.project_id == project_id).order_by(TypeChoice.id.desc())
    return TypePage(
        frame=top,
        summary=told,
        trail=_trail(project_id),
        choices=db.session.scalars(choices.limit(20)).all(),
        differences=_differences(told.answered),
        mine=next((each.party for each in told.voices if _may_answer(top, each.party)), None),
    )


def answer_page(actor: Actor, project_id: int) -> AnswerPage:
    """Return what one who answers for a party begins with. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.represent, actor, NO_PARTY)
    policy.must(top.project.ended_at is None, actor, policy.OVER)
    mine = next((each for each in summary(top.project).voices if _may_answer(top, each.party)), None)
    if mine is None:
        raise Forbidden(NO_PARTY)
    return AnswerPage(frame=top, party=mine.party, before=mine.newest)


def choose_page(actor: Actor, project_id: int) -> ChoosePage:
    """Return what an owner who chooses a type begins with. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(top.may.run, actor, policy.OVER if top.project.ended_at else policy.NOT_THE_OWNER)
    return ChoosePage(frame=top, summary=summary(top.project))


def answers_of(row: Classification) -> Answers:
    """Return kept answers as the rule takes them."""
    names = (*STEPS, *(each.value for each in Check))
    return Answers(**{name: getattr(row, name) for name in names})


def _answered(party: Party, row: Classification) -> Answered:
    answers = answers_of(row)
    return Answered(party=party, row=row, answers=answers, reading=classify(answers))


def _voice(party: Party, row: Classification | None) -> Voice:
    return Voice(party=party, newest=_answered(party, row) if row is not None else None)


def _holds(choice: TypeChoice | None, voices: Sequence[Voice]) -> bool:
    """Say whether the owners' choice still holds: until somebody has answered in another phase since."""
    if choice is None:
        return False
    rows = [each.newest.row for each in voices if each.newest is not None]
    return not any(row.phase is not choice.phase and row.answered_at > choice.at for row in rows)


def _may_answer(top: Frame, party: Party) -> bool:
    speaks = top.may.represent and top.member is not None and top.member.party_id == party.id
    return speaks and top.project.ended_at is None


def _trail(project_id: int) -> Sequence[Answered]:
    number = sa.func.row_number().over(
        partition_by=(Classification.party_id, Classification.phase), order_by=Classification.id.desc()
    )
    newest = (
        sa.select(Classification.id, number.label("number")).where(Classification.project_id == project_id).subquery()
    )
    found = (
        sa.select(Party, Classification)
        .join(Classification, Classification.party_id == Party.id)
        .join(newest, newest.c.id == Classification.id)
        .where(newest.c.number <= KEPT_ANSWERS)
        .order_by(Classification.id)
    )
    return [_answered(party, row) for party, row in db.session.execute(found)]


def _differences(answered: Sequence[Answered]) -> Sequence[Difference]:
    """Return where the parties' newest answers differ, the steps first."""
    found = []
    for step in STEPS:
        words = STEP_WORDS[step]
        given = _by_answer(answered, step)
        if len(given) > 1:
            said = [(ANSWER_WORDS[value], names) for value, names in given.items()]
            far = max(given) - min(given) >= FAR_APART
            found.append(Difference(name=words.question, said=said, talk=words.talk, far=far))
    for check, asked in CHECK_WORDS.items():
        given = _by_answer(answered, check.value)
        if len(given) > 1:
            told = [(YES_NO[bool(value)], names) for value, names in given.items()]
            found.append(Difference(name=asked.question, said=told, talk=asked.talk, far=False))
    return found


def _by_answer(answered: Sequence[Answered], name: str) -> Mapping[int, Sequence[str]]:
    """Return which parties gave each answer, from the municipality's side on."""
    values = sorted({int(getattr(each.answers, name)) for each in answered})
    return {value: [each.party.name for each in answered if getattr(each.answers, name) == value] for value in values}

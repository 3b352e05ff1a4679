"""Handling the case of an idea: every step is told with its reason, and nobody touches the author's words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal.ideas import policy
from portal.ideas.actions.steps import add_step
from portal.ideas.events.cases import (
    IdeaAnswered,
    IdeaAssigned,
    IdeaFiled,
    IdeaMoved,
    IdeaNoted,
    IdeaProgressed,
)
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries import staff
from portal.ideas.queries.thieves import is_measured as is_time_measured
from portal.ideas.stages import STAGES, Decision, Degree, IdeaKind, Stage, goes_back, may_follow
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.portfolio.queries.panels import is_measured

LONGEST = 5000
"""Characters in what staff write in one step."""
CHANGED = _l(
    "Noen andre har gjort noe i saken siden du åpnet den. Det du skrev, står her fortsatt. Se over, og prøv igjen."
)
GIVE_REASON = _l("Skriv hvorfor. Alle kan lese begrunnelsen.")
TAKEN_UP_TO = {Stage.REALISED: Stage.UNDER_WAY}
"""Where a case goes on from when it is taken up again; from elsewhere it is assessed anew."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody of the staff writes with a step, and the version of the idea they saw when they wrote it."""

    text: str = ""
    language: str = "nb"
    version: int
    key: str = ""
    """Of the form: sent twice, it is one step all the same."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """To whom a case was sent, when, and their reference."""

    to: str
    on: date | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Who gets the case. None: nobody has it yet."""

    service_area_id: int | None
    responsible_id: int | None
    version: int


@atomic
def assign_idea(actor: Actor, idea_id: int, given: Assignment) -> Idea:
    """Give the case to a service area and to somebody who works there, or to an adviser.

    Employees give it to each other within the area; advisers move it between areas.
    """
    idea = _opened(actor, idea_id, given.version)
    moved = given.service_area_id != idea.service_area_id
    if moved and not policy.may_manage(actor):
        raise Forbidden(policy.NOT_YOUR_CASE)
    area = staff.find_area(given.service_area_id) if moved and given.service_area_id is not None else None
    if moved and given.service_area_id is not None and area is None:
        raise Invalid("service_area_id", _l("Velg et tjenesteområde fra lista."))
    person_changed = given.responsible_id != idea.responsible_id
    if given.responsible_id is not None and not staff.may_be_given(given.responsible_id, given.service_area_id):
        raise Invalid("responsible_id", _l("Velg en som arbeider i tjenesteområdet, eller en innovasjonsrådgiver."))
    if not (moved or person_changed):
        return idea
    idea.service_area_id, idea.responsible_id = given.service_area_id, given.responsible_id
    db.session.flush()
    if area is not None:
        add_step(actor, idea, Step.ASSIGNED, details={"service_area": area.name})
    if person_changed:
        add_step(actor, idea, Step.ASSIGNED, is_public=False, details={"responsible_id": given.responsible_id})
    publish(
        IdeaAssigned(
            actor=actor,
            idea_id=idea.id,
            service_area_id=idea.service_area_id,
            responsible_id=idea.responsible_id,
            to_another=person_changed,
        )
    )
    return idea


@atomic
def answer_idea(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Answer the author in public, for the municipality. The first answer is what the deadline is for."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        said = _must_say(said, _l("Skriv svaret. Den som foreslo dette, får det, og alle kan lese det."))
        is_first = _answered(idea)
        step = _add(actor, idea, Step.ANSWERED, said)
        publish(IdeaAnswered(actor=actor, idea_id=idea.id, is_first=is_first, step_id=step.id))
    return idea


@atomic
def assess_idea(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Begin to assess what can be done."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        _move(actor, idea, Stage.ASSESSING, Step.ASSESSING, said)
    return idea


@atomic
def decide_idea(actor: Actor, idea_id: int, decision: Decision, said: Said, receipt: Receipt | None = None) -> Idea:
    """Decide what the municipality does with it, with a reason for everybody to read.

    A decision is an answer too: it meets the deadline when nothing was answered before. `receipt`: of what is sent on.
    """
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        said = _must_say(said, GIVE_REASON)
        told = _must_be_receipt(receipt) if decision is Decision.SENT_ON else None
        _must_follow(idea, Stage.DECIDED, Step.DECIDED)
        idea.decision = decision
        _answered(idea)
        _move(actor, idea, Stage.DECIDED, Step.DECIDED, said, decision=decision.value)
        if told:
            _add(actor, idea, Step.SENT, replace(said, text=""), **told)
    return idea


@atomic
def record_sending(actor: Actor, idea_id: int, receipt: Receipt, said: Said) -> Idea:
    """Tell of a receipt or an answer from those that the case was sent on to."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        if idea.stage is not Stage.DECIDED or idea.decision is not Decision.SENT_ON:
            raise Conflict(_l("Saken er ikke sendt videre til noen. Beslutt det først."))
        step = _add(actor, idea, Step.SENT, said, **_must_be_receipt(receipt))
        publish(IdeaProgressed(actor=actor, idea_id=idea.id, step_id=step.id))
    return idea


@atomic
def start_work(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Tell that the work has begun: who does what, and when people can expect something."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        said = _must_say(said, _l("Skriv hvem som gjør hva, og når folk kan vente noe."))
        _move(actor, idea, Stage.UNDER_WAY, Step.UNDER_WAY, said)
    return idea


@atomic
def tell_progress(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Tell what has come of it so far. Possible at every stage: people would rather hear a little than nothing."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        step = _add(actor, idea, Step.PROGRESS, _must_say(said, _l("Skriv hva som har skjedd siden sist.")))
        publish(IdeaProgressed(actor=actor, idea_id=idea.id, step_id=step.id))
    return idea


@atomic
def realise_idea(actor: Actor, idea_id: int, said: Said, degree: Degree | None = None) -> Idea:
    """Tell that it is put to use: with a measured benefit, or with a written account of what is better.

    `degree`: whether a tidstyv is reduced or gone.
    """
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        thief = db.session.get(TimeThief, idea.id) if idea.kind is IdeaKind.TIME_THIEF else None
        measured = is_measured(Ref(IDEA, idea.id)) or is_time_measured(idea.id)
        if not measured:
            said = _must_say(said, _l("Mål en gevinst først, eller skriv hva som er blitt bedre, og for hvem."))
        if thief is not None:
            thief.degree = degree or thief.degree
            if thief.degree is None:
                raise Invalid("degree", _l("Velg om tidstyven er redusert eller helt borte."))
        _move(actor, idea, Stage.REALISED, Step.REALISED, said, measured=measured)
    return idea


@atomic
def close_idea(actor: Actor, idea_id: int, said: Said) -> Idea:
    """End a case that came to nothing; what was learnt is told."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        said = _must_say(said, _l("Skriv hva dere har lært. Det er verdt noe, også når det ikke ble som dere håpet."))
        _move(actor, idea, Stage.CLOSED, Step.CLOSED, said)
    return idea


@atomic
def take_up_again(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Take up again a case that was decided or ended, with a reason."""
    idea, is_new = _to_write(actor, idea_id, said)
    if is_new:
        said = _must_say(said, GIVE_REASON)
        if idea.stage in {Stage.RECEIVED, Stage.ASSESSING}:
            raise Conflict(_l("Saken er åpen, så det er ingenting å ta opp igjen."))
        after = TAKEN_UP_TO.get(idea.stage, Stage.ASSESSING)
        if after is Stage.ASSESSING:
            idea.decision = None
        _move(actor, idea, after, Step.REOPENED, said)
    return idea


@atomic
def note_on_idea(actor: Actor, idea_id: int, said: Said) -> Idea:
    """Write a note that only staff see. Others may have moved the case meanwhile: a note is true all the same."""
    idea = _locked(actor, idea_id)
    if not _is_repeated(actor, idea, said.key):
        _add(actor, idea, Step.NOTE, _must_say(said, _l("Skriv notatet.")), is_public=False)
        publish(IdeaNoted(actor=actor, idea_id=idea.id))
    return idea


@atomic
def file_idea(actor: Actor, idea_id: int, journal_number: str, version: int) -> Idea:
    """Write down the number of the case in the municipality's archive; empty takes it away."""
    idea = _opened(actor, idea_id, version)
    number = journal_number.strip() or None
    if number != idea.journal_number:
        idea.journal_number = number
        db.session.flush()
        publish(IdeaFiled(actor=actor, idea_id=idea.id, journal_number=number or ""))
    return idea


def _locked(actor: Actor, idea_id: int) -> Idea:
    return policy.must_handle(actor, db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True))


def _opened(actor: Actor, idea_id: int, version: int) -> Idea:
    idea = _locked(actor, idea_id)
    if idea.version != version:
        raise Conflict(CHANGED)
    return idea


def _to_write(actor: Actor, idea_id: int, said: Said) -> tuple[Idea, bool]:
    """Return the idea, locked and as the writer saw it; False when this very form has come before."""
    idea = _locked(actor, idea_id)
    if _is_repeated(actor, idea, said.key):
        return idea, False
    if idea.version != said.version:
        raise Conflict(CHANGED)
    return idea, True


def _is_repeated(actor: Actor, idea: Idea, key: str) -> bool:
    if not key:
        return False
    mine = sa.select(CaseStep.details).where(CaseStep.idea_id == idea.id, CaseStep.actor_id == actor.id)
    return any(details.get("key") == key for details in db.session.scalars(mine.order_by(CaseStep.id.desc()).limit(20)))


def _must_say(said: Said, otherwise: Any) -> Said:
    text = said.text.strip()
    if not text:
        raise Invalid("text", otherwise)
    if len(text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    return replace(said, text=text)


def _must_be_receipt(receipt: Receipt | None) -> dict[str, Any]:
    """Return what the step keeps of a receipt; raises Invalid."""
    if receipt is None or not receipt.to.strip():
        raise Invalid("to", _l("Skriv hvem saken er sendt til."))
    if receipt.on is not None and receipt.on > clock.today():
        raise Invalid("on", _l("Datoen kan ikke være etter i dag."))
    on = receipt.on or clock.today()
    return {"to": receipt.to.strip(), "on": on.isoformat(), "reference": receipt.reference.strip()}


def _must_follow(idea: Idea, after: Stage, step: Step) -> None:
    if goes_back(idea.stage, after) and step is not Step.REOPENED:
        raise Conflict(_l("Saken står på «%(now)s». Ta den opp igjen, og si hvorfor.", now=STAGES[idea.stage]))
    if not may_follow(idea.stage, after, idea.decision):
        raise Conflict(
            _l("Saken står på «%(now)s» og kan ikke gå til «%(next)s».", now=STAGES[idea.stage], next=STAGES[after])
        )


def _answered(idea: Idea) -> bool:
    """Note when the first answer was given; return whether this is it."""
    if idea.answered_at is not None:
        return False
    idea.answered_at = clock.now()
    return True


def _move(actor: Actor, idea: Idea, after: Stage, step: Step, said: Said, **details: Any) -> None:
    _must_follow(idea, after, step)
    before, idea.stage, idea.stage_since = idea.stage, after, clock.now()
    told = _add(actor, idea, step, said, **details)
    publish(
        IdeaMoved(actor=actor, idea_id=idea.id, before=before, after=after, decision=idea.decision, step_id=told.id)
    )


def _add(actor: Actor, idea: Idea, step: Step, said: Said, *, is_public: bool = True, **details: Any) -> CaseStep:
    """Add a step. In public it makes a new version of the idea, so that a colleague's page of it is out of date."""
    if is_public:
        flag_modified(idea, "stage")
        db.session.flush()
    kept = {**details, "key": said.key} if said.key else details
    return add_step(actor, idea, step, text=said.text, language=said.language, is_public=is_public, details=kept)

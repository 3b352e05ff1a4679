"""Closing a project with what was learnt, and what each party thinks of how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.cocreation import policy
from portal.cocreation.actions.process import MoveDraft, keep_answer, move
from portal.cocreation.events.process import EvaluationGiven, ProjectEnded
from portal.cocreation.events.projects import ProjectEdited
from portal.cocreation.membership import alive, lock, must_point_at_nobody, party_of
from portal.cocreation.models.process import Evaluation
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.ending import MEASURES
from portal.cocreation.queries.process import AT_THE_ENDING, must_be_answered, must_be_decided, must_not_have_moved
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 5000
LONGEST_LINE = 200
LONGEST_COMMENT = 2000
SCORES = range(1, 6)
ANSWERED = _l(
    "En annen fra parten din har svart mens du hadde siden åpen. Det du skrev, står her fortsatt. "
    "Se over det som står øverst, og send på nytt."
)


@dataclass(frozen=True, kw_only=True)
class EndDraft:
    """How a project ends, and the number of the newest move that its owner saw."""

    ending: Ending
    learning: str
    decided_on: date
    benefits_responsible: str = ""
    seen: int = 0


@dataclass(frozen=True, kw_only=True)
class EvaluationDraft:
    """What a party answers: 1–5 by the question's key, and in words."""

    scores: Mapping[str, int]
    comment: str = ""
    seen: str = ""
    """When the answer that one began with was given, in ISO 8601; empty when there was none."""


@atomic
def end_project(actor: Actor, project_id: int, draft: EndDraft) -> Project:
    """Close a project: what was learnt is told, also when it failed, and somebody follows up the benefits.

    From «avslutte» it goes through the last gate to «realisere», where the line goes on with the benefits; from any
    phase it can be stopped, and stays where it was. Raises Conflict when somebody has moved it meanwhile, Invalid.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    must_not_have_moved(project, draft.seen)
    _must_be_told(project, draft)
    if draft.ending is not Ending.STOPPED:
        for question in sorted(AT_THE_ENDING):
            keep_answer(actor, project, question, is_yes=True)
        must_be_answered(project)
        decided = MoveDraft(reason="", decided_on=draft.decided_on, seen=draft.seen)
        move(actor, project, member, Phase.REALISE, decided)
    project.ending, project.learning = draft.ending, draft.learning
    project.benefits_responsible = draft.benefits_responsible
    project.ended_at = project.alive_at = project.edited_at = clock.now()
    project.state = PublicationState.PENDING
    db.session.flush()
    publish(ProjectEnded(actor=actor, project_id=project.id, ending=draft.ending))
    publish(ProjectEdited(actor=actor, project_id=project.id))  # what was learnt is moderated as the rest of its words
    return project


@atomic
def evaluate(actor: Actor, project_id: int, draft: EvaluationDraft) -> Evaluation:
    """Tell what one's party thinks of how it went. A party that has answered can change its answer.

    Raises Conflict before the project has come to its closing phase, or when another from the same party has answered
    meanwhile; Invalid, Forbidden.
    """
    project, member = lock(actor, project_id)
    party = party_of(actor, project, member)
    if not policy.may_evaluate(actor, project, member):
        raise Conflict(_l("Partene vurderer når prosjektet er i fasen «Avslutte», eller er over."))
    for measure in MEASURES:
        if draft.scores.get(measure.key) not in SCORES:
            raise Invalid(measure.key, _l("Velg fra 1 til 5."))
    if len(draft.comment) > LONGEST_COMMENT:
        raise Invalid("comment", _l("Skriv høyst %(max)d tegn.", max=LONGEST_COMMENT))
    must_point_at_nobody("comment", draft.comment)
    key = (project.id, party.id)
    stands = db.session.get(Evaluation, key, populate_existing=True)
    if (stands.at.isoformat() if stands else "") != draft.seen:
        raise Conflict(ANSWERED)
    evaluation = stands or Evaluation(project_id=key[0], party_id=key[1])
    evaluation.scores = {measure.key: draft.scores[measure.key] for measure in MEASURES}
    evaluation.comment, evaluation.by_id, evaluation.at = draft.comment, actor.id, clock.now()
    alive(project)
    db.session.add(evaluation)
    db.session.flush()
    publish(EvaluationGiven(actor=actor, project_id=project.id, party_id=party.id))
    return evaluation


def _must_be_told(project: Project, draft: EndDraft) -> None:
    is_stopped = draft.ending is Ending.STOPPED
    if not is_stopped and project.phase is not Phase.CLOSE:
        raise Invalid("ending", _l("Prosjektet er ikke i fasen «Avslutte» ennå. Før det kan det bare stoppes."))
    if not draft.learning.strip():
        raise Invalid("learning", _l("Skriv hva dere lærte. Det er verdt noe, også når det ikke ble som dere håpet."))
    if not is_stopped and not draft.benefits_responsible.strip():
        raise Invalid("benefits_responsible", _l("Skriv hvem som følger opp gevinstene, med tittel."))
    for name, longest in (("learning", LONGEST), ("benefits_responsible", LONGEST_LINE)):
        if len(getattr(draft, name)) > longest:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=longest))
    must_be_decided(draft.decided_on)

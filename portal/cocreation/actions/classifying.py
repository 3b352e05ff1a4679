"""Answering for a party who decides what, and choosing a type where the answers leave it open."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.classifying import ClassificationAnswered, TypeChosen
from portal.cocreation.membership import byline, in_project, lock, must_point_at_nobody
from portal.cocreation.models.classifying import Classification, TypeChoice
from portal.cocreation.models.projects import Project
from portal.cocreation.queries.classifying import NO_PARTY, answers_of, summary
from portal.cocreation.typology import VERSION, Answers, ProjectType
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 2000


@atomic
def answer_questions(actor: Actor, project_id: int, answers: Answers) -> Classification:
    """Answer for the party one represents, in the project's phase. The same answers again are no new ones.

    The project's type and position follow. Raises Conflict when the project is over, Forbidden, NotFound.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_represent(actor, project, member), actor, NO_PARTY)
    if project.ended_at is not None:
        raise Conflict(policy.OVER)
    party = in_project(project, (member.party_id if member is not None else None) or 0)
    newest = db.session.scalar(
        sa.select(Classification)
        .where(Classification.project_id == project.id, Classification.party_id == party.id)
        .order_by(Classification.id.desc())
        .limit(1)
    )
    if newest is not None and newest.phase is project.phase and answers_of(newest) == answers:
        return newest
    row = Classification(
        project_id=project.id,
        party_id=party.id,
        phase=project.phase,
        rule_version=VERSION,
        answered_by_id=actor.id,
        answered_at=clock.now(),
        **asdict(answers),
    )
    db.session.add(row)
    project.alive_at = clock.now()
    db.session.flush()
    settle(actor, project)
    publish(
        ClassificationAnswered(
            actor=actor, project_id=project.id, party_id=party.id, phase=project.phase, rule_version=VERSION
        )
    )
    return row


@atomic
def choose_type(actor: Actor, project_id: int, type_: ProjectType, reason: str) -> TypeChoice:
    """Choose the project's type in this phase: with a reason in public, unless the parties agree on it already.

    Raises Invalid at the reason, Forbidden, NotFound.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    if not reason.strip() and summary(project).agreed is not type_:
        raise Invalid("reason", _l("Skriv hvorfor. Svarene fra partene peker ikke entydig på denne typen."))
    if len(reason) > LONGEST:
        raise Invalid("reason", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    must_point_at_nobody("reason", reason)
    choice = TypeChoice(
        project_id=project.id,
        phase=project.phase,
        type=type_,
        reason=reason.strip(),
        by_id=actor.id,
        by_title=byline(actor, member) if member is not None and member.party_id else "",
        at=clock.now(),
    )
    db.session.add(choice)
    project.alive_at = clock.now()
    db.session.flush()
    settle(actor, project)
    publish(TypeChosen(actor=actor, project_id=project.id, project_type=type_, phase=project.phase))
    return choice


@atomic
def settle(actor: Actor, project: Project) -> None:
    """Let the project's type and position follow what its parties answered and its owners chose."""
    told = summary(project)
    project.type = told.type
    project.central_actor, project.predictability = told.position or (None, None)
    db.session.flush()

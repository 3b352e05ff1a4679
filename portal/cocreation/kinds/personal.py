"""What co-creation keeps about people: what they started, wrote, signed up for and answered for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.classifying import Classification, TypeChoice
from portal.cocreation.models.finding import Message, MethodCard
from portal.cocreation.models.process import AgreementConfirmation, Evaluation, GateAnswer, PhaseMove, Risk
from portal.cocreation.models.projects import Member, MemberRole, Project, ProjectVersion
from portal.cocreation.models.together import Attendance, HoursTold, Meeting, Need, SignUp, Task
from portal.cocreation.posts import KINDS, TEXTS
from portal.files import actions as files
from portal.goals import actions as goals
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import Base, db, delete_rows
from portal.kernel.i18n import _l, ngettext
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms

ROLES = {
    MemberRole.OWNER: _l("Eier"),
    MemberRole.REPRESENTATIVE: _l("Representant for en part"),
    MemberRole.CONTRIBUTOR: _l("Bidragsyter"),
}
DONE_AS: Sequence[tuple[type[Base], Any]] = (
    (Classification, Classification.answered_by_id),
    (TypeChoice, TypeChoice.by_id),
    (AgreementConfirmation, AgreementConfirmation.by_id),
    (GateAnswer, GateAnswer.answered_by_id),
    (PhaseMove, PhaseMove.by_id),
    (Risk, Risk.entered_by_id),
    (Evaluation, Evaluation.by_id),
    (HoursTold, HoursTold.confirmed_by_id),
    (Task, Task.responsible_id),
    (Task, Task.entered_by_id),
    (MethodCard, MethodCard.made_by_id),
)
"""What somebody did for a party or the project: it stays, under the title alone."""


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the projects a person started and is in, and everything they wrote and signed up for."""
    found: dict[str, Sequence[Mapping[str, Any]]] = {
        "projects": _rows(
            sa.select(
                Project.id.label("number"),
                Project.title,
                Project.summary,
                Project.challenge,
                Project.goal,
                Project.language,
                Project.state,
                Project.created_at,
            ).where(Project.author_id == account_id)
        ),
        "memberships": _rows(
            sa.select(
                Member.project_id.label("number"), Member.role.label("member_role"), Member.title, Member.joined_at
            ).where(Member.account_id == account_id)
        ),
        "cocreation_texts": [
            {"number": each.id, "text": "\n\n".join(filter(None, (getattr(each, name) for name in TEXTS[kind])))}
            | {"byline": each.byline, "language": each.language, "state": each.state, "written_at": each.written_at}
            for model, kind in KINDS.items()
            for each in db.session.scalars(sa.select(model).where(model.author_id == account_id).order_by(model.id))
        ],
        "sign_ups": _rows(
            sa.select(Need.title, SignUp.amount, SignUp.note, SignUp.at)
            .join(Need, Need.id == SignUp.need_id)
            .where(SignUp.account_id == account_id)
        ),
        "hours_told": _rows(
            sa.select(HoursTold.what.label("title"), HoursTold.hours, HoursTold.done_on, HoursTold.confirmed_at).where(
                HoursTold.account_id == account_id
            )
        ),
        "meetings_joined": _rows(
            sa.select(Meeting.title, Meeting.starts_at, Attendance.at)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .where(Attendance.account_id == account_id)
        ),
        "done_for_parties": [row for said in _said_for_parties(account_id) for row in _rows(said)],
        "messages_sent": _rows(
            sa.select(Message.text, Message.sent_at).where(Message.sender_id == account_id).order_by(Message.id)
        ),
    }
    return found


def _said_for_parties(account_id: int) -> Sequence[sa.Select[int, str, datetime]]:
    """Return what somebody wrote as they answered and decided for a party, each with its project and time."""
    written = (
        (TypeChoice.project_id, TypeChoice.reason, TypeChoice.at, TypeChoice.by_id),
        (GateAnswer.project_id, GateAnswer.note, GateAnswer.answered_at, GateAnswer.answered_by_id),
        (PhaseMove.project_id, PhaseMove.reason, PhaseMove.at, PhaseMove.by_id),
        (Risk.project_id, Risk.what, Risk.created_at, Risk.entered_by_id),
        (Evaluation.project_id, Evaluation.comment, Evaluation.at, Evaluation.by_id),
    )
    return [
        sa.select(project.label("number"), text.label("text"), at.label("at")).where(who == account_id).order_by(at)
        for project, text, at, who in written
    ]


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take a person out: what others are part of stays without a name; the rest is emptied or deleted."""
    held = {kind: [ref.id for ref in terms.held if ref.kind == kind] for kind in (PROJECT, *KINDS.values())}
    _give_back_places(account_id)
    for model in (HoursTold, Attendance, SignUp, Member):
        delete_rows(sa.delete(model).where(model.account_id == account_id))
    for done, column in DONE_AS:
        db.session.execute(sa.update(done).where(column == account_id).values({column.key: None}))
    answered = sa.orm.aliased(Message)
    mine = Message.sender_id == account_id
    threads = sa.select(answered.id).where(answered.sender_id == account_id)
    delete_rows(sa.delete(Message).where(Message.answers_id.in_(threads)))
    delete_rows(sa.delete(Message).where(mine))
    for kind_of, kind in KINDS.items():
        posts = sa.select(kind_of).where(kind_of.author_id == account_id, kind_of.id.not_in(held[kind]))
        for post in db.session.scalars(posts.order_by(kind_of.id).with_for_update()):
            post.byline = ""
    kept = _shared(account_id)
    projects = sa.select(Project).where(Project.author_id == account_id, Project.id.not_in(held[PROJECT]))
    for project in db.session.scalars(projects.order_by(Project.id).with_for_update()):
        project.byline, project.organisation_id, project.pseudonym = Byline.NAME, None, None
        if project.id not in kept:
            _empty(project)
        db.session.flush()
        goals.show(SYSTEM, Ref(PROJECT, project.id))


def stays(account_id: int) -> Sequence[str]:
    """Say how many projects stay without a name, because others are in them."""
    number = len(_shared(account_id))
    return (
        [
            str(
                ngettext(
                    "%(num)d samskapingsprosjekt som andre er med i, blir stående uten navnet ditt.",
                    "%(num)d samskapingsprosjekter som andre er med i, blir stående uten navnet ditt.",
                    number,
                )
            )
        ]
        if number
        else []
    )


def _give_back_places(account_id: int) -> None:
    for need, amount in db.session.execute(
        sa.select(Need, SignUp.amount).join(SignUp, SignUp.need_id == Need.id).where(SignUp.account_id == account_id)
    ).all():
        need.taken -= amount
    for meeting in db.session.scalars(
        sa.select(Meeting)
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Attendance.account_id == account_id)
    ):
        meeting.taken -= 1
    db.session.flush()


def _shared(account_id: int) -> set[int]:
    """Return which of a person's projects others are in, or everybody can see."""
    others = sa.exists().where(Member.project_id == Project.id, Member.account_id != account_id)
    is_shown = Project.state == PublicationState.PUBLISHED
    found = sa.select(Project.id).where(Project.author_id == account_id, sa.or_(others, is_shown))
    return set(db.session.scalars(found))


def _empty(project: Project) -> None:
    for name in ("title", "summary", "challenge", "goal", "learning"):
        setattr(project, name, "")
    project.state = PublicationState.WITHDRAWN
    db.session.flush()
    files.remove_all(SYSTEM, Ref(PROJECT, project.id))
    delete_rows(sa.delete(ProjectVersion).where(ProjectVersion.project_id == project.id))


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


PERSONAL = PersonalData(
    name="cocreation",
    tables=frozenset(
        {
            "projects",
            "project_members",
            "project_classifications",
            "project_type_choices",
            "project_agreements",
            "project_agreement_confirmations",
            "project_gate_answers",
            "project_phase_moves",
            "project_risks",
            "project_evaluations",
            "project_needs",
            "project_sign_ups",
            "project_hours",
            "project_meetings",
            "project_attendances",
            "project_tasks",
            "project_updates",
            "project_decisions",
            "project_inputs",
            "actor_offers",
            "actor_messages",
            "method_cards",
        }
    ),
    export=export,
    erase=erase,
    stays=stays,
    words={"member_role": ROLES},
)

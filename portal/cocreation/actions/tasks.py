"""The board of tasks: putting one up, moving it, changing it and taking it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.together import TaskChanged, TaskMade
from portal.cocreation.membership import alive, lock
from portal.cocreation.models.projects import Member, Project
from portal.cocreation.models.together import Task, TaskState
from portal.kernel import clock
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

STALE = _l("Noen har endret oppgaven siden du åpnet den. Se over hvordan den er nå, og prøv igjen.")
NOT_FOUND = _l("Vi finner ikke denne oppgaven. Den kan være fjernet.")


@dataclass(frozen=True, kw_only=True)
class TaskDraft:
    """A task as it is entered; whoever is responsible is a member."""

    title: str
    responsible_id: int | None = None
    due_on: date | None = None


@atomic
def make_task(actor: Actor, project_id: int, draft: TaskDraft, *, key: str) -> Task:
    """Put a task on the board. The same form twice is one. Raises Invalid at the field, Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_contribute(actor, project, member), actor, policy.NOT_A_MEMBER)
    _must_be_whole(project, draft)
    row = {
        **vars(draft),
        "project_id": project_id,
        "state": TaskState.TO_DO,
        "key": key,
        "entered_by_id": actor.id,
        "created_at": clock.now(),
        "version": 1,
    }
    is_new = insert_once(Task, row)
    task = db.session.scalars(sa.select(Task).where(Task.project_id == project_id, Task.key == key)).one()
    if is_new:
        alive(project)
        publish(TaskMade(actor=actor, project_id=project_id, task_id=task.id))
    return task


@atomic
def change_task(actor: Actor, task_id: int, draft: TaskDraft, *, version: int) -> Task:
    """Change what a task says. Raises Conflict when it was changed since it was opened, Invalid, Forbidden."""
    task, project = _find(actor, task_id, version)
    _must_be_whole(project, draft, had=task.responsible_id)
    for name, value in vars(draft).items():
        setattr(task, name, value)
    _changed(actor, task, project)
    return task


@atomic
def move_task(actor: Actor, task_id: int, state: TaskState, *, version: int) -> Task:
    """Move a task to another column. Moved there already, nothing happens. Raises Conflict, Forbidden."""
    task, project = _find(actor, task_id, None)
    if task.state is state:
        return task
    _must_be_fresh(task, version)
    task.state = state
    task.done_at = clock.now() if state is TaskState.DONE else None
    _changed(actor, task, project)
    return task


@atomic
def remove_task(actor: Actor, task_id: int, *, version: int) -> None:
    """Take a task off the board. Raises Conflict when it was changed since it was opened, Forbidden."""
    task, project = _find(actor, task_id, version)
    db.session.delete(task)
    db.session.flush()
    alive(project)
    publish(TaskChanged(actor=actor, project_id=project.id, task_id=task_id))


def _find(actor: Actor, task_id: int, version: int | None) -> tuple[Task, Project]:
    task = db.session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise NotFound(NOT_FOUND)
    project, member = lock(actor, task.project_id)
    policy.must(policy.may_contribute(actor, project, member), actor, policy.NOT_A_MEMBER)
    if version is not None:
        _must_be_fresh(task, version)
    return task, project


def _must_be_fresh(task: Task, version: int) -> None:
    if task.version != version:
        raise Conflict(STALE)


def _changed(actor: Actor, task: Task, project: Project) -> None:
    db.session.flush()
    alive(project)
    publish(TaskChanged(actor=actor, project_id=project.id, task_id=task.id, state=task.state))


def _must_be_whole(project: Project, draft: TaskDraft, had: int | None = None) -> None:
    """`had`: who is responsible already, and may since have left."""
    if not draft.title.strip():
        raise Invalid("title", _l("Skriv hva som skal gjøres."))
    if draft.responsible_id is None or draft.responsible_id == had:
        return
    responsible = db.session.get(Member, (project.id, draft.responsible_id))
    if not policy.is_member(responsible):
        raise Invalid("responsible_id", _l("Velg en som er med i prosjektet."))

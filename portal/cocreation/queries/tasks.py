"""Reading the board of tasks, for members and for staff who follow the project up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.models.projects import Member
from portal.cocreation.models.together import Task, TaskState
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

SHOWN = 200
"""Tasks in each column."""
COLUMNS: Mapping[TaskState, Any] = {
    TaskState.TO_DO: _l("Å gjøre"),
    TaskState.DOING: _l("I gang"),
    TaskState.DONE: _l("Gjort"),
}
NOT_FOUND = _l("Vi finner ikke denne oppgaven. Den kan være fjernet.")


@dataclass(frozen=True)
class TaskRow:
    """A task as the board shows it."""

    task: Task
    responsible: str | None
    mine: bool

    @property
    def is_late(self) -> bool:
        due = self.task.due_on
        return due is not None and due < clock.today() and self.task.state is not TaskState.DONE


@dataclass(frozen=True, kw_only=True)
class Board:
    """The tasks of a project in three columns: what is due first on top, and of what is done the newest."""

    frame: Frame
    columns: Mapping[TaskState, Sequence[TaskRow]]
    members: Sequence[tuple[int, str]]
    may_work: bool

    @property
    def is_empty(self) -> bool:
        return not any(self.columns.values())


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One task, to be changed."""

    frame: Frame
    task: Task
    members: Sequence[tuple[int, str]]


def board(actor: Actor, project_id: int) -> Board:
    """Return the board, in three statements. Raises NotFound, Forbidden."""
    top = _must_see(actor, project_id)
    place = sa.func.row_number().over(
        partition_by=Task.state, order_by=(Task.done_at.desc(), Task.due_on.is_(None), Task.due_on, Task.id)
    )
    placed = sa.select(Task.id, place.label("place")).where(Task.project_id == project_id).subquery()
    found = (
        sa.select(Task, Account.name)
        .join(placed, placed.c.id == Task.id)
        .outerjoin(Account, Account.id == Task.responsible_id)
        .where(placed.c.place <= SHOWN)
        .order_by(placed.c.place)
    )
    columns: dict[TaskState, list[TaskRow]] = {state: [] for state in COLUMNS}
    for task, name in db.session.execute(found):
        columns[task.state].append(TaskRow(task, name, task.responsible_id == actor.id))
    return Board(
        frame=top,
        columns=columns,
        members=_members(project_id),
        may_work=policy.may_contribute(actor, top.project, top.member),
    )


def task_page(actor: Actor, task_id: int) -> TaskPage:
    """Return one task to somebody who may change it. Raises NotFound, Forbidden."""
    task = db.session.get(Task, task_id)
    if task is None:
        raise NotFound(NOT_FOUND)
    top = _must_see(actor, task.project_id)
    policy.must(policy.may_contribute(actor, top.project, top.member), actor, policy.NOT_A_MEMBER)
    return TaskPage(frame=top, task=task, members=_members(task.project_id))


def _must_see(actor: Actor, project_id: int) -> Frame:
    top = frame(actor, project_id)
    if not (policy.is_member(top.member) or policy.may_follow_up(actor, top.project)):
        raise Forbidden(policy.NOT_A_MEMBER)
    return top


def _members(project_id: int) -> Sequence[tuple[int, str]]:
    """Return who can be responsible: those who are in the project, by name."""
    found = sa.select(Member.account_id, Account.name).join(Account, Account.id == Member.account_id)
    found = found.where(Member.project_id == project_id, Member.joined_at.is_not(None))
    return [(account_id, name) for account_id, name in db.session.execute(found.order_by(Account.name, Account.id))]

"""The board of tasks: for members, moved by buttons, and nobody overwrites another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions import tasks as actions
from portal.cocreation.actions.tasks import TaskDraft
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Task, TaskState
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.cocreation import contributing, started
from tests.support.page import Visitor

Browser = Callable[..., Visitor]


@pytest.fixture
def project(cast: Any) -> Project:
    project = started(cast.actor("resident"))
    contributing(cast.actor("resident"), project, cast.actor("resident2"))
    return project


@pytest.fixture
def task(cast: Any, project: Project) -> Task:
    return actions.make_task(cast.actor("resident"), project.id, TaskDraft(title="Låne stoler"), key="one")


def test_the_same_form_twice_is_one_task(cast: Any, project: Project, task: Task) -> None:
    again = actions.make_task(cast.actor("resident"), project.id, TaskDraft(title="Låne stoler"), key="one")
    assert again.id == task.id


def test_every_member_moves_changes_and_removes(cast: Any, task: Task) -> None:
    member = cast.actor("resident2")
    moved = actions.move_task(member, task.id, TaskState.DONE, version=task.version)
    assert moved.done_at is not None
    moved = actions.move_task(member, task.id, TaskState.DOING, version=moved.version)
    assert (moved.state, moved.done_at) == (TaskState.DOING, None)
    mine = TaskDraft(title="Låne tjue stoler", responsible_id=cast.resident2.id, due_on=clock.today())
    changed = actions.change_task(member, task.id, mine, version=moved.version)
    assert (changed.title, changed.responsible_id) == ("Låne tjue stoler", cast.resident2.id)
    actions.remove_task(member, task.id, version=changed.version)
    with pytest.raises(NotFound):
        actions.move_task(member, task.id, TaskState.DOING, version=1)


@pytest.mark.parametrize("who", ["employee", "adviser", "moderator"])
def test_others_do_nothing_with_tasks(cast: Any, project: Project, task: Task, who: str) -> None:
    other = cast.actor(who)
    with pytest.raises(Forbidden):
        actions.make_task(other, project.id, TaskDraft(title="Min"), key="x")
    with pytest.raises(Forbidden):
        actions.move_task(other, task.id, TaskState.DONE, version=task.version)
    with pytest.raises(Forbidden):
        actions.change_task(other, task.id, TaskDraft(title="Min"), version=task.version)
    with pytest.raises(Forbidden):
        actions.remove_task(other, task.id, version=task.version)


def test_whoever_is_responsible_is_a_member_and_a_task_has_words(cast: Any, project: Project) -> None:
    for field, draft in (
        ("responsible_id", TaskDraft(title="Stoler", responsible_id=cast.adviser.id)),
        ("title", TaskDraft(title=" ")),
    ):
        with pytest.raises(Invalid) as refusal:
            actions.make_task(cast.actor("resident"), project.id, draft, key="x")
        assert refusal.value.field == field


def test_of_two_who_change_a_task_the_second_is_told(cast: Any, task: Task) -> None:
    opened = task.version
    actions.move_task(cast.actor("resident"), task.id, TaskState.DOING, version=opened)
    with pytest.raises(Conflict):
        actions.change_task(cast.actor("resident2"), task.id, TaskDraft(title="Stoler"), version=opened)
    with pytest.raises(Conflict):
        actions.remove_task(cast.actor("resident2"), task.id, version=opened)
    with pytest.raises(Conflict):
        actions.move_task(cast.actor("resident2"), task.id, TaskState.DONE, version=opened)
    assert actions.move_task(cast.actor("resident2"), task.id, TaskState.DOING, version=opened).state == "doing"


def test_the_board_in_the_browser(cast: Any, visitor: Browser, project: Project) -> None:
    member = visitor("resident2")
    page = member.get("cocreation_together.tasks", project_id=project.id)
    assert "Tavla er tom" in page.words
    late = (clock.today() - timedelta(days=1)).isoformat()
    form = page.form("main form.form") | {"title": "Stoler", "responsible_id": str(cast.resident2.id), "due_on": late}
    page = member.follow(member.post("cocreation_together.tasks", form, project_id=project.id))
    task = db.session.scalars(sa.select(Task)).one()
    assert "Over fristen" in page.one(f"#oppgave-{task.id}").get_text()
    button = page.form(f"#oppgave-{task.id} form")
    answer = member.post("cocreation_together.move_task", button, task_id=task.id)
    assert answer.response.headers["Location"].endswith(f"#oppgave-{task.id}")
    page = member.follow(answer)
    assert page.one("[aria-labelledby=kolonne-doing] .board-task")
    stale = member.follow(member.post("cocreation_together.move_task", button | {"state": "done"}, task_id=task.id))
    assert "Noen har endret oppgaven" in stale.words
    edit = member.get("cocreation_together.edit_task", task_id=task.id).form("main form.form")
    actions.change_task(cast.actor("resident"), task.id, TaskDraft(title="Bord"), version=task.version)
    again = member.post("cocreation_together.edit_task", edit | {"title": "Benker"}, _status=409, task_id=task.id)
    assert "Slik er den nå: Bord" in again.words
    member.post("cocreation_together.edit_task", again.form("main form.form"), task_id=task.id)
    assert db.session.get_one(Task, task.id).title == "Benker"
    now = db.session.get_one(Task, task.id).version
    member.post("cocreation_together.remove_task", {"version": str(now)}, task_id=task.id)
    assert db.session.scalars(sa.select(Task)).all() == []


def test_a_column_that_isnt_there_is_refused(visitor: Browser, task: Task) -> None:
    visitor("resident").post("cocreation_together.move_task", {"state": "gone", "version": "1"}, 422, task_id=task.id)


def test_staff_who_follow_up_see_the_board_and_others_dont(
    cast: Any, visitor: Browser, project: Project, task: Task
) -> None:
    page = visitor("adviser").get("cocreation_together.tasks", project_id=project.id)
    assert task.title in page.words
    assert not page.all("main form")
    for who in ("employee", "moderator"):
        visitor(who).get("cocreation_together.tasks", 403, project_id=project.id)
    visitor().get("cocreation_together.tasks", 303, project_id=project.id)
    visitor("adviser").get("cocreation_together.edit_task", 403, task_id=task.id)


def test_many_tasks_take_few_statements(cast: Any, visitor: Browser, project: Project, count_queries: Any) -> None:
    for number in range(60):
        draft = TaskDraft(title=f"Oppgave {number}", responsible_id=cast.resident2.id if number % 2 else None)
        made = actions.make_task(cast.actor("resident"), project.id, draft, key=f"k{number}")
        if number % 3:
            actions.move_task(cast.actor("resident"), made.id, list(TaskState)[number % 3], version=made.version)
    member = visitor("resident2")
    with count_queries(at_most=8):
        page = member.get("cocreation_together.tasks", project_id=project.id)
    assert len(page.all(".board-task")) == 60

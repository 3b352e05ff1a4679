"""Many at once: nobody is booked beyond what there is, and what is counted is what there are rows for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.cocreation.actions.meetings import edit_meeting, join_meeting, leave_meeting
from portal.cocreation.actions.needs import close_need, edit_need, sign_off, sign_up
from portal.cocreation.actions.tasks import TaskDraft, make_task, move_task
from portal.cocreation.models.together import Attendance, Meeting, Need, SignUp, Task, TaskState
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.identity import Actor
from tests.cocreation.doing import people, together
from tests.cocreation.together import a_meeting, a_need, meeting_draft, need_draft
from tests.support.cocreation import contributing, started


def of_need(need_id: int) -> tuple[int, int]:
    """Return how much is taken as it is stored, and as the rows say."""
    rows = sa.select(sa.func.coalesce(sa.func.sum(SignUp.amount), 0)).where(SignUp.need_id == need_id)
    return db.session.get_one(Need, need_id, populate_existing=True).taken, db.session.scalar(rows) or 0


def of_meeting(meeting_id: int) -> tuple[int, int]:
    rows = sa.select(sa.func.count()).select_from(Attendance).where(Attendance.meeting_id == meeting_id)
    return db.session.get_one(Meeting, meeting_id, populate_existing=True).taken, db.session.scalar(rows) or 0


def made(app: Flask, count: int, **values: Any) -> tuple[list[Actor], int, int]:
    """Return some people, of whom the first owns a project, and the numbers of a need and of a meeting in it."""
    with app.app_context():
        owner, *others = people(count + 1)
        project = started(owner)
        need = a_need(owner, project, **values)
        meeting = a_meeting(owner, project, capacity=values.get("capacity"))
        numbers = need.id, meeting.id
        db.session.remove()
        return [owner, *others], *numbers


def test_two_who_want_the_last_place_get_one_and_the_other_is_told(own_app: Flask) -> None:
    (_owner, *others), need_id, _meeting = made(own_app, 2, capacity=1)
    got = together(own_app, [lambda who=who: sign_up(who, need_id, 1) for who in others])
    refused = [each for each in got if isinstance(each, Invalid)]
    assert [each.field for each in refused] == ["amount"]
    assert "alt dekket" in str(refused[0].message)
    with own_app.app_context():
        assert of_need(need_id) == (1, 1)


def test_two_who_want_more_than_is_left_are_told_how_much_there_is(own_app: Flask) -> None:
    (_owner, *others), need_id, _meeting = made(own_app, 2, capacity=5)
    got = together(own_app, [lambda who=who: sign_up(who, need_id, 4) for who in others])
    refused = [each for each in got if isinstance(each, Invalid)]
    assert len(refused) == 1
    assert "1 time" in str(refused[0].message)
    with own_app.app_context():
        assert of_need(need_id) == (4, 4)


def test_of_twenty_who_want_five_places_five_get_them(own_app: Flask) -> None:
    (_owner, *others), need_id, meeting_id = made(own_app, 20, capacity=5)
    got = together(own_app, [lambda who=who: sign_up(who, need_id, 1) for who in others])
    assert sum(isinstance(each, SignUp) for each in got) == 5
    assert sum(isinstance(each, Invalid) for each in got) == 15
    came = together(own_app, [lambda who=who: join_meeting(who, meeting_id) for who in others])
    assert (came.count(None), sum(isinstance(each, Conflict) for each in came)) == (5, 15)
    with own_app.app_context():
        assert of_need(need_id) == (5, 5)
        assert of_meeting(meeting_id) == (5, 5)


def test_people_who_come_and_go_are_counted_exactly(own_app: Flask) -> None:
    (_owner, *others), need_id, meeting_id = made(own_app, 10, capacity=30)

    def work(index: int, who: Actor) -> Callable[[], Any]:
        def run() -> None:
            for amount in (1, 3, 2):
                sign_up(who, need_id, amount)
            join_meeting(who, meeting_id)
            if index % 2:
                sign_off(who, need_id)
                leave_meeting(who, meeting_id)

        return run

    assert together(own_app, [work(index, who) for index, who in enumerate(others)]) == [None] * 10
    with own_app.app_context():
        assert of_need(need_id) == (10, 10)
        assert of_meeting(meeting_id) == (5, 5)


def test_one_person_in_two_windows_has_signed_up_once(own_app: Flask) -> None:
    (_owner, helper), need_id, meeting_id = made(own_app, 1, capacity=10)
    works = [lambda amount=amount: sign_up(helper, need_id, amount) for amount in (2, 3, 4)]
    together(own_app, [*works, *[lambda: join_meeting(helper, meeting_id)] * 3])
    with own_app.app_context():
        stored, rows = of_need(need_id)
        assert stored == rows
        assert stored in {2, 3, 4}
        assert of_meeting(meeting_id) == (1, 1)


def test_room_isnt_taken_away_under_those_who_sign_up_meanwhile(own_app: Flask) -> None:
    (owner, *others), need_id, meeting_id = made(own_app, 6, capacity=6)
    with own_app.app_context():
        opened, starts = db.session.get_one(Need, need_id).version, db.session.get_one(Meeting, meeting_id).starts_at
        of = db.session.get_one(Meeting, meeting_id).version
        db.session.remove()
    fewer = meeting_draft(starts_at=starts, capacity=3)
    works: list[Callable[[], Any]] = [lambda who=who: sign_up(who, need_id, 1) for who in others]
    works += [lambda who=who: join_meeting(who, meeting_id) for who in others]
    works += [
        lambda: edit_need(owner, need_id, need_draft(capacity=3), version=opened),
        lambda: edit_meeting(owner, meeting_id, fewer, version=of),
    ]
    together(own_app, works)
    with own_app.app_context():
        for stored, rows, capacity in (
            (*of_need(need_id), db.session.get_one(Need, need_id).capacity),
            (*of_meeting(meeting_id), db.session.get_one(Meeting, meeting_id).capacity),
        ):
            assert stored == rows
            assert stored == capacity
            assert capacity in {3, 6}


def test_a_need_that_closes_while_people_sign_up_is_counted_exactly(own_app: Flask) -> None:
    (owner, *others), need_id, _meeting = made(own_app, 6, capacity=6)
    works: list[Callable[[], Any]] = [lambda who=who: sign_up(who, need_id, 1) for who in others]
    got = together(own_app, [*works, lambda: close_need(owner, need_id)])
    with own_app.app_context():
        stored, rows = of_need(need_id)
        assert stored == rows == sum(isinstance(each, SignUp) for each in got)
        assert db.session.get_one(Need, need_id).closed_at is not None


def test_of_two_who_move_the_same_task_one_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project = started(owner)
        contributing(owner, project, other)
        task = make_task(owner, project.id, TaskDraft(title="Stoler"), key="x")
        task_id, version = task.id, task.version
        db.session.remove()
    got = together(
        own_app,
        [
            lambda: move_task(owner, task_id, TaskState.DOING, version=version),
            lambda: move_task(other, task_id, TaskState.DONE, version=version),
        ],
    )
    assert sum(isinstance(each, Conflict) for each in got) == 1
    with own_app.app_context():
        assert db.session.get_one(Task, task_id).version == version + 1

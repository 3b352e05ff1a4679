"""Needs and meetings for tests, made the way people make them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.cocreation.actions.hours import HoursDraft, tell_hours
from portal.cocreation.actions.meetings import MeetingDraft, call_meeting
from portal.cocreation.actions.needs import NeedDraft, write_need
from portal.cocreation.actions.tasks import TaskDraft, make_task
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Meeting, Need, NeedKind
from portal.kernel import clock
from portal.kernel.identity import Actor
from tests.support.cocreation import let_through


def need_draft(**values: Any) -> NeedDraft:
    return NeedDraft(**{"kind": NeedKind.HOURS, "title": "Kokker på fredager", "capacity": 10} | values)


def a_need(actor: Actor, project: Project, **values: Any) -> Need:
    """Return a need that everybody can see."""
    need = write_need(actor, project.id, need_draft(**values), key=uuid.uuid4().hex)
    let_through(need)
    return need


def meeting_draft(**values: Any) -> MeetingDraft:
    """Return a meeting in a week, that lasts two hours."""
    starts = values.setdefault("starts_at", clock.now() + timedelta(days=7))
    values.setdefault("ends_at", starts + timedelta(hours=2))
    return MeetingDraft(**{"title": "Åpent møte", "place": "Samfunnshuset"} | values)


def a_meeting(actor: Actor, project: Project, **values: Any) -> Meeting:
    """Return a meeting that everybody can see."""
    meeting = call_meeting(actor, project.id, meeting_draft(**values), key=uuid.uuid4().hex)
    let_through(meeting)
    return meeting


def together_in(owner: Actor, project: Project) -> dict[str, dict[str, int]]:
    """Return a need, a meeting, a task and hours, by what addresses call their numbers."""
    task = make_task(owner, project.id, TaskDraft(title="Låne stoler"), key=uuid.uuid4().hex)
    told = HoursDraft(hours=Decimal(2), what="Laget mat", done_on=clock.today())
    hours = tell_hours(owner, project.id, told, key=uuid.uuid4().hex)
    return {
        "need_id": {"": a_need(owner, project).id},
        "meeting_id": {"": a_meeting(owner, project, starts_at=clock.now() - timedelta(hours=1)).id},
        "task_id": {"": task.id},
        "hours_id": {"": hours.id},
    }

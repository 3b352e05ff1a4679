"""How much there is of samskaping, and how much of it waits for somebody: as parts of another page's one statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.models.together import Attendance, Meeting, Need, Task, TaskState
from portal.cocreation.queries.listing import open_needs
from portal.kernel import clock
from portal.kernel.identity import Actor

SOON = timedelta(days=7)
"""How far ahead a meeting is told of."""

Count = sa.ScalarSelect[int]


def public_counts() -> Mapping[str, Count]:
    """Return how many projects are going on, and how many need somebody's help now."""
    alive = sa.and_(policy.visible(), Project.ended_at.is_(None))
    needs = open_needs().join(Project, Project.id == Need.project_id).where(alive)
    return {
        "projects": sa.select(sa.func.count(Project.id)).where(alive).scalar_subquery(),
        "needs": needs.with_only_columns(sa.func.count(Need.id)).scalar_subquery(),
    }


def counts_for(actor: Actor) -> Mapping[str, Count]:
    """Return what waits for somebody in the projects they are in."""
    now = clock.now()
    mine = sa.select(Member.project_id).where(
        Member.account_id == actor.id, Member.role == MemberRole.OWNER, Member.joined_at.is_not(None)
    )
    tasks = (
        sa.select(sa.func.count(Task.id))
        .join(Project, Project.id == Task.project_id)
        .where(Task.responsible_id == actor.id, Task.state != TaskState.DONE, Project.ended_at.is_(None))
    )
    asking = sa.select(sa.func.count()).where(Member.joined_at.is_(None), Member.project_id.in_(mine))
    meetings = (
        sa.select(sa.func.count(Meeting.id))
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(
            Attendance.account_id == actor.id,
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at.between(now, now + SOON),
        )
    )
    return {
        "project_tasks": tasks.scalar_subquery(),
        "project_asking": asking.scalar_subquery(),
        "project_meetings": meetings.scalar_subquery(),
    }

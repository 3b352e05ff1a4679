"""Doing it together: needs, hours, meetings, tasks, news, decisions and input."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.cocreation.models.posts import ProjectPost
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class NeedKind(StrEnum):
    """What is needed, or offered."""

    HOURS = "hours"
    SKILLS = "skills"
    ROOMS = "rooms"
    EQUIPMENT = "equipment"
    MONEY = "money"


class Need(ProjectPost, Base):
    """What a project needs from others, with so many places; never more taken than there are."""

    __tablename__ = "project_needs"

    kind: Mapped[NeedKind] = mapped_column(enum_column(NeedKind, "kind"))
    title: Mapped[ShortText]
    text: Mapped[str] = mapped_column(default="")
    skills: Mapped[list[Any]] = mapped_column(default=list)
    """Words, as they were written: «snekring»."""
    capacity: Mapped[int]
    """How many places; of money: whole kroner."""
    taken: Mapped[int] = mapped_column(default=0)
    needed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.CheckConstraint("capacity > 0", name="has_room"),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="not_overbooked"),
        {"sqlite_autoincrement": True},
    )


class SignUp(Base):
    """Somebody has taken places of a need. Withdrawn, the row is gone and the places are free."""

    __tablename__ = "project_sign_ups"

    need_id: Mapped[int] = mapped_column(sa.ForeignKey("project_needs.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    amount: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    """To those who run the project."""
    at: Mapped[datetime]
    thanked_at: Mapped[datetime | None]

    __table_args__ = (sa.CheckConstraint("amount > 0", name="takes_some"),)


class HoursTold(Base):
    """Hours somebody says they gave; they count when the project has confirmed them. In public only as a sum."""

    __tablename__ = "project_hours"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    hours: Mapped[Decimal] = mapped_column(sa.Numeric(6, 2))
    what: Mapped[ShortText]
    done_on: Mapped[date]
    key: Mapped[str] = mapped_column(sa.String(36))
    told_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    __table_args__ = (
        sa.UniqueConstraint("account_id", "key"),
        sa.CheckConstraint("hours > 0 AND hours <= 24", name="within_a_day"),
    )


class Meeting(ProjectPost, Base):
    """A meeting, with an agenda before and minutes after."""

    __tablename__ = "project_meetings"

    title: Mapped[ShortText]
    agenda: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[ShortText] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    """Where it is on the net."""
    capacity: Mapped[int | None]
    """None: as many as come."""
    taken: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    """Counts changes of time, place and standing, as iCalendar has it (RFC 5545)."""

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.CheckConstraint("starts_at < ends_at", name="starts_first"),
        sa.CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="not_overbooked"),
        {"sqlite_autoincrement": True},
    )


class Attendance(Base):
    """Somebody has said that they come to a meeting."""

    __tablename__ = "project_attendances"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("project_meetings.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class TaskState(StrEnum):
    """Where a task stands on the board."""

    TO_DO = "to_do"
    DOING = "doing"
    DONE = "done"


class Task(Versioned, Base):
    """Something to be done, with a responsible and a date; for the members and staff to see."""

    __tablename__ = "project_tasks"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    title: Mapped[ShortText]
    state: Mapped[TaskState] = mapped_column(enum_column(TaskState, "state"), default=TaskState.TO_DO)
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    due_on: Mapped[date | None]
    key: Mapped[str] = mapped_column(sa.String(36))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("project_id", "key"),)


class Update(ProjectPost, Base):
    """News from the project; pictures are attached to it."""

    __tablename__ = "project_updates"

    title: Mapped[ShortText]
    text: Mapped[str]

    __table_args__ = (sa.UniqueConstraint("author_id", "key"), {"sqlite_autoincrement": True})


class ProjectDecision(ProjectPost, Base):
    """What was decided, why, when and by whom, by title and party."""

    __tablename__ = "project_decisions"

    what: Mapped[ShortText]
    why: Mapped[str]
    decided_by: Mapped[ShortText]
    decided_on: Mapped[date]

    __table_args__ = (sa.UniqueConstraint("author_id", "key"), {"sqlite_autoincrement": True})


class Way(StrEnum):
    """How input came."""

    DIGITAL = "digital"
    PHYSICAL = "physical"
    """From a meeting, a walk, a stand: entered by a member."""


class Use(StrEnum):
    """What became of an input."""

    USED = "used"
    PARTLY = "partly"
    NOT_USED = "not_used"


class Input(ProjectPost, Base):
    """What people think the project should take in, from the page or from a meeting; each gets an answer."""

    __tablename__ = "project_inputs"

    way: Mapped[Way] = mapped_column(enum_column(Way, "way"))
    text: Mapped[str]
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project_meetings.id"), index=True)
    held_on: Mapped[date | None]
    participants: Mapped[int | None]
    """How many were there."""
    who: Mapped[ShortText] = mapped_column(default="")
    """What kind of people: «ungdommer fra to skoler»."""
    use: Mapped[Use | None] = mapped_column(enum_column(Use, "use"))
    answer: Mapped[str] = mapped_column(default="")
    """Why."""
    answered_by_title: Mapped[ShortText] = mapped_column(default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.CheckConstraint("(use IS NULL) = (answered_at IS NULL)", name="answered_somehow"),
        sa.CheckConstraint("participants > 0", name="somebody_was_there"),
        {"sqlite_autoincrement": True},
    )

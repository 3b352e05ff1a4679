"""The case of an idea: every step in public with its reason, and whether it helped in the end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, enum_column


class Step(StrEnum):
    """What happened to the case."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    """The municipality's answer to the author, in public."""
    ASSESSING = "assessing"
    DECIDED = "decided"
    UNDER_WAY = "under_way"
    REALISED = "realised"
    CLOSED = "closed"
    REOPENED = "reopened"
    SENT = "sent"
    """Sent on to another body; `details` says to whom, and the receipt."""
    PROGRESS = "progress"
    """What came of it so far."""
    TRANSFERRED = "transferred"
    MERGED = "merged"
    SEPARATED = "separated"
    GRANTED = "granted"
    """Got innovation funds."""
    NOTE = "note"
    """Among staff."""


class CaseStep(Base):
    """One step of a case, in the order they happened; never changed afterwards."""

    __tablename__ = "idea_case_steps"

    id: Mapped[Pk]
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[Step] = mapped_column(enum_column(Step, "step"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText] = mapped_column(default="")
    """Who, by title: never by name."""
    text: Mapped[str] = mapped_column(default="")
    """The reason, the answer, what was learnt."""
    language: Mapped[str] = mapped_column(sa.String(2), default="nb")
    is_public: Mapped[bool] = mapped_column(default=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = ({"sqlite_autoincrement": True},)


class CaseReminder(Base):
    """Staff were reminded of a case for one cause: a job that is run again reminds nobody of the same twice."""

    __tablename__ = "idea_reminders"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), primary_key=True)
    cause: Mapped[str] = mapped_column(sa.String(60), primary_key=True)


class Helped(StrEnum):
    """Whether it helped, said by those who proposed and supported it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Verdict(Base):
    """One person's answer to «did it help»; only the numbers are shown."""

    __tablename__ = "idea_verdicts"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    helped: Mapped[Helped] = mapped_column(enum_column(Helped, "helped"))
    at: Mapped[datetime]


class Merge(Base):
    """One idea was made part of another. Undone, both are as they were."""

    __tablename__ = "idea_merges"

    id: Mapped[Pk]
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    state_before: Mapped[ShortText]
    """The publication state of the merged one."""
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    __table_args__ = (
        sa.Index(
            "uq_idea_merges_standing",
            "merged_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.CheckConstraint("kept_id <> merged_id", name="two_ideas"),
        {"sqlite_autoincrement": True},
    )


class Assessment(Base):
    """What one of the staff thinks of an idea; blind to the others' until it is given."""

    __tablename__ = "idea_assessments"

    id: Mapped[Pk]
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"))
    assessor_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    scores: Mapped[dict[str, Any]]
    """1–5 by the criterion's key."""
    likelihood: Mapped[int | None]
    """1–5: that it goes wrong."""
    consequence: Mapped[int | None]
    """1–5: of its going wrong."""
    is_required_by_law: Mapped[bool] = mapped_column(default=False)
    has_several_actors: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("idea_id", "assessor_id"),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood_1_to_5"),
        sa.CheckConstraint("consequence BETWEEN 1 AND 5", name="consequence_1_to_5"),
    )

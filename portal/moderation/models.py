"""A case about a text, the reports of it, what was decided and why, and the appeals: nothing of it is destroyed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Cause(StrEnum):
    """Why there is a case."""

    NEW = "new"
    EDITED = "edited"
    REPORTED = "reported"
    OWN_INITIATIVE = "own_initiative"


class Verdict(StrEnum):
    """What a moderator can decide."""

    APPROVE = "approve"
    MASK = "mask"
    ASK_CHANGES = "ask_changes"
    HIDE = "hide"
    """What was shown is taken down."""
    REJECT = "reject"
    """What waited is not shown."""
    LIMIT = "limit"
    """The account may only read for a time."""


RESTRICTIONS = frozenset(Verdict) - {Verdict.APPROVE}


class Appellant(StrEnum):
    """Who complains of a decision."""

    AUTHOR = "author"
    REPORTER = "reporter"


class Outcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"
    """Medhold: the decision is reversed."""
    DISMISSED = "dismissed"
    """The decision stands."""


class Case(Versioned, Base):
    """One text or file that somebody must look at. At most one is open for each thing."""

    __tablename__ = "moderation_cases"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    cause: Mapped[Cause] = mapped_column(enum_column(Cause, "cause"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    signals: Mapped[list[Any]]
    """What the machine noticed, as plain values: see `signals.py`. It never decides to hide."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    claimed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_moderation_cases_open",
            "kind",
            "target_id",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_moderation_cases_closed_at_due_at", "closed_at", "due_at"),
        sa.Index("ix_moderation_cases_target", "kind", "target_id"),
        {"sqlite_autoincrement": True},
    )


class Report(Base):
    """Somebody, with or without an account, says that a text breaks a house rule. It hides nothing by itself."""

    __tablename__ = "moderation_reports"

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_cases.id"), index=True)
    reporter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    """Where to tell the outcome, for whoever has no account; emptied when the report is 12 months old."""
    rule: Mapped[ShortText]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the link on the receipt: to follow the report, and to appeal, without signing in."""
    created_at: Mapped[datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)


class CaseEvent(Base):
    """One step of a case. Rows are added only: the database refuses to change or delete one."""

    __tablename__ = "moderation_case_events"

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_cases.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    what: Mapped[ShortText]
    data: Mapped[dict[str, Any]]
    """Short plain values, nothing personal."""

    __table_args__ = ({"sqlite_autoincrement": True},)


class Decision(Base):
    """What was decided about a thing or an account, with all that a statement of reasons must say."""

    __tablename__ = "moderation_decisions"

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_cases.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict, "verdict"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    """None: decided by the machine, by a rule that is public."""
    decided_at: Mapped[datetime]
    on_report: Mapped[bool]
    rule: Mapped[ShortText | None]
    """The house rule that a restriction cites."""
    facts: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    until: Mapped[datetime | None]
    """When a restriction ends; None: until further notice."""
    language: Mapped[str] = mapped_column(sa.String(2))
    """The author's: the statement is written in it."""
    masks: Mapped[list[Any]]
    """Passages taken out: [field, start, end] in the text as it was."""
    before: Mapped[dict[str, Any]]
    """State and texts as they were, so that a reversal restores them and the author can read them."""
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    """Of the link in the statement: to read one's own text and to appeal, without signing in."""
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("moderation_decisions.id"), index=True)

    __table_args__ = (
        sa.UniqueConstraint("id", "decided_by_id"),
        sa.CheckConstraint("verdict = 'approve' OR rule IS NOT NULL", name="restrictions_cite_a_rule"),
        sa.Index("ix_moderation_decisions_decided_at", "decided_at"),
        {"sqlite_autoincrement": True},
    )


class Appeal(Base):
    """Somebody complains of a decision; another than the first decides, and the database sees to it."""

    __tablename__ = "moderation_appeals"

    id: Mapped[Pk]
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_decisions.id"))
    first_decided_by_id: Mapped[int | None]
    appellant: Mapped[Appellant] = mapped_column(enum_column(Appellant, "appellant"))
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("moderation_reports.id"), index=True)
    """Whose appeal it is, when a reporter appeals."""
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome, "outcome"))
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        sa.UniqueConstraint("decision_id", "appellant", "report_id"),
        sa.Index(
            "uq_moderation_appeals_author",
            "decision_id",
            unique=True,
            sqlite_where=sa.text("appellant = 'author'"),
            postgresql_where=sa.text("appellant = 'author'"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id", "first_decided_by_id"], ["moderation_decisions.id", "moderation_decisions.decided_by_id"]
        ),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> first_decided_by_id", name="decided_by_another"),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="outcome_when_decided"),
        sa.Index("ix_moderation_appeals_decided_at_due_at", "decided_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

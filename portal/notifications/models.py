"""Notices to people, how often each wants them by mail, and when a digest was made last."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, enum_column


class NoticeKind(StrEnum):
    """What a notice is about: people choose for each how often they want it by mail."""

    ANSWER = "answer"
    """The municipality answers what somebody wrote."""
    REPLY = "reply"
    FOLLOWED = "followed"
    DECISION = "decision"
    """Moderation decided about one's text, report or appeal. Moderation sends its own mail, with the reasons."""
    OWN = "own"
    """What happens to an idea that somebody proposed."""
    WORK = "work"
    """Cases that somebody handles for the municipality."""
    PROJECT = "project"
    """What somebody takes part in: projects, needs, meetings, and messages to them."""
    SOLUTION = "solution"
    """Solutions that somebody looks after, or takes in use for others."""


class Frequency(StrEnum):
    """How often somebody wants mail. In the portal a notice is there at once."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Notice(Base):
    """One person is told one thing, once. What it is about is looked up when shown, so nothing removed is told."""

    __tablename__ = "notices"

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    notice_kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind, "notice_kind"))
    sentence: Mapped[ShortText]
    """The key of what is said: see `words.py`."""
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    cause: Mapped[str] = mapped_column(sa.String(100))
    """What made it: the same cause tells a person once."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    """When it was put in a mail, or left out of all for good."""

    __table_args__ = (
        sa.UniqueConstraint("account_id", "cause"),
        sa.Index("ix_notices_account_id_id", "account_id", "id"),
        sa.Index(
            "ix_notices_not_mailed",
            "account_id",
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )


class NoticeSetting(Base):
    """How often one person wants one kind by mail, when it isn't as standard."""

    __tablename__ = "notice_settings"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    notice_kind: Mapped[NoticeKind] = mapped_column(enum_column(NoticeKind, "notice_kind"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(enum_column(Frequency, "frequency"))


class DigestMark(Base):
    """The day or week that a person's last digest was for."""

    __tablename__ = "digest_marks"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(enum_column(Frequency, "frequency"), primary_key=True)
    period: Mapped[date]
    """The day, or the Monday of the week, in Norway."""

"""What a tidstyv has beside an idea's fields: whose time, why, how much, whose it is to mend, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.ideas.hours import Cause, Owner
from portal.ideas.stages import Degree
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column

MINUTES = sa.Numeric(8, 2)
HOURS = sa.Numeric(14, 4)


class TimeThief(Versioned, Base):
    """The tidstyv's part of an idea. Factors nobody knows are null, and then so are the hours: never a guess."""

    __tablename__ = "time_thieves"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), primary_key=True)
    hit: Mapped[list[Any]] = mapped_column(default=list)
    """Whose time goes: values of `hours.Hit`."""
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "cause"))
    within_control: Mapped[bool | None]
    """Whether the municipality can do something about it itself; None: don't know."""
    minutes: Mapped[Decimal | None] = mapped_column(MINUTES)
    """Each time."""
    times: Mapped[int | None]
    """Each year, for one person."""
    persons: Mapped[int | None]
    hours: Mapped[Decimal | None] = mapped_column(HOURS)
    """A year, from the three: kept for sums and order."""
    owner: Mapped[Owner | None] = mapped_column(enum_column(Owner, "owner"))
    owner_name: Mapped[ShortText] = mapped_column(default="")
    is_known: Mapped[bool | None]
    """Whether the owner knows of it."""
    measure_id: Mapped[int | None] = mapped_column(sa.ForeignKey("time_thief_measures.id"), index=True)
    degree: Mapped[Degree | None] = mapped_column(enum_column(Degree, "degree"))
    minutes_after: Mapped[Decimal | None] = mapped_column(MINUTES)
    times_after: Mapped[int | None]
    persons_after: Mapped[int | None]
    hours_after: Mapped[Decimal | None] = mapped_column(HOURS)
    measured_on: Mapped[date | None]
    freed_for: Mapped[str] = mapped_column(default="")
    """Whose time it is now."""
    used_for: Mapped[str] = mapped_column(default="")
    """What the time is used for now."""
    consented_at: Mapped[datetime | None]
    """When the author of an internal tidstyv agreed to publish it."""

    __table_args__ = (
        sa.Index("ix_time_thieves_hours", "hours", "idea_id"),
        sa.CheckConstraint(
            "minutes >= 0 AND times >= 0 AND persons >= 0 "
            "AND minutes_after >= 0 AND times_after >= 0 AND persons_after >= 0",
            name="none_negative",
        ),
        sa.CheckConstraint(
            "(hours IS NULL) = (minutes IS NULL OR times IS NULL OR persons IS NULL)", name="hours_are_known"
        ),
    )


class Measure(Versioned, Base):
    """What is done against one tidstyv or several. Its hours count once, however many share it."""

    __tablename__ = "time_thief_measures"

    id: Mapped[Pk]
    title: Mapped[ShortText]
    description: Mapped[str] = mapped_column(default="")
    responsible: Mapped[ShortText] = mapped_column(default="")
    """By title."""
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    hours_freed: Mapped[Decimal | None] = mapped_column(HOURS)
    """A year, when it was measured for all of them as one; negative when more goes now."""
    measured_on: Mapped[date | None]
    freed_for: Mapped[str] = mapped_column(default="")
    used_for: Mapped[str] = mapped_column(default="")
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    """Of the form it came by: sent twice, it is one measure all the same."""
    created_at: Mapped[datetime]


class Transfer(Base):
    """The responsibility went from one owner to another. What they answered stands beside."""

    __tablename__ = "time_thief_transfers"

    id: Mapped[Pk]
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    at: Mapped[datetime]
    from_owner: Mapped[Owner | None] = mapped_column(enum_column(Owner, "from_owner"))
    from_name: Mapped[ShortText] = mapped_column(default="")
    to_owner: Mapped[Owner] = mapped_column(enum_column(Owner, "to_owner"))
    to_name: Mapped[ShortText] = mapped_column(default="")
    reason: Mapped[str]
    receipt: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText]
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)


class Confirmation(Base):
    """Somebody who had the problem says whether the time really came back; only the numbers are shown."""

    __tablename__ = "time_thief_confirmations"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    agrees: Mapped[bool]
    at: Mapped[datetime]

"""Reaching people: invitations with a link of their own, who asked for a reminder, and answers given on paper."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.models.rounds import Tie


class BatchState(StrEnum):
    """Where a batch of paper forms stands. What is rejected can be mended and sent again."""

    DRAFT = "draft"
    WAITING = "waiting"
    REJECTED = "rejected"
    APPROVED = "approved"


class Invitation(Base):
    """A link to a round for one place, group or organisation, so that one sees where people came from."""

    __tablename__ = "observatory_invitations"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    name: Mapped[ShortText]
    group: Mapped[StakeholderGroup | None] = mapped_column(
        "stakeholder_group", enum_column(StakeholderGroup, "stakeholder_group")
    )
    """Whom it is meant for. It never decides who somebody may answer as."""
    token: Mapped[str] = mapped_column(sa.String(40), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """From now on the link is an ordinary one: nobody is turned away, and nobody is counted."""
    arrivals: Mapped[int | None]
    """How many came, rounded, once the ballots have forgotten it: set when the round's key is destroyed."""


class RoundReminder(Base):
    """Somebody asked to be reminded before a round closes. Gone when they are, or when they change their mind."""

    __tablename__ = "round_reminders"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)


class PaperBatch(Versioned, Base):
    """A pile of paper forms from one group or organisation, entered by one person and approved by another."""

    __tablename__ = "paper_batches"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    label: Mapped[ShortText]
    """What is written on the pile, so that it is found again."""
    group: Mapped[StakeholderGroup] = mapped_column(
        "stakeholder_group", enum_column(StakeholderGroup, "stakeholder_group")
    )
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    state: Mapped[BatchState] = mapped_column(enum_column(BatchState, "state"))
    count: Mapped[int] = mapped_column(default=0)
    """How many forms it holds or, once approved, held."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was rejected."""
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    entered_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("round_id", "label"),
        sa.CheckConstraint("decided_by_id <> entered_by_id", name="two_people"),
        sa.CheckConstraint(
            "(stakeholder_group = 'resident') = (organisation_id IS NULL)", name="organisation_unless_resident"
        ),
    )


class PaperForm(Base):
    """The answers on one paper form, until its batch is approved: then they are ratings, and this is gone."""

    __tablename__ = "paper_forms"

    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("paper_batches.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """What is written on the form."""
    tie: Mapped[Tie] = mapped_column(enum_column(Tie, "tie"))
    answers: Mapped[dict[str, Any]]
    """The answer to each indicator that was answered."""

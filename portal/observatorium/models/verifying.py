"""Verifiers, what they say of the evidence and the level, and what the municipality replies."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.observatorium.catalogue import Level
from portal.observatorium.models.assessing import Evidence


class Verdict(StrEnum):
    """What a verifier says of one piece of evidence."""

    ACCEPTED = "accepted"
    CONTESTED = "contested"


class VerificationDates(Base):
    """Until when a round's verifiers should have answered, and the municipality have replied."""

    __tablename__ = "observatory_verification_dates"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    verify_by: Mapped[date | None]
    reply_by: Mapped[date | None]

    __table_args__ = (sa.CheckConstraint("reply_by >= verify_by", name="replies_after_verifying"),)


class Appointment(Base):
    """One verifier for one indicator in one round. The name goes with the account; what was said stays."""

    __tablename__ = "observatory_appointments"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    appointed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    appointed_at: Mapped[datetime]
    has_conflict: Mapped[bool | None]
    """Nothing until the verifier has said whether they have a conflict of interest; who has one is excluded."""
    statement: Mapped[str] = mapped_column(default="")
    stated_at: Mapped[datetime | None]
    criteria: Mapped[str] = mapped_column(default="")
    """What the verifier would accept as evidence, for the others who verify the indicator and later for all."""

    verdicts: Mapped[list[EvidenceVerdict]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )
    colour: Mapped[VerifierColour | None] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        sa.UniqueConstraint("round_id", "indicator", "account_id"),
        sa.CheckConstraint("(has_conflict IS NULL) = (stated_at IS NULL)", name="stated_with_a_time"),
        {"sqlite_autoincrement": True},  # the audit trail names appointments that are gone by their numbers
    )


class EvidenceVerdict(Base):
    """What one verifier says of one piece of evidence, as it was when they saw it."""

    __tablename__ = "observatory_evidence_verdicts"

    appointment_id: Mapped[int] = mapped_column(
        sa.ForeignKey(
            "observatory_appointments.id", name="fk_observatory_evidence_verdicts_appointment", ondelete="CASCADE"
        ),
        primary_key=True,
    )
    evidence_id: Mapped[int] = mapped_column(
        sa.ForeignKey(Evidence.id, name="fk_observatory_evidence_verdicts_evidence", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    )
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict, "verdict"))
    reason: Mapped[str] = mapped_column(default="")
    seen_version: Mapped[int]
    """The version of the evidence that was judged: when it is another now, the verdict must be given again."""
    given_at: Mapped[datetime]

    __table_args__ = (sa.CheckConstraint("verdict = 'accepted' OR reason <> ''", name="contested_with_a_reason"),)


class VerifierColour(Base):
    """The level that one verifier finds right."""

    __tablename__ = "observatory_verifier_colours"

    appointment_id: Mapped[int] = mapped_column(
        sa.ForeignKey(
            "observatory_appointments.id", name="fk_observatory_verifier_colours_appointment", ondelete="CASCADE"
        ),
        primary_key=True,
    )
    level: Mapped[Level] = mapped_column(enum_column(Level, "level"))
    reason: Mapped[str]
    given_at: Mapped[datetime]


class Reply(Versioned, Base):
    """What the municipality says to its verifiers about an indicator; published beside what they said."""

    __tablename__ = "observatory_replies"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    text: Mapped[str]
    by_title: Mapped[ShortText]
    written_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("round_id", "indicator"),)

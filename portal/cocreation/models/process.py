"""The agreement, the gates, the risk, and what the parties thought of it afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.cocreation.models.posts import ProjectPost
from portal.cocreation.phases import Phase
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Agreement(ProjectPost, Base):
    """One version of the agreement; the newest that is shown holds when every party has confirmed it."""

    __tablename__ = "project_agreements"

    number: Mapped[int]
    """1, 2, 3 within the project: two who write on the same version don't both get the next."""
    text: Mapped[str]
    change: Mapped[str] = mapped_column(default="")
    """What is new since the version before."""

    __table_args__ = (sa.UniqueConstraint("author_id", "key"), sa.UniqueConstraint("project_id", "number"))


class AgreementConfirmation(Base):
    """A party has confirmed a version of the agreement."""

    __tablename__ = "project_agreement_confirmations"

    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("project_agreements.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("project_parties.id"), primary_key=True, index=True)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText]
    at: Mapped[datetime]


class GateAnswer(Versioned, Base):
    """The answer to one question of a gate; see `phases.GATES`."""

    __tablename__ = "project_gate_answers"

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), primary_key=True)
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"), primary_key=True)
    question: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    is_yes: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime]


class PhaseMove(Base):
    """A gate that was passed, or a step back: when, why and by whom, by title."""

    __tablename__ = "project_phase_moves"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"))
    number: Mapped[int]
    """1, 2, 3 within the project: of two who pass the same gate, one does."""
    came_from: Mapped[Phase] = mapped_column(enum_column(Phase, "came_from"))
    came_to: Mapped[Phase] = mapped_column(enum_column(Phase, "came_to"))
    reason: Mapped[str]
    """The decision, or why one goes back."""
    decided_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText]
    at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("project_id", "number"),)


class Risk(Versioned, Base):
    """What may go wrong, how likely and how bad (1–5 each), and what is done about it."""

    __tablename__ = "project_risks"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    what: Mapped[ShortText]
    likelihood: Mapped[int]
    consequence: Mapped[int]
    measure: Mapped[str] = mapped_column(default="")
    responsible: Mapped[ShortText] = mapped_column(default="")
    """By title."""
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood_1_to_5"),
        sa.CheckConstraint("consequence BETWEEN 1 AND 5", name="consequence_1_to_5"),
    )


class Evaluation(Base):
    """What one party thinks of how it went: the same few questions for all."""

    __tablename__ = "project_evaluations"

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), primary_key=True)
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("project_parties.id"), primary_key=True, index=True)
    scores: Mapped[dict[str, Any]]
    """1–5 by the question's key."""
    comment: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    at: Mapped[datetime]

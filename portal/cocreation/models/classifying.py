"""What each party answers about who decides what, and what the owner chose."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.kernel.db import Base, Pk, ShortText, enum_column


class Classification(Base):
    """One party's answers in one phase. A changed answer is a new row: the newest counts, the trail stays."""

    __tablename__ = "project_classifications"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"))
    party_id: Mapped[int] = mapped_column(sa.ForeignKey("project_parties.id"), index=True)
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"))
    problem: Mapped[int]
    """0 the municipality alone … 4 others alone; so with the next three."""
    goals: Mapped[int]
    design: Mapped[int]
    carry_out: Mapped[int]
    goal_locked: Mapped[bool]
    frame_locked: Mapped[bool]
    could_end_elsewhere: Mapped[bool]
    rule_version: Mapped[str] = mapped_column(sa.String(20))
    """Of `typology`: what the answers were taken to mean then."""
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    answered_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_project_classifications_project_id_phase", "project_id", "phase", "id"),
        *(
            sa.CheckConstraint(f"{step} BETWEEN 0 AND 4", name=f"{step}_0_to_4")
            for step in ("problem", "goals", "design", "carry_out")
        ),
    )


class TypeChoice(Base):
    """The owner's choice of type in one phase, with a reason that everybody can read."""

    __tablename__ = "project_type_choices"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"))
    type: Mapped[ProjectType] = mapped_column(enum_column(ProjectType, "type"))
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    by_title: Mapped[ShortText]
    at: Mapped[datetime]

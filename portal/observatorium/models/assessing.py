"""The municipality's self-assessment part by part, its evidence, and which service area owes which indicator."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.observatorium.colour_rule import PartLevel


class Origin(StrEnum):
    """Whether a sub-indicator is one of the catalogue's or the municipality's own."""

    STANDARD = "standard"
    ADDED = "added"


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    LINK = "link"
    FILE = "file"
    FIGURE = "figure"


class Part(Base):
    """A sub-indicator as this municipality has it in one round, where that differs from the catalogue."""

    __tablename__ = "observatory_parts"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    key: Mapped[str] = mapped_column(sa.String(10))
    """Such as 1.8.2; an added one takes the next number."""
    name_nb: Mapped[ShortText]
    name_nn: Mapped[ShortText]
    name_en: Mapped[ShortText]
    origin: Mapped[Origin] = mapped_column(enum_column(Origin, "origin"))
    hidden: Mapped[bool]

    __table_args__ = (sa.UniqueConstraint("round_id", "key"),)


class PartAssessment(Versioned, Base):
    """What the municipality says of one sub-indicator in one round."""

    __tablename__ = "part_assessments"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    key: Mapped[str] = mapped_column(sa.String(10))
    level: Mapped[PartLevel] = mapped_column(enum_column(PartLevel, "level"))
    justification: Mapped[str] = mapped_column(default="")
    """Why this level; of what isn't relevant, why it isn't."""
    responsible: Mapped[ShortText] = mapped_column(default="")
    """A title, never a name."""
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    """The earlier round it was copied from."""
    is_confirmed: Mapped[bool] = mapped_column(default=True)
    """What was copied counts as not assessed until somebody has confirmed it."""

    __table_args__ = (sa.UniqueConstraint("round_id", "key"),)


class Evidence(Versioned, Base):
    """A piece of evidence for a sub-indicator. One that is taken back stays as a row: verdicts point at it."""

    __tablename__ = "observatory_evidence"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    key: Mapped[str] = mapped_column(sa.String(10))
    kind: Mapped[EvidenceKind] = mapped_column(enum_column(EvidenceKind, "kind"))
    title: Mapped[ShortText]
    url: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id", ondelete="SET NULL"), index=True)
    figure_value: Mapped[float | None]
    figure_unit: Mapped[ShortText] = mapped_column(default="")
    figure_source: Mapped[ShortText] = mapped_column(default="")
    dated_on: Mapped[date]
    """The day of the document, or that the figure is of."""
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """The last day on which it is valid; none is without end."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_observatory_evidence_round_id_indicator", "round_id", "indicator"),
        sa.CheckConstraint("valid_to >= valid_from", name="valid_in_order"),
        sa.CheckConstraint("(kind = 'figure') = (figure_value IS NOT NULL)", name="figure_has_value"),
        sa.CheckConstraint("(kind = 'link') = (url IS NOT NULL)", name="link_has_url"),
        {"sqlite_autoincrement": True},  # what is published names evidence by its number
    )

    def is_valid_on(self, day: date) -> bool:
        """Say whether it is valid on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Assignment(Base):
    """A service area that owes the assessment of an indicator by a day."""

    __tablename__ = "observatory_assignments"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"))
    indicator: Mapped[str] = mapped_column(sa.String(5))
    service_area_id: Mapped[int] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None]
    """When the area was last reminded: once before the day, once after."""

    __table_args__ = (sa.UniqueConstraint("round_id", "indicator", "service_area_id"),)

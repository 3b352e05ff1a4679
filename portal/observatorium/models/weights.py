"""The table of the population that residents are weighted by, how many joined by the hour, and what was excluded."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, enum_column


class SignalKind(StrEnum):
    """What forms have in common that are looked at together."""

    NETWORK = "network"
    IDENTICAL = "identical"
    STRAIGHT = "straight"


class PopulationTable(Base):
    """How many inhabitants there are of each age band, gender and lokalsamfunn; a round is weighted by its newest."""

    __tablename__ = "population_tables"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    cells: Mapped[list[Any]]
    """Rows of age band, gender, lokalsamfunn (its number, as text) and count."""
    total: Mapped[int]
    source: Mapped[ShortText]
    source_date: Mapped[date]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    __table_args__ = (sa.CheckConstraint("total > 0", name="somebody_lives_here"),)


class RoundJoin(Base):
    """How many joined a round in an hour: not who, and not which ballots. Gone when the round is published."""

    __tablename__ = "round_joins"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]

    __table_args__ = (sa.CheckConstraint("count > 0", name="somebody_joined"),)


class Exclusion(Base):
    """Ballots that a coordinator took out of the result together, and why."""

    __tablename__ = "exclusions"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    kind: Mapped[SignalKind] = mapped_column(enum_column(SignalKind, "kind"))
    count: Mapped[int]
    reason: Mapped[str]
    from_revision: Mapped[int]
    """The first revision that lacks them."""
    excluded_at: Mapped[datetime]
    excluded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    __table_args__ = (sa.CheckConstraint("count > 0", name="somebody_is_excluded"),)

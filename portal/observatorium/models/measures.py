"""What the municipality does about a judgement: its answers, its measures with their log, and what they lead to."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.content import Ref
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.observatorium.following_up import MeasureStatus


class IndicatorMeasure(Versioned, Base):
    """A measure (tiltak) that answers what a published round said of an indicator. Staff's own words, shown at once."""

    __tablename__ = "observatory_measures"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    """The published round that it answers."""
    indicator: Mapped[str] = mapped_column(sa.String(5), index=True)
    title: Mapped[ShortText]
    description: Mapped[str]
    responsible: Mapped[ShortText]
    """The title of whoever answers for it, never a name."""
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    deadline: Mapped[date]
    status: Mapped[MeasureStatus] = mapped_column(enum_column(MeasureStatus, "status"), index=True)
    created_at: Mapped[datetime]
    told_at: Mapped[datetime]
    """When something was last told of it: that it was made, or how it is going. Mending its words tells nothing."""
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    """Of the form it was made with: sent twice, it makes one measure."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # the audit trail names measures by their numbers


class MeasureEntry(Base):
    """One line in the log of a measure: what was done, and the status if it changed."""

    __tablename__ = "observatory_measure_entries"

    id: Mapped[Pk]
    measure_id: Mapped[int] = mapped_column(sa.ForeignKey("observatory_measures.id"), index=True)
    text: Mapped[str]
    status: Mapped[MeasureStatus | None] = mapped_column(enum_column(MeasureStatus, "status"))
    """The new status; None when it stayed as it was."""
    created_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(sa.String(36))

    __table_args__ = (sa.UniqueConstraint("measure_id", "key"),)


class MeasureLink(Base):
    """A measure is carried out by something else on the portal: an idea, a project or a solution."""

    __tablename__ = "observatory_measure_links"

    measure_id: Mapped[int] = mapped_column(sa.ForeignKey("observatory_measures.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    __table_args__ = (sa.Index("ix_observatory_measure_links_target", "kind", "target_id"),)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.target_id)


class IndicatorAnswer(Versioned, Base):
    """What the municipality says to the judgement of an indicator, also where there is no measure."""

    __tablename__ = "observatory_answers"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    indicator: Mapped[str] = mapped_column(sa.String(5))
    text: Mapped[str]
    answered_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("round_id", "indicator"),)

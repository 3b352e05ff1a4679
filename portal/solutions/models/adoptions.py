"""Who takes a solution in use, and how far they have come."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.content import PublicationState
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.solutions.adoption import AdopterKind, Step, Way


class Adoption(Versioned, Base):
    """That a municipality, an organisation or a unit takes another's solution in use: the measure of spread.

    Its texts are shown under the adopter's name; the person who wrote them is named to nobody.
    """

    __tablename__ = "adoptions"

    id: Mapped[Pk]
    solution_id: Mapped[int] = mapped_column(sa.ForeignKey("solutions.id"), index=True)
    adopter: Mapped[str] = mapped_column(sa.String(40))
    """Kind and number of the adopter, as `municipality:3203`: each takes a solution in use once."""
    kind: Mapped[AdopterKind] = mapped_column(enum_column(AdopterKind, "kind"))
    municipality_number: Mapped[str] = mapped_column(sa.String(4))
    """The adopter's municipality: its own number, or the home municipality's for organisations and units."""
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    step: Mapped[Step] = mapped_column(enum_column(Step, "step"))
    way: Mapped[Way | None] = mapped_column(enum_column(Way, "way"))
    in_use_since: Mapped[date | None]
    stopped_on: Mapped[date | None]
    adapted: Mapped[str] = mapped_column(default="")
    """What was changed, and why."""
    result: Mapped[str] = mapped_column(default="")
    """What came of it there."""
    learning: Mapped[str] = mapped_column(default="")
    contact_title: Mapped[ShortText] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2))
    of_edition: Mapped[int]
    """Which version of the solution they took."""

    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    """Who wrote it last; for what another portal told, whoever let that partner in."""
    byline: Mapped[ShortText]
    """The adopter's name."""
    source_uri: Mapped[str | None] = mapped_column(sa.String(400), unique=True)
    """Where it is told, when another portal told of it."""
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    """Of its texts: that somebody uses a solution is shown all the same, unless it is withdrawn."""
    key: Mapped[str] = mapped_column(sa.String(36))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("solution_id", "adopter"),
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_adoptions_adopter", "adopter", "id"),
        sa.CheckConstraint("step <> 'in_use' OR in_use_since IS NOT NULL", name="in_use_since_a_day"),
        {"sqlite_autoincrement": True},
    )


class AdoptionStep(Base):
    """That an adopter came to a step, in order: how it went."""

    __tablename__ = "adoption_steps"

    id: Mapped[Pk]
    adoption_id: Mapped[int] = mapped_column(sa.ForeignKey("adoptions.id"), index=True)
    step: Mapped[Step] = mapped_column(enum_column(Step, "step"))
    at: Mapped[datetime]

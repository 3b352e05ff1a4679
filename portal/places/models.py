"""The municipality's lokalsamfunn, and where things are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.content import Ref
from portal.kernel.db import Base, Pk, ShortText, Versioned
from portal.places.geometry import Point


class Neighbourhood(Versioned, Base):
    """A part of the municipality that people say they come from: a lokalsamfunn."""

    __tablename__ = "neighbourhoods"

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    name: Mapped[ShortText] = mapped_column(unique=True)
    latitude: Mapped[float]
    longitude: Mapped[float]
    """Where it is marked on the map, and where what is placed in it stands."""
    outline: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """A GeoJSON MultiPolygon; None when only its point is known."""
    active: Mapped[bool] = mapped_column(default=True)
    """Offered in forms and drawn on maps."""

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class Location(Base):
    """Where one thing is: a point, or only a lokalsamfunn."""

    __tablename__ = "locations"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """As its author said; None when it was only placed in a lokalsamfunn."""
    address: Mapped[ShortText]
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhoods.id"), index=True)
    x: Mapped[int]
    y: Mapped[int]
    """Where it is drawn, in steps of the Web Mercator square: its point, or its lokalsamfunn's."""
    is_public: Mapped[bool]
    """Whether everybody may see the thing: kept by what happens to it."""
    placed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    placed_at: Mapped[datetime]

    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="raise_on_sql")

    __table_args__ = (
        sa.UniqueConstraint("kind", "target_id"),
        sa.Index("ix_locations_map", "is_public", "x", "y", "kind", "target_id"),
        sa.Index("ix_locations_kind_map", "kind", "is_public", "x", "y", "target_id"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        sa.CheckConstraint("latitude IS NOT NULL OR neighbourhood_id IS NOT NULL", name="is_somewhere"),
        sa.CheckConstraint("x >= 0 AND x < 1073741824 AND y >= 0 AND y < 1073741824", name="in_the_square"),
    )

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.target_id)

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    @property
    def is_approximate(self) -> bool:
        """Say whether only the lokalsamfunn is known."""
        return self.latitude is None

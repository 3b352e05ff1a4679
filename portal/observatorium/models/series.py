"""Figures over time that stand beside an indicator's colours: where each series comes from, and its points."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, Versioned


class FigureSeries(Versioned, Base):
    """A figure of the municipality over time: fetched by a saved query, or uploaded. It never sets a colour.

    How the fetching goes is written without a new version: the worker doesn't disturb whoever edits the series.
    """

    __tablename__ = "figure_series"

    id: Mapped[Pk]
    indicator: Mapped[str] = mapped_column(sa.String(5), index=True)
    title: Mapped[ShortText]
    unit: Mapped[ShortText]
    source: Mapped[ShortText]
    source_url: Mapped[str] = mapped_column(sa.String(2000), default="")
    query: Mapped[str] = mapped_column(sa.String(2000), default="")
    """The address of a PxWebApi query that answers with JSON-stat2, `{kommune}` for our number. Empty: CSV only."""
    active: Mapped[bool] = mapped_column(default=True)
    asked_at: Mapped[datetime | None]
    """When the worker was last asked to fetch it."""
    tried_at: Mapped[datetime | None]
    """When the worker last had tried."""
    fetched_at: Mapped[datetime | None]
    """When the points that stand were fetched or uploaded."""
    failed: Mapped[str] = mapped_column(sa.String(40), default="")
    """Why the last fetching failed, in a word; empty when it went well."""
    failed_detail: Mapped[ShortText] = mapped_column(default="")


class FigurePoint(Base):
    """One point of a series. The value is kept as written, so that no decimal is lost on the way."""

    __tablename__ = "figure_points"

    series_id: Mapped[int] = mapped_column(sa.ForeignKey("figure_series.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    """A year, or a part of one: 2025, 2025K3, 2025M07."""
    value: Mapped[str | None] = mapped_column(sa.String(40))
    status: Mapped[str] = mapped_column(sa.String(40), default="")
    """What the source says instead of a value, or of it: «:» not to be shown, «..» not there."""
    previous: Mapped[str | None] = mapped_column(sa.String(40))
    """What the value was before the source changed it."""
    changed_at: Mapped[datetime | None]

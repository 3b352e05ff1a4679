"""What came from partners: which solution here is which of theirs, what was set aside, and their published rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText


class Imported(Base):
    """That one of the solutions here is a partner's, and which edition of it we have."""

    __tablename__ = "imported_solutions"

    solution_id: Mapped[int] = mapped_column(sa.ForeignKey("solutions.id"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    uri: Mapped[str] = mapped_column(sa.String(400), unique=True)
    """Its id at the source, which is its address too."""
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    """Empty after a tombstone."""
    attribution: Mapped[ShortText]
    """Whose it is, as the licence asks to be told."""
    changed_at: Mapped[datetime]
    """When the source changed it."""
    taken_at: Mapped[datetime]
    """When we took that in."""
    gone_at: Mapped[datetime | None]
    """When its source withdrew it."""


class Heard(Base):
    """That a partner told of an adoption, and when it last had changed there: an older word comes too late."""

    __tablename__ = "heard_adoptions"

    uri: Mapped[str] = mapped_column(sa.String(400), primary_key=True)
    """Its id at the partner."""
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    changed_at: Mapped[datetime]


class SetAside(Base):
    """One thing from a partner that was not taken in, and why. It goes when a newer edition is taken in."""

    __tablename__ = "partner_set_aside"

    id: Mapped[Pk]
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    uri: Mapped[str] = mapped_column(sa.String(400))
    """The id it gave, cut to its first 400 characters; empty when it gave none that could be read."""
    version: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(40))
    """A code of `incoming`."""
    detail: Mapped[str] = mapped_column(sa.String(400), default="")
    """Which field, which number."""
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)

    __table_args__ = (sa.UniqueConstraint("partner_id", "uri"),)


class PartnerRound(Base):
    """A round that a partner has published, as it stood when we read it last."""

    __tablename__ = "partner_rounds"

    id: Mapped[Pk]
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    slug: Mapped[ShortText]
    title: Mapped[ShortText]
    published_at: Mapped[datetime]
    revision: Mapped[int]
    catalogue_version: Mapped[ShortText]
    method_version: Mapped[ShortText]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    fetched_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("partner_id", "slug"),)


class PartnerResult(Base):
    """What a partner published of one indicator in a round: the shape that the API's `results` gives."""

    __tablename__ = "partner_results"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("partner_rounds.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    body: Mapped[dict[str, Any]]

    __table_args__ = (sa.Index("ix_partner_results_indicator", "indicator", "round_id"),)

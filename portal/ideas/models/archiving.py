"""What was sent to the municipality's archive, and under which number it lies there."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, ShortText


class ArchivedCase(Base):
    """How the case of an idea or a campaign stands with the archive: the newest sending only."""

    __tablename__ = "archived_cases"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    journal_number: Mapped[ShortText] = mapped_column(default="")
    """Of a campaign's case; an idea has its own."""
    asked_at: Mapped[datetime | None]
    """When somebody asked that it is sent."""
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    delivered_at: Mapped[datetime | None]
    """When the archive took it; None while it is on its way."""
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    """Of the package that the archive took."""

"""What people have told of pages they can't use."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText


class AccessibilityReport(Base):
    """Somebody tells of a page that isn't accessible to them. Its number is the receipt."""

    __tablename__ = "accessibility_reports"

    id: Mapped[Pk]
    created_at: Mapped[datetime]
    page: Mapped[ShortText] = mapped_column(default="")
    text: Mapped[str]
    email: Mapped[str | None] = mapped_column(sa.String(254))
    """Where to answer, for whoever wants an answer."""
    language: Mapped[str] = mapped_column(sa.String(2))
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    """Of the form it came by: sent twice, it is one report all the same."""

    __table_args__ = ({"sqlite_autoincrement": True},)

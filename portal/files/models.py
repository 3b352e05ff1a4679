"""The files that people send in; what they hold lies in the store."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.files.checking import PICTURES
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class File(Versioned, Base):
    """A picture or a document, on a thing or not yet on anything."""

    __tablename__ = "files"

    id: Mapped[Pk]
    kind: Mapped[str | None] = mapped_column(sa.String(40))
    target_id: Mapped[int | None]
    uploader_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    name: Mapped[ShortText]
    """Made safe, with the extension of what the file is."""
    media_type: Mapped[str] = mapped_column(sa.String(100))
    """As its content says."""
    size: Mapped[int]
    """Bytes of what is kept."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of what is kept, in hexadecimal."""
    address: Mapped[str] = mapped_column(sa.String(120), unique=True)
    """Where in the store it lies."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Pixels of a picture."""
    alt_text: Mapped[str]
    """What a picture shows, for those who don't see it."""
    is_decoration: Mapped[bool]
    """A picture that says nothing: its uploader chose so, and it has no alt text."""
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    """DRAFT until it is put on something."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When it was put on something, or what is said of it was changed."""
    unattached_since: Mapped[datetime | None] = mapped_column(index=True)
    """Set while it is on nothing: it is cleaned away after a day."""

    __table_args__ = (
        sa.Index("ix_files_target", "kind", "target_id", "state", "id"),
        sa.CheckConstraint("(kind IS NULL) = (target_id IS NULL)", name="whole_target"),
        sa.CheckConstraint("(kind IS NULL) = (unattached_since IS NOT NULL)", name="attached_or_not"),
        sa.CheckConstraint("NOT is_decoration OR alt_text = ''", name="decoration_says_nothing"),
        {"sqlite_autoincrement": True},  # the audit trail names files that are gone by their numbers
    )

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES

    @property
    def target(self) -> Ref | None:
        return Ref(self.kind, self.target_id) if self.kind and self.target_id else None

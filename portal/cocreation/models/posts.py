"""What everything that people write in a project has in common."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.content import PublicationState
from portal.kernel.db import Pk, ShortText, Versioned, enum_column


class Post(Versioned):
    """A text somebody wrote: moderated as all else, shown under a title and a party rather than a name.

    Its texts hold what may be shown.
    """

    id: Mapped[Pk]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    byline: Mapped[ShortText]
    """«Daglig leder, Heggedal frivilligsentral», or the author's name, as it was when it was written."""
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    language: Mapped[str] = mapped_column(sa.String(2))
    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one all the same; unique for its author."""
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class ProjectPost(Post):
    """One that belongs to a project."""

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)

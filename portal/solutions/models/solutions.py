"""Solutions, their translations and their earlier versions."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Signed
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme

WORDS = (
    "title",
    "summary",
    "problem",
    "core",
    "adaptable",
    "context",
    "cost",
    "prerequisites",
    "results",
    "risk",
    "procedures",
)
"""The columns that are texts, the heading first."""


class Words:
    """What a solution says, in one language."""

    title: Mapped[ShortText]
    summary: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    core: Mapped[str] = mapped_column(default="")
    """The core that gives the effect: what must not be changed."""
    adaptable: Mapped[str] = mapped_column(default="")
    context: Mapped[str] = mapped_column(default="")
    cost: Mapped[str] = mapped_column(default="")
    prerequisites: Mapped[str] = mapped_column(default="")
    results: Mapped[str] = mapped_column(default="")
    risk: Mapped[str] = mapped_column(default="")
    """What can go wrong, and what the privacy assessment (DPIA) said."""
    procedures: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2))


class Solution(Versioned, Signed, Words, Base):
    """A practice that works, told so that others can use it. It belongs to a municipality.

    Written by its staff here, or come from its own portal: then `source_uri` says where, and the source's words win.
    The author of what came from a portal is whoever let that partner in.
    """

    __tablename__ = "solutions"

    id: Mapped[Pk]
    municipality_number: Mapped[str] = mapped_column(sa.String(4))
    theme: Mapped[Theme] = mapped_column(enum_column(Theme, "theme"))
    cost_class: Mapped[Cost] = mapped_column(enum_column(Cost, "cost_class"))
    evidence: Mapped[Evidence] = mapped_column(enum_column(Evidence, "evidence"))
    size: Mapped[Size] = mapped_column(enum_column(Size, "size"))
    """Of the municipality it was made in."""
    licence: Mapped[Licence] = mapped_column(enum_column(Licence, "licence"), default=Licence.CC_BY)
    contact_title: Mapped[ShortText] = mapped_column(default="")
    """Whom to ask, by title, never by name."""
    used_since: Mapped[date | None]
    """When the source took it in use."""
    origin_kind: Mapped[str | None] = mapped_column(sa.String(40))
    origin_id: Mapped[int | None]
    """The idea, the project or the other solution it came of."""

    source_uri: Mapped[str | None] = mapped_column(sa.String(400), unique=True)
    """Where it lives when it came from another portal."""
    source_version: Mapped[int | None]
    local_note: Mapped[str] = mapped_column(default="")
    """What staff here say about a solution that came from another portal; stays when the source changes."""

    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    in_use: Mapped[int] = mapped_column(default=0)
    """How many have it in use, the source apart: counted in the transaction that changes it."""
    edition: Mapped[int] = mapped_column(default=1)
    """Which version of the words this is: what readers and other portals call the version."""

    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one solution all the same."""
    created_at: Mapped[datetime]
    shown_at: Mapped[datetime]
    """When people could see it first; until then when it was begun. The list's order."""
    edited_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)
    """When anything of it was new to readers last, as when its new words were let through: what programs ask for."""

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_solutions_state_shown_at", "state", "shown_at", "id"),
        sa.Index("ix_solutions_state_in_use", "state", "in_use", "shown_at", "id"),
        sa.Index("ix_solutions_state_theme_shown_at", "state", "theme", "shown_at", "id"),
        sa.Index("ix_solutions_state_municipality_number", "state", "municipality_number", "shown_at", "id"),
        sa.Index("ix_solutions_origin", "origin_kind", "origin_id"),
        sa.CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name="whole_origin"),
        sa.CheckConstraint("(source_uri IS NULL) = (source_version IS NULL)", name="whole_source"),
        {"sqlite_autoincrement": True},
    )

    @property
    def origin(self) -> Ref | None:
        """What it came of."""
        return Ref(self.origin_kind, self.origin_id) if self.origin_kind and self.origin_id else None


class SolutionTranslation(Versioned, Words, Base):
    """A solution in another language than the one it was written in, made by those who own it."""

    __tablename__ = "solution_translations"

    id: Mapped[Pk]
    solution_id: Mapped[int] = mapped_column(sa.ForeignKey("solutions.id"), index=True)
    of_edition: Mapped[int]
    """Which version of the words it says: older than the solution's, it says so to its readers."""
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("solution_id", "language"), {"sqlite_autoincrement": True})


class SolutionVersion(Words, Base):
    """What a solution said while it was shown, before it was changed."""

    __tablename__ = "solution_versions"

    id: Mapped[Pk]
    solution_id: Mapped[int] = mapped_column(sa.ForeignKey("solutions.id"), index=True)
    edition: Mapped[int]
    until: Mapped[datetime]
    """When it was replaced."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """It may say what moderation has masked."""

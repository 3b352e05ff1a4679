"""What people add to a thing: support, follow, and what they write on it. Counters are kept beside, exact."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Signed
from portal.kernel.content import PublicationState
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Form(StrEnum):
    """What a contribution is."""

    ARGUMENT_FOR = "for"
    ARGUMENT_AGAINST = "against"
    QUESTION = "question"
    COMMENT = "comment"


class Support(Base):
    """One person's support of one thing; taking it back removes the row."""

    __tablename__ = "supports"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    created_at: Mapped[datetime]
    moved_from: Mapped[int | None]
    """The thing of the same kind that was made part of this one: it came with that, and goes when that is undone."""


class Follow(Base):
    """One person follows one thing, and is told what happens to it."""

    __tablename__ = "follows"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    created_at: Mapped[datetime]
    moved_from: Mapped[int | None]


class Tally(Base):
    """How many support and follow a thing, and how much is written on it: of what is shown, kept exact.

    The replies to a contribution are the comments of its own row, and don't count for the thing it was written on.
    """

    __tablename__ = "tallies"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    supports: Mapped[int] = mapped_column(default=0)
    followers: Mapped[int] = mapped_column(default=0)
    arguments_for: Mapped[int] = mapped_column(default=0)
    arguments_against: Mapped[int] = mapped_column(default=0)
    questions: Mapped[int] = mapped_column(default=0)
    comments: Mapped[int] = mapped_column(default=0)
    discussed: Mapped[int] = mapped_column(
        sa.Computed("arguments_for + arguments_against + questions + comments", persisted=True)
    )
    """All that is written on it, kept by the database: what a list in this order walks along."""

    __table_args__ = (
        sa.Index("ix_tallies_kind_supports", "kind", "supports", "target_id"),
        sa.Index("ix_tallies_kind_discussed", "kind", "discussed", "target_id"),
        sa.CheckConstraint(
            "supports >= 0 AND followers >= 0 AND arguments_for >= 0 AND arguments_against >= 0 "
            "AND questions >= 0 AND comments >= 0",
            name="none_negative",
        ),
    )


class Contribution(Versioned, Signed, Base):
    """An argument, a question or a comment on a thing, or a reply to one of these: two deep and no deeper.

    Withdrawn by its author it has no text any more; what was written in reply to it stays.
    """

    __tablename__ = "contributions"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    form: Mapped[Form] = mapped_column(enum_column(Form, "form"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contributions.id"), index=True)
    """What it replies to; a reply has the target and the form of what it replies to."""
    is_official: Mapped[bool] = mapped_column(default=False)
    """The municipality's answer: marked, and pinned first among the replies."""
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one contribution all the same."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_contributions_target", "kind", "target_id", "form", "parent_id", "id"),
        {"sqlite_autoincrement": True},  # the audit trail names contributions that are gone by their numbers
    )


class ContributionVersion(Base):
    """What a contribution said while it was shown, before it was edited: so that everybody can see the difference."""

    __tablename__ = "contribution_versions"

    id: Mapped[Pk]
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contributions.id"), index=True)
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    until: Mapped[datetime]
    """When it was replaced."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """It may say what moderation has masked."""


class Pseudonym(Base):
    """The name a person goes by in one conversation when they don't want to use their own."""

    __tablename__ = "pseudonyms"

    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    name: Mapped[ShortText]

    __table_args__ = (sa.UniqueConstraint("kind", "target_id", "name"),)

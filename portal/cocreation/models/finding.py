"""Finding each other: what actors offer and seek, messages between them, and the municipality's own method cards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.cocreation.models.posts import Post
from portal.cocreation.models.together import NeedKind
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Direction(StrEnum):
    """Whether an actor has something to give, or looks for something."""

    OFFERS = "offers"
    SEEKS = "seeks"


class Offer(Post, Base):
    """What a verified organisation offers or seeks; themes are the goals it is linked to, the place its location."""

    __tablename__ = "actor_offers"

    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    direction: Mapped[Direction] = mapped_column(enum_column(Direction, "direction"))
    kind: Mapped[NeedKind] = mapped_column(enum_column(NeedKind, "kind"))
    title: Mapped[ShortText]
    text: Mapped[str] = mapped_column(default="")
    skills: Mapped[list[Any]] = mapped_column(default=list)
    closed_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("author_id", "key"), {"sqlite_autoincrement": True})


class Message(Base):
    """What one person wrote to those who run a project or speak for an organisation; nobody sees an address."""

    __tablename__ = "actor_messages"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    """Of what it is about: a project, a need, an offer, an organisation."""
    target_id: Mapped[int]
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    text: Mapped[str]
    answers_id: Mapped[int | None] = mapped_column(sa.ForeignKey("actor_messages.id"), index=True)
    """The first message of the thread this one answers in."""
    key: Mapped[str] = mapped_column(sa.String(36))
    sent_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Of the first of a thread: when those who were written to had enough."""

    __table_args__ = (
        sa.UniqueConstraint("sender_id", "key"),
        sa.Index("ix_actor_messages_kind_target_id", "kind", "target_id", "id"),
        {"sqlite_autoincrement": True},
    )


class MethodCard(Versioned, Base):
    """A method that the municipality's staff added; those that come with the portal are in `methods.json`."""

    __tablename__ = "method_cards"

    id: Mapped[Pk]
    texts: Mapped[dict[str, Any]]
    """By language: title, goal, audience, how, tips, equipment."""
    facts: Mapped[dict[str, Any]]
    """Minutes, persons, level, types and phases, as in `methods.json`."""
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

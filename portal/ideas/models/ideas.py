"""Ideas, what they said before they were changed, and where they came from. A tidstyv is an idea with more fields."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Signed
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel.content import PublicationState
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Lineage(StrEnum):
    """How an idea comes from another."""

    INSPIRED = "inspired"
    ALSO_WANTED = "also_wanted"
    """«Dette vil vi også gjøre»."""


class Idea(Versioned, Signed, Base):
    """What somebody proposes, in their own words: staff add to it, and never reword it.

    Its texts hold what may be shown. A draft and what is internal are seen by few; see `policy.visible`.
    """

    __tablename__ = "ideas"

    id: Mapped[Pk]
    kind: Mapped[IdeaKind] = mapped_column(enum_column(IdeaKind, "kind"))
    title: Mapped[ShortText] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    challenge: Mapped[str] = mapped_column(default="")
    """Why it matters; of a tidstyv: what steals time."""
    solution: Mapped[str] = mapped_column(default="")
    usefulness: Mapped[str] = mapped_column(default="")
    """To others."""
    benefit_type: Mapped[str] = mapped_column(sa.String(40), default="")
    """One of `benefit_types.STANDARD`, or of the campaign's own."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """To the campaign's own questions, by the question's key."""
    language: Mapped[str] = mapped_column(sa.String(2))
    is_told: Mapped[bool] = mapped_column(default=False)
    """«Fortid»: an experience, of what has been done already."""
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    """The part of the municipality that it is for; staff may correct it."""
    campaign_id: Mapped[int | None] = mapped_column(sa.ForeignKey("campaigns.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    """The idea it comes from."""
    lineage: Mapped[Lineage | None] = mapped_column(enum_column(Lineage, "lineage"))

    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    stage: Mapped[Stage] = mapped_column(enum_column(Stage, "stage"), default=Stage.RECEIVED)
    stage_since: Mapped[datetime]
    """When it came to the stage it is at: how stale it is, is computed from this and shown to everybody."""
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision, "decision"))
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    """Who in the municipality has the case."""
    answer_due_at: Mapped[datetime]
    """When a first answer is due; holds once the idea is sent in."""
    answered_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When author and supporters were asked whether it helped."""
    journal_number: Mapped[ShortText | None]
    """Of the case in the municipality's archive."""

    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one idea all the same."""
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    shown_at: Mapped[datetime]
    """When people could see it first; until then when it was begun. The list's order."""
    edited_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_ideas_state_shown_at", "state", "shown_at", "id"),
        sa.Index("ix_ideas_state_kind_shown_at", "state", "kind", "shown_at", "id"),
        sa.Index("ix_ideas_state_stage_shown_at", "state", "stage", "shown_at", "id"),
        sa.Index(
            "ix_ideas_state_answer_due_at",
            "state",
            "answer_due_at",
            "id",
            sqlite_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
        ),
        sa.CheckConstraint("(parent_id IS NULL) = (lineage IS NULL)", name="lineage_has_parent"),
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        {"sqlite_autoincrement": True},  # the audit trail names ideas that are gone by their numbers
    )


class IdeaVersion(Base):
    """What an idea said while it was shown, before its author changed it: so that everybody can see the difference."""

    __tablename__ = "idea_versions"

    id: Mapped[Pk]
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    title: Mapped[ShortText]
    summary: Mapped[str]
    challenge: Mapped[str]
    solution: Mapped[str]
    usefulness: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    until: Mapped[datetime]
    """When it was replaced."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """It may say what moderation has masked."""


class Origin(Base):
    """Where an imported idea comes from: its number and address there, and the support it had there."""

    __tablename__ = "idea_origins"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), primary_key=True)
    source: Mapped[ShortText]
    origin_id: Mapped[ShortText]
    address: Mapped[str] = mapped_column(default="")
    author_name: Mapped[ShortText] = mapped_column(default="")
    supports: Mapped[int] = mapped_column(default=0)
    """Never added to ours."""

    __table_args__ = (sa.UniqueConstraint("source", "origin_id"),)


class Similarity(StrEnum):
    """What a writer said of an idea that resembled theirs."""

    SAME = "same"
    ADDS = "adds"
    DIFFERENT = "different"


class SimilarityLabel(Base):
    """A writer's answer to «is this the same»: what finding similar ideas is tuned by. Tells nobody who answered."""

    __tablename__ = "similarity_labels"

    id: Mapped[Pk]
    wording: Mapped[ShortText]
    """The title they had written."""
    language: Mapped[str] = mapped_column(sa.String(2))
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("ideas.id"), index=True)
    """The idea they were shown."""
    answer: Mapped[Similarity] = mapped_column(enum_column(Similarity, "answer"))
    at: Mapped[datetime] = mapped_column(index=True)

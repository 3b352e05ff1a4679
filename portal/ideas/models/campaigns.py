"""Campaigns: what staff ask people for, for a time, with questions and criteria of their own. Data, not code."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.ideas.stages import IdeaKind
from portal.kernel.db import Base, Pk, Versioned, enum_column


class Audience(StrEnum):
    """Who may take part, and see what comes in."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    INVITED = "invited"
    """Those who are listed, and staff."""


class Campaign(Versioned, Base):
    """A call for ideas. Texts are in three languages: {"nb": …, "nn": …, "en": …}.

    Bokmål stands in for a language that is empty.
    """

    __tablename__ = "campaigns"

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    kind: Mapped[IdeaKind | None] = mapped_column(enum_column(IdeaKind, "campaign_kind"))
    """Ideas or tidstyver; None: both."""
    title: Mapped[dict[str, Any]]
    lead: Mapped[dict[str, Any]]
    """One sentence."""
    introduction: Mapped[dict[str, Any]] = mapped_column(default=dict)
    goal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What it is to lead to."""
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What came of it, told when it is over."""
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day."""
    audience: Mapped[Audience] = mapped_column(enum_column(Audience, "audience"))
    benefit_types: Mapped[list[Any]] = mapped_column(default=list)
    """[{"key", "nb", "nn", "en"}]; none: the standard ones."""
    criteria: Mapped[list[Any]] = mapped_column(default=list)
    """[{"key", "axis", "name": {…}, "low": {…}, "high": {…}}]; none: `criteria.STANDARD`."""
    questions: Mapped[list[Any]] = mapped_column(default=list)
    """[{"key", "kind": short|long|choice|number, "required", "label": {…}, "options": [{…}]}]."""
    is_announced: Mapped[bool] = mapped_column(default=False)
    """False while staff are still making it."""
    key: Mapped[str] = mapped_column(sa.String(36), unique=True)
    """Of the form it came by: sent twice, it is one campaign all the same."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    __table_args__ = (
        sa.CheckConstraint("opens_on <= closes_on", name="opens_first"),
        {"sqlite_autoincrement": True},
    )


class CampaignMember(Base):
    """Somebody who is invited to a closed campaign."""

    __tablename__ = "campaign_members"

    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaigns.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)

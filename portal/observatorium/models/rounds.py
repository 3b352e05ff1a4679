"""Rounds, ratings that nobody can trace, comments, the municipality's own level, and published results."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Answer, Level
from portal.observatorium.population import AgeBand, Gender


class RoundState(StrEnum):
    """Where a round stands. Published never changes; a correction is a new revision."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Tie(StrEnum):
    """What ties a person to the municipality, in their own words; published in numbers with the result."""

    LIVES = "lives"
    WORKS = "works"
    STUDIES = "studies"
    ORGANISATION = "organisation"
    HOLIDAY_HOME = "holiday_home"


class Round(Versioned, Base):
    """One time the municipality is judged, usually a year."""

    __tablename__ = "rounds"

    id: Mapped[Pk]
    slug: Mapped[ShortText] = mapped_column(unique=True)
    title: Mapped[ShortText]
    state: Mapped[RoundState] = mapped_column(enum_column(RoundState, "state"), index=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    sign_in_methods: Mapped[list[Any]]
    """Which ways of signing in may rate: values of SignInMethod. Published with the result."""
    catalogue_version: Mapped[ShortText | None]
    catalogue: Mapped[dict[str, Any] | None] = deferred(mapped_column(sa.JSON))
    """The catalogue as it was when the round opened."""
    key_destroyed_at: Mapped[datetime | None]
    publishing_since: Mapped[datetime | None]
    """Set while the worker computes the result."""
    publishing_step: Mapped[int | None]
    """How many of the indicators the worker has computed, while it does."""

    @property
    def last_day(self) -> date:
        """The last day on which people can answer: a round that closes at midnight has closed on the day after."""
        return clock.local(self.closes_at - timedelta(seconds=1)).date()

    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        sa.Index(
            "uq_rounds_one_open",
            "state",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )


class OwnAssessment(Versioned, Base):
    """The municipality's own level for an indicator in a round."""

    __tablename__ = "own_assessments"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    indicator: Mapped[str] = mapped_column(sa.String(5))
    level: Mapped[Level | None] = mapped_column(enum_column(Level, "level"))
    justification: Mapped[str] = mapped_column(default="")
    signed_by_title: Mapped[ShortText | None]
    signed_at: Mapped[datetime | None]
    """Set when a coordinator has signed; gone again when something under it changes."""

    __table_args__ = (sa.UniqueConstraint("round_id", "indicator"),)


class Ballot(Base):
    """One rater in one round: group and organisation frozen at the first rating. No account, no time.

    The pseudonym is HMAC(key of the round, account), the organisation HMAC(key of the round, organisation).
    """

    __tablename__ = "ballots"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), primary_key=True)
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    group: Mapped[StakeholderGroup] = mapped_column(
        "stakeholder_group", enum_column(StakeholderGroup, "stakeholder_group")
    )
    organisation: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    tie: Mapped[Tie] = mapped_column(enum_column(Tie, "tie"))
    age_band: Mapped[AgeBand | None] = mapped_column(enum_column(AgeBand, "age_band"))
    gender: Mapped[Gender | None] = mapped_column(enum_column(Gender, "gender"))
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhoods.id"), index=True)
    """What a resident may tell of themselves, to be weighted by."""
    network: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    """HMAC(key of the round, the network and the week): which ballots came from one network. Cleared after 14 days."""
    network_until: Mapped[date | None]
    exclusion_id: Mapped[int | None] = mapped_column(sa.ForeignKey("exclusions.id"), index=True)
    """Set when a coordinator took it out of the result."""
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("observatory_invitations.id"), index=True)
    """The link the person came by, if any: counted, and never shown with anything else."""

    __table_args__ = (
        sa.CheckConstraint(
            "(stakeholder_group = 'resident') = (organisation IS NULL)", name="organisation_unless_resident"
        ),
        {"sqlite_with_rowid": False},  # rows lie in the order of the pseudonym: the order of arrival is not kept
    )


class Rating(Base):
    """One person's answer to one indicator in one round. No account, no time; one per person, indicator and round."""

    __tablename__ = "ratings"

    round_id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    answer: Mapped[Answer] = mapped_column(enum_column(Answer, "answer"))

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["round_id", "pseudonym"], ["ballots.round_id", "ballots.pseudonym"], ondelete="CASCADE"
        ),
        {"sqlite_with_rowid": False},  # see Ballot
    )


class Comment(Versioned, Base):
    """What somebody wrote about an indicator: a row of its own, without rating, group or pseudonym."""

    __tablename__ = "observatory_comments"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    indicator: Mapped[str] = mapped_column(sa.String(5))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    text: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    created_at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("round_id", "indicator", "author_id"),
        sa.Index("ix_observatory_comments_indicator", "indicator", "state"),
        {"sqlite_autoincrement": True},  # the audit trail names comments that are gone by their numbers
    )


class Revision(Base):
    """The published result of a round, computed once. A correction is a new revision; the old one stays as it was."""

    __tablename__ = "revisions"

    id: Mapped[Pk]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    number: Mapped[int]
    published_at: Mapped[datetime]
    method_version: Mapped[ShortText]
    catalogue_version: Mapped[ShortText]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(default="")
    """Why there is a correction; empty for the first."""
    summary: Mapped[dict[str, Any]]
    """Participation, ties, ways of signing in, and what the whole says: small enough to read with every page."""

    round: Mapped[Round] = relationship(lazy="raise_on_sql")
    results: Mapped[list[RevisionResult]] = relationship(back_populates="revision", lazy="raise_on_sql")

    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)


class RevisionResult(Base):
    """The published result of one indicator in one revision, ready to be shown."""

    __tablename__ = "revision_results"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revisions.id"), primary_key=True)
    indicator: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    body: Mapped[dict[str, Any]]
    record: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Own assessment, evidence, verification and replies as published; none in revisions from before they were kept."""

    revision: Mapped[Revision] = relationship(back_populates="results", lazy="raise_on_sql")

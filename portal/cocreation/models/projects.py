"""Projects, the parties to them, and the people who act for the parties."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import Signed
from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.kernel.content import PublicationState
from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class Ending(StrEnum):
    """How a project went, as its owner says when it is closed."""

    SUCCEEDED = "succeeded"
    PARTLY = "partly"
    FAILED = "failed"
    STOPPED = "stopped"


class Project(Versioned, Signed, Base):
    """What several make together: a challenge, a goal, and a way there that everybody can follow.

    Its texts hold what may be shown. Signed by whoever started it, under their name or an organisation's.
    """

    __tablename__ = "projects"

    id: Mapped[Pk]
    title: Mapped[ShortText]
    summary: Mapped[str] = mapped_column(default="")
    challenge: Mapped[str]
    goal: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2))
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    """The part of the municipality that it concerns: its employees can follow it up."""
    origin_kind: Mapped[str | None] = mapped_column(sa.String(40))
    origin_id: Mapped[int | None]
    """What it was started from: an idea, an indicator."""

    state: Mapped[PublicationState] = mapped_column(enum_column(PublicationState, "state"))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"), default=Phase.NEED)
    phase_since: Mapped[datetime]
    type: Mapped[ProjectType | None] = mapped_column(enum_column(ProjectType, "type"))
    """What the owner chose, else what all parties' newest answers agree on; None while that is open."""
    central_actor: Mapped[float | None]
    """Of the parties' newest answers, the mean: − the municipality, + civil society. See `typology`."""
    predictability: Mapped[float | None]
    """The same, − low, + high."""
    ended_at: Mapped[datetime | None]
    ending: Mapped[Ending | None] = mapped_column(enum_column(Ending, "ending"))
    learning: Mapped[str] = mapped_column(default="")
    """What was learnt, also when it failed."""
    benefits_responsible: Mapped[ShortText] = mapped_column(default="")
    """Who follows up the benefits in the line, by title."""
    alive_at: Mapped[datetime]
    """The last sign of life: whatever somebody did in it."""

    key: Mapped[str] = mapped_column(sa.String(36))
    """Of the form it came by: sent twice, it is one project all the same."""
    created_at: Mapped[datetime]
    shown_at: Mapped[datetime]
    """When people could see it first; until then when it was begun. The list's order."""
    edited_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("author_id", "key"),
        sa.Index("ix_projects_state_shown_at", "state", "shown_at", "id"),
        sa.Index("ix_projects_state_type_shown_at", "state", "type", "shown_at", "id"),
        sa.Index("ix_projects_state_phase_shown_at", "state", "phase", "shown_at", "id"),
        sa.Index("ix_projects_state_alive_at", "state", "alive_at", "id"),
        sa.Index("ix_projects_origin", "origin_kind", "origin_id"),
        sa.CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name="whole_origin"),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended_somehow"),
        {"sqlite_autoincrement": True},
    )


class ProjectVersion(Base):
    """What a project said while it was shown, before it was changed."""

    __tablename__ = "project_versions"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    title: Mapped[ShortText]
    summary: Mapped[str]
    challenge: Mapped[str]
    goal: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(2))
    until: Mapped[datetime]
    """When it was replaced."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """It may say what moderation has masked."""


class PartyKind(StrEnum):
    """What kind of party it is."""

    MUNICIPALITY = "municipality"
    """A unit of the municipality."""
    ORGANISATION = "organisation"
    BUSINESS = "business"
    KNOWLEDGE = "knowledge"
    RESIDENTS = "residents"
    """A group of residents."""


class Part(StrEnum):
    """What a party does in one of the four steps: define the problem, set goals, design, carry out."""

    LEADS = "leads"
    TOGETHER = "together"
    INPUT = "input"
    NONE = "none"


class Party(Versioned, Base):
    """One of those who make the project together; it has a contact by title, never by name."""

    __tablename__ = "project_parties"

    id: Mapped[Pk]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), index=True)
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind, "kind"))
    name: Mapped[ShortText]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    """Its verified spokespersons may represent it."""
    service_area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_areas.id"), index=True)
    """Its employees may represent it."""
    contact_title: Mapped[ShortText]
    problem: Mapped[Part] = mapped_column(enum_column(Part, "problem"), default=Part.NONE)
    goals: Mapped[Part] = mapped_column(enum_column(Part, "goals"), default=Part.NONE)
    design: Mapped[Part] = mapped_column(enum_column(Part, "design"), default=Part.NONE)
    carry_out: Mapped[Part] = mapped_column(enum_column(Part, "carry_out"), default=Part.NONE)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (sa.UniqueConstraint("project_id", "name"), {"sqlite_autoincrement": True})


class MemberRole(StrEnum):
    """What somebody is in a project; a follower follows it as anything else, and is no member."""

    OWNER = "owner"
    REPRESENTATIVE = "representative"
    CONTRIBUTOR = "contributor"


class Member(Base):
    """Somebody who takes part in a project; their name is shown to its members only."""

    __tablename__ = "project_members"

    project_id: Mapped[int] = mapped_column(sa.ForeignKey("projects.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True, index=True)
    role: Mapped[MemberRole] = mapped_column(enum_column(MemberRole, "role"))
    party_id: Mapped[int | None] = mapped_column(sa.ForeignKey("project_parties.id"), index=True)
    """Whom they act for."""
    title: Mapped[ShortText] = mapped_column(default="")
    """Their role with the party: «styreleder»."""
    asked_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    """None while an owner hasn't answered."""

    __table_args__ = (sa.CheckConstraint("role <> 'representative' OR party_id IS NOT NULL", name="represents_one"),)

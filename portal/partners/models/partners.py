"""Partners: other municipalities' portals, the keys they sign with, and the log of what passed between us."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column


class PartnerState(StrEnum):
    """Whether we exchange anything with a partner now."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Partner(Versioned, Base):
    """Another municipality's portal that staff here have let in."""

    __tablename__ = "partners"

    id: Mapped[Pk]
    name: Mapped[ShortText]
    municipality_number: Mapped[str] = mapped_column(sa.String(4), unique=True)
    """It tells of this municipality only."""
    organisation_number: Mapped[str] = mapped_column(sa.String(9), default="")
    base_url: Mapped[str] = mapped_column(sa.String(200), unique=True)
    """Scheme, host and port, without a slash at the end; every address of the partner's begins so."""
    state: Mapped[PartnerState] = mapped_column(enum_column(PartnerState, "state"))
    suspended_reason: Mapped[str] = mapped_column(default="")
    suspended_at: Mapped[datetime | None]
    keeper_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    """Who let it in: the account that what it tells stands on."""
    added_at: Mapped[datetime]

    cursor: Mapped[str] = mapped_column(sa.String(200), default="")
    """Where in its feed we begin the next time."""
    etag: Mapped[ShortText] = mapped_column(default="")
    """Of the feed from `cursor` on, when there was nothing there."""
    tried_at: Mapped[datetime | None]
    """When we asked it last."""
    synced_at: Mapped[datetime | None]
    """When we last had read its feed to the end."""
    failures: Mapped[int] = mapped_column(default=0)
    """How many times in a row it has not answered as it should."""
    last_error: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        sa.CheckConstraint("(state = 'suspended') = (suspended_at IS NOT NULL)", name="suspended_with_a_time"),
        {"sqlite_autoincrement": True},
    )


class Trust(StrEnum):
    """Why we believe that a key is the partner's."""

    FIRST = "first"
    """It came when the partner was let in, and a person saw its fingerprint."""
    ENDORSED = "endorsed"
    """A key we believed vouched for it."""
    CONFIRMED = "confirmed"
    """Nobody vouched for it; an administrator has confirmed its fingerprint."""
    WAITING = "waiting"
    """Nobody vouches for it yet: nothing it signs is believed."""
    REVOKED = "revoked"
    """An administrator no longer believes it."""


class PartnerKey(Base):
    """A public key that a partner signs with, as the partner told it, and whether we believe it."""

    __tablename__ = "partner_keys"

    id: Mapped[Pk]
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"), index=True)
    key_id: Mapped[str] = mapped_column(sa.String(300), unique=True)
    """As signatures name it; it begins with the partner's address, so that no partner can take another's."""
    public_key: Mapped[str] = mapped_column(sa.String(44))
    """32 bytes in base64."""
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    """From then on the partner no longer signs with it."""
    trust: Mapped[Trust] = mapped_column(enum_column(Trust, "trust"))
    learnt_at: Mapped[datetime]


class LogKind(StrEnum):
    """What passed between a partner and us."""

    ADDED = "added"
    SYNCED = "synced"
    """Its feed was read; `counts` says what came of it."""
    FAILED = "failed"
    """It did not answer as it should; `reason` says how."""
    REFUSED = "refused"
    """It sent something that we would not take in; `reason` says why."""
    RECEIVED = "received"
    """It told that its municipality takes a solution of ours in use."""
    TOLD = "told"
    """We told it that somebody here takes a solution of its in use."""
    NOT_TOLD = "not_told"
    """It would not take in what we told; `reason` says what it answered."""
    COMPARED = "compared"
    """Its published rounds were read."""
    KEYS = "keys"
    """It has new keys, or an administrator judged one."""
    SUSPENDED = "suspended"
    RESUMED = "resumed"


class SyncEntry(Base):
    """One line in the log of a partner, for people to read."""

    __tablename__ = "partner_log"

    id: Mapped[Pk]
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("partners.id"))
    at: Mapped[datetime]
    what: Mapped[LogKind] = mapped_column(enum_column(LogKind, "what"))
    reason: Mapped[str] = mapped_column(default="")
    """A code of `words`, or what somebody wrote; at most 1,000 characters."""
    counts: Mapped[dict[str, Any]]
    """How many were `made`, `changed`, `gone`, `same` and `set_aside`, and the like."""
    solution_id: Mapped[int | None]
    """The one it is about, when it is about one."""

    __table_args__ = (sa.Index("ix_partner_log_partner_id_at", "partner_id", "at", "id"),)

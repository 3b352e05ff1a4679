"""People, the roles they hold, how they sign in, the organisations they speak for, and the portal's own settings."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Base, Pk, ShortText, Versioned, enum_column
from portal.kernel.identity import Role, SignInMethod, StakeholderGroup


class Account(Versioned, Base):
    """A person who has signed in or signed up. Never holds a fødselsnummer."""

    __tablename__ = "accounts"

    id: Mapped[Pk]
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    """In lower case; None for people who came by OIDC and gave none."""
    email_confirmed_at: Mapped[datetime | None]
    name: Mapped[ShortText]
    language: Mapped[str | None] = mapped_column(sa.String(2))
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(sa.String(64))
    """The second factor's secret; in use once totp_confirmed_at is set."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    """The last 30-second step whose code was used: a code works once."""
    municipality_number: Mapped[str | None] = mapped_column(sa.String(4))
    """The partner municipality of partner staff."""
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    inactive_told_at: Mapped[datetime | None]
    """When the owner was told that the account is deleted unless somebody signs in."""
    limited_until: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    grants: Mapped[list[Grant]] = relationship(
        back_populates="account",
        foreign_keys="Grant.account_id",
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
    )
    service_areas: Mapped[list[ServiceArea]] = relationship(secondary="account_service_areas", lazy="raise_on_sql")

    __table_args__ = ({"sqlite_autoincrement": True},)
    """A number that was somebody's is never given to another: the audit trail still names it."""


class Byline(StrEnum):
    """Under which name a text is shown, as its author chose."""

    NAME = "name"
    ORGANISATION = "organisation"
    PSEUDONYM = "pseudonym"


class Signed:
    """What somebody wrote under a name of their choice: staff see no other without a logged reason."""

    author_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    byline: Mapped[Byline] = mapped_column(enum_column(Byline, "byline"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    """On whose behalf, when it is shown under an organisation's name."""
    pseudonym: Mapped[ShortText | None]


class Identity(Base):
    """A person as an OpenID provider knows them: a keyed hash of issuer and subject, nothing else."""

    __tablename__ = "identities"

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    issuer: Mapped[ShortText]
    subject_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]

    __table_args__ = (sa.UniqueConstraint("issuer", "subject_hash"),)


class Grant(Base):
    """A role somebody holds, and who says so: an administrator, or an issuer's group."""

    __tablename__ = "grants"

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    source: Mapped[ShortText] = mapped_column(default="manual")
    """`manual`, or the name of the OIDC issuer whose group gave it: such a role goes when the group goes."""
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id], lazy="raise_on_sql")

    __table_args__ = (sa.UniqueConstraint("account_id", "role", "source"),)


class ServiceArea(Versioned, Base):
    """A part of the municipality's organisation that employees belong to."""

    __tablename__ = "service_areas"

    id: Mapped[Pk]
    name: Mapped[ShortText] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)


class AccountServiceArea(Base):
    """Which service areas an employee works in."""

    __tablename__ = "account_service_areas"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    service_area_id: Mapped[int] = mapped_column(sa.ForeignKey("service_areas.id"), primary_key=True, index=True)


class SignInSession(Base):
    """One signed-in browser. The cookie holds the token; here is only its hash."""

    __tablename__ = "sign_in_sessions"

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    method: Mapped[SignInMethod] = mapped_column(enum_column(SignInMethod, "method"))
    issuer: Mapped[ShortText | None]
    issuer_session: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    """Hash of the issuer's `sid`, so that a logout there ends the session here."""
    device: Mapped[ShortText]
    """The browser and system in words, so that its owner knows it again."""
    second_factor_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """The absolute end, however active."""
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class OneTimeToken(Base):
    """A link sent by mail that works once: confirm an address, set a new password, change the address."""

    __tablename__ = "one_time_tokens"

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    purpose: Mapped[ShortText]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A try to sign in, by hashes only: what slows down guessing without locking others out. Kept 14 days."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[Pk]
    at: Mapped[datetime] = mapped_column(index=True)
    identifier_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    network_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    succeeded: Mapped[bool]


class Organisation(Versioned, Base):
    """A voluntary organisation, business or knowledge institution with a number in Enhetsregisteret."""

    __tablename__ = "organisations"

    id: Mapped[Pk]
    number: Mapped[str] = mapped_column(sa.String(9), unique=True)
    name: Mapped[ShortText]
    group: Mapped[StakeholderGroup] = mapped_column(
        "stakeholder_group", enum_column(StakeholderGroup, "stakeholder_group")
    )
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    closed_at: Mapped[datetime | None]

    spokespersons: Mapped[list[Spokesperson]] = relationship(back_populates="organisation", lazy="raise_on_sql")

    __table_args__ = (sa.CheckConstraint("stakeholder_group <> 'resident'", name="not_residents"),)


class Spokesperson(Base):
    """Who speaks for an organisation; counts when an administrator has verified it."""

    __tablename__ = "spokespersons"

    id: Mapped[Pk]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    title: Mapped[ShortText] = mapped_column(default="")
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)

    organisation: Mapped[Organisation] = relationship(back_populates="spokespersons", lazy="raise_on_sql")
    account: Mapped[Account] = relationship(foreign_keys=[account_id], lazy="raise_on_sql")

    __table_args__ = (sa.UniqueConstraint("organisation_id", "account_id"),)


class Setting(Versioned, Base):
    """One setting that an administrator can change while the portal runs."""

    __tablename__ = "settings"

    key: Mapped[ShortText] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class Erasure(Base):
    """An account that its owner had erased: kept so that it is erased again when an older backup is restored."""

    __tablename__ = "erasures"

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """No foreign key: in a restored backup the list may be read before the accounts are."""
    at: Mapped[datetime]
    keep_answers: Mapped[bool] = mapped_column(default=False)
    """The person let the answers in the rounds that were open stay, as numbers without a name."""
    is_finished: Mapped[bool] = mapped_column(default=True)
    """False while something of the person is on hold: the rest is erased when the hold is lifted."""


class SeenLogoutToken(Base):
    """A logout token that an issuer sent and we obeyed: the same one is not taken again."""

    __tablename__ = "seen_logout_tokens"

    jti_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    seen_at: Mapped[datetime]

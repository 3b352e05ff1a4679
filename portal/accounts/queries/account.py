"""Reading a person's own account: who is signed in, where, and what the pages of the profile show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from portal import config
from portal.accounts import hashing, policy, tokens
from portal.accounts.models import (
    Account,
    AccountServiceArea,
    Grant,
    Identity,
    OneTimeToken,
    SignInAttempt,
    SignInSession,
)
from portal.accounts.queries.organisations import SpokesmanshipRow, spoken_for
from portal.accounts.queries.settings import branding
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.identity import STAFF, Actor, Role, SignInMethod


@dataclass(frozen=True, kw_only=True)
class LiveSession:
    """A sign-in that lasts, and the person in it."""

    actor: Actor
    issuer: str | None
    created_at: datetime
    last_seen_at: datetime
    idle: timedelta
    latest_end: datetime
    """The end that comes however much it is used."""
    second_factor_due: bool
    """The roles are held back until the second factor has been set up or passed."""

    @property
    def idle_end(self) -> datetime:
        return self.last_seen_at + self.idle

    @property
    def ends_at(self) -> datetime:
        return min(self.idle_end, self.latest_end)


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """A sign-in as its owner sees it."""

    id: int
    device: str
    method: SignInMethod
    issuer_title: str | None
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, kw_only=True)
class ProfilePage:
    """What «Min side» and the pages under it show of the account."""

    account: Account
    roles: tuple[Role, ...]
    sessions: tuple[SessionRow, ...]
    organisations: tuple[SpokesmanshipRow, ...]
    recently_signed_in: bool
    """Signed in so lately that this alone proves who it is."""
    second_factor_required: bool
    recovery_codes_left: int

    @property
    def has_password(self) -> bool:
        return self.account.password_hash is not None

    @property
    def has_second_factor(self) -> bool:
        return self.account.totp_confirmed_at is not None


@dataclass(frozen=True, kw_only=True)
class Failures:
    """Wrong tries since the last right one, and when the newest was."""

    count: int
    last: datetime | None


_LIVE_SESSION = (
    sa.select(SignInSession, Account, Grant.role, AccountServiceArea.service_area_id)
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(Grant, Grant.account_id == Account.id)
    .outerjoin(AccountServiceArea, AccountServiceArea.account_id == Account.id)
    .where(
        SignInSession.token_hash == sa.bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        Account.deactivated_at.is_(None),
        Account.erased_at.is_(None),
    )
)
"""Built once: every signed-in request asks it."""


def live_session(token: str) -> LiveSession | None:
    """Return the sign-in that a cookie's token stands for, in one statement; None when it has ended."""
    rows = db.session.execute(_LIVE_SESSION, {"token_hash": hashing.keyed("session", token)}).all()
    if not rows:
        return None
    roles = frozenset({Role.MEMBER} | {row.role for row in rows if row.role})
    areas = frozenset(row.service_area_id for row in rows if row.service_area_id)
    return _live(rows[0].SignInSession, rows[0].Account, roles, areas)


def _live(row: SignInSession, account: Account, roles: frozenset[Role], areas: frozenset[int]) -> LiveSession | None:
    if _ends(row, roles) <= clock.now():
        return None
    limits = policy.lifetime(row.method, roles)
    due = policy.is_second_factor_due(
        required=config.current().staff_second_factor, roles=roles, passed_at=row.second_factor_at
    )
    actor = Actor(
        id=account.id,
        name=account.name,
        roles=frozenset({Role.MEMBER}) if due else roles,
        sign_in=row.method,
        language=account.language,
        limited_until=account.limited_until,
        session_id=row.id,
        service_areas=frozenset() if due else areas,
        municipality_number=account.municipality_number,
    )
    return LiveSession(
        actor=actor,
        issuer=row.issuer,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        idle=limits.idle,
        latest_end=min(row.expires_at, row.created_at + limits.absolute),
        second_factor_due=due,
    )


def _ends(row: SignInSession, roles: frozenset[Role]) -> datetime:
    return policy.ends_at(
        method=row.method,
        roles=roles,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
    )


def find_by_email(email: str) -> Account | None:
    """Return the account with an address, however it is written."""
    return db.session.scalar(sa.select(Account).where(Account.email == normalised_email(email)))


def normalised_email(email: str) -> str:
    """Return an address as it is stored and compared."""
    return email.strip().lower()


def find_by_identity(issuer: str, subject: str) -> Account | None:
    """Return the account of a person as an OpenID provider knows them."""
    return db.session.scalar(
        sa.select(Account)
        .join(Identity, Identity.account_id == Account.id)
        .where(Identity.issuer == issuer, Identity.subject_hash == hashing.subject(issuer, subject))
    )


def email_to_confirm(token: str) -> str:
    """Return the address that a mailed link confirms. Raises Invalid when the link doesn't work any more."""
    row = tokens.find(tokens.CONFIRM_EMAIL, token)
    if row is None:
        raise Invalid("", tokens.EXPIRED)
    return find_account(row.account_id).email or ""


def works(purpose: str, token: str) -> bool:
    """Say whether a mailed link still works."""
    return tokens.find(purpose, token) is not None


def has_identity(account_id: int) -> bool:
    """Say whether a person comes by an OpenID provider."""
    return bool(db.session.scalar(sa.select(Identity.id).where(Identity.account_id == account_id).limit(1)))


def is_last_administrator(account_id: int) -> bool:
    """Say whether an account is the only one that can administer the portal; locks the rows it counts."""
    administrators = db.session.scalars(
        sa.select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.ADMIN, Account.deactivated_at.is_(None), Account.erased_at.is_(None))
        .order_by(Grant.id)
        .with_for_update()
    ).all()
    return set(administrators) == {account_id}


def find_account(account_id: int) -> Account:
    """Return an account. Raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def profile(actor: Actor) -> ProfilePage:
    """Return a person's own account."""
    account = find_account(policy.own_only(actor))
    grants = db.session.scalars(sa.select(Grant.role).where(Grant.account_id == account.id).distinct()).all()
    roles = frozenset(grants) | {Role.MEMBER}
    rows, signed_in_at = _sessions(actor, roles)
    return ProfilePage(
        account=account,
        roles=tuple(role for role in Role if role in roles),
        sessions=rows,
        organisations=tuple(spoken_for(account.id)),
        recently_signed_in=signed_in_at is not None and clock.now() - signed_in_at <= policy.RECENT,
        second_factor_required=config.current().staff_second_factor and bool(roles & STAFF),
        recovery_codes_left=recovery_codes_left(account.id),
    )


def _sessions(actor: Actor, roles: frozenset[Role]) -> tuple[tuple[SessionRow, ...], datetime | None]:
    found = db.session.scalars(
        sa.select(SignInSession)
        .where(SignInSession.account_id == actor.id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    live = [row for row in found if _ends(row, roles) > clock.now()]
    shown = tuple(
        SessionRow(
            id=row.id,
            device=row.device,
            method=row.method,
            issuer_title=_issuer_title(row.issuer),
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.id == actor.session_id,
        )
        for row in live
    )
    return shown, next((row.created_at for row in live if row.id == actor.session_id), None)


def _issuer_title(name: str | None) -> str | None:
    issuer = config.current().issuer(name) if name else None
    return issuer.title if issuer else name


def recovery_codes_left(account_id: int) -> int:
    """Return how many spare codes an account has left."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(OneTimeToken)
            .where(
                OneTimeToken.account_id == account_id,
                OneTimeToken.purpose == tokens.RECOVERY_CODE,
                OneTimeToken.used_at.is_(None),
            )
        )
        or 0
    )


def password_context(name: str, email: str | None) -> list[str]:
    """Return the words that a password here may not be built of."""
    shown = branding()
    return [name, email or "", shown.name, shown.short_name, shown.municipality_name]


def failures_of_pair(identifier_hash: str, origin_hash: str, since: datetime) -> Failures:
    """Return the wrong tries with one identifier from one place, since the last right one."""
    return _failures(since, SignInAttempt.identifier_hash == identifier_hash, SignInAttempt.network_hash == origin_hash)


def failures_of_identifier(identifier_hash: str, since: datetime) -> Failures:
    """Return the wrong tries with one identifier from anywhere, since the last right one."""
    return _failures(since, SignInAttempt.identifier_hash == identifier_hash)


def failures_of_network(network_hash: str, since: datetime) -> Failures:
    """Return the wrong tries from one network, whatever was typed and whether or not some were right."""
    count, last = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(
            SignInAttempt.network_hash == network_hash, SignInAttempt.at > since, SignInAttempt.succeeded.is_(False)
        )
    ).one()
    return Failures(count=count, last=last)


def has_succeeded(identifier_hash: str, origin_hash: str) -> bool:
    """Say whether somebody has signed in with this identifier from there within the 14 days that are kept."""
    return bool(
        db.session.scalar(
            sa.select(SignInAttempt.id)
            .where(
                SignInAttempt.identifier_hash == identifier_hash,
                SignInAttempt.network_hash == origin_hash,
                SignInAttempt.succeeded,
            )
            .limit(1)
        )
    )


def _failures(since: datetime, *where: sa.ColumnElement[bool]) -> Failures:
    last_right = (
        sa.select(sa.func.coalesce(sa.func.max(SignInAttempt.id), 0))
        .where(*where, SignInAttempt.succeeded)
        .scalar_subquery()
    )
    count, last = db.session.execute(
        sa.select(sa.func.count(), sa.func.max(SignInAttempt.at)).where(
            *where, SignInAttempt.at > since, SignInAttempt.succeeded.is_(False), SignInAttempt.id > last_right
        )
    ).one()
    return Failures(count=count, last=last)


def names(account_ids: Collection[int]) -> Mapping[int, str]:
    """Return the shown names of many people in one statement."""
    if not account_ids:
        return {}
    rows = db.session.execute(sa.select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}

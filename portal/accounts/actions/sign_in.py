"""Signing in and out: tries that are counted, and sign-ins that last until they are ended."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts import hashing, passwords, policy, throttle
from portal.accounts.events.account import SessionsEnded, SignedIn, SignedOut
from portal.accounts.models import Account, SignInAttempt, SignInSession
from portal.accounts.queries import account as queries
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, NotFound, TooMany
from portal.kernel.events import publish
from portal.kernel.i18n import _, ngettext
from portal.kernel.identity import Actor, SignInMethod


@dataclass(frozen=True, kw_only=True)
class TryDraft:
    """One try to sign in, as hashes: what was typed, where it came from, and a browser that the account knows."""

    identifier: str
    network: str
    device: str | None = None
    is_code: bool = False

    @property
    def origin(self) -> str:
        return self.device or self.network


@dataclass(frozen=True, kw_only=True)
class SessionDraft:
    """A sign-in about to begin. `strong`: the second factor was passed, or the issuer vouches for its level."""

    account_id: int
    method: SignInMethod
    device: str
    strong: bool
    issuer: str | None = None
    issuer_session: str | None = None
    try_id: int | None = None


@atomic
def begin_try(actor: Actor, draft: TryDraft) -> int:
    """Count a try before the password is looked at, so that many at once are counted too; return its number.

    Raises TooMany, with how long to wait, when it comes too soon after wrong ones. A try that is refused isn't counted.
    """
    if db.session.get_bind().dialect.name == "postgresql":  # tries with one identifier come one after the other
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(draft.identifier[:15], 16))))
    wait = _wait(draft)
    if wait:
        raise TooMany(_too_many(wait))
    row = SignInAttempt(at=clock.now(), identifier_hash=draft.identifier, network_hash=draft.origin, succeeded=False)
    db.session.add(row)
    db.session.flush()
    return row.id


@atomic
def improve_hash(actor: Actor, account_id: int, password: str) -> None:
    """Keep a right password under today's parameters."""
    account = queries.find_account(account_id)
    account.password_hash = passwords.hash_password(password)


@atomic
def succeed_try(actor: Actor, try_id: int) -> None:
    """Let a try count as right: the wrong ones before it are forgotten."""
    row = db.session.get(SignInAttempt, try_id)
    if row is not None:
        row.succeeded = True


@atomic
def open_session(actor: Actor, draft: SessionDraft) -> str:
    """Begin a sign-in and return its token, which only the browser keeps."""
    account = queries.find_account(draft.account_id)
    policy.check_may_sign_in(account)
    if draft.try_id is not None:
        succeed_try(actor, draft.try_id)
    token, moment = hashing.new_token(), clock.now()
    row = SignInSession(
        account_id=account.id,
        token_hash=hashing.keyed("session", token),
        method=draft.method,
        issuer=draft.issuer,
        issuer_session=draft.issuer_session,
        device=draft.device[:200],
        second_factor_at=moment if draft.strong else None,
        created_at=moment,
        last_seen_at=moment,
        expires_at=moment + policy.lifetime(draft.method, frozenset()).absolute,
    )
    db.session.add(row)
    # Past the ORM: who signs in doesn't make the form that an administrator has open a stale one.
    db.session.execute(
        sa.update(Account).where(Account.id == account.id).values(last_sign_in_at=moment, inactive_told_at=None)
    )
    db.session.flush()
    publish(
        SignedIn(
            actor=Actor(id=account.id, name=account.name),
            account_id=account.id,
            session_id=row.id,
            method=draft.method,
            issuer=draft.issuer,
            strong=draft.strong,
        )
    )
    return token


@atomic
def note_activity(actor: Actor) -> None:
    """Write that a sign-in is in use; called at most once a minute, and no news for the trail."""
    db.session.execute(
        sa.update(SignInSession).where(SignInSession.id == actor.session_id).values(last_seen_at=clock.now())
    )


@atomic
def sign_out(actor: Actor) -> None:
    """End the sign-in that is used."""
    row = db.session.get(SignInSession, actor.session_id) if actor.session_id else None
    if row is None or row.ended_at is not None:
        return
    row.ended_at = clock.now()
    publish(SignedOut(actor=actor, account_id=row.account_id, session_id=row.id))


@atomic
def end_session(actor: Actor, session_id: int) -> None:
    """End one of one's own sign-ins. Others' are not found."""
    if not end_sessions(actor, policy.own_only(actor), reason="owner", only=[session_id]):
        raise NotFound


@atomic
def end_other_sessions(actor: Actor) -> int:
    """End every sign-in of one's own but the one that is used; return how many."""
    return len(end_sessions(actor, policy.own_only(actor), reason="owner", but=actor.session_id))


@atomic
def end_sessions(
    actor: Actor, account_id: int, *, reason: str, only: Collection[int] | None = None, but: int | None = None
) -> Sequence[int]:
    """End the sign-ins of an account, all or the chosen ones, and return their numbers."""
    if not policy.may_end_sessions(actor, account_id):
        raise Forbidden
    where = [SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)]
    if only is not None:
        where.append(SignInSession.id.in_(only))
    if but is not None:
        where.append(SignInSession.id != but)
    ended = db.session.scalars(
        sa.update(SignInSession).where(*where).values(ended_at=clock.now()).returning(SignInSession.id)
    ).all()
    if ended:
        publish(SessionsEnded(actor=actor, account_id=account_id, session_ids=tuple(sorted(ended)), reason=reason))
    return ended


def _wait(draft: TryDraft) -> timedelta:
    """Return how long the one who tries must wait, by the rules of throttle.py."""
    moment = clock.now()
    if draft.is_code and draft.device is None:
        since = moment - throttle.CODE.window
        failed = queries.failures_of_identifier(draft.identifier, since)
        return throttle.CODE.wait(failed.count, failed.last, moment)
    failed = queries.failures_of_pair(draft.identifier, draft.origin, moment - throttle.PAIR.window)
    wait = throttle.PAIR.wait(failed.count, failed.last, moment)
    if draft.device is not None or queries.has_succeeded(draft.identifier, draft.origin):
        return wait
    failed = queries.failures_of_network(draft.network, moment - throttle.NETWORK.window)
    return max(wait, throttle.NETWORK.wait(failed.count, failed.last, moment))


def _too_many(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    if seconds < 100:
        how_long = ngettext("%(num)d sekund", "%(num)d sekunder", seconds)
    else:
        how_long = ngettext("%(num)d minutt", "%(num)d minutter", math.ceil(seconds / 60))
    return str(_("Det har vært flere feil forsøk. Vent %(how_long)s, og prøv igjen.", how_long=how_long))

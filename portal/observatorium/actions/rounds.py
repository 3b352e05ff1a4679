"""A round's life until it is published: made, opened, extended, closed, withdrawn, and its key destroyed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor, SignInMethod
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import catalogue
from portal.observatorium.events.rounds import (
    RoundChanged,
    RoundClosed,
    RoundCreated,
    RoundExtended,
    RoundKeyDestroyed,
    RoundOpened,
    RoundWithdrawn,
)
from portal.observatorium.models.rounds import Round, RoundState
from portal.observatorium.queries.rounds import key_kept, lock_round


@dataclass(frozen=True, kw_only=True)
class RoundDraft:
    """What a coordinator decides about a round before it opens."""

    slug: str
    title: str
    opens_at: datetime
    closes_at: datetime
    sign_in_methods: tuple[SignInMethod, ...]


@atomic
def make_round(actor: Actor, draft: RoundDraft) -> Round:
    """Make a round as a draft."""
    _require(actor)
    _check(draft)
    round_ = Round(state=RoundState.DRAFT, **_values(draft))
    db.session.add(round_)
    db.session.flush()
    publish(RoundCreated(actor=actor, round_id=round_.id, **_told(draft)))
    return round_


@atomic
def change_round(actor: Actor, slug: str, draft: RoundDraft, *, version: int) -> Round:
    """Change the draft of a round; `version` is that of the copy the coordinator saw, else Invalid for no field."""
    round_ = lock_round(actor, slug)
    _require(actor, policy.may_change(actor, round_), _l("Runden er åpnet og kan ikke endres lenger."))
    if round_.version != version:
        raise Invalid("", _l("Noen andre har endret runden mens du skrev. Lagre en gang til hvis ditt skal gjelde."))
    _check(draft, round_)
    for name, value in _values(draft).items():
        setattr(round_, name, value)
    db.session.flush()
    publish(RoundChanged(actor=actor, round_id=round_.id, **_told(draft)))
    return round_


@atomic
def open_round(actor: Actor, slug: str) -> Round:
    """Freeze the catalogue and make the key; people can rate from the opening time."""
    round_ = lock_round(actor, slug)
    _require(
        actor,
        policy.may_open(actor, round_),
        _l("Bare et utkast med en sluttdato som ikke er passert, kan åpnes."),
    )
    other = db.session.scalar(sa.select(Round.title).where(Round.state == RoundState.OPEN))
    if other:
        raise Conflict(_l("Runden «%(title)s» er åpen. Bare én runde kan være åpen om gangen.", title=other))
    current = catalogue()
    round_.state, round_.opened_at = RoundState.OPEN, clock.now()
    round_.catalogue_version, round_.catalogue = current.version, current.as_data()
    db.session.flush()
    secrecy.make_key(round_.id)
    publish(RoundOpened(actor=actor, round_id=round_.id, slug=slug, catalogue_version=current.version))
    return round_


@atomic
def extend_round(actor: Actor, slug: str, closes_at: datetime) -> Round:
    """Let people rate for longer."""
    round_ = lock_round(actor, slug)
    _require(actor, policy.may_extend(actor, round_), _l("Bare en åpen runde kan forlenges."))
    before = round_.closes_at
    if closes_at <= before:
        raise Invalid("closes_on", _l("Velg en dato etter den som gjelder nå."))
    round_.closes_at = closes_at
    db.session.flush()
    publish(RoundExtended(actor=actor, round_id=round_.id, slug=slug, closed_before=before, closes_at=closes_at))
    return round_


@atomic
def close_round(actor: Actor, slug: str) -> Round:
    """End the rating. It can't be opened again."""
    round_ = lock_round(actor, slug)
    _require(actor, policy.may_close(actor, round_), _l("Bare en åpen runde kan lukkes."))
    round_.state = RoundState.CLOSED
    _end(round_)
    publish(RoundClosed(actor=actor, round_id=round_.id, slug=slug))
    return round_


@atomic
def close_due(actor: Actor = SYSTEM) -> int:
    """Close the rounds whose time has passed; return how many. The worker calls it."""
    due = db.session.scalars(
        sa.select(Round.slug).where(Round.state == RoundState.OPEN, Round.closes_at <= clock.now())
    ).all()
    for slug in due:
        close_round(actor, slug)
    return len(due)


@atomic
def withdraw_round(actor: Actor, slug: str, reason: str) -> Round:
    """Say that a round no longer counts, and why."""
    round_ = lock_round(actor, slug)
    _require(
        actor,
        policy.may_withdraw(actor, round_),
        _l("Runden er alt trukket, eller resultatet regnes ut akkurat nå."),
    )
    if not reason:
        raise Invalid("reason", _l("Skriv hvorfor runden trekkes. Begrunnelsen vises for alle."))
    was_open = round_.state is RoundState.OPEN
    round_.state, round_.withdrawn_at, round_.withdrawn_reason = RoundState.WITHDRAWN, clock.now(), reason
    if was_open:
        _end(round_)
    db.session.flush()
    publish(RoundWithdrawn(actor=actor, round_id=round_.id, slug=slug, reason=reason))
    return round_


@atomic
def destroy_due_keys(actor: Actor = SYSTEM) -> int:
    """Destroy the keys that have been kept long enough; return how many. The worker calls it.

    A key is destroyed before the transaction is committed: if that fails, the next call finds no key and says so again.
    """
    ended_at = sa.func.coalesce(Round.published_at, Round.withdrawn_at)
    due = db.session.scalars(
        sa.select(Round)
        .where(Round.opened_at.is_not(None), Round.key_destroyed_at.is_(None), Round.publishing_since.is_(None))
        .where(ended_at <= clock.now() - key_kept())
        .with_for_update(skip_locked=True)
    ).all()
    for round_ in due:
        secrecy.destroy(round_.id)
        round_.key_destroyed_at = clock.now()
        publish(RoundKeyDestroyed(actor=actor, round_id=round_.id, slug=round_.slug))
    return len(due)


@atomic
def forget_arrivals(actor: Actor = SYSTEM) -> int:
    """Let the answers of a round forget when they came; return for how many rounds. The worker calls it daily.

    Also of those that have closed, for paper forms are counted until the result is, and of those that ended lately.
    """
    _require(actor)
    still_coming = sa.and_(Round.state.in_((RoundState.OPEN, RoundState.CLOSED)), Round.publishing_since.is_(None))
    just_ended = sa.func.coalesce(Round.published_at, Round.withdrawn_at) > clock.now() - timedelta(days=2)
    slugs = db.session.scalars(sa.select(Round.slug).where(sa.or_(still_coming, just_ended))).all()
    for slug in slugs:
        _forget_order_of_arrival(lock_round(actor, slug).id)
    return len(slugs)


def _require(actor: Actor, allowed: bool = True, refusal: object = "") -> None:
    """Refuse whoever isn't trusted with rounds, and then what the round's state doesn't allow."""
    if not (policy.may_run_rounds(actor) or actor.is_system):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not allowed:
        raise Conflict(refusal)


def _check(draft: RoundDraft, round_: Round | None = None) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", draft.slug):
        raise Invalid("slug", _l("Bruk bare små bokstaver a–z, tall og bindestrek, for eksempel 2026."))
    taken = db.session.scalar(sa.select(Round.id).where(Round.slug == draft.slug))
    if taken is not None and (round_ is None or taken != round_.id):
        raise Invalid("slug", _l("En annen runde har denne adressen. Velg en annen."))
    if draft.closes_at <= draft.opens_at:
        raise Invalid("closes_on", _l("Runden må lukkes etter at den åpner."))
    if not draft.sign_in_methods:
        raise Invalid("sign_in_methods", _l("Velg minst én måte å logge inn på."))


def _values(draft: RoundDraft) -> dict[str, Any]:
    return {
        "slug": draft.slug,
        "title": draft.title,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "sign_in_methods": sorted(method.value for method in draft.sign_in_methods),
    }


def _told(draft: RoundDraft) -> dict[str, Any]:
    return _values(draft) | {"sign_in_methods": tuple(sorted(draft.sign_in_methods))}


def _end(round_: Round) -> None:
    round_.closed_at = clock.now()
    db.session.flush()
    _forget_order_of_arrival(round_.id)


def _forget_order_of_arrival(round_id: int) -> None:
    """Write the ballots and ratings again in the order of the pseudonyms, all in this one transaction.

    PostgreSQL keeps rows where there was room and marks each with its transaction: until now place and mark told who
    came when, and which audit entry was written with which ballot. SQLite keeps these tables in the order of their
    keys, and has no such mark. Call it under the lock of the round.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for statement in (
        "SET LOCAL statement_timeout = '10min'",
        "CREATE TEMPORARY TABLE held_ballots ON COMMIT DROP AS SELECT * FROM ballots WHERE round_id = :round_id",
        "CREATE TEMPORARY TABLE held_ratings ON COMMIT DROP AS SELECT * FROM ratings WHERE round_id = :round_id",
        "DELETE FROM ratings WHERE round_id = :round_id",
        "DELETE FROM ballots WHERE round_id = :round_id",
        "INSERT INTO ballots SELECT * FROM held_ballots ORDER BY pseudonym",
        "INSERT INTO ratings SELECT * FROM held_ratings ORDER BY pseudonym, indicator",
        "DROP TABLE held_ratings, held_ballots",
    ):
        db.session.execute(sa.text(statement), {"round_id": round_id} if ":round_id" in statement else {})

"""The audit trail: entries written with the change they tell of, sealed moments later into a chain of hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Base, Pk, ShortText, atomic, db

GENESIS = "0" * 64
UNSEALED_ALARM = timedelta(seconds=60)
"""An entry older than this while younger ones are sealed was put in, or had its seal taken away."""


class AuditEntry(Base):
    """One thing that happened. Never changed and never deleted; what is personal in it stands apart."""

    __tablename__ = "audit_entries"

    id: Mapped[Pk]
    occurred_at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[ShortText] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    subject_kind: Mapped[ShortText | None]
    subject_id: Mapped[int | None]
    body: Mapped[dict[str, Any]]
    personal_mac: Mapped[str | None] = mapped_column(sa.String(64))

    __table_args__ = (sa.Index("ix_audit_entries_subject", "subject_kind", "subject_id"),)


class AuditPersonal(Base):
    """The personal part of an entry and its key: deleting the row erases it and keeps the chain whole."""

    __tablename__ = "audit_personal"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entries.id"), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    """Whose data they are, so that they can be shown to and erased for that person."""
    key: Mapped[str] = mapped_column(sa.String(64))
    data: Mapped[dict[str, Any]]


class AuditSeal(Base):
    """An entry's place in the chain: h_n = SHA-256(h_{n−1} ‖ n ‖ entry)."""

    __tablename__ = "audit_seals"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entries.id"), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64))
    sealed_at: Mapped[datetime]


@dataclass(frozen=True)
class Verdict:
    """What a walk through the chain found."""

    sealed: int
    unsealed: int
    head: str
    broken_at: int | None = None
    """The number in the chain of the first broken entry."""
    reason: str = ""

    @property
    def ok(self) -> bool:
        return self.broken_at is None


def write(
    *,
    name: str,
    actor_id: int | None,
    subject: tuple[str, int] | None,
    body: Mapping[str, Any],
    personal: Mapping[str, Any],
    personal_account_id: int | None,
) -> AuditEntry:
    """Add an entry to the running transaction."""
    key = secrets.token_hex(32) if personal else None
    entry = AuditEntry(
        occurred_at=clock.now(),
        name=name,
        actor_id=actor_id,
        subject_kind=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        body=dict(body),
        personal_mac=_mac(key, personal) if key else None,
    )
    db.session.add(entry)
    db.session.flush()
    if key:
        db.session.add(AuditPersonal(entry_id=entry.id, account_id=personal_account_id, key=key, data=dict(personal)))
        db.session.flush()
    return entry


@atomic
def seal(limit: int = 500) -> int:
    """Put entries that have no seal yet into the chain, oldest first; return how many.

    Few at a time: on SQLite others wait for their turn to write meanwhile.
    """
    if db.session.get_bind().dialect.name == "postgresql":  # one sealer at a time; SQLite has one writer anyway
        db.session.execute(sa.text("SELECT pg_advisory_xact_lock(18091)"))
    head = db.session.execute(sa.select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)).first()
    seq, previous = (head.seq, head.hash) if head else (0, GENESIS)
    entries = db.session.scalars(_unsealed().order_by(AuditEntry.id).limit(limit)).all()
    for entry in entries:
        seq += 1
        previous = _link(previous, seq, entry)
        db.session.add(AuditSeal(seq=seq, entry_id=entry.id, hash=previous, sealed_at=clock.now()))
    return len(entries)


def verify(anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the chain and name the first broken entry.

    `anchor` is a number and hash published earlier; without one, a chain cut short can't be told from a short one.
    """
    previous, expected = GENESIS, 1
    statement = (
        sa.select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .order_by(AuditSeal.seq)
        .execution_options(yield_per=1000)
    )
    last_seen: datetime | None = None
    with db.session.execute(statement) as rows:
        for seal_, entry in rows:
            reason = _fault(seal_, entry, previous, expected)
            if not reason and anchor and anchor[0] == seal_.seq and anchor[1] != seal_.hash:
                reason = "the hash differs from the published one"
            if reason:
                return Verdict(expected - 1, 0, previous, expected, reason)
            previous, expected = seal_.hash, expected + 1
            last_seen = max(last_seen, entry.occurred_at) if last_seen else entry.occurred_at
    if anchor and anchor[0] >= expected:
        return Verdict(expected - 1, 0, previous, expected, "the chain was cut: a later number has been published")
    return _with_unsealed(expected, previous, last_seen)


def unsealed_since() -> datetime | None:
    """Return when the oldest entry without a seal was written, for the alarm in operations."""
    return db.session.scalar(_unsealed().with_only_columns(sa.func.min(AuditEntry.occurred_at)))


_NEWEST = sa.select(sa.func.max(AuditEntry.id))
"""Built once: every public page asks it."""


def newest_entry_id() -> int:
    """Return the number of the newest entry: it grows with everything that is published, so it versions every page."""
    return db.session.connection().scalar(_NEWEST) or 0  # past the ORM, which costs more than the question


def _with_unsealed(expected: int, head: str, last_seen: datetime | None) -> Verdict:
    unsealed = db.session.scalars(_unsealed().order_by(AuditEntry.id)).all()
    for entry in unsealed:
        if last_seen and entry.occurred_at < last_seen - UNSEALED_ALARM:
            reason = f"entry {entry.id} has no seal though younger ones have: it was put in later, or its seal is gone"
            return Verdict(expected - 1, len(unsealed), head, expected, reason)
        personal_fault = _personal_fault(entry)
        if personal_fault:
            return Verdict(expected - 1, len(unsealed), head, expected, personal_fault)
    return Verdict(expected - 1, len(unsealed), head)


def _fault(seal_: AuditSeal, entry: AuditEntry | None, previous: str, expected: int) -> str:
    if seal_.seq != expected:
        return f"number {expected} is missing"
    if entry is None:
        return f"entry {seal_.entry_id} is gone"
    if _link(previous, seal_.seq, entry) != seal_.hash:
        return f"entry {entry.id} ({entry.name}) is not what was sealed"
    return _personal_fault(entry)


def _personal_fault(entry: AuditEntry) -> str:
    if entry.personal_mac is None:
        return ""
    personal = db.session.get(AuditPersonal, entry.id)
    if personal is not None and _mac(personal.key, personal.data) != entry.personal_mac:
        return f"the personal part of entry {entry.id} ({entry.name}) was changed"
    return ""


def _unsealed() -> sa.Select[AuditEntry]:
    return (
        sa.select(AuditEntry).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id).where(AuditSeal.seq.is_(None))
    )


def _link(previous: str, seq: int, entry: AuditEntry) -> str:
    content = _canonical(
        {
            "id": entry.id,
            "at": entry.occurred_at.isoformat(),
            "name": entry.name,
            "actor": entry.actor_id,
            "subject": [entry.subject_kind, entry.subject_id],
            "body": entry.body,
            "personal": entry.personal_mac,
        }
    )
    return hashlib.sha256(f"{previous}\x1f{seq}\x1f{content}".encode()).hexdigest()


def _mac(key: str, personal: Mapping[str, Any]) -> str:
    return hmac.new(bytes.fromhex(key), _canonical(personal).encode(), hashlib.sha256).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


__all__ = [
    "AuditEntry",
    "AuditPersonal",
    "AuditSeal",
    "Verdict",
    "newest_entry_id",
    "seal",
    "unsealed_since",
    "verify",
    "write",
]

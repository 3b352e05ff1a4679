"""Letters to the outside and heavy work: rows written with the change, taken by the worker under a lease."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import clock
from portal.kernel.db import Base, Pk, ShortText, atomic, db, delete_rows
from portal.kernel.extensions import patient, senders

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""How long a worker may hold a row; one that was killed gives it up after this."""
PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600))
"""Growing pauses between tries; the last is repeated until it works or staff step in."""
STUCK_AFTER = 4
"""From this many failed tries the row is shown to staff as stuck."""


class OutboxRow(Base):
    """Something to be done once, outside the transaction that asked for it."""

    __tablename__ = "outbox"

    id: Mapped[Pk]
    topic: Mapped[ShortText]
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        sa.Index("ix_outbox_done_at_due_at", "done_at", "due_at"),
        {"sqlite_autoincrement": True},  # a row may be deleted while it is sent: no other gets its number
    )


def enqueue(topic: str, payload: Mapping[str, Any], *, due: datetime | None = None, key: str | None = None) -> None:
    """Ask for something to be done after this transaction has been committed.

    With a `key`, asking twice is asking once. The payload is emptied when the work is done.
    """
    if key is not None and db.session.scalar(sa.select(OutboxRow.id).where(OutboxRow.key == key)):
        return
    moment = clock.now()
    db.session.add(OutboxRow(topic=topic, payload=dict(payload), key=key, created_at=moment, due_at=due or moment))
    db.session.flush()


def deliver_due(limit: int = 20, topics: Collection[str] | None = None) -> int:
    """Do what is due, of these topics or of all; return how many rows were tried. Called by the worker every second.

    Rows are claimed one by one: a worker that is killed holds back the one it was at, and no lease runs out in a queue.
    """
    for tried in range(limit):
        claimed = _claim(senders().keys() if topics is None else topics)
        if claimed is None:
            return tried
        _deliver(*claimed)
    return limit


def deliver_urgent() -> int:
    """Do what is due and somebody may wait for: a new password's mail, a round's result."""
    return deliver_due(topics=senders().keys() - patient())


def deliver_patient() -> int:
    """Do what is due of that which comes by the thousand, and would hold the rest up."""
    return deliver_due(topics=senders().keys() & patient())


def stuck() -> list[OutboxRow]:
    """Return the rows that have failed several times, oldest first."""
    statement = sa.select(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.attempts >= STUCK_AFTER)
    return list(db.session.scalars(statement.order_by(OutboxRow.id).limit(200)))


def lock_stuck(row_id: int) -> OutboxRow | None:
    """Return a stuck row for changing; None when it has been done, isn't stuck, or a worker is at it right now."""
    row = db.session.get(OutboxRow, row_id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None or row.attempts < STUCK_AFTER:
        return None
    return None if row.leased_until and row.leased_until > clock.now() else row


def retry(row: OutboxRow) -> None:
    """Let a row be tried at once; joins the running transaction."""
    row.due_at = clock.now()
    db.session.flush()


def give_up(row: OutboxRow) -> None:
    """Let a row never be tried again: its payload is emptied, its last error stays."""
    row.done_at, row.leased_until, row.payload = clock.now(), None, {}
    db.session.flush()


def waiting() -> int:
    """Return how many rows are due and not done."""
    statement = sa.select(sa.func.count()).select_from(OutboxRow)
    return db.session.scalar(statement.where(OutboxRow.done_at.is_(None), OutboxRow.due_at <= clock.now())) or 0


@atomic
def forget_done(older_than: timedelta = timedelta(days=30)) -> int:
    """Delete rows that were done long ago."""
    return delete_rows(sa.delete(OutboxRow).where(OutboxRow.done_at < clock.now() - older_than))


def _deliver(row_id: int, topic: str, payload: Mapping[str, Any]) -> None:
    try:
        senders()[topic](payload)
    except Exception as error:  # noqa: BLE001 - the one place: whatever a sender meets, the row stays and is tried again
        db.session.rollback()
        log.warning("Outbox %s %s failed: %s", topic, row_id, error)
        _failed(row_id, f"{type(error).__name__}: {error}"[:1000])
    else:
        _done(row_id)


@atomic
def _claim(topics: Collection[str]) -> tuple[int, str, dict[str, Any]] | None:
    moment = clock.now()
    row = db.session.scalar(
        sa.select(OutboxRow)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.due_at <= moment,
            sa.or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < moment),
            OutboxRow.topic.in_(topics),
        )
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    row.leased_until = moment + LEASE
    row.attempts += 1
    return row.id, row.topic, dict(row.payload)


@atomic
def _done(row_id: int) -> None:
    row = db.session.get(OutboxRow, row_id)
    if row is not None:  # it may have been taken back meanwhile, as when its reader was erased
        row.done_at, row.leased_until, row.payload, row.last_error = clock.now(), None, {}, None


@atomic
def _failed(row_id: int, error: str) -> None:
    row = db.session.get(OutboxRow, row_id)
    if row is None:
        return
    row.leased_until, row.last_error = None, error
    row.due_at = clock.now() + PAUSES[min(row.attempts, len(PAUSES)) - 1]

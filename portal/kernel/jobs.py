"""What the worker does by the clock: each job is a row with a lease, so several workers share them and none is lost."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import audit, clock, outbox
from portal.kernel.db import Base, ShortText, atomic, db, insert_once
from portal.kernel.extensions import recurring

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=30)
TURN = 0.15
"""Seconds between two rounds of work: on SQLite whoever waits to write looks every 0.1 s whether it may."""
HEARTBEAT = "heartbeat"


class JobRow(Base):
    """When a job is due, who holds it, and how it went last."""

    __tablename__ = "jobs"

    name: Mapped[ShortText] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


@dataclass(frozen=True)
class Recurring:
    """A job done again and again: its name, how often, and the function."""

    name: str
    every: timedelta
    run: Callable[[], object]


class JobFailed(Exception):
    """A job that was done before its time failed; the log says why."""


def run_due() -> int:
    """Do the recurring jobs that are due; return how many."""
    done = 0
    for job in recurring():
        if _claim(job):
            _do(job)
            done += 1
    return done


def run_early(name: str) -> bool:
    """Do a recurring job before it is due; return False when somebody is at it already. Raises JobFailed."""
    (job,) = (each for each in recurring() if each.name == name)
    if not _claim(job, early=True):
        return False
    error = _do(job)
    if error:
        raise JobFailed(error)
    return True


def last_heartbeat() -> datetime | None:
    """Return when a worker was last seen alive."""
    return db.session.scalar(sa.select(JobRow.finished_at).where(JobRow.name == HEARTBEAT))


def failing() -> list[JobRow]:
    """Return the jobs whose last run failed."""
    return list(db.session.scalars(sa.select(JobRow).where(JobRow.last_error.is_not(None)).order_by(JobRow.name)))


def work(app: Flask) -> None:
    """Work until told to stop: deliver the outbox, run the jobs and seal the audit trail, every second."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that runs long is no news
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True})
    for tick in (outbox.deliver_urgent, outbox.deliver_patient, run_due, audit.seal):
        scheduler.add_job(_in_app(app, tick, stop), "interval", seconds=1, name=tick.__name__)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=True)


def _in_app(app: Flask, tick: Callable[[], int], stop: threading.Event) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            try:
                while not stop.is_set() and tick():
                    stop.wait(TURN)
            except sa.exc.OperationalError as error:  # the database is away: the next tick tries again
                log.warning("%s: the database did not answer: %s", tick.__name__, error.orig)

    return run


def _do(job: Recurring) -> str | None:
    error = _run(job)
    _finished(job.name, error, job.every)
    return error


@atomic
def _claim(job: Recurring, *, early: bool = False) -> bool:
    moment = clock.now()
    row = db.session.get(JobRow, job.name, with_for_update={"skip_locked": True})
    if row is None:
        if not insert_once(JobRow, {"name": job.name, "due_at": moment}):
            return False  # another worker holds the row, or made it just now
        row = db.session.get_one(JobRow, job.name)
    # A time further ahead than it was ever set is from a clock that went ahead and came back: it is due.
    is_early = moment < row.due_at <= moment + job.every
    is_held = row.leased_until and moment < row.leased_until <= moment + LEASE
    if is_held or (is_early and not early):
        return False
    row.leased_until = moment + LEASE
    return True


def _run(job: Recurring) -> str | None:
    try:
        job.run()
    except Exception as error:
        db.session.rollback()
        log.exception("Job %s failed", job.name)
        return f"{type(error).__name__}: {error}"[:1000]
    return None


@atomic
def _finished(name: str, error: str | None, every: timedelta) -> None:
    row = db.session.get_one(JobRow, name)
    row.leased_until, row.last_error = None, error
    row.due_at = clock.now() + every
    if error is None:
        row.finished_at = clock.now()

"""What the worker does by the clock, and the worker itself as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account
from portal.kernel import audit, clock, jobs, mail
from portal.kernel.db import atomic, db
from tests.support import databases
from tests.support.cast import make_cast
from tests.support.mailbox import Mailbox


def test_a_job_is_run_when_it_is_due_and_again_after_its_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    hourly = jobs.Recurring("test.hourly", timedelta(hours=1), lambda: ran.append(1))
    monkeypatch.setitem(app.extensions, "portal_recurring", (hourly,))
    assert (jobs.run_due(), jobs.run_due(), len(ran)) == (1, 0, 1)
    with clock.moved(timedelta(minutes=59)):
        assert jobs.run_due() == 0
    with clock.moved(timedelta(minutes=61)):
        assert (jobs.run_due(), len(ran)) == (1, 2)


def test_a_job_that_fails_is_remembered_and_tried_at_its_next_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = [True]

    def run() -> None:
        if broken:
            db.session.add(Account(name="half done", created_at=clock.now()))
            db.session.flush()
            raise OSError("the disk is full")

    job = jobs.Recurring("test.broken", timedelta(hours=1), run)
    fine = jobs.Recurring("test.fine", timedelta(hours=1), lambda: None)
    monkeypatch.setitem(app.extensions, "portal_recurring", (job, fine))
    assert jobs.run_due() == 2, "the others are run all the same"
    assert [(row.name, row.last_error) for row in jobs.failing()] == [("test.broken", "OSError: the disk is full")]
    assert db.session.scalar(sa.select(sa.func.count()).where(Account.name == "half done")) == 0
    broken.clear()
    with clock.moved(timedelta(hours=2)):
        assert jobs.run_due() == 2
    assert jobs.failing() == []


def test_a_job_whose_worker_was_killed_is_taken_up_when_the_lease_is_over(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    job = jobs.Recurring("test.killed", timedelta(days=1), lambda: ran.append(1))
    monkeypatch.setitem(app.extensions, "portal_recurring", (job,))
    assert jobs._claim(job), "a worker took it, and was killed before it was done"
    assert jobs.run_due() == 0
    with clock.moved(jobs.LEASE + timedelta(seconds=1)):
        assert (jobs.run_due(), ran) == (1, [1])


# --- the process ------------------------------------------------------------------------------------------------------


@atomic
def write_and_mail() -> None:
    audit.write(name="x.happened", actor_id=None, subject=None, body={}, personal={}, personal_account_id=None)
    mail.queue("accounts/mail/password_changed", to="randi@demo.example", language="nb", name="Randi")


@pytest.fixture
def worker(own_app: Flask) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start `portal worker` for the portal of this test."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        settings = own_app.config["PORTAL"]
        environment = {
            **os.environ,
            "PORTAL_DATA": str(settings.data_dir),
            "PORTAL_DATABASE_URL": settings.database_url,
            "PORTAL_SMTP_URL": settings.smtp_url,
        }
        command = [sys.executable, "-m", "portal.app", "worker"]
        started.append(subprocess.Popen(command, env=environment, cwd=databases.ROOT))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(what: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Wait for something in the database; the test fails by the limit of the run, not by a time of its own."""
    for _ in range(1200):
        assert process.poll() is None, "the worker has stopped"
        db.session.rollback()
        if what():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in a minute")


def is_sealed() -> bool:
    """Say whether something was written and all of it is sealed: the worker's own jobs write to the trail too."""
    verdict = audit.verify()
    return verdict.sealed > 0 and verdict.unsealed == 0


def test_the_worker_seals_the_trail_sends_mail_shows_that_it_lives_and_stops_when_told(
    own_app: Flask, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with own_app.app_context(), Mailbox.started(own_app) as mailbox:
        make_cast()
        process = worker()
        write_and_mail()
        wait_until(is_sealed, process)
        wait_until(jobs.last_heartbeat, process)
        wait_until(lambda: mailbox.messages, process)
        assert [str(message["To"]) for message in mailbox.messages] == ["randi@demo.example"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_worker_that_was_killed_goes_on_where_it_was(
    own_app: Flask, worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with own_app.app_context():
        killed = worker()
        wait_until(jobs.last_heartbeat, killed)
        killed.kill()
        killed.wait()
        write_and_mail()
        assert not is_sealed()
        wait_until(is_sealed, worker())

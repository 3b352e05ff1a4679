"""The outbox: what is asked for happens once the change is there, is tried until it works, and is shared."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account
from portal.kernel import clock, outbox
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden
from portal.kernel.outbox import OutboxRow
from tests.support import databases


class Sender:
    """Keeps what it was asked to send, and refuses when told to."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.broken = False

    def __call__(self, payload: Mapping[str, Any]) -> None:
        if self.broken:
            db.session.add(Account(name="half done", created_at=clock.now()))
            db.session.flush()
            raise OSError("the other side is away")
        self.sent.append(payload["number"])


@pytest.fixture
def sender(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Sender:
    made = Sender()
    monkeypatch.setitem(app.extensions, "portal_senders", {"test": made})
    return made


@atomic
def ask(*numbers: int, topic: str = "test", key: str | None = None, refuse: bool = False, **more: Any) -> None:
    for number in numbers:
        outbox.enqueue(topic, {"number": number}, key=key, **more)
    if refuse:
        raise Forbidden("no")


def rows() -> list[OutboxRow]:
    return list(db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))


# --- what is written, and when ----------------------------------------------------------------------------------------


def test_nothing_is_sent_for_what_was_rolled_back(sender: Sender) -> None:
    with pytest.raises(Forbidden):
        ask(1, refuse=True)
    assert outbox.deliver_due() == 0
    assert (rows(), sender.sent) == ([], [])


def test_what_was_committed_is_sent_once_and_its_content_forgotten(sender: Sender) -> None:
    ask(1, 2)
    assert outbox.deliver_due() == 2
    assert outbox.deliver_due() == 0
    assert sender.sent == [1, 2]
    assert [(row.payload, row.done_at is not None) for row in rows()] == [({}, True)] * 2


def test_asking_twice_with_a_key_is_asking_once(sender: Sender) -> None:
    ask(1, key="round:1")
    ask(2, key="round:1")
    outbox.deliver_due()
    assert sender.sent == [1]


def test_what_is_due_later_waits(sender: Sender) -> None:
    ask(1, due=clock.now() + timedelta(hours=1))
    assert outbox.deliver_due() == 0
    with clock.moved(timedelta(hours=1)):
        assert outbox.deliver_due() == 1


def test_what_somebody_waits_for_is_not_behind_the_thousands(
    app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "portal_senders", {"test": sender, "thousands": sender})
    monkeypatch.setitem(app.extensions, "portal_patient", {"thousands"})
    ask(1, 2, topic="thousands")
    ask(3)
    assert (outbox.deliver_urgent(), sender.sent) == (1, [3])
    assert (outbox.deliver_patient(), sender.sent) == (2, [3, 1, 2])


def test_a_topic_without_a_sender_waits_for_one(sender: Sender) -> None:
    ask(1, topic="of.a.later.version")
    assert outbox.deliver_due() == 0
    assert outbox.waiting() == 1


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_what_fails_is_tried_again_with_growing_pauses_and_shown_when_stuck(sender: Sender) -> None:
    sender.broken = True
    ask(1)
    ahead, pauses = timedelta(0), []
    for _ in range(len(outbox.PAUSES) + 1):
        with clock.moved(ahead):
            assert outbox.deliver_due() == 1
            assert outbox.deliver_due() == 0, "it isn't tried again at once"
            pause = rows()[0].due_at - clock.now()
        pauses.append(round(pause.total_seconds()))
        ahead += pause + timedelta(seconds=1)
        assert bool(outbox.stuck()) == (len(pauses) >= outbox.STUCK_AFTER)
    assert pauses == sorted(pauses)
    assert pauses[0] == 10
    assert pauses[-1] == pauses[-2] == 6 * 3600
    assert rows()[0].last_error == "OSError: the other side is away"
    sender.broken = False
    with clock.moved(ahead):
        outbox.deliver_due()
        outbox.deliver_due()
    assert sender.sent == [1]
    assert (outbox.stuck(), rows()[0].last_error) == ([], None)


def test_what_a_failed_sender_began_is_undone(sender: Sender) -> None:
    sender.broken = True
    ask(1)
    outbox.deliver_due()
    assert db.session.scalar(sa.select(sa.func.count()).where(Account.name == "half done")) == 0


def test_one_that_fails_does_not_hold_up_the_others(
    app: Flask, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = Sender()
    bad.broken = True
    monkeypatch.setitem(app.extensions, "portal_senders", {"bad": bad, "test": sender})
    ask(1, topic="bad")
    ask(2)
    outbox.deliver_due()
    assert sender.sent == [2]


def test_what_was_done_long_ago_is_forgotten(sender: Sender) -> None:
    ask(1)
    outbox.deliver_due()
    ask(2)
    with clock.moved(timedelta(days=31)):
        assert outbox.forget_done() == 1
    assert [row.payload for row in rows()] == [{"number": 2}]


# --- real processes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(own_app: Flask) -> Flask:
    """A portal with a database that other processes can see, where twenty things have been asked for."""
    with own_app.app_context():
        ask(*range(20))
    return own_app


@contextmanager
def worker(app: Flask, file: Path, mode: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = app.config["PORTAL"]
    environment = {
        **os.environ,
        "PORTAL_DATA": str(settings.data_dir),
        "PORTAL_DATABASE_URL": settings.database_url,
        "PYTHONPATH": str(databases.ROOT),
    }
    command = [sys.executable, "-m", "tests.kernel.working", str(file), mode]
    process = subprocess.Popen(command, env=environment, cwd=databases.ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_what_a_killed_worker_held_is_neither_lost_nor_doubled(asked: Flask, tmp_path: Path) -> None:
    file = tmp_path / "told"
    with worker(asked, file, "hang") as killed:
        while not lines(file):
            assert killed.poll() is None
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    file.unlink()
    with asked.app_context():
        held = db.session.scalars(sa.select(OutboxRow).where(OutboxRow.leased_until.is_not(None))).all()
        assert len(held) == 1, "it held back the one it was at"
    with worker(asked, file, "share") as other:
        (tmp_path / "told.ready").write_text("here\nhere\n")
        assert other.wait(60) == 0
    assert sorted(int(line.split()[1]) for line in lines(file) if "job" not in line) == list(range(1, 20))
    with worker(asked, file, "late") as third:
        assert third.wait(60) == 0
    done = [line.split()[1] for line in lines(file)]
    assert sorted(int(number) for number in done if number != "job") == list(range(20))
    with asked.app_context():
        assert {row.attempts for row in rows()} == {1, 2}
        assert all(row.done_at for row in rows())


def test_two_workers_share_the_work(asked: Flask, tmp_path: Path) -> None:
    file = tmp_path / "told"
    with worker(asked, file, "share") as one, worker(asked, file, "share") as other:
        assert (one.wait(60), other.wait(60)) == (0, 0)
    done = [line.split() for line in lines(file)]
    assert sorted(int(number) for _, number in done if number != "job") == list(range(20))
    assert len([number for _, number in done if number == "job"]) == 1, "a recurring job is done by one of them"
    assert {int(who) for who, _ in done} == {one.pid, other.pid}


def test_a_row_that_another_worker_has_locked_is_passed_by(own_app: Flask) -> None:
    if databases.KIND == "sqlite":
        pytest.skip("SQLite has one writer at a time, and no locks on rows")
    sender = Sender()
    own_app.extensions["portal_senders"] = {"test": sender}
    with own_app.app_context():
        ask(1, 2, 3)
        with psycopg.connect(own_app.config["PORTAL"].database_url) as other:
            other.execute("SELECT id FROM outbox ORDER BY id LIMIT 1 FOR UPDATE")
            assert outbox.deliver_due() == 2
        assert sender.sent == [2, 3]
        assert outbox.deliver_due() == 1


@pytest.mark.parametrize("broken", [False, True])
def test_what_is_taken_back_while_it_is_sent_stops_nobody(
    app: Flask, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    def send(payload: Mapping[str, Any]) -> None:
        if payload["number"] == 1:
            take_back_all()
            ask(2)
            if broken:
                raise OSError("the other side is away")
        sent.append(payload["number"])

    @atomic
    def take_back_all() -> None:
        db.session.execute(sa.delete(OutboxRow))

    sent: list[int] = []
    monkeypatch.setitem(app.extensions, "portal_senders", {"test": send})
    ask(1)
    outbox.deliver_due()
    assert sent[-1] == 2, "what was asked for meanwhile is not taken for what was taken back"
    assert [row.payload for row in rows()] == [{}]

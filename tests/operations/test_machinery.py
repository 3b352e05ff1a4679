"""The page of the machinery: what is stuck is seen, tried again or given up, by administrators alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock, jobs, mail, outbox
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.outbox import OutboxRow
from portal.operations import actions
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def newest() -> OutboxRow:
    return db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id.desc()).limit(1)).one()


@pytest.fixture
def stuck(app: Flask, cast: Cast, smtp: Mailbox) -> int:
    """A mail that the mail server has refused too often."""
    smtp.refuse = "451 later"
    atomic(
        lambda: mail.queue("accounts/mail/confirm", to="randi@demo.example", language="nb", name="Randi", token="x")
    )()
    ahead = timedelta(0)
    for _ in range(outbox.STUCK_AFTER):
        with clock.moved(ahead):
            outbox.deliver_due()
        ahead += timedelta(hours=7)
    row = newest()
    assert row.attempts == outbox.STUCK_AFTER
    return row.id


def test_an_administrator_sees_what_is_stuck_without_whom_it_was_for(stuck: int, visitor: Open) -> None:
    page = visitor("admin").get("operations.machinery")
    assert f"E-post, nummer {stuck}" in page.text
    assert "451" in page.text
    assert "randi@demo.example" not in page.text


def test_a_stuck_mail_that_is_tried_again_arrives(
    stuck: int, smtp: Mailbox, visitor: Open, run_worker: Callable[[], None]
) -> None:
    smtp.refuse = ""
    visitor("admin").post("operations.retry", row_id=stuck)
    run_worker()
    assert len(smtp.to("randi@demo.example")) == 1
    assert outbox.stuck() == []


def test_a_mail_given_up_is_never_sent_and_the_reason_is_kept(
    stuck: int, smtp: Mailbox, visitor: Open, run_worker: Callable[[], None]
) -> None:
    smtp.refuse = ""
    admin = visitor("admin")
    admin.post("operations.give_up", row_id=stuck, _data={"reason": ""}, _status=422)
    admin.post("operations.give_up", row_id=stuck, _data={"reason": "Adressen finnes ikke."})
    with clock.moved(timedelta(days=2)):
        run_worker()
    assert smtp.messages == []
    assert newest().payload == {}
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "outbox.given_up")).one()
    assert told.body["reason"] == "Adressen finnes ikke."


def test_what_is_no_longer_stuck_is_left_alone(stuck: int, cast: Cast) -> None:
    actions.give_up(cast.actor("admin"), stuck, "Feil adresse.")
    with pytest.raises(Conflict):
        actions.retry(cast.actor("admin"), stuck)


def test_only_administrators_step_in(stuck: int, cast: Cast) -> None:
    for name in ("resident", "moderator", "coordinator"):
        with pytest.raises(Forbidden):
            actions.retry(cast.actor(name), stuck)
        with pytest.raises(Forbidden):
            actions.give_up(cast.actor(name), stuck, "nei")


def test_the_page_tells_whether_a_worker_is_alive(
    app: Flask, cast: Cast, visitor: Open, run_worker: Callable[[], None]
) -> None:
    admin = visitor("admin")
    assert "Arbeideren er aldri startet" in admin.get("operations.machinery").text
    run_worker()
    assert "Arbeideren er i gang" in admin.get("operations.machinery").text
    with clock.moved(timedelta(minutes=5)):
        assert "Arbeideren ble sist sett" in visitor("admin").get("operations.machinery").text


def test_a_job_that_failed_is_told(app: Flask, cast: Cast, visitor: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> None:
        raise OSError("the disk is full")

    monkeypatch.setitem(app.extensions, "portal_recurring", (jobs.Recurring("test.broken", timedelta(hours=1), run),))
    jobs.run_due()
    assert "the disk is full" in visitor("admin").get("operations.machinery").text

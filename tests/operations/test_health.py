"""Health: alive always, ready only when the work can be done, and never a detail for outsiders."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import config
from portal.app import create_app
from portal.kernel import audit, clock, jobs, outbox
from portal.kernel.db import atomic, db
from portal.operations import checks
from tests.support import databases
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox, free_port

NOWHERE = {
    "sqlite": "sqlite:////proc/no-such-folder/portal.sqlite3",
    "postgresql": f"postgresql://portal:hemmelig@127.0.0.1:{free_port()}/portal",
}


def ask(client: FlaskClient, path: str = "/helse/klar") -> tuple[int, dict[str, bool]]:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_json().get("checks", {})


def settled(app: Flask, **changes: object) -> None:
    app.config["PORTAL"] = replace(app.config["PORTAL"], **changes)  # type: ignore[arg-type]  # the caller's names


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Flask]:
    """A portal whose database can't be reached."""
    file = tmp_path / "folder" / "portal.sqlite3"
    url = f"sqlite:///{file}" if databases.KIND == "sqlite" else NOWHERE["postgresql"]
    app = create_app(databases.settings(url, tmp_path), testing=True)
    shutil.rmtree(file.parent, ignore_errors=True)
    yield app
    databases.dispose(app)


def test_a_portal_in_order_is_alive_and_ready(own_app: Flask) -> None:
    client = own_app.test_client()
    assert client.get("/helse").get_json() == {"status": "ok"}
    code, found = ask(client)
    assert code == 200
    assert set(found) == {"database", "shape", "disk", "round keys", "people"}
    assert all(found.values())


def test_without_its_database_it_is_alive_and_not_ready(away: Flask) -> None:
    client = away.test_client()
    assert client.get("/helse").status_code == 200
    code, found = ask(client)
    assert (code, found["database"]) == (503, False)
    told = client.get("/helse/klar").get_data(as_text=True)
    assert not [word for word in ("hemmelig", "127.0.0.1", "sqlite", "refused", "unable", "/") if word in told]


def test_a_page_without_its_database_says_so_and_when_to_try_again(away: Flask) -> None:
    answer = away.test_client().get("/observatorium/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "<h1" in answer.get_data(as_text=True)


def test_a_database_that_is_behind_is_not_ready(own_app: Flask) -> None:
    with own_app.app_context():
        flask_migrate.downgrade(revision="base")
        db.session.remove()
    code, found = ask(own_app.test_client())
    assert (code, found["database"], found["shape"]) == (503, True, False)


def test_a_full_disk_is_not_ready(own_app: Flask) -> None:
    """/proc/self is a file system with nothing free."""
    settled(own_app, data_dir=Path("/proc/self"))
    assert ask(own_app.test_client()) == (503, {**_all_well(), "disk": False})


def test_a_data_folder_that_is_gone_is_not_ready(own_app: Flask, tmp_path: Path) -> None:
    settled(own_app, data_dir=tmp_path / "gone")
    assert ask(own_app.test_client()) == (503, {**_all_well(), "disk": False})


def test_a_missing_round_key_is_not_ready_until_it_is_put_back(own_app: Flask, installation: Cast) -> None:
    client = own_app.test_client()
    key = next((config.current().keys_dir / "rounds").glob("*.key"))
    assert ask(client)[0] == 200
    content = key.read_bytes()
    key.unlink()
    assert ask(client) == (503, {**_all_well(), "round keys": False})
    key.write_bytes(content)
    assert ask(client)[0] == 200


def test_demo_accounts_in_production_are_not_ready(own_app: Flask, installation: Cast) -> None:
    assert ask(own_app.test_client())[0] == 200
    settled(own_app, production=True)
    assert ask(own_app.test_client()) == (503, {**_all_well(), "people": False})


def _all_well() -> dict[str, bool]:
    return dict.fromkeys(("database", "shape", "disk", "round keys", "people"), True)


# --- what staff are told: portal check --------------------------------------------------------------------------------


def found(name: str) -> checks.Check:
    return next(each for each in checks.run_all() if each.name == name)


@pytest.fixture
def there(own_app: Flask) -> Iterator[Flask]:
    with own_app.app_context():
        yield own_app


def test_a_worker_that_has_not_been_seen_lately_is_missed(there: Flask) -> None:
    assert not found("worker").ok
    jobs.run_due()
    assert found("worker").ok
    with clock.moved(timedelta(minutes=10)):
        assert not found("worker").ok


def test_the_mail_server_is_asked(there: Flask) -> None:
    assert found("mail").ok, "a trial without mail is in order"
    with Mailbox.started(there):
        assert found("mail").ok
        assert "answers" in found("mail").message
    settled(there, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    assert not found("mail").ok
    settled(there, smtp_url="", production=True)
    assert not found("mail").ok


def test_a_row_of_the_outbox_that_keeps_failing_is_told(there: Flask) -> None:
    assert found("outbox").ok

    @atomic
    def ask_for_something() -> None:
        outbox.enqueue("mail", {"no": "template"})

    ask_for_something()
    with clock.moved(timedelta(days=2)):
        for _ in range(outbox.STUCK_AFTER):
            db.session.execute(sa.update(outbox.OutboxRow).values(due_at=clock.now()))
            db.session.commit()
            outbox.deliver_due()
    assert (found("outbox").ok, found("outbox").message) == (False, "1 stuck")


def test_a_trail_that_is_not_sealed_is_told(there: Flask, installation: Cast) -> None:
    assert found("audit").ok
    audit.write(name="x.happened", actor_id=None, subject=None, body={}, personal={}, personal_account_id=None)
    db.session.commit()
    with clock.moved(timedelta(seconds=6)):
        assert not found("audit").ok
        audit.seal()
        assert found("audit").ok


def test_a_clock_that_went_back_is_told(there: Flask, installation: Cast) -> None:
    assert found("clock").ok
    with clock.moved(-timedelta(hours=1)):
        assert not found("clock").ok


def test_settings_say_where_and_how_the_portal_runs(there: Flask) -> None:
    assert found("settings").message == "http://localhost, trial"


def test_every_check_answers_when_the_database_is_away(away: Flask) -> None:
    with away.app_context():
        results = checks.run_all()
    wrong = {each.name for each in results if not each.ok}
    assert {"database", "shape", "worker", "outbox", "audit", "clock"} <= wrong
    assert all("\n" not in each.message for each in results)


def test_the_log_can_be_lines_of_json(tmp_path: Path) -> None:
    """In a process of its own, since a process has one log."""
    import subprocess
    import sys

    script = (
        "import logging, sys\nfrom portal.app import create_app\ncreate_app()\n"
        "try:\n    raise ValueError('a \"quote\"\\nand a line')\nexcept ValueError:\n"
        "    logging.getLogger('x').exception('It «failed»: \"%s\"', 'yes')\n"
    )
    environment = {"PORTAL_DATA": str(tmp_path), "PORTAL_LOG_FORMAT": "json", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=databases.ROOT, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["level"], line["logger"], line["message"]) for line in lines] == [
        ("ERROR", "x", 'It «failed»: "yes"')
    ]
    assert "ValueError" in lines[0]["trace"]


def test_sqlite_says_that_its_file_is_no_database(own_app: Flask) -> None:
    if databases.KIND == "postgresql":
        pytest.skip("about files")
    with own_app.app_context():
        db.engine.dispose()
    file = Path(own_app.config["PORTAL"].database_url.removeprefix("sqlite:///"))
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.write_bytes(b"nothing like a database" * 500)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(file).execute("SELECT 1 FROM accounts")
    code, result = ask(own_app.test_client())
    assert (code, result["database"]) == (503, False)
    assert own_app.test_client().get("/helse").status_code == 200

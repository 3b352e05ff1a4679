"""The commands, as they are typed: what they answer, and that a failure is one line and never a trace."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account
from portal.kernel import audit, clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM
from tests.observatorium.rounds import change
from tests.support import databases
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import free_port

Run = Callable[..., Result]


@pytest.fixture
def run(own_app: Flask) -> Run:
    """Type a command into the portal of this test; a failure must be one line."""

    def command(*arguments: str, code: int = 0, typed: str = "") -> Result:
        result = own_app.test_cli_runner().invoke(args=list(arguments), input=typed)
        assert result.exit_code == code, (arguments, result.output, result.exception)
        if code == 1 and not typed:
            assert len([line for line in result.stderr.splitlines() if line.startswith("portal: ")]) == 1, result.stderr
        assert "Traceback" not in result.output
        return result

    return command


# --- db ---------------------------------------------------------------------------------------------------------------


def test_the_shape_is_taken_down_checked_and_put_up_again(run: Run) -> None:
    assert "newest shape" in run("db", "check").output
    run("db", "downgrade", "base")
    assert "Run: portal db upgrade" in run("db", "check", code=1).stderr
    run("db", "upgrade")
    run("db", "check")


def test_a_shape_nobody_knows_is_refused(own_app: Flask) -> None:
    assert own_app.test_cli_runner().invoke(args=["db", "downgrade", "no-such-revision"]).exit_code == 1


# --- audit ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def trail(own_app: Flask) -> None:
    """Three sealed entries."""
    with own_app.app_context():
        write_three()
        audit.seal()


@atomic
def write_three() -> None:
    for number in range(3):
        audit.write(
            name="x.happened",
            actor_id=None,
            subject=None,
            body={"number": number},
            personal={"who": "Randi"} if number == 1 else {},
            personal_account_id=None,
        )


def head_of(result: Result) -> str:
    return result.output.split("Head ")[1].strip()


def test_a_whole_trail_is_said_to_be_whole_and_its_head_can_be_checked_later(
    own_app: Flask, run: Run, trail: None
) -> None:
    head = head_of(run("audit", "verify"))
    assert head.startswith("3:")
    with own_app.app_context():
        write_three()
        audit.seal()
    assert head_of(run("audit", "verify", "--head", head)).startswith("6:")


@pytest.mark.parametrize(
    ("attack", "names"),
    [
        ("UPDATE audit_entries SET actor_id = 7 WHERE id = 2", "number 2"),
        ("UPDATE audit_entries SET name = 'y.happened' WHERE id = 3", "number 3"),
        ("UPDATE audit_entries SET occurred_at = '2020-01-01 00:00:00' WHERE id = 1", "number 1"),
        ("UPDATE audit_seals SET entry_id = entry_id + 3 WHERE seq < 3", "number 1"),
        ("DELETE FROM audit_seals WHERE seq = 2", "number 2"),
        ("""UPDATE audit_personal SET data = '{"who": "Reidar"}'""", "number 2"),
    ],
)
def test_a_trail_that_was_changed_names_its_first_broken_entry(
    own_app: Flask, run: Run, trail: None, attack: str, names: str
) -> None:
    with own_app.app_context():
        write_three()
        change(sa.text(attack))  # type: ignore[arg-type]  # a text is executed as well
    assert f"broken at {names}" in run("audit", "verify", code=1).stderr


def test_a_trail_cut_short_is_found_by_the_published_head(own_app: Flask, run: Run, trail: None) -> None:
    head = head_of(run("audit", "verify"))
    with own_app.app_context():
        change(sa.text("DELETE FROM audit_seals WHERE seq = 3"))  # type: ignore[arg-type]
        change(sa.text("DELETE FROM audit_entries WHERE id = 3"))  # type: ignore[arg-type]
    run("audit", "verify")
    assert "broken at number 3" in run("audit", "verify", "--head", head, code=1).stderr


@pytest.mark.parametrize("head", ["3", "x:" + "0" * 64, "3:abc"])
def test_a_head_that_cannot_be_read_is_wrong_use(run: Run, head: str) -> None:
    assert "NUMBER:HASH" in run("audit", "verify", "--head", head, code=2).stderr


# --- backup and restore -----------------------------------------------------------------------------------------------


def test_backup_and_restore_tell_what_they_did(own_app: Flask, run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    with own_app.app_context():
        make_cast()
    assert "0 files" in run("backup", file).output
    assert "exists already" in run("backup", file, code=1).stderr
    assert "does not exist" in run("backup", str(tmp_path / "no" / "backup.zip"), code=1).stderr
    told = run("restore", file, "--yes")
    assert "Restored" in told.output
    assert "0 accounts erased again" in told.output


def test_a_restore_asks_first(own_app: Flask, run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.zip")
    run("backup", file)
    with own_app.app_context():
        make_cast()
    run("restore", file, code=1, typed="n\n")
    with own_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Account))
    run("restore", file, typed="y\n")
    with own_app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(Account))


def test_what_is_no_backup_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.zip").write_text("Kjære kommune")
    assert "not a backup" in run("restore", str(tmp_path / "letter.zip"), "--yes", code=1).stderr
    run("restore", str(tmp_path / "missing.zip"), "--yes", code=2)


def test_the_list_of_the_erased_can_be_kept_and_used(own_app: Flask, run: Run, tmp_path: Path) -> None:
    file, listed = str(tmp_path / "backup.zip"), tmp_path / "erased.txt"
    with own_app.app_context():
        number = int(make_cast().actor("volunteer").id or 0)
    run("backup", file)
    with own_app.app_context():
        erase_account(SYSTEM, number)
    listed.write_text(run("retention", "erased").output)
    assert listed.read_text().startswith(f"{number} 20")
    run("db", "downgrade", "base")
    told = run("restore", file, "--yes", "--erased", str(listed))
    assert "1 accounts erased again" in told.output
    run("db", "downgrade", "base")
    assert "restore again with --erased" in run("restore", file, "--yes").stderr
    listed.write_text("Vilde")
    assert "can't be read" in run("restore", file, "--yes", "--erased", str(listed), code=1).stderr


# --- retention --------------------------------------------------------------------------------------------------------


def test_retention_tells_what_goes_and_a_dry_run_changes_nothing(own_app: Flask, run: Run) -> None:
    with own_app.app_context():
        db.session.add(Account(email="aldri@demo.example", name="X", password_hash="x", created_at=clock.now()))
        db.session.commit()
    with clock.moved(timedelta(days=30)):
        tried = run("retention", "run", "--dry-run").output
        assert "Nothing was deleted." in tried
        done = run("retention", "run").output
        assert tried.replace("Nothing was deleted.\n", "") == done
        assert "1 accounts: " in done
        assert "1 accounts: " not in run("retention", "run").output


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_names_what_is_wrong_and_ends_with_1(own_app: Flask, run: Run) -> None:
    result = own_app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert "WRONG worker: never seen; start portal worker" in result.output
    assert "ok    database" in result.output


# --- a process of its own ---------------------------------------------------------------------------------------------


def portal(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Type a command in a shell."""
    environment = {"PATH": os.environ["PATH"], "PORTAL_DATA": str(tmp_path / "var"), **settings}
    return subprocess.run(
        [sys.executable, "-m", "portal.app", *arguments],
        env=environment,
        cwd=databases.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "settings",
    [
        {"PORTAL_BASE_URL": "portal.kommune.no"},
        {"PORTAL_OUTGOING_ALLOW": "https://ssb.no/x"},
        {"PORTAL_PRODUCTION": "1"},
        {"PORTAL_SMTP_URL": "mail.kommune.no"},
        {
            "PORTAL_OIDC_ENTRA_ISSUER": "https://login.example",
            "PORTAL_OIDC_ENTRA_CLIENT_ID": "x",
            "PORTAL_OIDC_ENTRA_CLIENT_SECRET": "y",
            "PORTAL_OIDC_ENTRA_ROLES": '{"group": "sjef"}',
        },
    ],
)
@pytest.mark.parametrize("command", ["check", "--help"])
def test_a_start_with_a_wrong_setting_prints_one_line_and_ends_with_2(
    tmp_path: Path, settings: dict[str, str], command: str
) -> None:
    if databases.KIND == "postgresql" or (command == "--help" and "PORTAL_BASE_URL" not in settings):
        pytest.skip("the same on both, and tried once")
    done = portal(tmp_path, command, **settings)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    name = max(settings) if "PORTAL_PRODUCTION" not in settings else "PORTAL_"
    assert done.stderr.startswith(f"portal: {name}")
    assert done.stdout == ""


def test_make_run_with_a_wrong_setting_prints_one_line_and_ends_with_2(tmp_path: Path) -> None:
    environment = {**os.environ, "PORTAL_DATA": str(tmp_path), "PORT": str(free_port()), "PORTAL_LOG_FORMAT": "xml"}
    done = subprocess.run(
        [sys.executable, str(databases.ROOT / "tools" / "run.py")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "portal: PORTAL_LOG_FORMAT must be text or json.\n"


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://portal:hemmelig@127.0.0.1:{free_port()}/portal"
    for arguments in (("db", "upgrade"), ("db", "check"), ("audit", "verify"), ("backup", str(tmp_path / "b.zip"))):
        done = portal(tmp_path, *arguments, PORTAL_DATABASE_URL=url)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.startswith("portal: the database refused: ")
        assert "hemmelig" not in done.stderr


def test_a_command_nobody_knows_is_wrong_use(tmp_path: Path) -> None:
    done = portal(tmp_path, "bakup")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = portal(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "Is it in use?" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_does_not_serve_the_demo(own_app: Flask, installation: Cast, run: Run) -> None:
    settings = own_app.config["PORTAL"]
    safe = databases.settings(settings.database_url, settings.data_dir, production=True)
    own_app.config["PORTAL"] = safe
    assert "demo accounts" in run("serve", code=1).stderr

"""Backup and restore, rehearsed: into the same installation, into a fresh one, while people write, and when bad."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config
from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account
from portal.kernel import audit, clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM, Actor
from portal.observatorium import secrecy
from portal.observatorium.actions.rating import withdraw_all
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Ballot, Rating, Round
from portal.operations import archive, backup, checks, dump_postgresql, dump_sqlite
from portal.operations.archive import BackupError
from tests.observatorium.rounds import answers, people
from tests.operations.conftest import another_installation
from tests.support import databases
from tests.support.cast import Cast


def count(model: type[object]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def names() -> set[str]:
    return set(db.session.scalars(sa.select(Account.name)))


def answer_of(actor: Actor) -> str:
    """Read somebody's answer as only the holder of the key can."""
    round_id = db.session.scalars(sa.select(Round.id)).one()
    mine = secrecy.pseudonym(secrecy.read_key(round_id), int(actor.id or 0))
    return db.session.get_one(Rating, (round_id, mine, "1.1")).answer


def fresh_session() -> None:
    """See what is in the database, not what this session remembers."""
    db.session.remove()


# --- a round trip -----------------------------------------------------------------------------------------------------


def test_a_restore_brings_the_installation_back_to_the_moment_of_the_backup(
    own_app: Flask, installation: Cast, tmp_path: Path
) -> None:
    manifest = backup.create(tmp_path / "backup.zip")
    before = names()
    people(3)
    withdraw_all(installation.actor("resident"), "2026")
    answers(installation.actor("resident2"), "1.1", Answer.RED)
    branding = config.current().data_dir / "branding"
    (branding / "logo.png").write_bytes(b"another picture")
    (branding / "late.png").write_bytes(b"made later")
    audit.seal()

    restored = backup.restore(tmp_path / "backup.zip")

    assert restored.manifest == manifest
    assert (restored.erased_again, restored.list_found) == (0, True)
    assert names() == before
    assert tuple(answer_of(installation.actor(who)) for who in ("resident", "resident2")) == ("red", "green")
    assert [path.name for path in branding.iterdir()] == ["logo.png"]
    assert (branding / "logo.png").read_bytes() == b"a picture"
    assert audit.verify(manifest.audit_head).ok
    for page in ("/", "/observatorium/", "/helse/klar"):
        assert own_app.test_client().get(page).status_code == 200, page


def test_a_backup_can_be_restored_into_a_fresh_installation(installation: Cast, tmp_path: Path) -> None:
    manifest = backup.create(tmp_path / "backup.zip")
    keys, people_there = config.current().keys_dir, names()
    resident = installation.actor("resident")
    with another_installation() as fresh:
        assert count(Account) == 0
        restored = backup.restore(tmp_path / "backup.zip")
        assert restored.manifest.rows_of == manifest.rows_of
        assert manifest.rows_of["accounts"] == len(people_there)
        assert names() == people_there
        assert audit.verify(manifest.audit_head).ok
        assert fresh.test_client().get("/").status_code == 200
        assert fresh.test_client().get("/helse/klar").status_code == 503, "the round's key is not in the backup"
        shutil.copytree(keys, config.current().keys_dir, dirs_exist_ok=True)
        assert answer_of(resident) == "red"
        assert fresh.test_client().get("/helse/klar").status_code == 200


def test_a_restored_installation_goes_on_writing(installation: Cast, tmp_path: Path) -> None:
    backup.create(tmp_path / "backup.zip")
    backup.restore(tmp_path / "backup.zip")
    fresh_session()
    before = count(Account)
    people(2)
    audit.seal()
    assert count(Account) == before + 2
    assert audit.verify().ok


def test_an_installation_without_a_database_can_be_restored(installation: Cast, tmp_path: Path) -> None:
    backup.create(tmp_path / "backup.zip")
    with another_installation():
        flask_migrate.downgrade(revision="base")
        fresh_session()
        restored = backup.restore(tmp_path / "backup.zip")
        assert not restored.list_found
        assert count(Account) == restored.manifest.rows_of["accounts"]


# --- while people write -----------------------------------------------------------------------------------------------


@pytest.fixture
def busy(own_app: Flask) -> Iterator[Callable[[], int]]:
    """Somebody who signs up again and again in a thread; returns how many they are now."""
    stop, made = threading.Event(), []

    @atomic
    def sign_up() -> None:
        db.session.add_all(Account(name="Ny", created_at=clock.now()) for _ in range(2))

    def write() -> None:
        with own_app.app_context():
            while not stop.is_set():
                sign_up()
                made.append(1)
                stop.wait(0.005)

    thread = threading.Thread(target=write)
    thread.start()

    def so_far() -> int:
        assert thread.is_alive(), "the writer has stopped"
        return len(made)

    yield so_far
    stop.set()
    thread.join()


def test_a_backup_taken_while_people_write_is_one_moment(
    installation: Cast, busy: Callable[[], int], tmp_path: Path
) -> None:
    before = busy()
    manifest = backup.create(tmp_path / "backup.zip")
    while busy() < before + 5:
        threading.Event().wait(0.01)
    with another_installation():
        backup.restore(tmp_path / "backup.zip")
        new = db.session.scalar(sa.select(sa.func.count()).where(Account.name == "Ny")) or 0
        assert new % 2 == 0, "a transaction is in the backup whole or not at all"
        assert count(Account) == manifest.rows_of["accounts"]
        assert audit.verify(manifest.audit_head).ok
    assert count(Account) > manifest.rows_of["accounts"], "the writer went on"


# --- who was erased since ---------------------------------------------------------------------------------------------


def test_who_was_erased_after_the_backup_is_erased_again(installation: Cast, tmp_path: Path) -> None:
    person = installation.actor("volunteer")
    backup.create(tmp_path / "backup.zip")
    erase_account(SYSTEM, int(person.id or 0))
    restored = backup.restore(tmp_path / "backup.zip")
    assert restored.erased_again == 1
    again = db.session.get_one(Account, person.id)
    assert (again.email, again.erased_at is not None) == (None, True)
    assert person.name not in names()
    assert person.id in (backup.erasures() or {}), "and it is on the list for the next time"
    assert audit.verify().ok


def test_a_list_of_the_erased_does_when_the_old_database_is_gone(installation: Cast, tmp_path: Path) -> None:
    backup.create(tmp_path / "backup.zip")
    later = clock.now() + timedelta(minutes=1)
    number = installation.actor("volunteer").id
    listed = backup.read_erased(f"{number} {later.isoformat()}\n\n9999 {later.isoformat()}\n")
    with another_installation():
        assert backup.restore(tmp_path / "backup.zip", listed).erased_again == 1
        assert installation.actor("volunteer").name not in names()


def test_a_number_given_to_somebody_new_is_not_erased(installation: Cast, tmp_path: Path) -> None:
    backup.create(tmp_path / "backup.zip")
    listed = {int(installation.actor("volunteer").id or 0): backup.Wish(clock.now() - timedelta(days=1))}
    assert backup.restore(tmp_path / "backup.zip", listed).erased_again == 0
    assert installation.actor("volunteer").name in names()


@pytest.mark.parametrize("text", ["volunteer", "7", "7 yesterday", "x 2026-01-01T00:00:00+00:00"])
def test_a_list_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BackupError, match="can't be read"):
        backup.read_erased(text)


# --- what is not in it ------------------------------------------------------------------------------------------------


def test_no_key_is_in_the_archive(installation: Cast, tmp_path: Path) -> None:
    target = tmp_path / "backup.zip"
    backup.create(target)
    settings = config.current()
    round_key = next((settings.keys_dir / "rounds").glob("*.key")).read_bytes()
    forbidden = [round_key, round_key.hex().encode(), settings.secret_key.encode(), settings.subject_key.encode()]
    with zipfile.ZipFile(target) as opened:
        assert not [name for name in opened.namelist() if "key" in name]
        for name in opened.namelist():
            content = opened.read(name)
            assert not [secret for secret in forbidden if secret in content], name
        assert b"a picture" in opened.read("data/branding/logo.png"), "the search reads what is there"
    assert target.stat().st_mode & 0o077 == 0


def test_what_was_deleted_is_not_in_the_archive(installation: Cast, tmp_path: Path) -> None:
    if databases.KIND == "postgresql":
        pytest.skip("a dump of PostgreSQL holds live rows only, by its own promise")
    people(1)
    erase_account(SYSTEM, db.session.scalars(sa.select(Account.id).where(Account.name == "Person 0")).one())
    backup.create(tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as opened:
        content = opened.read(dump_sqlite.FILE)
    assert b"person0@demo.example" not in content
    assert b"resident2@demo.example" in content


# --- bad archives: one clear line, and nothing replaced ---------------------------------------------------------------


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, honest: bool = False) -> Path:
    """Copy an archive with its content changed; `honest` makes the manifest agree with it."""
    with zipfile.ZipFile(source) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    if honest:
        manifest = json.loads(members["manifest.json"])
        for name, content in members.items():
            if name != "manifest.json":
                (target.parent / "member").write_bytes(content)
                manifest["hashes"][name] = archive.sha256(target.parent / "member")
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return target


def in_manifest(name: str, value: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), name: value}).encode()

    return change


def one_byte(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name.startswith("database"))
    half = len(members[name]) // 2
    members[name] = members[name][:half] + bytes([members[name][half] ^ 1]) + members[name][half + 1 :]


def a_strange_name(members: dict[str, bytes]) -> None:
    members["../outside"] = b"x"


def one_too_few(members: dict[str, bytes]) -> None:
    del members["data/branding/logo.png"]


OTHER = "sqlite" if databases.KIND == "postgresql" else "postgresql"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (one_byte, "the hash differs"),
        (a_strange_name, "does not hold what its manifest says"),
        (one_too_few, "does not hold what its manifest says"),
        (in_manifest("database", OTHER), f"the backup is of {OTHER}"),
        (in_manifest("format", 99), "has format 99"),
        (in_manifest("revision", "ffffffffffff"), "from a newer portal"),
        (in_manifest("hashes", None), "damaged"),
        (lambda members: members.pop("manifest.json"), "damaged"),
    ],
)
def test_a_bad_archive_is_refused_and_nothing_is_replaced(
    installation: Cast, tmp_path: Path, change: Callable[[dict[str, bytes]], None], says: str
) -> None:
    backup.create(tmp_path / "good.zip")
    bad = rewritten(tmp_path / "good.zip", tmp_path / "bad.zip", change)
    people(1)
    there = names()
    with pytest.raises(BackupError, match=says) as refused:
        backup.restore(bad)
    assert "\n" not in str(refused.value)
    assert names() == there
    assert not list(config.current().data_dir.glob(".restore-*")), "nothing is left behind"
    assert not (tmp_path.parent / "outside").exists()


@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_an_archive_cut_short_is_refused(installation: Cast, tmp_path: Path, part: float) -> None:
    backup.create(tmp_path / "good.zip")
    content = (tmp_path / "good.zip").read_bytes()
    (tmp_path / "bad.zip").write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BackupError, match="not a backup made by portal backup"):
        backup.restore(tmp_path / "bad.zip")


def test_a_restore_that_fails_in_the_middle_replaces_nothing(installation: Cast, tmp_path: Path) -> None:
    """The manifest agrees with a database that can't be loaded."""
    backup.create(tmp_path / "good.zip")
    name = "ballots.copy" if databases.KIND == "postgresql" else dump_sqlite.FILE

    def spoil(members: dict[str, bytes]) -> None:
        members[name] = members[name][:4500] if name == dump_sqlite.FILE else members[name][:40]

    bad = rewritten(tmp_path / "good.zip", tmp_path / "bad.zip", spoil, honest=True)
    people(1)
    there, ballots = names(), count(Ballot)
    with pytest.raises(BackupError):
        backup.restore(bad)
    assert (names(), count(Ballot)) == (there, ballots)


def test_a_database_in_use_is_left_as_it_is(
    installation: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump_sqlite, "WAIT", 0.3)
    monkeypatch.setattr(dump_postgresql, "LOCK_TIMEOUT", "-c lock_timeout=300ms")
    backup.create(tmp_path / "backup.zip")
    people(1)
    there = names()
    fresh_session()
    url = config.current().database_url
    if databases.KIND == "postgresql":
        holder: psycopg.Connection | sqlite3.Connection = psycopg.connect(url)
        holder.execute("LOCK TABLE accounts IN ACCESS SHARE MODE")
    else:
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(BackupError, match=r"in use|lock timeout"):
            backup.restore(tmp_path / "backup.zip")
    finally:
        holder.close()
    assert names() == there


def test_a_database_file_that_is_damaged_can_be_replaced(own_app: Flask, installation: Cast, tmp_path: Path) -> None:
    if databases.KIND == "postgresql":
        pytest.skip("a damaged PostgreSQL is a matter for its own tools")
    backup.create(tmp_path / "backup.zip")
    fresh_session()
    db.engine.dispose()
    file = Path(config.current().database_url.removeprefix("sqlite:///"))
    file.write_bytes(b"not a database" * 1000)
    restored = backup.restore(tmp_path / "backup.zip")
    assert not restored.list_found
    assert count(Account) == restored.manifest.rows_of["accounts"]
    assert file.with_name(f"{file.name}.damaged").exists()


# --- shapes -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def newer_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Flask], None]:
    """Make a portal one migration newer than it is."""

    def age(app: Flask) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(databases.ROOT / "migrations", folder, dirs_exist_ok=True)
        (folder / "versions" / "29990101_later.py").write_text(
            f'revision, down_revision = "later", "{checks.newest_revision()}"\n'
            "from alembic import op\nimport sqlalchemy as sa\n"
            'def upgrade():\n    op.create_table("later_things", sa.Column("id", sa.Integer, primary_key=True))\n'
            'def downgrade():\n    op.drop_table("later_things")\n',
            encoding="utf-8",
        )
        monkeypatch.setattr(app.extensions["migrate"].migrate, "directory", str(folder))

    return age


def test_a_backup_of_an_older_portal_gets_the_shape_of_this_one(
    installation: Cast, tmp_path: Path, newer_portal: Callable[[Flask], None]
) -> None:
    backup.create(tmp_path / "backup.zip")
    with another_installation() as app:
        newer_portal(app)
        flask_migrate.upgrade()
        restored = backup.restore(tmp_path / "backup.zip")
        assert count(Account) == restored.manifest.rows_of["accounts"]
        assert sa.inspect(db.engine).has_table("later_things")
        assert checks.migrations_behind() == ""


def test_a_database_that_is_behind_is_not_backed_up(
    own_app: Flask, installation: Cast, tmp_path: Path, newer_portal: Callable[[Flask], None]
) -> None:
    newer_portal(own_app)
    with pytest.raises(BackupError, match="run portal db upgrade first"):
        backup.create(tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()

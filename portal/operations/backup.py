"""Backup and restore of a whole installation: database, files and a manifest with hashes. Never the round keys."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import sqlalchemy as sa
from psycopg import sql

from portal import config
from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Erasure
from portal.kernel import audit, clock
from portal.kernel.db import Base, db
from portal.kernel.identity import SYSTEM
from portal.observatorium.models import Ballot, Rating
from portal.operations.checks import migrations_behind

FORMAT = 1
FOLDERS = ("files", "branding")
"""What of the data folder belongs to the installation beside the database."""
UNORDERED = (Ballot.__tablename__, Rating.__tablename__)
"""Written in the order of their keys: the order in which the rows lie on disk tells in which order people came."""


class BackupError(Exception):
    """A backup can't be made or used; the message says why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, so that a restored one can be compared."""

    format: int
    made_at: str
    database: str
    """sqlite or postgresql"""
    rows_of: dict[str, int]
    hashes: dict[str, str]
    """SHA-256 of every file in the archive"""
    audit_head: tuple[int, str]
    base_url: str
    attached: list[str] = field(default_factory=list)

    @property
    def tables(self) -> int:
        return len(self.rows_of)

    @property
    def rows(self) -> int:
        return sum(self.rows_of.values())

    @property
    def files(self) -> int:
        return len(self.attached)


def create(file: Path) -> Manifest:
    """Write a backup to `file`; readers and writers go on meanwhile. Raises BackupError."""
    if file.exists():
        raise BackupError(f"{file} exists already; give a new name.")
    if migrations_behind():
        raise BackupError("the database does not have the newest shape; run portal db upgrade first.")
    data_dir = config.current().data_dir
    with tempfile.TemporaryDirectory(dir=_parent(file), prefix=".backup-") as name:
        folder = Path(name)
        dump = _dump_sqlite if config.current().is_sqlite else _dump_postgresql
        rows, head = dump(folder)
        attached = [path for each in FOLDERS for path in sorted((data_dir / each).rglob("*")) if path.is_file()]
        members = {path.name: path for path in sorted(folder.iterdir())}
        members |= {f"data/{path.relative_to(data_dir).as_posix()}": path for path in attached}
        manifest = Manifest(
            format=FORMAT,
            made_at=clock.now().isoformat(timespec="seconds"),
            database="sqlite" if config.current().is_sqlite else "postgresql",
            rows_of=rows,
            hashes={member: _sha256(path) for member, path in members.items()},
            audit_head=head,
            base_url=config.current().base_url,
            attached=[path.relative_to(data_dir).as_posix() for path in attached],
        )
        unfinished = folder / "archive.zip"
        _write_archive(unfinished, members, manifest)
        unfinished.chmod(0o600)
        os.replace(unfinished, file)  # noqa: PTH105 - atomic on the same disk, and so is the name's sense
    return manifest


def restore(file: Path) -> Manifest:
    """Replace this installation's database and files by a backup's, and check what came. Raises BackupError.

    Who was erased after the backup was made is erased again, from the list in the database that is replaced.
    """
    with tempfile.TemporaryDirectory(dir=config.current().data_dir, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpack(file, folder)
        erased = _erased_here()
        db.session.remove()
        load = _load_sqlite if config.current().is_sqlite else _load_postgresql
        load(folder)
        _put_files(folder)
    _compare(manifest)
    flask_migrate.upgrade()  # an older backup gets the shape of this portal
    for account_id in sorted(erased - _erased_here()):
        erase_account(SYSTEM, account_id)
    return manifest


# ---- SQLite ----


def _dump_sqlite(folder: Path) -> tuple[dict[str, int], tuple[int, str]]:
    copy = folder / "database.sqlite3"
    with _sqlite(_sqlite_file()) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with _sqlite(copy) as connection:
        rows = {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in _tables()}  # noqa: S608 - names of our models
        head = connection.execute("SELECT seq, hash FROM audit_seals ORDER BY seq DESC LIMIT 1").fetchone()
    return rows, tuple(head) if head else (0, audit.GENESIS)


def _load_sqlite(folder: Path) -> None:
    source = folder / "database.sqlite3"
    with _sqlite(source) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise BackupError(f"the database in the backup is damaged: {verdict}.")
    target = _sqlite_file()
    db.engine.dispose()
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    os.replace(source, target)  # noqa: PTH105 - atomic on the same disk


def _sqlite_file() -> Path:
    return Path(config.current().database_url.removeprefix("sqlite:///"))


@contextmanager
def _sqlite(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


# ---- PostgreSQL ----


def _dump_postgresql(folder: Path) -> tuple[dict[str, int], tuple[int, str]]:
    """Dump in one snapshot; what must not keep its order on disk is copied out beside, by key."""
    with psycopg.connect(_postgresql_url()) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _single(connection, "SELECT pg_export_snapshot()")
        excluded = [f"--exclude-table-data={name}" for name in UNORDERED]
        _tool(
            "pg_dump",
            "-Fc",
            "--no-owner",
            f"--snapshot={snapshot}",
            *excluded,
            f"--file={folder / 'database.dump'}",
            _postgresql_url(),
        )
        for name in UNORDERED:
            keys = [column.name for column in Base.metadata.tables[name].primary_key]
            _copy_out(connection, name, keys, folder / f"{name}.copy")
        rows = {
            name: int(_single(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))))
            for name in _tables()
        }
        head = connection.execute("SELECT seq, hash FROM audit_seals ORDER BY seq DESC LIMIT 1").fetchone()
    return rows, (head[0], head[1]) if head else (0, audit.GENESIS)


def _load_postgresql(folder: Path) -> None:
    db.engine.dispose()
    url = _postgresql_url()
    _tool(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        f"--dbname={url}",
        str(folder / "database.dump"),
    )
    with psycopg.connect(url) as connection:
        for name in UNORDERED:
            with (
                connection.cursor().copy(
                    sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(name))
                ) as copy,
                (folder / f"{name}.copy").open("rb") as file,
            ):
                while block := file.read(1 << 16):
                    copy.write(block)
        connection.commit()


def _copy_out(connection: psycopg.Connection[Any], name: str, keys: list[str], target: Path) -> None:
    order = sql.SQL(", ").join(map(sql.Identifier, keys))
    statement = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT (FORMAT binary)").format(
        sql.Identifier(name), order
    )
    with target.open("wb") as file, connection.cursor().copy(statement) as copy:
        for block in copy:
            file.write(block)


def _single(connection: psycopg.Connection[Any], statement: Any) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


def _postgresql_url() -> str:
    return config.current().database_url.replace("postgresql+psycopg://", "postgresql://")


def _tool(name: str, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is needed. Install it with: sudo apt-get install postgresql-client")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}"
        raise BackupError(f"{name} failed: {reason}")


# ---- the archive ----


def _write_archive(target: Path, members: dict[str, Path], manifest: Manifest) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("manifest.json", json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
        for member, path in members.items():
            archive.write(path, member)


def _unpack(file: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder, checking every name and hash before anything is replaced."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = json.loads(archive.read("manifest.json"))
            manifest = Manifest(**{**found, "audit_head": tuple(found["audit_head"])})
            _check_manifest(manifest, set(archive.namelist()))
            archive.extractall(folder, members=sorted(manifest.hashes))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{file} is not a backup made by portal backup, or is damaged.") from error
    for member, expected in manifest.hashes.items():
        if _sha256(folder / member) != expected:
            raise BackupError(f"{member} in {file} is not what was backed up: the hash differs.")
    return manifest


def _check_manifest(manifest: Manifest, names: set[str]) -> None:
    here = "sqlite" if config.current().is_sqlite else "postgresql"
    if manifest.format != FORMAT:
        raise BackupError(f"the backup has format {manifest.format}; this portal reads {FORMAT}.")
    if manifest.database != here:
        raise BackupError(
            f"the backup is of {manifest.database}, this installation uses {here}: set PORTAL_DATABASE_URL."
        )
    if set(manifest.hashes) != names - {"manifest.json"} or any(
        ".." in name.split("/") or name.startswith("/") for name in names
    ):
        raise BackupError("the archive does not hold what its manifest says.")


def _put_files(folder: Path) -> None:
    data_dir = config.current().data_dir
    for each in FOLDERS:
        shutil.rmtree(data_dir / each, ignore_errors=True)
        if (folder / "data" / each).is_dir():
            shutil.move(folder / "data" / each, data_dir / each)


def _compare(manifest: Manifest) -> None:
    """Check that what is restored is what was backed up, down to the audit trail's chain."""
    counted = {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in manifest.rows_of
    }
    differing = [name for name, rows in manifest.rows_of.items() if counted.get(name) != rows]
    if differing:
        raise BackupError(f"the number of rows differs from the manifest in {', '.join(differing)}.")
    verdict = audit.verify(manifest.audit_head if manifest.audit_head[0] else None)
    if not verdict.ok:
        raise BackupError(f"the audit trail is broken at number {verdict.broken_at}: {verdict.reason}.")


def _erased_here() -> set[int]:
    try:
        return set(db.session.scalars(sa.select(Erasure.account_id)))
    except sa.exc.DBAPIError:
        db.session.rollback()
        return set()  # an empty installation: nobody has been erased here


def _tables() -> dict[str, sa.Table]:
    return dict(Base.metadata.tables)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parent(file: Path) -> Path:
    parent = file.resolve().parent
    if not parent.is_dir():
        raise BackupError(f"the folder {parent} does not exist.")
    return parent

"""Backup and restore of a whole installation: database, files and a manifest with hashes. Never the keys."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import flask_migrate
import psycopg
import sqlalchemy as sa

from portal import config
from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account, Erasure
from portal.files.store import store
from portal.kernel import audit, clock
from portal.kernel.db import Base, db
from portal.kernel.identity import SYSTEM
from portal.operations import archive, checks, dump_postgresql, dump_sqlite
from portal.operations.archive import BackupError, Manifest
from portal.partners.actions.feed import begin_feed_anew
from portal.partners.queries import exchange

FOLDERS = ("branding",)
"""What of the data folder belongs to the installation beside the database."""
FILES = "files"
"""What people have sent in, wherever it lies: in the archive as if it were a folder too."""

ANSWERS_STAY = "answers-stay"
"""Stands after the time in the list of the erased when somebody let the answers in open rounds stay."""


@dataclass(frozen=True)
class Wish:
    """When an account was erased, and whether its answers in the rounds that were open stay as numbers."""

    at: datetime
    keep_answers: bool = False

    def __str__(self) -> str:
        return self.at.isoformat() + (f" {ANSWERS_STAY}" if self.keep_answers else "")


Erased = Mapping[int, Wish]
"""By the number of the account."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What a restore brought back, and what it took away again."""

    manifest: Manifest
    erased_again: int
    list_found: bool
    """Whether the database that was replaced could say who had been erased."""


def create(file: Path) -> Manifest:
    """Write a backup to `file`; readers and writers go on meanwhile. Raises BackupError."""
    settings = config.current()
    if file.exists():
        raise BackupError(f"{file} exists already; give a new name.")
    if not file.resolve().parent.is_dir():
        raise BackupError(f"the folder {file.resolve().parent} does not exist.")
    if checks.migrations_behind():
        raise BackupError("the database does not have the newest shape; run portal db upgrade first.")
    try:
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".backup-") as name:
            folder = Path(name)
            dumped = _dumper().dump(settings.database_url, folder, list(Base.metadata.tables))
            members = {path.name: path for path in sorted(folder.iterdir())} | _attached(settings.data_dir, FOLDERS)
            store().copy_to(folder / FILES)
            members |= _attached(folder, (FILES,))
            manifest = Manifest(
                format=archive.FORMAT,
                made_at=clock.now().isoformat(timespec="seconds"),
                database=_kind(),
                revision=checks.newest_revision(),
                rows_of=dumped.rows_of,
                hashes={member: archive.sha256(path) for member, path in members.items()},
                audit_head=dumped.audit_head,
                base_url=settings.base_url,
            )
            archive.write(file, members, manifest)
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        raise BackupError(f"the backup could not be written: {_first_line(error)}.") from error
    return manifest


def restore(file: Path, erased: Erased | None = None) -> Restored:
    """Replace this installation's database and files by a backup's, and check what came. Raises BackupError.

    Who was erased after the backup was made is erased again: those listed in the database that is replaced, and in
    `erased`. Nothing is replaced unless the whole archive is as it was made.
    """
    settings = config.current()
    try:
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
            folder = Path(name)
            manifest = archive.unpack(file, folder, database=_kind())
            if not checks.knows_revision(manifest.revision):
                raise BackupError("the backup is from a newer portal than this; upgrade the portal first.")
            listed = erasures()
            db.session.remove()
            db.engine.dispose()
            _dumper().load(settings.database_url, folder)
            _put_files(folder, settings.data_dir)
            store().replace_by(folder / "data" / FILES)
    except (OSError, sqlite3.Error, psycopg.Error) as error:
        raise BackupError(f"the backup could not be restored: {_first_line(error)}.") from error
    _compare_rows(manifest)
    flask_migrate.upgrade()  # an older backup gets the shape of this portal
    _check_trail(manifest)
    again = _erase_again({**(erased or {}), **(listed or {})})
    if exchange.head().name:
        begin_feed_anew(SYSTEM)  # partners may have read further than this database knows
    return Restored(manifest=manifest, erased_again=again, list_found=listed is not None)


def erasures() -> Erased | None:
    """Return who has been erased in this installation; nothing when there is no database to ask."""
    try:
        return {row.account_id: Wish(row.at, row.keep_answers) for row in db.session.scalars(sa.select(Erasure))}
    except sa.exc.DBAPIError:
        db.session.rollback()
        return None


def read_erased(text: str) -> Erased:
    """Read what `portal retention erased` wrote: a number, a time and perhaps a wish a line. Raises BackupError."""
    found: dict[int, Wish] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            number, moment, *wishes = line.split()
            if wishes not in ([], [ANSWERS_STAY]):
                raise ValueError(wishes)
            found[int(number)] = Wish(datetime.fromisoformat(moment).astimezone(UTC), bool(wishes))
        except ValueError as error:
            raise BackupError(f"the list of the erased has a line that can't be read: {line[:60]}") from error
    return found


def _erase_again(erased: Erased) -> int:
    """Erase who the backup brought back. A number that was given to somebody new since then is left alone."""
    accounts = db.session.execute(
        sa.select(Account.id, Account.created_at).where(Account.id.in_(list(erased)), Account.erased_at.is_(None))
    ).all()
    due = [number for number, created_at in accounts if created_at <= erased[number].at]
    for number in sorted(due):
        erase_account(SYSTEM, number, keep_answers=erased[number].keep_answers)
    return len(due)


def _dumper() -> ModuleType:
    return dump_sqlite if config.current().is_sqlite else dump_postgresql


def _kind() -> str:
    return "sqlite" if config.current().is_sqlite else "postgresql"


def _attached(where: Path, folders: Sequence[str]) -> dict[str, Path]:
    found = [path for each in folders for path in sorted((where / each).rglob("*")) if path.is_file()]
    return {f"data/{path.relative_to(where).as_posix()}": path for path in found}


def _put_files(folder: Path, data_dir: Path) -> None:
    for each in FOLDERS:
        shutil.rmtree(data_dir / each, ignore_errors=True)
        if (folder / "data" / each).is_dir():
            shutil.move(folder / "data" / each, data_dir / each)


def _compare_rows(manifest: Manifest) -> None:
    counted = {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) for name in manifest.rows_of
    }
    db.session.remove()
    differing = [name for name, rows in manifest.rows_of.items() if counted[name] != rows]
    if differing:
        raise BackupError(f"restored, but the number of rows differs from the manifest in {', '.join(differing)}.")


def _check_trail(manifest: Manifest) -> None:
    verdict = audit.verify(manifest.audit_head if manifest.audit_head[0] else None)
    if not verdict.ok:
        raise BackupError(f"restored, but the audit trail is broken at number {verdict.broken_at}: {verdict.reason}.")


def _first_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + (f" ({error.filename})" if error.filename else "")
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

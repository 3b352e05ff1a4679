"""Dumping and loading SQLite: a compacted copy out, and one transaction in."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.kernel import audit
from portal.operations.archive import BackupError, Dump

FILE = "database.sqlite3"
WAIT = 10
"""Seconds to wait for those who write."""


def dump(url: str, folder: Path, tables: Iterable[str]) -> Dump:
    """Write a copy without what was deleted, the rows in the order of their keys; others go on writing meanwhile."""
    copy = folder / FILE
    with _opened(_path(url)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with _opened(copy) as connection:
        rows = {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables}  # noqa: S608 - names of our models
        head = connection.execute("SELECT seq, hash FROM audit_seals ORDER BY seq DESC LIMIT 1").fetchone()
    return Dump(rows_of=rows, audit_head=(head[0], head[1]) if head else (0, audit.GENESIS))


def load(url: str, folder: Path) -> None:
    """Replace the database in one transaction, so that a running portal sees the old one or the new one."""
    target = _path(url)
    with _opened(folder / FILE) as source:
        verdict = source.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"the database in the backup is damaged: {verdict}.")
        _set_aside_unless_database(target)
        with _opened(target, timeout=0.1) as connection:
            source.backup(connection, progress=_patience(), sleep=0.1)
            connection.execute("PRAGMA journal_mode=WAL")


def _patience() -> Callable[[int, int, int], None]:
    """Give up when somebody holds the database for too long: by itself the copying would wait for ever."""
    until = time.monotonic() + WAIT

    def ask(_status: int, _remaining: int, _total: int) -> None:
        if time.monotonic() > until:
            raise BackupError("the database is in use; stop portal serve and portal worker, and try again.")

    return ask


def _set_aside_unless_database(target: Path) -> None:
    """Make room when the file that should be replaced is no database: its damage is often why one restores."""
    try:
        with _opened(target) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:  # locked, or not to be opened: not ours to move
        raise
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):
            path = target.with_name(target.name + suffix)
            if path.exists():
                path.replace(path.with_name(f"{path.name}.damaged"))


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def _opened(file: Path, *, timeout: float = WAIT) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file, timeout=timeout, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()

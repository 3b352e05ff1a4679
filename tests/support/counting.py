"""Counts the SQL statements in a with block, and shows them when there are too many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.kernel.db import db


@contextmanager
def count_queries(*, at_most: int) -> Iterator[list[str]]:
    """Fail when the block runs more statements than allowed; the failure prints them."""
    seen: list[str] = []

    def record(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
    listing = "\n\n".join(seen)
    assert len(seen) <= at_most, f"{len(seen)} statements, at most {at_most} are allowed:\n\n{listing}"

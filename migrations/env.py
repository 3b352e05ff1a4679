"""Runs the migrations, the same on SQLite and PostgreSQL, one transaction each and one migrator at a time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.kernel.db import Base, db

ADVISORY_LOCK = 18091_2019


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own column types as plain ones: a migration never imports the application."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the full-text tables of search, which each database has in its own way and no model tells of."""
    return not (kind == "table" and name is not None and name.startswith("search_fts"))


def run() -> None:
    """Migrate the application's database."""
    given: sa.Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = db.engine
    with engine.connect() as connection:
        migrate(connection)


def migrate(connection: sa.Connection) -> None:
    """Migrate over one connection; on SQLite the tables are copied in batches, foreign keys off meanwhile."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
    else:
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.exec_driver_sql("SET statement_timeout = '15min'")
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        render_as_batch=is_sqlite,
        compare_server_default=True,
        compare_type=True,
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if is_sqlite:
            connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        else:
            connection.rollback()
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})")
        connection.commit()


assert current_app  # noqa: S101 - the migrations run inside the application only
run()

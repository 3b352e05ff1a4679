"""Dumping and loading PostgreSQL by its own tools: one snapshot out, one transaction in."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, sql

from portal.kernel import audit
from portal.kernel.db import Base
from portal.observatorium.models.rounds import Ballot, Rating
from portal.operations.archive import BackupError, Dump

FILE = "database.dump"
UNORDERED = (Ballot.__tablename__, Rating.__tablename__)
"""Written in the order of their keys: the order in which the rows lie on disk tells in which order people came."""
INSTALL = "Install it with: sudo apt-get install postgresql-client"
LOCK_TIMEOUT = "-c lock_timeout=10s"


def dump(url: str, folder: Path, tables: Iterable[str]) -> Dump:
    """Dump in one snapshot, while others go on writing; what must not keep its order on disk is copied by key."""
    with _connected(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = _single(connection, "SELECT pg_export_snapshot()")
        _tool(
            url,
            folder,
            ["pg_dump", "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={FILE}"]
            + [f"--exclude-table-data=public.{name}" for name in UNORDERED],
        )
        for name in UNORDERED:
            _copy_out(connection, name, folder / f"{name}.copy")
        rows = {
            name: int(_single(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))))
            for name in tables
        }
        head = connection.execute("SELECT seq, hash FROM audit_seals ORDER BY seq DESC LIMIT 1").fetchone()
    return Dump(rows_of=rows, audit_head=(head[0], head[1]) if head else (0, audit.GENESIS))


OWN_ROUTINES = """
    SELECT procedure.oid::regprocedure::text FROM pg_proc AS procedure
    WHERE procedure.pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE pg_depend.objid = procedure.oid AND pg_depend.deptype = 'e'
    )
"""
"""Functions in the schema that no extension brought."""


def load(url: str, folder: Path) -> None:
    """Replace every table in one transaction: all of it comes, or nothing is changed."""
    # pg_restore is asked for a script, so that what is copied by key comes in the same transaction.
    _tool(url, folder, ["pg_restore", "--no-owner", "--no-privileges", "--file=load.sql", FILE], connect=False)
    with _connected(url) as connection:
        there = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        drop = [sql.SQL("DROP TABLE public.{} CASCADE;\n").format(sql.Identifier(name)) for (name,) in there]
        dropped = sql.SQL("").join(drop).as_string(connection)
        # What triggers call stays when its table goes. PostgreSQL writes the names itself, quoted where they need it.
        dropped += "".join(f"DROP ROUTINE {name} CASCADE;\n" for (name,) in connection.execute(OWN_ROUTINES))
        (folder / "drop.sql").write_text(dropped, encoding="utf-8")
    copies = [f"\\copy public.{name} from '{name}.copy' with (format binary)\n" for name in UNORDERED]
    (folder / "copy.sql").write_text("".join(copies), encoding="utf-8")
    files = [f"--file={name}.sql" for name in ("drop", "load", "copy")]
    _tool(url, folder, ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", *files])


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(_plain(url), connect_timeout=10)


def _copy_out(connection: psycopg.Connection[Any], name: str, target: Path) -> None:
    keys = sql.SQL(", ").join(sql.Identifier(column.name) for column in Base.metadata.tables[name].primary_key)
    statement = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT (FORMAT binary)")
    with (
        target.open("wb") as file,
        connection.cursor().copy(statement.format(sql.Identifier(name), keys)) as copy,
    ):
        for block in copy:
            file.write(block)


def _single(connection: psycopg.Connection[Any], statement: Any) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


def _tool(url: str, folder: Path, command: list[str], *, connect: bool = True) -> None:
    """Run one of PostgreSQL's programs in a folder; the password goes by the environment, which others can't list."""
    program = shutil.which(command[0])
    if program is None:
        raise BackupError(f"{command[0]} is needed. {INSTALL}")
    parts = conninfo.conninfo_to_dict(_plain(url))
    password = parts.pop("password", None)
    target = [f"--dbname={conninfo.make_conninfo('', **parts)}"] if connect else []
    secret = {"PGPASSWORD": str(password)} if password else {}
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program, *command[1:], *target],
        cwd=folder,
        env={**os.environ, "PGOPTIONS": LOCK_TIMEOUT, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit {done.returncode}"]
        reason = next((line for line in lines if "rror:" in line.replace("ERROR", "Error")), lines[-1])
        raise BackupError(f"{command[0]} failed: {reason}")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")

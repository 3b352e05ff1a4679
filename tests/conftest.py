"""Fixtures that every test may use; the larger pieces live in tests/support."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import orm
from xdist.scheduler import LoadScopeScheduling

from portal.app import create_app
from portal.kernel import audit, jobs, outbox
from portal.kernel.db import db
from tests.support import chromium, counting, databases
from tests.support.cast import Cast, make_cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

hypothesis.settings.register_profile("portal", deadline=None)  # a deadline would assert a timing
hypothesis.settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all the processes of a parallel run."""
    if databases.KIND == "postgresql" and not hasattr(config, "workerinput"):
        os.environ["PORTAL_TEST_POSTGRESQL_URL"] = databases.server()


class ByFile(LoadScopeScheduling):
    """Gives a process whole files, so that what the tests of a file share is made once; the long one in pieces."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if "/test_every_page.py" in nodeid else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope="session")
def base_app() -> Iterator[Flask]:
    """One application for all tests that share a database; the cast lives in it from the start."""
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder), testing=True)
        app.config["RATELIMIT_ENABLED"] = False
        with app.app_context():
            app.extensions["portal_test_cast"] = make_cast()
        yield app
        databases.dispose(app)


@pytest.fixture
def database(base_app: Flask) -> Iterator[sa.Connection]:
    """Undo everything after the test: an outer transaction, with savepoints for what the test commits."""
    with base_app.app_context():
        db.session.remove()
        connection = db.engine.connect()
        outer = connection.begin()
        factory = orm.sessionmaker(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        original = db.session
        db.session = orm.scoped_session(factory, scopefunc=lambda: 0)  # type: ignore[assignment]  # one session for the test
        try:
            yield connection
        finally:
            db.session.remove()
            db.session = original
            outer.rollback()
            connection.close()


@pytest.fixture
def app(base_app: Flask, database: sa.Connection) -> Flask:
    """The application, its context pushed, with a database that forgets."""
    return base_app


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The demo accounts: cast.resident, cast.admin …"""
    found: Cast = app.extensions["portal_test_cast"]
    return found


@pytest.fixture
def visitor(app: Flask, cast: Cast) -> Callable[..., Visitor]:
    """Return somebody with a browser: `visitor("resident")` is signed in, `visitor()` is not."""

    def open_browser(name: str | None = None) -> Visitor:
        client = app.test_client()
        someone = Visitor(app, client)
        if name:
            cast.sign_in(someone, name)
        return someone

    return open_browser


@pytest.fixture
def count_queries() -> Callable[..., object]:
    return counting.count_queries


@pytest.fixture
def smtp(app: Flask) -> Iterator[Mailbox]:
    """A real mail server that keeps what it gets."""
    with Mailbox.started(app) as mailbox:
        yield mailbox


@pytest.fixture
def run_worker(app: Flask) -> Callable[[], None]:
    """Return what does the worker's work until nothing is left."""

    def run() -> None:
        for _ in range(20):
            if not (outbox.deliver_due() + jobs.run_due()):
                break
        audit.seal()

    return run


@pytest.fixture
def own_app() -> Iterator[Flask]:
    """An application with a database of its own, for threads, processes and restarts."""
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder), testing=True)
        app.config["RATELIMIT_ENABLED"] = False
        yield app
        databases.dispose(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with chromium.started() as browser:
        yield browser

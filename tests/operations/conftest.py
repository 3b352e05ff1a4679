"""What the tests of operations begin with: an installation with people, a round and answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.app import create_app
from portal.kernel import audit
from portal.observatorium.catalogue import Answer
from tests.observatorium.rounds import an_open_round, answers
from tests.support import databases
from tests.support.cast import Cast, make_cast


@pytest.fixture
def installation(own_app: Flask) -> Iterator[Cast]:
    """A portal with people, an open round, two who answered, a file and a sealed trail."""
    with own_app.app_context():
        cast = make_cast()
        an_open_round(cast)
        answers(cast.actor("resident"), "1.1", Answer.RED)
        answers(cast.actor("resident2"), "1.1", Answer.GREEN)
        folder = own_app.config["PORTAL"].data_dir / "branding"
        folder.mkdir()
        (folder / "logo.png").write_bytes(b"a picture")
        audit.seal()
        yield cast


@contextmanager
def another_installation() -> Iterator[Flask]:
    """A fresh portal with a database of its own, its context pushed."""
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder), testing=True)
        with app.app_context():
            yield app
        databases.dispose(app)

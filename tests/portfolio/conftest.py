"""Lets the applications of these tests know of things that have benefits and funds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.portfolio.things import register


@pytest.fixture(autouse=True)
def things(base_app: Flask) -> Iterator[None]:
    known = base_app.extensions["portal_content"]
    register(base_app)
    yield
    base_app.extensions["portal_content"] = known

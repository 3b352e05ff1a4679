"""A round that is open, so that people can write in it."""

from __future__ import annotations

import pytest

from portal.observatorium.models.rounds import Round
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast


@pytest.fixture(autouse=True)
def open_round(request: pytest.FixtureRequest) -> Round | None:
    """Open the round 2026 for the tests that have a database."""
    if "app" not in request.fixturenames:
        return None
    cast: Cast = request.getfixturevalue("cast")
    return an_open_round(cast)

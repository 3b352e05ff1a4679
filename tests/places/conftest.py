"""Things that can be placed, and lokalsamfunn to place them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.kernel.db import db
from portal.places.models import Neighbourhood
from tests.places.things import Things, known


@pytest.fixture
def benches(app: Flask) -> Iterator[Things]:
    made = Things()
    with known(app, made):
        yield made


@pytest.fixture
def neighbourhood(app: Flask) -> Callable[..., Neighbourhood]:
    """Return what makes a lokalsamfunn: `neighbourhood("Heggedal", 59.789, 10.448, outline)`."""

    def make(name: str, latitude: float, longitude: float, outline: dict[str, Any] | None = None) -> Neighbourhood:
        made = Neighbourhood(
            slug=name.lower(), name=name, latitude=latitude, longitude=longitude, outline=outline, active=True
        )
        db.session.add(made)
        db.session.commit()
        return made

    return make

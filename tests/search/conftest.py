"""A shelf of texts that are indexed as the portal's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.search.library import Shelf, shelves


@pytest.fixture
def shelf(app: Flask) -> Iterator[Shelf]:
    made = Shelf()
    with shelves(app, made):
        yield made

"""A partner's portal that nobody asks: what it tells is handed over."""

from __future__ import annotations

import pytest

from portal.partners.models.partners import Partner
from tests.support.cast import Cast
from tests.support.portals import OtherPortal, let_in


@pytest.fixture
def source() -> OtherPortal:
    portal = OtherPortal("3201", "Bærum")
    portal.url = "https://baerum.example"
    return portal


@pytest.fixture
def partner(cast: Cast, source: OtherPortal) -> Partner:
    return let_in(cast.actor("admin"), source)

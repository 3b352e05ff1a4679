"""Installations are dear to start: the slow tests share three, and a portal that lies; each leaves them in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from portal.partners import keys
from tests.installations.running import Installation, installations
from tests.support.portals import OtherPortal, another_portal


@dataclass(frozen=True)
class Everybody:
    """Asker and Drammen on SQLite, Bærum on PostgreSQL: all have let each other in, and Bærum a liar in Oslo too."""

    asker: Installation
    baerum: Installation
    drammen: Installation
    liar: OtherPortal

    @property
    def honest(self) -> tuple[Installation, Installation, Installation]:
        return self.asker, self.baerum, self.drammen


@pytest.fixture(scope="session")
def running() -> Iterator[Everybody]:
    """Start all of them."""
    kinds = {"n3203": "sqlite", "n3201": "postgresql", "n3301": "sqlite"}
    with another_portal("0301", "Oslo") as liar, installations(liar.host, **kinds) as (asker, baerum, drammen):
        everybody = Everybody(asker, baerum, drammen, liar)
        for here in everybody.honest:
            for there in everybody.honest:
                if here is not there:
                    here.hand("let_in", url=there.address, fingerprint=there.fingerprint)
        baerum.let_in(liar.url, keys.fingerprint(liar.key().public_key))
        yield everybody


@pytest.fixture
def everybody(running: Everybody) -> Everybody:
    """Return them when each has heard all that the others have told so far, and let it through."""
    running.liar.answers.clear()
    for each in running.honest:
        outcomes = each.hand("sync")
        assert not any(outcome["error"] for outcome in outcomes.values()), outcomes
        each.hand("approve")
        assert each.hand("deliver", at_once=True) == 0
    return running

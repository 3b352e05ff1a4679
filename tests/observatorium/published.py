"""Published rounds for the tests of what everybody may see, with as many raters as a test wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import sha256
from itertools import chain, repeat
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_levels
from portal.observatorium.actions.publishing import CorrectionDraft, correct_round, publish_round
from portal.observatorium.actions.rounds import close_round
from portal.observatorium.catalogue import Answer, Level, catalogue
from portal.observatorium.models.rounds import Ballot, Rating, Round, Tie
from tests.observatorium.ratings import Count
from tests.observatorium.rounds import an_open_round, work
from tests.support.cast import Cast

RESIDENT, VOLUNTARY_SECTOR, BUSINESS, KNOWLEDGE = StakeholderGroup
NUMBERS = [indicator.number for indicator in catalogue().indicators]
CROWD: Mapping[StakeholderGroup, Count] = {
    RESIDENT: (12, 20, 28, 5),
    VOLUNTARY_SECTOR: (20, 12, 8, 2),
    BUSINESS: (8, 16, 12, 0),
    KNOWLEDGE: (1, 4, 2, 0),
}
"""Red, yellow, green and «vet ikke» to each indicator. Knowledge is too small to be shown."""
ELSEWHERE: Mapping[str, Mapping[StakeholderGroup, Count]] = {
    "1.8": {RESIDENT: (48, 8, 4, 5), VOLUNTARY_SECTOR: (24, 12, 4, 2), BUSINESS: (4, 8, 24, 0)},
    "2.2": {RESIDENT: (5, 5, 50, 5), VOLUNTARY_SECTOR: (4, 4, 32, 2), BUSINESS: (4, 4, 28, 0)},
    "4.9": {RESIDENT: (2, 2, 60, 1), VOLUNTARY_SECTOR: (1, 1, 2, 38), BUSINESS: (0, 0, 0, 0)},
}
"""Where they answer otherwise: all red but business, nearly all green, nearly unanimous with two groups hidden."""
OWN = {"1.1": Level.GREEN, "1.8": Level.GREEN, "2.2": Level.YELLOW, "3.3": None}


def a_published_round(
    cast: Cast,
    slug: str = "2026",
    *,
    days_ago: int = 0,
    crowd: Mapping[StakeholderGroup, Count] = CROWD,
    elsewhere: Mapping[str, Mapping[StakeholderGroup, Count]] = ELSEWHERE,
    own: Mapping[str, Level | None] = OWN,
) -> Round:
    """Run a round from draft to published, at the time it was."""
    coordinator = cast.actor("coordinator")
    with clock.moved(-timedelta(days=days_ago)):
        made = an_open_round(cast, slug)
        set_own_levels(coordinator, slug, [OwnLevelDraft(indicator=number, level=own[number]) for number in own])
        fill(made.id, crowd, elsewhere)
        close_round(coordinator, slug)
        publish_round(coordinator, slug)
        work()
    return made


def correct(cast: Cast, reason: str, slug: str = "2026") -> None:
    """Publish a second revision, in which the municipality sees itself otherwise on 2.2."""
    draft = OwnLevelDraft(indicator="2.2", level=Level.GREEN, version=1)
    correct_round(cast.actor("coordinator"), slug, CorrectionDraft(reason=reason, own_levels=(draft,)))
    work()


@atomic
def fill(
    round_id: int,
    crowd: Mapping[StakeholderGroup, Count] = CROWD,
    elsewhere: Mapping[str, Mapping[StakeholderGroup, Count]] = ELSEWHERE,
) -> None:
    """Put ballots and ratings in, one rater in each organisation."""
    db.session.execute(sa.insert(Ballot), list(_ballots(round_id, crowd)))
    db.session.execute(sa.insert(Rating), list(_ratings(round_id, crowd, elsewhere)))


def _ballots(round_id: int, crowd: Mapping[StakeholderGroup, Count]) -> Iterator[dict[str, Any]]:
    for group, counts in crowd.items():
        for place in range(sum(counts)):
            resident = group is RESIDENT
            yield {
                "round_id": round_id,
                "pseudonym": _somebody(group, place),
                "group": group,
                "organisation": None if resident else sha256(_somebody(group, place)).digest(),
                "tie": Tie.LIVES if resident else Tie.ORGANISATION,
            }


def _ratings(
    round_id: int,
    crowd: Mapping[StakeholderGroup, Count],
    elsewhere: Mapping[str, Mapping[StakeholderGroup, Count]],
) -> Iterator[dict[str, Any]]:
    for number in NUMBERS:
        for group in crowd:
            counts = elsewhere.get(number, {}).get(group, crowd[group])
            answers = chain.from_iterable(repeat(answer, count) for answer, count in zip(Answer, counts, strict=True))
            for place, answer in enumerate(answers):
                somebody = _somebody(group, place)
                yield {"round_id": round_id, "pseudonym": somebody, "indicator": number, "answer": answer}


def _somebody(group: StakeholderGroup, place: int) -> bytes:
    return sha256(f"{group} {place}".encode()).digest()

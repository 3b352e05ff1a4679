"""Who the demo's residents say they are, and a made-up table of the population to weigh them by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from portal.kernel import clock
from portal.kernel.identity import Actor
from portal.observatorium.actions.rating import NOTHING_TOLD, About
from portal.observatorium.actions.weights import PopulationDraft, upload_population
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.population_csv import Table
from portal.places.queries import neighbourhoods

SOURCE = "Oppdiktede tall til demoen"
INHABITANTS = 60_000
ELSEWHERE = 40
"""Inhabitants of each of the places that nobody in the crowd lives in."""
AGES = (
    AgeBand.FROM_18,
    AgeBand.FROM_30,
    AgeBand.FROM_30,
    AgeBand.FROM_45,
    AgeBand.FROM_45,
    AgeBand.FROM_45,
    AgeBand.FROM_67,
    AgeBand.FROM_67,
    AgeBand.FROM_18,
    AgeBand.FROM_45,
)
PLACES = ("Borgen", "Heggedal", "Røyken")
LIVES = (0, 1, 2, 0, 1, 0, 2)
SILENT = 20
"""One of so many tells nothing."""


def about(homes: dict[str, int], person: int) -> About:
    """Return what one of the crowd tells: spread as the population is, but that three of five are women."""
    if person % SILENT == SILENT - 1 or not homes:
        return NOTHING_TOLD
    gender = Gender.WOMAN if (person // 10 * 7 + person) % 5 < 3 else Gender.MAN
    return About(age_band=AGES[person % 10], gender=gender, neighbourhood_id=homes[PLACES[LIVES[person % 7]]])


def places() -> dict[str, int]:
    """Return the numbers of the places where the crowd lives, by name; none when the demo has no such places."""
    found = {each.name: each.id for each in neighbourhoods()}
    return {name: found[name] for name in PLACES} if set(PLACES) <= set(found) else {}


def weigh(coordinator: Actor, slug: str) -> None:
    """Upload the table, as a coordinator would."""
    if places():
        table = Table(dict(_cells()))
        draft = PopulationDraft(table=table, source=SOURCE, source_date=clock.today().replace(month=1, day=1))
        upload_population(coordinator, slug, draft)


def _cells() -> Iterator[tuple[tuple[str, str, str], int]]:
    ages, lives = Counter(AGES), Counter(PLACES[place] for place in LIVES)
    for place in neighbourhoods():
        for band, few in ages.items():
            for gender in Gender:
                share = few / len(AGES) / len(Gender)
                here = INHABITANTS * lives[place.name] / len(LIVES) if lives[place.name] else ELSEWHERE
                yield (band.value, gender.value, str(place.id)), round(here * share)

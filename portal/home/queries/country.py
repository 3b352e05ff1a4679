"""The map of the country: the municipalities that share and use solutions, with the list beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.kernel import municipalities
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.municipalities import Municipality
from portal.places import queries as places
from portal.places.country import CountryMap, Link, around
from portal.places.geometry import Box
from portal.solutions.facts import Theme
from portal.solutions.queries.country import OfMunicipality, Spread, of_municipality, spread


@dataclass(frozen=True, kw_only=True)
class MunicipalityRow:
    """A municipality in the list beside the map."""

    municipality: Municipality
    shared: int
    used: int
    tone: str
    """How it is drawn: `gives`, `takes` or `both`."""


@dataclass(frozen=True, kw_only=True)
class CountryPage:
    """Everything that the page shows."""

    picture: CountryMap
    rows: Sequence[MunicipalityRow]
    chosen: MunicipalityRow | None
    """The one that the reader wants to see more of."""
    told: OfMunicipality | None
    """What that one shares and uses."""
    solutions: int
    in_use: int
    """Times that a municipality has another's solution in use."""

    @property
    def by_number(self) -> Mapping[str, MunicipalityRow]:
        return {each.municipality.number: each for each in self.rows}


def country_page(number: str | None, theme: Theme | None, box: Box | None) -> CountryPage:
    """Return the map and the list, in two statements, and two more for one municipality; raises NotFound.

    Of one municipality only its own lines are drawn, as near as they can be seen.
    """
    if number is not None and municipalities.find(number) is None:
        raise NotFound(_l("Vi finner ingen kommune med dette nummeret."))
    found = spread(theme)
    rows = [row for each in found.numbers if (row := _row(found, each))]
    return CountryPage(
        picture=_picture(found, rows, number, box),
        rows=rows,
        chosen=_row(found, number) if number else None,
        told=of_municipality(number, theme) if number else None,
        solutions=sum(found.shared.values()),
        in_use=sum(found.taken.values()),
    )


def _picture(found: Spread, rows: Sequence[MunicipalityRow], number: str | None, box: Box | None) -> CountryMap:
    spots = [
        places.spot(each.municipality.number, weight=each.shared + each.used, tone=each.tone)
        for each in rows
        if number is None or each.municipality.number in _near(found, number)
    ]
    links = [Link(*pair, count) for pair, count in found.taken.items() if number is None or number in pair]
    known = [each for each in spots if each]
    if links and number is not None:
        box = box or around(known)
    return places.country_map(known, links, box=box)


def _near(found: Spread, number: str) -> set[str]:
    """Return a municipality and those that it has something from, or that have something from it."""
    return {number, *(each for pair in found.taken if number in pair for each in pair)}


def _row(found: Spread, number: str) -> MunicipalityRow | None:
    municipality = municipalities.find(number)
    if municipality is None:
        return None
    shared, used = found.shared.get(number, 0), found.used.get(number, 0)
    tone = "both" if shared and used else "takes" if used else "gives"
    return MunicipalityRow(municipality=municipality, shared=shared, used=used, tone=tone)

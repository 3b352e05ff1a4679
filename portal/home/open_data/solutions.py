"""Solutions as open data: what works, for whom, at what cost, and how many use it; no person's name or title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from portal.home.open_data.shape import BATCH, Dataset, Field, Kind, every, picked
from portal.kernel.i18n import _l
from portal.solutions.facts import Cost, Evidence, Licence, Size, Theme
from portal.solutions.queries import resources
from portal.solutions.queries.listing import Filters

_FIELDS = (
    Field(name="id", meaning=_l("Nummeret på løsningen i portalen"), kind=Kind.INTEGER, always=True),
    Field(name="url", meaning=_l("Adressen til siden om løsningen"), kind=Kind.ADDRESS, always=True),
    Field(name="source", meaning=_l("Adressen der den bor, når den kom fra en annen portal"), kind=Kind.ADDRESS),
    Field(name="municipality", meaning=_l("Nummeret på kommunen den hører til"), always=True),
    Field(name="municipality_name", meaning=_l("Navnet på kommunen den hører til"), always=True),
    Field(
        name="licence", meaning=_l("Lisensen denne løsningen er delt under (SPDX)"), values=tuple(Licence), always=True
    ),
    Field(name="lang", meaning=_l("Språket teksten er skrevet på"), always=True),
    Field(name="title", meaning=_l("Overskriften"), always=True),
    Field(name="summary", meaning=_l("Sammendraget")),
    Field(name="problem", meaning=_l("Problemet den løser")),
    Field(name="core", meaning=_l("Kjernen som gir virkningen, og som ikke bør endres")),
    Field(name="adaptable", meaning=_l("Det som kan tilpasses")),
    Field(name="context", meaning=_l("Hvor og for hvem den er brukt")),
    Field(name="cost", meaning=_l("Hva den koster, i ord")),
    Field(name="prerequisites", meaning=_l("Hva som må være på plass")),
    Field(name="results", meaning=_l("Hva den har gitt")),
    Field(name="risk", meaning=_l("Hva som kan gå galt, og personvern")),
    Field(name="procedures", meaning=_l("Hvordan den gjøres")),
    Field(name="kind", meaning=_l("Temaet, etter KOSTRA"), values=tuple(Theme), always=True),
    Field(
        name="size",
        meaning=_l("Hvor stor kommunen den ble laget i, er: under 5 000, under 20 000, eller større"),
        values=tuple(Size),
        always=True,
    ),
    Field(
        name="cost_class",
        meaning=_l("Hva det tar å begynne: bare arbeidstid, under 100 000, under 1 million, eller mer"),
        values=tuple(Cost),
        always=True,
    ),
    Field(
        name="evidence",
        meaning=_l("Hvor godt virkningen er kjent: fortalt, målt, sammenlignet eller evaluert"),
        values=tuple(Evidence),
        always=True,
    ),
    Field(name="used_since", meaning=_l("Når kommunen selv tok den i bruk"), kind=Kind.DATE),
    Field(name="in_use", meaning=_l("Hvor mange andre som har den i bruk"), kind=Kind.INTEGER, always=True),
    Field(name="origin", meaning=_l("Hva løsningen kom av, som project:5")),
    Field(name="version", meaning=_l("Utgaven av teksten"), kind=Kind.INTEGER, always=True),
    Field(name="goals", meaning=_l("FNs bærekraftsmål den støtter"), kind=Kind.INTEGER, is_list=True),
    Field(name="indicators", meaning=_l("Indikatorene i observatoriet den hører til"), is_list=True),
    Field(name="created", meaning=_l("Når den ble synlig for alle"), kind=Kind.MOMENT, always=True),
    Field(name="updated", meaning=_l("Når teksten sist ble endret"), kind=Kind.MOMENT, always=True),
)


def _rows() -> Iterator[Mapping[str, Any]]:
    for item in every(lambda cursor: resources.solutions(Filters(), None, cursor, BATCH, _address)):
        yield picked(item, _FIELDS)


def _address(solution_id: int, slug: str) -> str:
    return url_for("solutions.show", solution_id=solution_id, slug=slug, _external=True)


SOLUTIONS = Dataset(
    name="losninger",
    title=_l("Løsninger som virker"),
    description=_l(
        "Det kommuner har fått til og deler med andre: hva som gir virkningen, hva det koster, hva det krever, og hvor "
        "mange andre som har tatt det i bruk. Hver løsning har sin egen lisens, i kolonnen «licence»: den gjelder for "
        "alt som står om løsningen."
    ),
    keywords=(_l("innovasjon"), _l("deling"), _l("gevinster")),
    themes=("GOVE", "TECH"),
    resource="/api/v1/solutions",
    fields=_FIELDS,
    rows=_rows,
    licence=None,
)

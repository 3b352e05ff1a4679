"""Samskaping projects as open data: what is made together, of what type, and how it went; no person's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from portal.cocreation.models.projects import Ending, PartyKind
from portal.cocreation.phases import Phase
from portal.cocreation.queries import resources
from portal.cocreation.queries.listing import Filters
from portal.cocreation.typology import ProjectType
from portal.home.open_data.shape import BATCH, Dataset, Field, Kind, every, picked, rounded
from portal.kernel.i18n import _l

_FIELDS = (
    Field(name="id", meaning=_l("Nummeret på prosjektet i portalen"), kind=Kind.INTEGER, always=True),
    Field(name="url", meaning=_l("Adressen til siden om prosjektet"), kind=Kind.ADDRESS, always=True),
    Field(name="title", meaning=_l("Overskriften"), always=True),
    Field(name="summary", meaning=_l("Sammendraget")),
    Field(name="challenge", meaning=_l("Hva partene vil gjøre noe med")),
    Field(name="goal", meaning=_l("Hva partene vil oppnå")),
    Field(name="lang", meaning=_l("Språket teksten er skrevet på"), always=True),
    Field(name="type", meaning=_l("Typen samskaping, etter Ulrich"), values=tuple(ProjectType)),
    Field(
        name="central_actor",
        meaning=_l("Hvem som leder, etter alle parters svar: minus er kommunen, pluss er sivilsamfunnet"),
        kind=Kind.NUMBER,
    ),
    Field(
        name="predictability", meaning=_l("Hvor forutsigbart utfallet er, etter alle parters svar"), kind=Kind.NUMBER
    ),
    Field(name="state", meaning=_l("Fasen prosjektet er i"), values=tuple(Phase), always=True),
    Field(
        name="parties",
        meaning=_l("Navnet på partene. Grupper av innbyggere er bare med i party_kinds"),
        is_list=True,
    ),
    Field(
        name="party_kinds",
        meaning=_l("Hva slags parter som er med, én for hver"),
        values=tuple(PartyKind),
        is_list=True,
    ),
    Field(name="origin", meaning=_l("Hva prosjektet kom av, som idea:17")),
    Field(name="service_area", meaning=_l("Tjenesteområdet i kommunen")),
    Field(name="neighbourhood", meaning=_l("Lokalsamfunnet det gjelder")),
    Field(name="latitude", meaning=_l("Breddegrad i WGS 84, rundet av til om lag hundre meter"), kind=Kind.NUMBER),
    Field(name="longitude", meaning=_l("Lengdegrad i WGS 84, rundet av til om lag hundre meter"), kind=Kind.NUMBER),
    Field(name="goals", meaning=_l("FNs bærekraftsmål det støtter"), kind=Kind.INTEGER, is_list=True),
    Field(name="indicators", meaning=_l("Indikatorene i observatoriet det hører til"), is_list=True),
    Field(name="open_needs", meaning=_l("Hvor mange behov som er åpne for bidrag nå"), kind=Kind.INTEGER, always=True),
    Field(name="supports", meaning=_l("Hvor mange som støtter det"), kind=Kind.INTEGER, always=True),
    Field(name="questions", meaning=_l("Hvor mange spørsmål"), kind=Kind.INTEGER, always=True),
    Field(name="comments", meaning=_l("Hvor mange kommentarer"), kind=Kind.INTEGER, always=True),
    Field(name="ended", meaning=_l("Når prosjektet ble avsluttet"), kind=Kind.MOMENT),
    Field(name="ending", meaning=_l("Hvordan det gikk"), values=tuple(Ending)),
    Field(name="learning", meaning=_l("Hva partene lærte")),
    Field(name="created", meaning=_l("Når det ble synlig for alle"), kind=Kind.MOMENT, always=True),
    Field(name="updated", meaning=_l("Når det sist skjedde noe i det"), kind=Kind.MOMENT, always=True),
)
_OURS = frozenset({"latitude", "longitude", "parties", "party_kinds"})
_PICKED = tuple(field for field in _FIELDS if field.name not in _OURS)


def _rows() -> Iterator[Mapping[str, Any]]:
    for item in every(lambda cursor: resources.projects(Filters(), None, cursor, BATCH, _address)):
        yield picked(item, _PICKED) | {
            "parties": [each.name for each in item.parties if each.kind != PartyKind.RESIDENTS],
            "party_kinds": [each.kind for each in item.parties],
            "latitude": rounded(item.latitude),
            "longitude": rounded(item.longitude),
        }


def _address(project_id: int, slug: str) -> str:
    return url_for("cocreation.show", project_id=project_id, slug=slug, _external=True)


PROJECTS = Dataset(
    name="prosjekter",
    title=_l("Samskapingsprosjekter"),
    description=_l(
        "Prosjekter som innbyggere, frivilligheten, næringslivet, kunnskapsmiljøer og kommunen driver sammen: hva de "
        "vil oppnå, hvem som bestemmer hva, fasen de er i, og hva de lærte. Navn på personer er ikke med."
    ),
    keywords=(_l("samskaping"), _l("frivillighet"), _l("medvirkning")),
    themes=("GOVE", "SOCI"),
    resource="/api/v1/projects",
    fields=_FIELDS,
    rows=_rows,
)

"""Ideas and tidstyver as open data: what was proposed and how it went, without who proposed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for

from portal.home.open_data.shape import BATCH, Dataset, Field, Kind, every, picked, rounded
from portal.ideas.hours import Cause, Hit, Owner
from portal.ideas.queries import resources
from portal.ideas.queries.filters import Filters
from portal.ideas.stages import Decision, IdeaKind, Stage, ThiefStatus
from portal.kernel.i18n import _l

_ABOUT = (
    Field(name="id", meaning=_l("Nummeret på ideen i portalen"), kind=Kind.INTEGER, always=True),
    Field(name="url", meaning=_l("Adressen til siden om ideen"), kind=Kind.ADDRESS, always=True),
    Field(name="title", meaning=_l("Overskriften"), always=True),
    Field(name="challenge", meaning=_l("Hva som er problemet, i forslagsstillerens egne ord")),
    Field(name="lang", meaning=_l("Språket teksten er skrevet på"), always=True),
    Field(name="service_area", meaning=_l("Tjenesteområdet i kommunen som svarer")),
)
_GOALS = (
    Field(name="goals", meaning=_l("FNs bærekraftsmål den støtter"), kind=Kind.INTEGER, is_list=True),
    Field(name="indicators", meaning=_l("Indikatorene i observatoriet den hører til"), is_list=True),
)
_TIMES = (
    Field(name="supports", meaning=_l("Hvor mange som støtter den"), kind=Kind.INTEGER, always=True),
    Field(name="created", meaning=_l("Når den ble synlig for alle"), kind=Kind.MOMENT, always=True),
    Field(name="updated", meaning=_l("Når teksten eller statusen sist ble endret"), kind=Kind.MOMENT, always=True),
)
_IDEAS = (
    *_ABOUT,
    Field(name="summary", meaning=_l("Sammendraget")),
    Field(name="solution", meaning=_l("Forslaget")),
    Field(name="usefulness", meaning=_l("Nytten for andre")),
    Field(
        name="kind",
        meaning=_l("Om det er en idé til noe nytt eller en tidstyv"),
        values=tuple(IdeaKind),
        always=True,
    ),
    Field(name="state", meaning=_l("Hvor langt saken er kommet"), values=tuple(Stage), always=True),
    Field(name="decision", meaning=_l("Hva kommunen har bestemt"), values=tuple(Decision)),
    Field(name="told", meaning=_l("Om den forteller om noe som alt er gjort"), kind=Kind.FLAG, always=True),
    Field(name="neighbourhood", meaning=_l("Lokalsamfunnet den gjelder")),
    Field(name="latitude", meaning=_l("Breddegrad i WGS 84, rundet av til om lag hundre meter"), kind=Kind.NUMBER),
    Field(name="longitude", meaning=_l("Lengdegrad i WGS 84, rundet av til om lag hundre meter"), kind=Kind.NUMBER),
    Field(name="campaign", meaning=_l("Kampanjen den kom inn i, slik det står i adressen")),
    Field(name="inspired_by", meaning=_l("Nummeret på ideen den bygger på"), kind=Kind.INTEGER),
    *_GOALS,
    Field(name="arguments_for", meaning=_l("Hvor mange argumenter for"), kind=Kind.INTEGER, always=True),
    Field(name="arguments_against", meaning=_l("Hvor mange argumenter mot"), kind=Kind.INTEGER, always=True),
    Field(name="questions", meaning=_l("Hvor mange spørsmål"), kind=Kind.INTEGER, always=True),
    Field(name="comments", meaning=_l("Hvor mange kommentarer"), kind=Kind.INTEGER, always=True),
    Field(name="answer_due", meaning=_l("Fristen for første svar, når svaret ikke er kommet"), kind=Kind.MOMENT),
    Field(name="answered", meaning=_l("Når kommunen svarte første gang"), kind=Kind.MOMENT),
    *_TIMES,
)
_OF_THIEF = (
    Field(name="status", meaning=_l("Hvor langt saken er kommet"), values=tuple(ThiefStatus), always=True),
    Field(name="hit", meaning=_l("Hvem tiden går fra"), values=tuple(Hit), is_list=True),
    Field(name="cause", meaning=_l("Hva slags årsak den har"), values=tuple(Cause)),
    Field(name="within_control", meaning=_l("Om kommunen selv rår over den, etter melderens mening"), kind=Kind.FLAG),
    Field(name="owner", meaning=_l("Hvem som kan gjøre noe med den"), values=tuple(Owner)),
    Field(name="minutes", meaning=_l("Minutter hver gang"), kind=Kind.NUMBER),
    Field(name="times", meaning=_l("Ganger i året for én person"), kind=Kind.INTEGER),
    Field(name="persons", meaning=_l("Hvor mange personer det gjelder"), kind=Kind.INTEGER),
    Field(name="hours", meaning=_l("Timer i året: minutter × ganger × personer ÷ 60"), kind=Kind.NUMBER),
    Field(name="hours_after", meaning=_l("Timer i året etter tiltak, når det er målt for seg"), kind=Kind.NUMBER),
)


def _ideas() -> Iterator[Mapping[str, Any]]:
    for item in every(lambda cursor: resources.ideas(Filters(), None, cursor, BATCH, _address)):
        yield picked(item, _IDEAS) | {"latitude": rounded(item.latitude), "longitude": rounded(item.longitude)}


def _thieves() -> Iterator[Mapping[str, Any]]:
    asked = Filters(kind=IdeaKind.TIME_THIEF)
    for item in every(lambda cursor: resources.time_thieves(asked, None, cursor, BATCH, _address)):
        yield picked(item.idea, (*_ABOUT, *_GOALS, *_TIMES)) | picked(item, _OF_THIEF)


def _address(idea_id: int, slug: str) -> str:
    return url_for("ideas.show", idea_id=idea_id, slug=slug, _external=True)


IDEAS = Dataset(
    name="ideer",
    title=_l("Ideer fra innbyggere og ansatte"),
    description=_l(
        "Alle ideer og tidstyver som er åpne for alle: teksten, hvor den gjelder, hva kommunen har svart og bestemt, "
        "og hvor mange som støtter. Navn på forslagsstillere er ikke med."
    ),
    keywords=(_l("medvirkning"), _l("innovasjon"), _l("forslag")),
    themes=("GOVE", "SOCI"),
    resource="/api/v1/ideas",
    fields=_IDEAS,
    rows=_ideas,
)
THIEVES = Dataset(
    name="tidstyver",
    title=_l("Tidstyver"),
    description=_l(
        "Det som tar tid uten å gi nytte, med hva det koster i timer i året, hva det kommer av, og hvordan det går "
        "med det. Mangler et tall, er timene ikke regnet ut. Navn på dem som meldte, er ikke med."
    ),
    keywords=(_l("tidstyver"), _l("effektivisering"), _l("forenkling")),
    themes=("GOVE",),
    resource="/api/v1/time-thieves",
    fields=(*_ABOUT, *_OF_THIEF, *_GOALS, *_TIMES),
    rows=_thieves,
)

"""What moderation did, month by month, as open data: the same cells as the file on the page about transparency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.home.open_data.shape import Dataset, Field, Kind
from portal.kernel.i18n import _l
from portal.moderation.house_rules import BY_KEY
from portal.moderation.queries import figures
from portal.moderation.words import VERDICTS

_MEANINGS: Mapping[str, Any] = {
    "saker": _l("Saker som ble åpnet"),
    "meldinger": _l("Meldinger fra folk"),
    "vist_av_maskin": _l("Tekster som ble vist uten at noen så på dem først"),
    "vist_av_menneske": _l("Tekster som en moderator slapp fram"),
    "begrenset": _l("Tekster og kontoer som ble begrenset"),
    "begrenset_av_menneske": _l("Begrensninger bestemt av en moderator"),
    "begrenset_av_maskin": _l("Begrensninger bestemt av en maskin"),
    "median_minutter": _l("Median tid fra en sak ble åpnet til den ble avgjort, i minutter"),
    "ni_av_ti_minutter": _l("Tiden ni av ti saker ble avgjort innen, i minutter"),
    "klager": _l("Klager"),
    "medhold": _l("Klager som fikk medhold"),
    "ikke_medhold": _l("Klager som ikke fikk medhold"),
}


def _field(column: str) -> Field:
    if column == "maned":
        return Field(name=column, meaning=_l("Måneden"), kind=Kind.MONTH, always=True)
    return Field(name=column, meaning=_meaning(column), kind=Kind.INTEGER, may_be_hidden=True, always=True)


def _meaning(column: str) -> Any:
    what, _, key = column.partition("_")
    if what == "tiltak":
        return _l("Begrensninger, etter hva som ble bestemt: %(what)s", what=VERDICTS[_VERDICTS[key]])
    if what == "regel":
        return _l("Begrensninger, etter husregelen: %(what)s", what=BY_KEY[key].title)
    return _MEANINGS[column]


def _rows() -> Iterator[Mapping[str, Any]]:
    yield from figures.rows()


_VERDICTS = {verdict.value: verdict for verdict in figures.KINDS}

MODERATION = Dataset(
    name="moderering",
    title=_l("Moderering måned for måned"),
    description=_l(
        "Hvor mye som ble meldt, vist og begrenset, etter hvilken regel, hvor lenge det tok, og hvordan det gikk med "
        "klagene. Tall fra 1 til 4 er skjult, og også større tall som ville røpe dem."
    ),
    keywords=(_l("moderering"), _l("ytringsfrihet"), _l("åpenhet")),
    themes=("GOVE", "JUST"),
    resource="/api/v1/moderation-figures",
    fields=tuple(_field(column) for column in figures.columns()),
    rows=_rows,
)

"""What coordinators send about figures over time."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from portal.kernel import fields
from portal.kernel.i18n import _l, language
from portal.observatorium import series_csv
from portal.observatorium.actions.series import SeriesDraft
from portal.observatorium.catalogue import catalogue
from portal.observatorium.models.series import FigureSeries


class SeriesForm(fields.Form):
    """A figure, where it comes from, and which indicator it stands beside."""

    indicator = fields.choice(_l("Indikator"), [])
    title = fields.text(
        _l("Hva tallet viser"), description=_l("Vises for alle, for eksempel «Barnehagebarn som har plass».")
    )
    unit = fields.text(
        _l("Måleenhet"), longest=60, description=_l("For eksempel prosent, kroner per innbygger eller antall.")
    )
    source = fields.text(_l("Kilde"), description=_l("For eksempel «SSB, KOSTRA, tabell 12362»."))
    source_url = fields.text(
        _l("Lenke til kilden"), longest=2000, optional=True, type="url", inputmode="url", autocapitalize="none"
    )
    query = fields.text(
        _l("Spørring som henter tallene"),
        longest=2000,
        optional=True,
        description=_l(
            "Adressen til en spørring i PxWebApi versjon 2 som svarer med json-stat2 og én verdi for hvert tidspunkt. "
            "Skriv {kommune} der kommunenummeret skal stå. La feltet stå tomt hvis du vil laste opp en CSV-fil."
        ),
        inputmode="url",
        autocapitalize="none",
        spellcheck="false",
    )
    active = fields.checkbox(_l("Vis tallrekken på siden til indikatoren"))
    version = HiddenField(filters=[lambda value: int(value) if str(value).isdigit() else -1])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        named = [(one.number, f"{one.number} {one.name.in_(language())}") for one in catalogue().indicators]
        self.indicator.choices = [("", _l("Velg en indikator")), *named]

    def draft(self) -> SeriesDraft:
        return SeriesDraft(
            indicator=self.indicator.data,
            title=self.title.data,
            unit=self.unit.data,
            source=self.source.data,
            source_url=self.source_url.data or "",
            query=self.query.data or "",
            active=self.active.data,
        )


def series_values(series: FigureSeries) -> dict[str, Any]:
    """Return how a series fills in the form."""
    names = ("indicator", "title", "unit", "source", "source_url", "query", "active", "version")
    return {name: getattr(series, name) for name in names}


class PointsForm(fields.Form):
    """A file with the points of a series."""

    file = fields.upload(
        _l("CSV-fil"),
        accept=".csv,.txt,text/csv",
        description=_l("Første linje: periode;verdi. Deretter én linje for hver periode, for eksempel 2025;81,4."),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.file.flags.required = True  # told by the action, with the other faults a file can have

    def content(self) -> bytes:
        """Return what was sent, no more than a byte past what is taken."""
        return self.file.data.read(series_csv.MOST_BYTES + 1) if self.file.data else b""

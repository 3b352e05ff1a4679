"""The demo's figures over time: made-up points beside well-chosen indicators, each marked «(demo)»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.kernel import clock
from portal.kernel.db import atomic
from portal.kernel.identity import Actor
from portal.observatorium.actions.series import SeriesDraft, make_series, upload_points

SOURCE = "Oppdiktede tall til demoen, i samme form som KOSTRA"


@dataclass(frozen=True)
class Told:
    """A figure: where it stands, what it is called, and its values year by year, the last for last year."""

    indicator: str
    title: str
    unit: str
    values: Sequence[str]


FIGURES = (
    Told(
        "1.4", "Netto driftsresultat (demo)", "prosent av driftsinntektene", ("2.9", "4.1", "3.3", "0.8", "-0.6", "1.2")
    ),
    Told("1.8", "Høringsinnspill som fikk svar (demo)", "prosent", ("38", "41", ":", "52", "57", "61")),
    Told("2.6", "Arbeidsreiser med buss, tog eller sykkel (demo)", "prosent", ("31", "24", "27", "30", "32", "33")),
    Told(
        "3.7",
        "Elever som fullfører videregående på normert tid (demo)",
        "prosent",
        ("81.3", "82.0", "83.4", "83.1", "84.6"),
    ),
    Told("3.8", "Kommunale boliger (demo)", "per 1 000 innbyggere", ("13.1", "13.0", "12.8", "12.9", "12.5", "12.4")),
    Told(
        "4.2",
        "Husholdningsavfall levert til gjenvinning (demo)",
        "prosent",
        ("41.8", "43.0", "44.9", "46.2", "47.5", "49.3"),
    ),
    Told("4.6", "Innbyggere med godkjent drikkevann (demo)", "prosent", ("98.7", "98.9", "99.1", "99.1", "99.4")),
    Told(
        "4.9",
        "Klimagassutslipp (demo)",
        "tonn CO₂-ekvivalenter per innbygger",
        ("2.61", "2.44", "2.37", "2.31", "2.18", "2.09"),
    ),
)
CORRECTED: Mapping[str, tuple[str, str]] = {"4.9": ("2.37", "2.35")}
"""Where the source has changed a value since: from, to."""


@atomic
def load(cast: Mapping[str, Actor]) -> None:
    """Make the figures, with their points read from files as a coordinator would."""
    coordinator = cast["coordinator"]
    for told in FIGURES:
        draft = SeriesDraft(indicator=told.indicator, title=told.title, unit=told.unit, source=SOURCE)
        series = make_series(coordinator, draft)
        before, after = CORRECTED.get(told.indicator, ("", ""))
        upload_points(coordinator, series.id, _file(told.values))
        if after:
            upload_points(coordinator, series.id, _file([after if value == before else value for value in told.values]))


def _file(values: Sequence[str]) -> bytes:
    last = clock.today().year - 1
    years = range(last - len(values) + 1, last + 1)
    rows = [f"{year};{value}" for year, value in zip(years, values, strict=True)]
    return "\n".join(["periode;verdi", *rows]).encode()

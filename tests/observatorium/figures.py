"""Answers as a bank of statistics gives them, and series to fetch them into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask

from portal.observatorium.actions.series import SeriesDraft, make_series
from portal.observatorium.models.series import FigureSeries
from tests.kernel.servers import web_server
from tests.support.cast import Cast


def kostra(**changed: Any) -> dict[str, Any]:
    """Return a table of KOSTRA as PxWebApi v2 answers it: one municipality, one figure, four years."""
    cube: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": "12362: Utvalgte nøkkeltall, etter region, statistikkvariabel og år",
        "source": "Statistisk sentralbyrå",
        "updated": "2026-03-15T07:00:00Z",
        "role": {"time": ["Tid"], "geo": ["KOKkommuneregion0000"], "metric": ["ContentsCode"]},
        "id": ["KOKkommuneregion0000", "ContentsCode", "Tid"],
        "size": [1, 1, 4],
        "dimension": {
            "KOKkommuneregion0000": {
                "label": "region",
                "category": {"index": {"3203": 0}, "label": {"3203": "Asker"}},
            },
            "ContentsCode": {
                "label": "statistikkvariabel",
                "category": {
                    "label": {"KOSandel": "Andel med plass (prosent)"},
                    "unit": {"KOSandel": {"base": "prosent", "decimals": 1}},
                },
            },
            "Tid": {
                "label": "år",
                "category": {
                    "index": {"2022": 0, "2023": 1, "2024": 2, "2025": 3},
                    "label": {"2022": "2022", "2023": "2023", "2024": "2024", "2025": "2025"},
                },
            },
        },
        "value": [79.8, 80.5, None, 81.4],
        "status": {"2": ".."},
        "extension": {"px": {"tableid": "12362", "decimals": 1}},
    }
    return cube | changed


@contextmanager
def statistics(app: Flask, answer: Callable[[Any], None]) -> Iterator[tuple[str, list[Any]]]:
    """Run a bank of statistics that the portal may ask; yields the address of a query, and what was asked."""
    settings = app.config["PORTAL"]
    with web_server(answer) as (port, seen):
        app.config["PORTAL"] = replace(settings, figures_hosts=(f"127.0.0.1:{port}",))
        try:
            yield f"http://127.0.0.1:{port}/api/pxwebapi/v2/tables/12362/data?valueCodes[region]={{kommune}}", seen
        finally:
            app.config["PORTAL"] = settings


def in_turn(answers: Iterable[Callable[[Any], None]]) -> Callable[[Any], None]:
    """Make an answer that is another one each time it is asked."""
    left = iter(answers)

    def answer(handler: Any) -> None:
        next(left)(handler)

    return answer


def draft(query: str = "", **changed: Any) -> SeriesDraft:
    values: dict[str, Any] = {
        "indicator": "3.5",
        "title": "Barn med plass",
        "unit": "prosent",
        "source": "SSB, tabell 12362",
        "source_url": "https://www.ssb.no/statbank/table/12362",
        "query": query,
    }
    return SeriesDraft(**values | changed)


def a_series(cast: Cast, query: str = "", **changed: Any) -> FigureSeries:
    """Make a figure; nothing is fetched before the worker works."""
    return make_series(cast.actor("coordinator"), draft(query, **changed))

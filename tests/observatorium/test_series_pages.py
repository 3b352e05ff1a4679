"""The pages where coordinators keep figures over time, and how a figure is shown."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from portal.observatorium.actions.series import ask_for_points, make_series, upload_points
from portal.observatorium.models.series import FigureSeries
from tests.kernel.servers import send
from tests.observatorium.figures import a_series, draft, kostra, statistics
from tests.observatorium.rounds import work
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
Counting = Callable[..., Any]
FILLED = {
    "indicator": "3.5",
    "title": "Barn med plass",
    "unit": "prosent",
    "source": "SSB",
    "source_url": "https://www.ssb.no/",
    "query": "",
    "active": "y",
}


@pytest.fixture
def bank(app: Flask) -> Iterator[str]:
    """Run a bank of statistics that answers well; gives the address of a query."""
    with statistics(app, send(json.dumps(kostra()).encode(), Content_Type="application/json")) as (query, _seen):
        yield query


def file(content: bytes) -> dict[str, Any]:
    return {"file": (io.BytesIO(content), "tall.csv")}


def test_a_figure_is_made_fetched_and_shown_by_the_pages(visitor: Open, bank: str) -> None:
    coordinator = visitor("coordinator")
    assert "Ingen tallrekker ennå" in coordinator.get("observatorium_series.index").words
    page = coordinator.follow(coordinator.post("observatorium_series.make", {**FILLED, "query": bank}))
    assert "Vi spurte" in page.words
    assert "Hent nå" not in page.words, "it has been asked already"
    work()
    number = str(page.response.request.path).split("/")[-2]
    page = coordinator.get("observatorium_series.show", series_id=number)
    assert "81,4" in page.words
    assert "Tallet setter ingen farge" in page.words
    page = coordinator.follow(coordinator.post("observatorium_series.fetch", series_id=number))
    assert "Tallene hentes nå" in page.words
    assert "4 punkter, siste er 2025" in coordinator.get("observatorium_series.index").words


def test_a_failure_is_told_where_the_coordinator_looks(app: Flask, cast: Cast, visitor: Open) -> None:
    with statistics(app, send(b"{", status=503)) as (query, _seen):
        series = a_series(cast, query)
        upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2024;1\n2025;2")
        work()
    for page in (
        visitor("coordinator").get("observatorium_series.index"),
        visitor("coordinator").get("observatorium_series.show", series_id=series.id),
    ):
        assert "Tjeneren svarte med en feil. (503)" in page.words
        assert "Hentingen feilet" in page.words


def test_a_form_with_faults_keeps_what_was_written(cast: Cast, visitor: Open) -> None:
    series = a_series(cast)
    wrong = {**FILLED, "query": "https://evil.example/x", "title": "Et langt navn"}
    for endpoint, values in (("make", {}), ("change", {"series_id": series.id, "version": "1"})):
        page = visitor("coordinator").post(f"observatorium_series.{endpoint}", wrong, _status=422, **values)
        assert "PORTAL_FIGURES_HOSTS" in page.words
        assert page.form()["title"] == "Et langt navn"
    page = visitor("coordinator").post("observatorium_series.make", {}, _status=422)
    assert "Fyll ut dette feltet" in page.words
    assert page.one("[name=indicator]")


def test_two_who_edit_a_figure_are_told_of_each_other(cast: Cast, visitor: Open) -> None:
    series = a_series(cast)
    coordinator = visitor("coordinator")
    first = coordinator.get("observatorium_series.change", series_id=series.id).form()
    coordinator.post("observatorium_series.change", {**first, "title": "Først"}, series_id=series.id)
    page = coordinator.post("observatorium_series.change", {**first, "title": "Sist"}, _status=422, series_id=series.id)
    assert "Noen andre har endret" in page.words
    again = page.form()
    assert again["title"] == "Sist"
    page = coordinator.follow(coordinator.post("observatorium_series.change", again, series_id=series.id))
    assert page.heading == "Sist"


def test_a_file_is_uploaded_and_says_how_it_was_read(cast: Cast, visitor: Open) -> None:
    series = a_series(cast)
    coordinator = visitor("coordinator")
    sent = file("periode;verdi\n2024;1\xa0200\n2025;1\xa0300,5".encode("latin-1"))
    page = coordinator.follow(coordinator.post("observatorium_series.upload", sent, series_id=series.id))
    assert "Filen ble lest som Latin-1." in page.words
    assert "1\xa0300,5" in page.text
    page = coordinator.post("observatorium_series.upload", file(b"feil\n1"), _status=422, series_id=series.id)
    assert "Første linje skal være: periode;verdi (feil)" in page.words
    page = coordinator.post("observatorium_series.upload", {}, _status=422, series_id=series.id)
    assert "Velg en fil." in page.words


def test_a_figure_that_does_not_exist_is_not_found(visitor: Open) -> None:
    for endpoint in ("show", "change", "upload"):
        visitor("coordinator").get(f"observatorium_series.{endpoint}", _status=404, series_id=10**12)


def test_the_list_costs_the_same_with_many_figures(cast: Cast, visitor: Open, count_queries: Counting) -> None:
    for number in range(30):
        make_series(cast.actor("coordinator"), draft(title=f"Rekke {number}"))
    coordinator = visitor("coordinator")
    with count_queries(at_most=8):
        page = coordinator.get("observatorium_series.index")
    assert "Rekke 29" in page.words


def shown(visitor: Open, series: FigureSeries) -> str:
    """Return the figure as it stands on the page, which is as it stands beside the colours."""
    return str(visitor("coordinator").get("observatorium_series.show", series_id=series.id).one("figure.chart"))


def test_the_chart_the_table_and_the_points_say_the_same(cast: Cast, visitor: Open) -> None:
    series = a_series(cast)
    upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2023;1\n2024;:\n2025;2,5")
    upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2023;1,5\n2024;:\n2025;2,5")
    html = shown(visitor, series)
    assert "1,5 prosent i 2023, 2,5 prosent i 2025" in html
    assert html.count("<circle") == 2
    assert html.count('role="row"') == 4
    assert "Var før kilden rettet" in html
    assert ">1</td>" in html


def test_one_value_is_told_without_a_drawing_and_names_are_escaped(cast: Cast, visitor: Open) -> None:
    series = a_series(cast, title="<script>alert(1)</script>", unit="a" * 60)
    upload_points(cast.actor("coordinator"), series.id, b"periode;verdi\n2025;2,5")
    html = shown(visitor, series)
    assert "<svg" not in html
    assert "<script" not in html
    assert "i 2025" in html


def test_asking_again_too_soon_is_a_conflict(cast: Cast, visitor: Open, bank: str) -> None:
    series = a_series(cast, bank)
    page: Page = visitor("coordinator").post("observatorium_series.fetch", _status=409, series_id=series.id)
    assert "Tallene hentes alt" in page.words
    work()
    ask_for_points(cast.actor("coordinator"), series.id)

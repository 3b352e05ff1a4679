"""The report for the council: the page and the PDF say the same as the API, in three languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel.db import atomic, db
from portal.kernel.i18n import LANGUAGES
from portal.observatorium.models.rounds import Revision, RevisionResult
from portal.observatorium.queries import published
from portal.observatorium.queries.report import report_page
from portal.observatorium.report.rendering import typst_input
from portal.observatorium.report.summary import Figures, count, summary
from portal.observatorium.report.values import Report
from portal.observatorium.views.report_words import report
from tests.observatorium.published import a_published_round, correct
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
PAGE, PDF = "observatorium_report.report", "observatorium_report.report_pdf"


def made(app: Flask, language: str = "nb", slug: str = "2026") -> Report:
    with app.test_request_context(f"/?sprak={language}"):
        return report(report_page(slug))


def the_pdf(visitor: Open, slug: str = "2026", **values: Any) -> bytes:
    found = visitor().client.get(f"/observatorium/runder/{slug}/rapport.pdf", query_string=values)
    assert (found.status_code, found.content_type) == (200, "application/pdf")
    return bytes(found.data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_in_the_report_is_the_one_the_api_gives(app: Flask, cast: Cast, language: str) -> None:
    a_published_round(cast)
    told = json.loads(published.as_json("2026"))
    rows = {row.number: row for row in made(app, language).rows}
    assert len(rows) == len(told["items"]) == 39
    for item in told["items"]:
        row, overall = rows[item["indicator"]], item["overall"]
        assert (row.own.level, row.verified.level, row.people.level) == (item["own"], item["verified"], item["level"])
        shares = overall["shares"]
        assert row.n == overall["n"]
        assert row.shares == (
            tuple(round(shares[each] * 100) for each in ("red", "yellow", "green")) if shares else None
        )
        for share in row.shares or ():
            assert str(share) in row.spread


def test_the_pdf_is_given_the_values_of_the_page_and_nothing_else(app: Flask, cast: Cast) -> None:
    a_published_round(cast)
    values = made(app)
    given = json.loads(typst_input(values))
    shown = [row for section in given["sections"] for row in section["rows"]]
    assert [(row["number"], row["spread"]) for row in shown] == [(row.number, row.spread) for row in values.rows]
    assert given["summary"]["text"] == list(values.summary.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_in_its_language_with_bookmarks_and_a_title(cast: Cast, visitor: Open, language: str) -> None:
    a_published_round(cast)
    content = the_pdf(visitor, sprak=language)
    assert content.startswith(b"%PDF-")
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Outlines", f"/Lang({language}".encode(), b"pdfuaid:part"):
        assert mark in re.sub(rb"(/Lang) ?", rb"\1", content), mark


def test_the_same_values_give_the_same_bytes(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    assert the_pdf(visitor) == the_pdf(visitor)


def test_a_correction_makes_another_report(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    before = the_pdf(visitor)
    correct(cast, "Egenvurderingen av 2.2 var ført feil.")
    assert the_pdf(visitor) != before


def test_the_page_has_the_three_views_and_every_chapter(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get(PAGE, slug="2026")
    for told in ("Sammendrag", "De største avstandene", "mest uenige", "Tiltak", "Metode", "tallene ikke kan si"):
        assert told in page.words
    assert "Ikke verifisert" in page.words
    assert "Dette er den første publiserte runden." in page.words
    assert "sertifisert" not in page.words


def test_the_history_has_a_column_for_each_published_round(app: Flask, cast: Cast) -> None:
    a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026")
    values = made(app)
    assert list(values.rounds) == ["Runde 2025", "Runde 2026"]
    assert len(values.moved) == 39
    assert list(made(app, slug="2025").rounds) == ["Runde 2025"], "an older report knows nothing of later rounds"


def test_only_a_published_round_has_a_report(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    for slug in ("2026", "finnes-ikke", "nul\x00"):
        visitor().get(PAGE, slug=slug, _status=404)
        assert visitor().client.get(f"/observatorium/runder/{slug}/rapport.pdf").status_code == 404


def test_what_people_wrote_is_text_and_never_markup_in_the_pdf(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    _reply('#eval("1") $x$ *fet* <script>alert(1)</script> 😀')
    assert the_pdf(visitor).startswith(b"%PDF-")
    assert "<script>alert(1)</script>" in visitor().get(PAGE, slug="2026").words


@atomic
def _reply(text: str) -> None:
    """Put a reply in the stored record, as a correction would."""
    row = db.session.scalars(sa.select(RevisionResult).join(Revision).where(RevisionResult.indicator == "1.1")).one()
    verification = {"state": "none", "level": None, "colours": [], "verdicts": {}}
    replies = [{"text": text, "date": "2026-01-01", "by": "Kommunedirektør"}]
    row.record = {"own": {"level": None}, "evidence": [], "verification": verification, "replies": replies}


def test_the_report_costs_few_statements(cast: Cast, visitor: Open, count_queries: Any) -> None:
    a_published_round(cast)
    reader = visitor()
    reader.get("observatorium.method")
    with count_queries(at_most=8):
        reader.get(PAGE, slug="2026")


def test_the_summary_says_what_the_figures_say(app: Flask) -> None:
    figures = Figures(
        people=count(["green"] * 20 + ["yellow"] * 10 + ["red"] * 5 + [None] * 4),
        own=count(["green"] * 30 + [None] * 9),
        agreed=3,
        differing=1,
        rosier=8,
        darker=2,
        compared=28,
        answered=1280,
        measures=0,
    )
    with app.test_request_context("/"):
        said = " ".join(summary(figures))
    for told in (
        "Minst 1280",
        "nådd for 20 av 39",
        "på vei for 10",
        "for 5. For 4",
        "30.",
        "lysere",
        "4 av 39 er verifisert",
    ):
        assert told in said


def test_a_summary_of_nothing_claims_nothing(app: Flask) -> None:
    nothing = dict.fromkeys(("agreed", "differing", "rosier", "darker", "compared", "answered", "measures"), 0)
    with app.test_request_context("/"):
        said = " ".join(summary(Figures(people=count([None] * 39), own=count([None] * 39), **nothing)))
    assert "Få har svart" in said
    assert "Kommunen har ikke vurdert seg selv." in said
    assert "Ingen av indikatorene er verifisert." in said

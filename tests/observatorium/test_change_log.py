"""The public log of a round: every revision with its reason and hash, and what each correction changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.observatorium.actions.rounds import withdraw_round
from portal.observatorium.models.rounds import Revision, RevisionResult
from portal.observatorium.queries.change_log import change_log
from tests.observatorium.published import a_published_round, correct
from tests.observatorium.rounds import an_open_round, change
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
CHANGES = "observatorium_report.changes"


def test_the_log_says_what_was_published_and_what_a_correction_changed(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Egenvurderingen av 2.2 var ført feil.")
    page = visitor().get(CHANGES, slug="2026")
    assert "Egenvurderingen av 2.2 var ført feil." in page.words
    assert "kommunens egenvurdering: fra «på vei» til «minstekravet er nådd»" in page.words
    for revision in db.session.scalars(sa.select(Revision)):
        assert revision.content_hash in page.words
    assert page.words.count("Innholdet er det samme som da det ble publisert.") == 2


def test_the_newest_revision_stands_first_and_the_first_has_nothing_to_differ_from(cast: Cast) -> None:
    a_published_round(cast)
    correct(cast, "Feil.")
    newest, first = change_log("2026").entries
    assert [each.indicator.number for each in newest.changes] == ["2.2"]
    assert (newest.revision.number, first.revision.number, first.changes) == (2, 1, [])


def test_a_figure_that_was_changed_behind_our_back_is_told(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    body = db.session.scalar(sa.select(RevisionResult.body).where(RevisionResult.indicator == "1.1"))
    assert body
    change(sa.update(RevisionResult).where(RevisionResult.indicator == "1.1").values(body={**body, "level": "green"}))
    assert "stemmer ikke med kontrollsummen" in visitor().get(CHANGES, slug="2026").words


def test_a_withdrawn_round_keeps_its_log_but_tells_no_figures(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Feil.")
    withdraw_round(cast.actor("coordinator"), "2026", "Tallene var fra en annen kommune.")
    page = visitor().get(CHANGES, slug="2026")
    assert "Tallene var fra en annen kommune." in page.words
    assert "egenvurdering: fra" not in page.words
    assert "CSV" not in page.words


def test_a_round_without_a_result_has_no_log(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    for slug in ("2026", "finnes-ikke", "nul\x00"):
        visitor().get(CHANGES, slug=slug, _status=404)


def test_the_log_costs_few_statements(cast: Cast, visitor: Open, count_queries: Any) -> None:
    a_published_round(cast)
    correct(cast, "Feil.")
    reader = visitor("resident")
    reader.get("observatorium.method")
    with count_queries(at_most=8):
        reader.get(CHANGES, slug="2026")

"""An indicator's page, whole: three views in words, what each builds on, what is done, and how it has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.observatorium.actions.measures import AnswerDraft, answer_indicator
from portal.observatorium.catalogue import Level
from portal.observatorium.gap_words import is_divided, view_words
from portal.observatorium.models.rounds import RevisionResult
from portal.observatorium.results import IndicatorResult, Overall, Shares
from portal.observatorium.views import parts
from tests.observatorium.published import RESIDENT, a_published_round
from tests.observatorium.rounds import change
from tests.observatorium.test_measures import BETTER, a_measure
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
PAGE = "/observatorium/indikatorer/1.8/"
RECORD: dict[str, Any] = {
    "own": {
        "level": "green",
        "counts": {"red": 0, "yellow": 1, "green": 2, "not_assessed": 1, "not_relevant": 1},
        "summary": "Vi har *fast* dialog.",
        "signed_by": "kommunedirektør",
        "signed_at": "2026-10-01T10:00:00+00:00",
        "parts": [
            {
                "key": "1.8.1",
                "name": {"nb": "Høringer", "nn": "Høyringar", "en": "Hearings"},
                "level": "green",
                "counted_as": "not_assessed",
                "justification": "Alle saker er på høring.",
                "responsible": "leder for plan",
                "evidence": [1],
            }
        ],
    },
    "evidence": [
        {
            "id": 1,
            "part": "1.8.1",
            "kind": "link",
            "title": "Høringer i fjor",
            "url": "https://asker.example/horinger",
            "file": None,
            "figure": None,
            "date": "2025-03-01",
            "valid_from": None,
            "valid_to": "2025-12-31",
            "valid": False,
            "verdicts": [
                {"verdict": "contested", "reason": "Listen er ikke hel."},
                {"verdict": "accepted", "reason": ""},
            ],
        },
        {
            "id": 2,
            "part": "1.8.1",
            "kind": "link",
            "title": "Lokkende",
            "url": "javascript:alert(1)",
            "file": None,
            "figure": {"value": "412", "unit": "innspill", "source": "SSB"},
            "date": "2025-03-01",
            "valid_from": None,
            "valid_to": None,
            "valid": True,
            "verdicts": [],
        },
    ],
    "verification": {
        "state": "differing",
        "level": None,
        "colours": [{"level": "red", "reason": "Ingen fikk svar."}, {"level": "green", "reason": "<b>Godt</b> nok."}],
        "verdicts": {},
    },
    "replies": [{"text": "Vi retter listen.", "date": "2026-10-10", "by": "ordfører"}],
}


def result(own: Level | None, red: float, yellow: float, green: float, level: Level | None) -> IndicatorResult:
    overall = Overall(covers=(RESIDENT,), n=100, n_eff=90, shares=Shares(red, yellow, green), level=level)
    return IndicatorResult(
        indicator="1.8", own=own, verified=None, level=level, gap=None, disagreement=None, groups=(), overall=overall
    )


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    parts._kept.clear()


# -- the words ---------------------------------------------------------------------------------------------------------


def test_the_three_views_are_said_in_words_that_name_what_differs(cast: Cast) -> None:
    divided = replace(result(Level.GREEN, 0.41, 0.24, 0.35, Level.YELLOW), verified=Level.GREEN)
    assert view_words(divided) == "Kommunen sier grønn. Verifikatørene er enige. Folk er delt: 41 % rød og 35 % grønn."
    assert is_divided(divided.overall)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (result(None, 0.6, 0.3, 0.1, Level.RED), "Kommunen har ikke vurdert seg selv."),
        (result(Level.RED, 0.6, 0.3, 0.1, Level.RED), "Folk sier rød: det svarte 60 %."),
        (result(Level.RED, 0.45, 0.35, 0.2, Level.YELLOW), "Folk er delt: 45 % rød, 35 % gul og 20 % grønn."),
        (result(Level.RED, 0.6, 0.3, 0.1, None), "For få har svart til at vi setter en farge."),
        (replace(result(Level.RED, 0.6, 0.3, 0.1, None), overall=Overall()), "skjult av hensyn til personvern"),
        (replace(result(Level.RED, 0.6, 0.3, 0.1, None), verified=Level.YELLOW), "Verifikatørene sier gul."),
        (result(Level.RED, 0.6, 0.3, 0.1, None), "Dokumentasjonen er ikke verifisert."),
    ],
)
def test_every_case_has_its_words(cast: Cast, told: IndicatorResult, words: str) -> None:
    assert words in view_words(told)


def test_verifiers_who_differ_are_told_apart_and_never_as_one(cast: Cast) -> None:
    told = view_words(result(Level.GREEN, 0.1, 0.2, 0.7, Level.GREEN), RECORD)
    assert "Verifikatørene er uenige: rød og grønn." in told


# -- the page ----------------------------------------------------------------------------------------------------------


def recorded(cast: Cast) -> None:
    """Publish a round whose revision keeps a record of 1.8."""
    a_published_round(cast)
    change(sa.update(RevisionResult).where(RevisionResult.indicator == "1.8").values(record=RECORD))


def test_all_that_the_views_build_on_is_shown(cast: Cast, visitor: Open) -> None:
    recorded(cast)
    page = visitor().get_url(PAGE)
    grounds = page.one("section[aria-labelledby=begrunnelse]")
    assert grounds.select("em")[0].get_text() == "fast"
    assert "Godkjent av kommunedirektør" in page.words
    assert "grønn 2, gul 1, rød 0, ikke vurdert 1, ikke relevant 1" in page.words
    assert "Belegget gjaldt ikke lenger" in page.words
    assert [link["href"] for link in grounds.select("a[rel~=nofollow]")] == ["https://asker.example/horinger"]
    assert "412 innspill" in grounds.get_text(" ", strip=True)
    for words in ("Bestridt", "Listen er ikke hel.", "Godtatt", "Gjaldt ikke lenger", "Kilde: SSB"):
        assert words in page.words
    verifiers = page.one("section[aria-labelledby=verifisering]").get_text(" ", strip=True)
    assert "Verifikatør 1 Ikke akseptabelt Ingen fikk svar." in verifiers
    assert "Verifikatørene er uenige. Derfor viser vi begge fargene." in page.words
    reply = page.one("section[aria-labelledby=tilsvar]").get_text(" ", strip=True)
    assert "Vi retter listen. Ordfører, 10. oktober 2026" in reply


def test_a_revision_that_was_made_before_there_were_records_is_shown_without(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    change(sa.update(RevisionResult).where(RevisionResult.indicator == "1.8").values(record=None))
    page = visitor().get_url(PAGE)
    assert not page.all("section[aria-labelledby=verifisering]")
    assert not page.all("section[aria-labelledby=tilsvar]")


def test_the_answer_and_the_measures_stand_with_what_the_colour_did_since(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    with clock.moved(-timedelta(days=300)):
        a_measure(cast, slug="2025", deadline=clock.today() + timedelta(days=900))
    assert "Neste runde viser om fargen endrer seg" in visitor().get_url(PAGE).words
    a_published_round(cast, "2026", elsewhere=BETTER)
    assert "Svaret fra kommunen" not in visitor().get_url(PAGE).words
    answer_indicator(cast.actor("coordinator"), "2026", "1.8", AnswerDraft(text="Nå går det *riktig* vei."))
    section = visitor().get_url(PAGE).one("section[aria-labelledby=kommunens-svar]")
    assert section.select("em")[0].get_text() == "riktig"
    assert "Runde 2025: rød. Runde 2026: grønn. Flere svarer grønt nå." in section.get_text(" ", strip=True)


def test_what_nobody_has_answered_is_said(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    assert "Kommunen har ikke svart på dette ennå." in visitor().get_url(PAGE).words
    assert "Svar på vurderingen" not in visitor("resident").get_url(PAGE).words
    assert "Svar på vurderingen" in visitor("coordinator").get_url(PAGE).words


def test_rounds_made_by_other_methods_have_no_arrow_between_them(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    a_published_round(cast, "2026", elsewhere=BETTER)
    assert "opp" in visitor().get_url(PAGE).one(".chart-history").get_text()


@pytest.mark.parametrize("who", [None, "resident", "coordinator"])
def test_the_whole_page_keeps_within_eight_statements(
    cast: Cast, visitor: Open, count_queries: Callable[..., Any], who: str | None
) -> None:
    recorded(cast)
    for place in range(4):
        a_measure(cast, key=f"k{place}")
    answer_indicator(cast.actor("coordinator"), "2026", "1.8", AnswerDraft(text="Takk."))
    browser = visitor(who)
    browser.get_url("/")
    with count_queries(at_most=8):
        page = browser.get_url(PAGE)
    assert len(page.all(".measure-told")) == 4

"""The pages of measures: the whole way by their forms, who may open what, and what they say when there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.observatorium.following_up import MeasureStatus
from portal.observatorium.models.measures import IndicatorMeasure, MeasureLink
from tests.observatorium.published import BUSINESS, RESIDENT, VOLUNTARY_SECTOR, a_published_round
from tests.observatorium.test_measures import BETTER, a_measure, told
from tests.support.cast import Cast
from tests.support.ideas import published
from tests.support.page import Visitor

Open = Callable[..., Visitor]
CONTROL = "/observatorium/styring/tiltak/"
ATTACK = "<script>alert(1)</script>"


def send(browser: Visitor, url: str, expected: int = 303, **changes: str) -> str:
    """Fill in the form of a page and send it; returns the words of the answer, or where it leads."""
    page = browser.get_url(url)
    done = browser.post_url(url, page.form() | changes, expected)
    return str(done.response.headers.get("Location", "")) if expected == 303 else done.words


def plan(**changes: str) -> dict[str, str]:
    deadline = clock.today() + timedelta(days=60)
    return {
        "title": "Svare innen 14 dager",
        "description": "Alle får et foreløpig svar.",
        "responsible": "leder for byggesak",
        "deadline": deadline.isoformat(),
    } | changes


def test_a_coordinator_answers_makes_a_measure_and_tells_how_it_is_going(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    browser = visitor("coordinator")
    page = browser.get_url(CONTROL)
    assert "Mangler svar" in page.words
    assert "0 av 1 er besvart" in page.words
    onward = send(browser, f"{CONTROL}svar/2026/1.8", text="Vi har hørt dere.")
    assert onward.endswith("/observatorium/indikatorer/1.8/#kommunens-svar")
    where = send(browser, f"{CONTROL}ny/2026/1.8", **plan())
    assert "Svare innen 14 dager" in visitor().get_url(where).words
    measure = db.session.scalars(sa.select(IndicatorMeasure)).one()
    send(browser, f"{CONTROL}{measure.id}/logg", text="Vi har begynt.", status="under_way")
    told_of = visitor().get_url(where)
    assert "Vi har begynt." in told_of.words
    assert "I gang" in told_of.words
    assert "1 av 1 er besvart" in browser.get_url(CONTROL).words


def test_what_was_written_stays_when_the_form_is_refused(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    browser = visitor("coordinator")
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    words = send(browser, f"{CONTROL}ny/2026/1.8", 422, **plan(deadline=yesterday))
    assert "Velg en frist som ikke er passert." in words
    refused = browser.post_url(f"{CONTROL}ny/2026/1.8", plan(title="", description="Beholdes."), 422)
    assert "Beholdes." in refused.one("textarea[name=description]").get_text()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndicatorMeasure)) == 0


def test_who_comes_second_sees_it_and_saves_on_top(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    browser = visitor("coordinator")
    url = f"{CONTROL}{measure.id}/endre"
    stale = browser.get_url(url).form()
    send(browser, url, title="Den første")
    refused = browser.post_url(url, stale | {"title": "Den andre"}, 422)
    assert "Noen andre har endret dette" in refused.words
    browser.post_url(url, refused.form(), 303)
    assert db.session.get_one(IndicatorMeasure, measure.id).title == "Den andre"


def test_silence_and_a_passed_deadline_are_told_to_everybody(cast: Cast, visitor: Open) -> None:
    with clock.moved(-timedelta(days=120)):
        a_published_round(cast)
        a_measure(cast, title="Det glemte", deadline=clock.today() + timedelta(days=20))
        done = a_measure(cast, key="k2", title="Det ferdige", deadline=clock.today() + timedelta(days=20))
        told(cast, done, "Gjort.", MeasureStatus.DONE)
    words = visitor().get("measures.index").words
    assert "Fristen gikk ut for" in words
    assert "Ikke oppdatert på 1" in words
    late = visitor().get("measures.index", sen="1").words
    assert "Det glemte" in late
    assert "Det ferdige" not in late
    assert "Det ferdige" in visitor().get("measures.index", status="done").words


def test_the_list_is_narrowed_and_says_when_nothing_fits(cast: Cast, visitor: Open) -> None:
    reader = visitor()
    assert "Ingen tiltak ennå" in reader.get("measures.index").words
    a_published_round(cast)
    a_measure(cast)
    assert "Svare innen 14 dager" in reader.get("measures.index", indikator="1.8").words
    assert "Ingen tiltak passer" in reader.get("measures.index", indikator="2.2").words
    assert "Svare innen 14 dager" in reader.get("measures.index", indikator="x", status="y", sen="z").words


def test_what_the_colour_did_after_the_measure_is_told_in_words(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    with clock.moved(-timedelta(days=300)):
        measure = a_measure(cast, slug="2025", deadline=clock.today() + timedelta(days=900))
    assert "Neste runde viser" in visitor().get("measures.show", measure_id=measure.id).words
    a_published_round(cast, "2026", elsewhere=BETTER)
    words = visitor().get("measures.show", measure_id=measure.id).words
    assert "Endringen er større enn usikkerheten" in words
    assert "Endringen er større enn usikkerheten" in visitor().get("observatorium.overview").words


def test_a_small_difference_is_not_called_a_change(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=400)
    with clock.moved(-timedelta(days=300)):
        measure = a_measure(cast, slug="2025")
    nearly = {"1.8": {RESIDENT: (46, 8, 6, 5), VOLUNTARY_SECTOR: (24, 11, 5, 2), BUSINESS: (4, 8, 24, 0)}}
    a_published_round(cast, "2026", elsewhere=nearly)
    assert "kaller den ikke en endring" in visitor().get("measures.show", measure_id=measure.id).words


def test_a_measure_is_tied_to_the_page_of_an_idea(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    measure, idea = a_measure(cast), published(cast.actor("resident"))
    browser = visitor("coordinator")
    url = f"{CONTROL}{measure.id}/koble"
    send(browser, url, address=f"http://localhost/ideer/{idea.id}-nattbuss?q=1#her")
    page = visitor().get("measures.show", measure_id=measure.id)
    assert idea.title in page.words
    assert "Fjern koblingen" not in page.words
    for nonsense in ("/", "http://[", "/observatorium/indikatorer/1.8/", "/ideer/99999-borte", "javascript:alert(1)"):
        assert "Vi finner ingen idé" in send(browser, url, 422, address=nonsense)
    browser.post_url(f"{CONTROL}{measure.id}/fjern/idea/{idea.id}", {}, 303)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MeasureLink)) == 0


def test_text_is_shown_as_text(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    measure = a_measure(cast, title=f"Tittel {ATTACK}", description=ATTACK, responsible=f"leder {ATTACK}")
    told(cast, measure, ATTACK, MeasureStatus.UNDER_WAY)
    page = visitor().get("measures.show", measure_id=measure.id)
    assert not [script for script in page.all("script") if "alert" in script.get_text()]
    assert "<script>" in page.words


@pytest.mark.parametrize(("who", "status"), [(None, 303), ("resident", 403), ("employee", 403), ("admin", 403)])
def test_the_control_pages_are_the_coordinators(cast: Cast, visitor: Open, who: str | None, status: int) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    for url in ("", "ny/2026/1.8", "svar/2026/1.8", f"{measure.id}/endre", f"{measure.id}/logg", f"{measure.id}/koble"):
        visitor(who).get_url(CONTROL + url, status)


def test_addresses_that_lead_nowhere_are_not_found(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    visitor().get("measures.show", 404, measure_id=999)
    for url in ("999/endre", "999/logg", "ny/2026/9.9", "ny/borte/1.8", "svar/2026/9.9"):
        visitor("coordinator").get_url(CONTROL + url, 404)

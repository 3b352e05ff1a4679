"""The pages where coordinators run rounds and moderators read comments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.observatorium import secrecy
from portal.observatorium.actions import comments, publishing, rounds
from portal.observatorium.actions.comments import CommentDraft
from portal.observatorium.actions.own_levels import OwnLevelDraft, set_own_level
from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Revision, Round, RoundState
from portal.observatorium.queries.rounds import get_round
from tests.observatorium.rounds import an_open_round, answers, draft, people
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
ROUND_PAGES = ("show", "change", "open_round", "close", "publish", "extend", "withdraw")


def state() -> RoundState:
    return get_round(SYSTEM, "2026").state


def a_published_round(cast: Cast, work: Callable[[], None]) -> None:
    an_open_round(cast)
    for actor in people(12):
        answers(actor)
    rounds.close_round(cast.actor("coordinator"), "2026")
    publishing.publish_round(cast.actor("coordinator"), "2026")
    work()


def test_a_round_goes_all_the_way_through_the_pages(cast: Cast, visitor: Open, run_worker: Callable[[], None]) -> None:
    coordinator = visitor("coordinator")
    assert "Ingen runder ennå" in coordinator.get("observatorium_control.index").words
    today = clock.today()
    filled = {
        "title": "Runde 2026",
        "slug": "2026",
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=14)).strftime("%d.%m.%Y"),
        "sign_in_methods": ["oidc", "password"],
        "version": "",
    }
    page = coordinator.follow(coordinator.post("observatorium_control.make", filled))
    assert "Åpne runden" in page.words
    page = coordinator.follow(coordinator.post("observatorium_control.open_round", slug="2026"))
    assert "Færre enn ti er med så langt" in page.words
    for actor in people(13):
        answers(actor)
    assert "Minst 10 er med så langt" in coordinator.get("observatorium_control.index").words
    later = {"closes_on": (today + timedelta(days=21)).isoformat()}
    coordinator.follow(coordinator.post("observatorium_control.extend", later, slug="2026"))
    assert get_round(SYSTEM, "2026").last_day == today + timedelta(days=21)
    page = coordinator.follow(coordinator.post("observatorium_control.close", slug="2026"))
    assert "publiser resultatet" in page.words
    page = coordinator.follow(coordinator.post("observatorium_control.publish", slug="2026"))
    assert "Resultatet regnes ut nå" in page.words
    run_worker()
    page = coordinator.get("observatorium_control.show", slug="2026")
    assert state() is RoundState.PUBLISHED
    assert "Utgave 1" in page.words
    assert "Blir slettet" in page.words, "the page says when the key goes"
    reason = {"reason": "Feil metode."}
    page = coordinator.follow(coordinator.post("observatorium_control.withdraw", reason, slug="2026"))
    assert "Feil metode." in page.words
    assert state() is RoundState.WITHDRAWN


@pytest.mark.parametrize("step", ["open_round", "close", "publish", "extend", "withdraw", "correct"])
def test_opening_a_page_that_asks_does_nothing(
    cast: Cast, visitor: Open, run_worker: Callable[[], None], step: str
) -> None:
    if step == "open_round":
        rounds.make_round(cast.actor("coordinator"), draft())
    elif step in {"publish", "correct"}:
        a_published_round(cast, run_worker)
    else:
        an_open_round(cast)
    before = db.session.execute(sa.select(Round.state, Round.version)).one()
    visitor("coordinator").get(f"observatorium_control.{step}", slug="2026")
    assert db.session.execute(sa.select(Round.state, Round.version)).one() == before


@pytest.mark.parametrize("who", ["resident", "employee", "adviser", "moderator", "verifier", "partner", "admin"])
def test_only_a_coordinator_opens_the_pages_of_rounds(cast: Cast, visitor: Open, who: str) -> None:
    an_open_round(cast)
    stranger = visitor(who)
    stranger.get("observatorium_control.index", 403)
    stranger.get("observatorium_control.make", 403)
    for page in ROUND_PAGES:
        stranger.get(f"observatorium_control.{page}", 403, slug="2026")
    stranger.post("observatorium_control.close", None, 403, slug="2026")
    stranger.get("observatorium_control.own_levels", 403, slug="2026", number=1)
    assert state() is RoundState.OPEN


@pytest.mark.parametrize("page", ROUND_PAGES)
def test_a_round_that_is_not_there_is_not_found(cast: Cast, visitor: Open, page: str) -> None:
    visitor("coordinator").get(f"observatorium_control.{page}", 404, slug="1999")


def test_a_step_at_the_wrong_time_is_refused_with_a_clear_page(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    page = coordinator.post("observatorium_control.publish", None, 409, slug="2026")
    assert "Bare en lukket runde kan publiseres" in page.words
    coordinator.post("observatorium_control.open_round", None, 409, slug="2026")
    rounds.close_round(cast.actor("coordinator"), "2026")
    coordinator.post("observatorium_control.close", None, 409, slug="2026")
    coordinator.post("observatorium_control.extend", {"closes_on": "31.12.2099"}, 409, slug="2026")
    coordinator.post("observatorium_control.correct", {"reason": "Feil"}, 409, slug="2026")


def test_a_form_with_mistakes_says_which_and_keeps_what_was_written(cast: Cast, visitor: Open) -> None:
    wrong = {"title": "Høstrunden", "slug": "Høst", "opens_on": "2027-02-01", "closes_on": "2027-01-01"}
    page = visitor("coordinator").post("observatorium_control.make", {**wrong, "sign_in_methods": "oidc"}, 422)
    assert page.one("input[name=title]")["value"] == "Høstrunden"
    assert page.one("input[name=slug]")["aria-invalid"] == "true"
    right_address = {**wrong, "slug": "host", "sign_in_methods": "oidc"}
    page = visitor("coordinator").post("observatorium_control.make", right_address, 422)
    assert page.one("input[name=closes_on]")["aria-invalid"] == "true"
    without = visitor("coordinator").post("observatorium_control.make", {**wrong, "closes_on": "31.13.2027"}, 422)
    assert without.one("input[name=closes_on]")["aria-invalid"] == "true"


def test_two_coordinators_who_change_the_same_draft_are_told(cast: Cast, visitor: Open) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    coordinator = visitor("coordinator")
    form = coordinator.get("observatorium_control.change", slug="2026").form("main form")
    coordinator.post("observatorium_control.change", {**form, "title": "Først"}, slug="2026")
    page = coordinator.post("observatorium_control.change", {**form, "title": "Sist"}, 422, slug="2026")
    assert "Noen andre har endret runden" in page.words
    assert page.one("input[name=title]")["value"] == "Sist"
    coordinator.post("observatorium_control.change", page.form("main form"), slug="2026")
    assert db.session.scalar(sa.select(Round.title)) == "Sist"


# --- the municipality's own levels ------------------------------------------------------------------------------------


def test_a_dimension_shows_the_level_of_each_of_its_indicators(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    set_own_level(cast.actor("coordinator"), "2026", OwnLevelDraft(indicator="2.1", level=Level.GREEN))
    page = visitor("coordinator").get("observatorium_control.own_levels", slug="2026", number=2)
    assert len(page.all(".row")) == 8
    assert "Minstekravet er nådd" in page.words


def test_published_own_levels_are_shown_and_not_offered_for_change(
    cast: Cast, visitor: Open, run_worker: Callable[[], None]
) -> None:
    a_published_round(cast, run_worker)
    page = visitor("coordinator").get("observatorium_control.own_levels", slug="2026", number=1)
    assert "kan bare endres med en retting" in page.words
    assert "Fordel til tjenesteområder" not in page.words


def test_a_dimension_that_is_not_there_is_not_found(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    visitor("coordinator").get("observatorium_control.own_levels", 404, slug="2026", number=5)


def test_a_published_result_is_corrected_with_a_reason(
    cast: Cast, visitor: Open, run_worker: Callable[[], None]
) -> None:
    a_published_round(cast, run_worker)
    coordinator = visitor("coordinator")
    coordinator.post("observatorium_control.correct", {"reason": "", "indicator": ""}, 422, slug="2026")
    sent = {"reason": "1.1 var ført feil.", "indicator": "1.1", "level": "red", "justification": "Mangler plan."}
    coordinator.post("observatorium_control.correct", sent, slug="2026")
    run_worker()
    page = coordinator.get("observatorium_control.show", slug="2026")
    assert "1.1 var ført feil." in page.words
    assert [each.number for each in db.session.scalars(sa.select(Revision).order_by(Revision.number))] == [1, 2]


def test_a_missing_key_is_told_to_the_coordinator(cast: Cast, visitor: Open) -> None:
    opened = an_open_round(cast)
    secrecy.destroy(opened.id)
    page = visitor("coordinator").get("observatorium_control.show", slug="2026")
    assert "Rundens nøkkel mangler" in page.words


# --- comments ---------------------------------------------------------------------------------------------------------


def test_the_old_address_of_the_comments_leads_to_the_queue(visitor: Open) -> None:
    page = visitor("moderator").get("observatorium_control.comments", 303)
    assert page.response.location == "/moderering/ko/?slag=observatory_comment"


# --- speed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "endpoint", "values"),
    [
        ("coordinator", "observatorium_control.index", {}),
        ("coordinator", "observatorium_control.show", {"slug": "2026"}),
        ("coordinator", "observatorium_control.own_levels", {"slug": "2026", "number": 3}),
    ],
)
def test_a_page_costs_the_same_with_many_rounds_and_comments(
    cast: Cast, visitor: Open, count_queries: Any, who: str, endpoint: str, values: dict[str, Any]
) -> None:
    an_open_round(cast)
    for actor in people(60):
        answers(actor)
        comments.comment(actor, CommentDraft(round="2026", indicator="1.8", text="Hei"))
    for year in range(2000, 2020):
        rounds.make_round(cast.actor("coordinator"), draft(str(year)))
    browser = visitor(who)
    with count_queries(at_most=8):
        browser.get(endpoint, **values)


def test_only_a_published_round_has_a_page_for_correcting_it(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor("coordinator").get("observatorium_control.correct", slug="2026", _status=409)
    assert "Bare en publisert runde kan rettes" in page.words

"""The pages where people rate: every way through them, and every way they may go wrong, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import SignInMethod, StakeholderGroup
from portal.observatorium import secrecy
from portal.observatorium.actions import comments, rounds
from portal.observatorium.actions.comments import CommentDraft
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.rounds import Ballot, Comment, Rating, Tie
from tests.observatorium.rounds import an_open_round, answers, draft, people
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
NUMBERS = [indicator.number for indicator in catalogue().indicators]


def given() -> dict[str, str]:
    return {row.indicator: row.answer.value for row in db.session.execute(sa.select(Rating.indicator, Rating.answer))}


def start(visitor: Visitor, tie: Tie = Tie.LIVES, **choices: str) -> Page:
    """Fill in the start page as a browser would, and go where it leads."""
    form = visitor.get("rating.overview").form("main form[action$='/vurder/']")
    return visitor.follow(visitor.post("rating.begin", {**form, "tie": tie.value, **choices}))


def answer(visitor: Visitor, number: str, chosen: str, **more: str) -> Page:
    form = visitor.get("rating.indicator", number=number).form("main form[action*=vurder]")
    return visitor.post("rating.indicator", {**form, number: chosen, **more}, number=number)


def chosen_on(page: Page) -> dict[str, Any]:
    return {str(field["name"]): field["value"] for field in page.all("main input[type=radio][checked]")}


# --- the way through --------------------------------------------------------------------------------------------------


def test_a_visitor_reads_what_it_is_about_and_is_led_to_sign_in_and_back(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    for actor in people(23):
        answers(actor)
    page = visitor().get("rating.overview")
    assert "Ingen får se hva akkurat du svarer" in page.words
    assert "Minst 20 er med så langt" in page.words
    assert page.all('main a[href*="neste=/observatorium/vurder/"]')
    assert "Set-Cookie" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", ["1.1/", "1/", "dine-svar/", "dine-svar/trekk-alle"])
def test_who_is_not_signed_in_comes_back_to_the_page_afterwards(cast: Cast, visitor: Open, path: str) -> None:
    an_open_round(cast)
    page = visitor().get_url(f"/observatorium/vurder/{path}", 303)
    assert page.response.headers["Location"].endswith(f"neste=/observatorium/vurder/{path}")


def test_a_resident_says_who_they_are_and_answers_the_first_questions(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    first = start(resident, Tie.WORKS)
    assert first.heading.startswith("1.1 ")
    assert "0 av 39 vurdert" in first.words
    assert db.session.scalars(sa.select(Ballot)).all() == [], "nobody has joined before the first answer"
    second = resident.follow(answer(resident, "1.1", "yellow"))
    assert second.heading.startswith("1.2 ")
    assert "1 av 39 vurdert" in second.words
    ballot = db.session.scalars(sa.select(Ballot)).one()
    assert (ballot.group, ballot.tie) == (StakeholderGroup.RESIDENT, Tie.WORKS)
    assert given() == {"1.1": "yellow"}


def test_all_thirty_nine_lead_to_the_answers_and_no_answer_is_ever_in_an_address(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    addresses, number = [], "1.1"
    for step in range(39):
        page = answer(resident, number, ("red", "yellow", "green", "unknown")[step % 4])
        addresses.append(page.response.headers["Location"])
        number = addresses[-1].rstrip("/").rsplit("/", 1)[-1]
    assert len(given()) == 39
    assert addresses[-1] == "/observatorium/vurder/dine-svar/"
    told = " ".join(addresses).lower()
    assert not any(word in told for word in ("red", "yellow", "green", "unknown", "lives", "resident", "?"))
    assert "39 av 39 vurdert" in resident.get("rating.review").words


def test_a_question_can_be_passed_over(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    form = resident.get("rating.indicator", number="1.1").form("main form[action*=vurder]")
    page = resident.follow(resident.post("rating.indicator", form, number="1.1"))
    assert page.heading.startswith("1.2 ")
    assert given() == {}
    answer(resident, "1.2", "green")  # who they are was not forgotten
    assert given() == {"1.2": "green"}


def test_one_goes_on_where_one_left(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    for number in NUMBERS[:7]:
        if number != "1.3":
            answers(cast.actor("resident"), number)
    page = visitor("resident").get("rating.overview")
    assert "6 av 39 vurdert" in page.words
    assert "Fortsett på 1.8" in page.words
    for number in NUMBERS[7:]:
        answers(cast.actor("resident"), number)
    assert "Fortsett på 1.3" in visitor("resident").get("rating.overview").words


def test_a_dimension_is_answered_on_one_page(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    page = resident.get("rating.dimension", number=2)
    assert len(page.all("main fieldset.rating")) == 8
    form = {**page.form("main form[action*=vurder]"), "2.1": "red", "2.8": "unknown"}
    sent = resident.post("rating.dimension", form, number=2)
    assert sent.response.headers["Location"].endswith("/observatorium/vurder/3/")
    assert given() == {"2.1": "red", "2.8": "unknown"}
    assert chosen_on(resident.get("rating.dimension", number=2)) == {"2.1": "red", "2.8": "unknown"}
    last = resident.post("rating.dimension", {"4.9": "green"}, number=4)
    assert last.response.headers["Location"].endswith("/observatorium/vurder/dine-svar/")


def test_a_choice_is_saved_at_once_by_script_and_the_comment_waits_for_the_button(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    data = {"1.4": "green", "comment": "Halvferdig se", "csrf_token": resident.token()}
    saved = resident.client.post("/observatorium/vurder/1.4/", data=data, headers={"X-Requested-With": "fetch"})
    assert (saved.status_code, saved.data) == (204, b"")
    assert given() == {"1.4": "green"}
    assert db.session.scalars(sa.select(Comment)).all() == []
    saved = resident.client.post(
        "/observatorium/vurder/1/",
        data={"1.4": "red", "1.5": "red", "csrf_token": resident.token()},
        headers={"X-Requested-With": "fetch"},
    )
    assert saved.status_code == 204
    assert given() == {"1.4": "red", "1.5": "red"}


def test_the_question_is_asked_in_the_readers_language(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor("resident").get_url("/observatorium/vurder/1.8/?sprak=en")
    assert page.heading == "1.8 Can residents influence the municipality's plans and decisions between elections?"


# --- who one answers as -----------------------------------------------------------------------------------------------


def test_a_spokesperson_chooses_between_being_a_resident_and_speaking_for_the_organisation(
    cast: Cast, visitor: Open
) -> None:
    an_open_round(cast)
    business = visitor("business")
    page = business.get("rating.overview")
    assert chosen_on(page) == {"answering": "resident"}
    organisation: Organisation = cast.business_organisation
    start(business, Tie.ORGANISATION, answering=str(organisation.id))
    answer(business, "1.1", "green")
    assert db.session.scalars(sa.select(Ballot)).one().group is StakeholderGroup.BUSINESS
    assert organisation.name in business.get("rating.overview").words


def test_the_start_says_what_is_missing_and_keeps_the_rest(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    business = visitor("business")
    chosen = {"answering": str(cast.business_organisation.id)}
    page = business.post("rating.begin", chosen, 422)
    assert chosen_on(page) == chosen
    assert page.all('.ds-error-summary a[href="#tie-0"]')


def test_nobody_begins_for_an_organisation_that_is_not_theirs(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    sent = {"answering": str(cast.business_organisation.id), "tie": "lives"}
    visitor("resident").post("rating.begin", sent, 422)
    visitor("resident").post("rating.indicator", {**sent, "1.1": "red"}, 422, number="1.1")
    assert given() == {}


def test_a_link_straight_to_a_question_asks_who_answers_and_keeps_the_answer_meanwhile(
    cast: Cast, visitor: Open
) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    form = resident.get("rating.indicator", number="3.7").form("main form[action*=vurder]")
    page = resident.post("rating.indicator", {**form, "3.7": "red", "comment": "Trangt."}, 422, number="3.7")
    assert chosen_on(page) == {"3.7": "red"}
    assert page.one("textarea").get_text().strip() == "Trangt."
    assert given() == {}
    resident.post("rating.indicator", {**page.form("main form[action*=vurder]"), "tie": "studies"}, number="3.7")
    assert given() == {"3.7": "red"}


def test_who_one_answers_as_is_not_carried_over_to_the_next_person_in_the_same_browser(
    cast: Cast, visitor: Open
) -> None:
    an_open_round(cast)
    browser = visitor("business")
    start(browser, Tie.HOLIDAY_HOME)
    cast.sign_in(browser, "resident")
    page = browser.get("rating.indicator", number="1.1")
    assert page.all("main input[name=tie]"), "the next person is asked anew"


# --- all one's answers ------------------------------------------------------------------------------------------------


def test_the_answers_are_read_over_changed_and_taken_back_one_by_one(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.1", Answer.RED)
    answers(cast.actor("resident"), "1.2", Answer.UNKNOWN)
    resident = visitor("resident")
    page = resident.get("rating.review")
    assert len(page.all(".my-answers li")) == 39
    assert "Ikke akseptabelt" in page.one("[id='rad-1.1']").get_text()
    edit = resident.get_url(str(page.one("[id='rad-1.1'] a")["href"]))
    assert chosen_on(edit) == {"1.1": "red"}
    form = edit.one("main form[action*=vurder]")
    changed = resident.post_url(str(form["action"]), {"1.1": "green"})
    assert changed.response.headers["Location"] == "/observatorium/vurder/dine-svar/#rad-1.1"
    assert given() == {"1.1": "green", "1.2": "unknown"}
    after = resident.follow(resident.post("rating.withdraw", number="1.2"))
    assert "Svaret på 1.2 er trukket" in after.words
    assert given() == {"1.1": "green"}


def test_all_answers_are_taken_back_after_a_page_that_says_what_it_means(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    for number in ("1.1", "2.2", "3.3"):
        answers(cast.actor("resident"), number)
    resident = visitor("resident")
    assert "De 3 svarene dine blir slettet" in resident.get("rating.withdraw_all").words
    assert len(given()) == 3, "opening the page takes nothing back"
    resident.follow(resident.post("rating.withdraw_all"))
    assert given() == {}


# --- comments ---------------------------------------------------------------------------------------------------------


def test_a_comment_goes_to_a_moderator_is_changed_and_taken_back(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    page = resident.follow(answer(resident, "1.8", "red", comment="  Fristene er for korte.  "))
    assert "En moderator leser den før den vises" in page.words
    stored = db.session.scalars(sa.select(Comment)).one()
    assert (stored.text, stored.state, stored.language) == ("Fristene er for korte.", PublicationState.PENDING, "nb")
    again = resident.get("rating.indicator", number="1.8")
    assert again.one("textarea").get_text().strip() == "Fristene er for korte."
    answer(resident, "1.8", "red", comment="Fristene er altfor korte.")
    assert stored.text == "Fristene er altfor korte."
    answer(resident, "1.8", "red", comment="")
    assert stored.state is PublicationState.WITHDRAWN
    assert given() == {"1.8": "red"}


def test_a_comment_that_is_too_long_is_told_of_and_neither_text_nor_answer_is_lost(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    start(resident)
    long = "Bra! " * 500
    page = resident.post("rating.indicator", {"1.8": "green", "comment": long}, 422, number="1.8")
    assert page.one("textarea").get_text().strip() == long.strip()
    assert chosen_on(page) == {"1.8": "green"}


def test_somebody_elses_comment_cannot_be_taken_back(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    mine = comments.comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.1", text="Hei"))
    visitor("resident2").post("rating.withdraw_comment", None, 404, comment_id=mine.id)
    visitor("resident").post("rating.withdraw_comment", comment_id=mine.id)
    assert mine.state is PublicationState.WITHDRAWN


# --- what may go wrong ------------------------------------------------------------------------------------------------


def test_without_an_open_round_the_page_says_so(cast: Cast, visitor: Open) -> None:
    assert "Ingen runde er åpen nå" in visitor().get("rating.overview").words
    visitor("resident").get("rating.indicator", 404, number="1.1")
    visitor("resident").post("rating.begin", {"tie": "lives"})


def test_before_it_opens_the_page_says_when(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    with clock.moved(timedelta(hours=-2)):
        page = visitor("resident").get("rating.overview")
        assert "Åpner " in page.words
        assert not page.all("main form[action$='/vurder/']")
        visitor("resident").post("rating.indicator", {"1.1": "red"}, 409, number="1.1")


@pytest.mark.parametrize("closed_by", ["the coordinator", "the clock"])
def test_when_it_has_closed_the_page_says_what_happens_next(cast: Cast, visitor: Open, closed_by: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.1", Answer.RED)
    if closed_by == "the coordinator":
        rounds.close_round(cast.actor("coordinator"), "2026")
    with clock.moved(timedelta(days=0 if closed_by == "the coordinator" else 40)):
        resident = visitor("resident")
        late = resident.get("rating.indicator", 303, number="1.1")
        told = resident.follow(late)
        assert "Runden er lukket" in told.words
        assert "Du svarte på 1 av 39 spørsmål" in told.words
        refused = resident.post("rating.indicator", {"1.1": "green"}, 409, number="1.1")
        assert "Svarene du ga før den lukket, teller" in refused.words
        review = resident.get("rating.review")
        assert "Ikke akseptabelt" in review.words
        assert not review.all("main form")
    assert given() == {"1.1": "red"}


def test_who_signed_in_another_way_than_the_round_allows_is_told_which(cast: Cast, visitor: Open) -> None:
    an_open_round(cast, methods=(SignInMethod.OIDC,))
    resident = visitor("resident")
    page = resident.get("rating.overview")
    assert "bare svare når du har logget inn med ID-porten" in page.words
    resident.post("rating.indicator", {"1.1": "red", "tie": "lives", "answering": "resident"}, 403, number="1.1")
    assert given() == {}


@pytest.mark.parametrize("path", ["5.1/", "1.11/", "0/", "5/", "x/", "1.1.1/", "-1/"])
def test_an_unknown_question_is_not_found(cast: Cast, visitor: Open, path: str) -> None:
    an_open_round(cast)
    visitor("resident").get_url(f"/observatorium/vurder/{path}", 404)
    visitor("resident").post_url(f"/observatorium/vurder/{path}trekk", None, 404)


@pytest.mark.parametrize("nonsense", ["blue", "", "RED", "red ", "None", "1"])
def test_an_answer_that_is_none_of_the_four_changes_nothing(cast: Cast, visitor: Open, nonsense: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.1", Answer.YELLOW)
    visitor("resident").post("rating.indicator", {"1.1": nonsense}, 303 if nonsense == "" else 422, number="1.1")
    assert given() == {"1.1": "yellow"}


def test_an_expired_form_is_refused_with_what_to_do_and_changes_nothing(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.1", Answer.YELLOW)
    page = visitor("resident").post("rating.indicator", {"1.1": "red", "csrf_token": "gammel"}, 400, number="1.1")
    assert "Gå tilbake i nettleseren" in page.words
    assert given() == {"1.1": "yellow"}


def test_who_was_signed_out_meanwhile_comes_back_to_the_question(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor().post("rating.indicator", {"1.4": "red"}, number="1.4")
    assert page.response.headers["Location"].endswith("neste=/observatorium/vurder/1.4/")
    assert given() == {}


def test_a_double_click_and_a_second_tab_do_no_harm(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    first_tab = visitor("resident")
    start(first_tab)
    second_tab = visitor("resident")
    stale = second_tab.get("rating.indicator", number="1.1").form("main form[action*=vurder]")
    for _click in range(2):
        answer(first_tab, "1.1", "green")
    second_tab.post("rating.indicator", {**stale, "1.1": "yellow", "tie": "works"}, number="1.1")
    assert given() == {"1.1": "yellow"}
    assert db.session.scalars(sa.select(Ballot)).one().tie is Tie.LIVES
    joined = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "observatory.round_joined")).all()
    assert len(joined) == 1


def test_a_missing_key_is_told_as_our_fault(cast: Cast, visitor: Open) -> None:
    opened = an_open_round(cast)
    answers(cast.actor("resident"))
    secrecy.destroy(opened.id)
    page = visitor("resident").get("rating.overview", 503)
    assert "Svarene du alt har gitt, er trygge" in page.words
    visitor("resident").post("rating.indicator", {"1.1": "red"}, 503, number="1.1")
    visitor().get("rating.overview")


def test_a_draft_is_not_shown(cast: Cast, visitor: Open) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    assert "Ingen runde er åpen nå" in visitor("coordinator").get("rating.overview").words


# --- speed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("rating.overview", {}),
        ("rating.indicator", {"number": "1.8"}),
        ("rating.dimension", {"number": 3}),
        ("rating.review", {}),
        ("rating.withdraw_all", {}),
    ],
)
def test_a_page_costs_the_same_with_many_ratings(
    cast: Cast, visitor: Open, count_queries: Any, endpoint: str, values: dict[str, Any]
) -> None:
    opened = an_open_round(cast)
    many = [
        {
            "round_id": opened.id,
            "pseudonym": n.to_bytes(32, "big"),
            "group": StakeholderGroup.RESIDENT,
            "tie": Tie.LIVES,
        }
        for n in range(1000)
    ]
    db.session.execute(sa.insert(Ballot), many)
    rated = [
        {"round_id": opened.id, "pseudonym": each["pseudonym"], "indicator": "1.1", "answer": Answer.RED}
        for each in many
    ]
    db.session.execute(sa.insert(Rating), rated)
    db.session.commit()
    answers(cast.actor("resident"), "1.1")
    comments.comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.8", text="Hei"))
    for who in ("resident", "business"):
        browser = visitor(who)
        with count_queries(at_most=8):
            browser.get(endpoint, **values)

"""Saving a choice by script: 204 when it is stored, else a status that says it isn't, in every state of the round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account, Spokesperson
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.identity import SignInMethod, StakeholderGroup
from portal.observatorium import secrecy
from portal.observatorium.actions import publishing, rating, rounds
from portal.observatorium.actions.rating import Standing
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Ballot, Comment, Rating, Tie
from tests.observatorium.rounds import an_open_round, answers, change, draft, work
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]

both_pages = pytest.mark.parametrize("page", ["1.2/", "1/"])
"""A question of its own, and the page of its dimension."""


def given() -> dict[str, str]:
    return {row.indicator: row.answer.value for row in db.session.execute(sa.select(Rating.indicator, Rating.answer))}


def send(visitor: Visitor, page: str, **fields: str) -> int:
    """Send what the script would; return the status."""
    data = {"csrf_token": visitor.token(), **fields}
    address = f"/observatorium/vurder/{page}"
    return visitor.client.post(address, data=data, headers={"X-Requested-With": "fetch"}).status_code


def choose(visitor: Visitor, page: str, answer: str, **more: str) -> int:
    """Send an answer to question 1.2."""
    return send(visitor, page, **{"1.2": answer, **more})


@both_pages
def test_every_choice_is_stored_also_a_changed_mind(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    resident.post("rating.begin", {"answering": "resident", "tie": "studies"})
    for answer in ("red", "unknown", "green", "green"):
        assert choose(resident, page, answer) == 204
        assert given() == {"1.2": answer}
    assert db.session.scalars(sa.select(Ballot)).one().tie is Tie.STUDIES


@both_pages
def test_nothing_is_stored_before_it_is_known_who_answers(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    assert choose(resident, page, "red") == 422
    assert choose(resident, page, "red", answering="resident") == 422
    assert given() == {}
    assert choose(resident, page, "red", answering="resident", tie="works") == 204
    assert given() == {"1.2": "red"}
    assert db.session.scalars(sa.select(Ballot)).one().tie is Tie.WORKS


@both_pages
def test_the_next_round_asks_anew_who_answers_in_a_tab_left_from_the_last(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast, "2025")
    answers(cast.actor("resident"), "1.2", slug="2025")
    tab = visitor("resident")
    assert choose(tab, page, "yellow") == 204
    rounds.close_round(cast.actor("coordinator"), "2025")
    publishing.publish_round(cast.actor("coordinator"), "2025")
    work()
    an_open_round(cast, "2026")
    assert choose(tab, page, "red") == 422
    assert given() == {"1.2": "yellow"}


@both_pages
@pytest.mark.parametrize("closed_by", ["the coordinator", "the clock"])
def test_a_round_that_closed_meanwhile_takes_no_more(cast: Cast, visitor: Open, page: str, closed_by: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    tab = visitor("resident")
    if closed_by == "the coordinator":
        rounds.close_round(cast.actor("coordinator"), "2026")
        assert choose(tab, page, "green") == 409
    with clock.moved(timedelta(days=31)):
        assert choose(visitor("resident"), page, "green") == 409
    assert given() == {"1.2": "red"}


@both_pages
def test_a_round_that_was_extended_meanwhile_takes_the_answer(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    rounds.extend_round(cast.actor("coordinator"), "2026", clock.now() + timedelta(days=60))
    with clock.moved(timedelta(days=31)):
        assert choose(visitor("resident"), page, "green") == 204
    assert given() == {"1.2": "green"}


@both_pages
def test_before_there_is_a_round_and_before_it_opens_nothing_is_stored(cast: Cast, visitor: Open, page: str) -> None:
    assert choose(visitor("resident"), page, "red", answering="resident", tie="lives") == 404
    rounds.make_round(cast.actor("coordinator"), draft())
    assert choose(visitor("resident"), page, "red", answering="resident", tie="lives") == 404
    rounds.open_round(cast.actor("coordinator"), "2026")
    with clock.moved(timedelta(hours=-2)):
        assert choose(visitor("resident"), page, "red", answering="resident", tie="lives") == 409
    assert given() == {}


@both_pages
def test_another_way_of_signing_in_than_the_round_allows_is_refused(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast, methods=(SignInMethod.OIDC,))
    assert choose(visitor("resident"), page, "red", answering="resident", tie="lives") == 403
    assert given() == {}


@both_pages
def test_a_limited_account_is_refused_until_the_limit_is_over(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    tab = visitor("resident")
    change(sa.update(Account).values(limited_until=clock.now() + timedelta(days=9)))
    assert choose(tab, page, "green") == 403
    assert given() == {"1.2": "red"}
    with clock.moved(timedelta(days=10)):
        assert choose(visitor("resident"), page, "green") == 204
    assert given() == {"1.2": "green"}


@both_pages
def test_who_no_longer_speaks_for_the_organisation_is_refused(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    organisation = cast.business_organisation.id
    standing = Standing(group=StakeholderGroup.BUSINESS, tie=Tie.ORGANISATION, organisation_id=organisation)
    answers(cast.actor("business"), "1.2", Answer.RED, standing=standing)
    tab = visitor("business")
    assert choose(tab, page, "yellow") == 204
    change(sa.update(Spokesperson).values(verified_at=None))
    assert choose(tab, page, "green") == 403
    assert given() == {"1.2": "yellow"}


@pytest.mark.parametrize("unknown", ["1.11", "5.1", "5", "0", "1.2.1", "x"])
def test_an_unknown_question_is_not_found(cast: Cast, visitor: Open, unknown: str) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    assert send(visitor("resident"), f"{unknown}/", **{unknown: "green", "1.2": "green"}) == 404
    assert given() == {"1.2": "red"}


@both_pages
@pytest.mark.parametrize(("sent", "status"), [("blue", 422), ("GREEN", 422), ("green ", 422), ("", 204)])
def test_what_is_none_of_the_four_changes_nothing(cast: Cast, visitor: Open, page: str, sent: str, status: int) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    assert choose(visitor("resident"), page, sent) == status
    assert given() == {"1.2": "red"}


def test_a_question_stores_no_answer_but_its_own_and_no_comment(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.1", Answer.RED)
    long = {"comment": "Halvferdig. " * 500}
    assert send(visitor("resident"), "1.2/", **{"1.1": "green", "1.2": "yellow", **long}) == 204
    assert given() == {"1.1": "red", "1.2": "yellow"}
    assert db.session.scalars(sa.select(Comment)).all() == []


@both_pages
def test_two_tabs_do_no_harm(cast: Cast, visitor: Open, page: str) -> None:
    an_open_round(cast)
    begun, straight = visitor("resident"), visitor("resident")
    begun.post("rating.begin", {"answering": "resident", "tie": "lives"})
    assert choose(straight, page, "red", answering="resident", tie="works") == 204
    assert choose(begun, page, "green") == 204  # it still has who answers from the start page
    assert choose(straight, page, "yellow", answering="resident", tie="works") == 204
    rating.withdraw_rating(cast.actor("resident"), "2026", "1.2")
    assert choose(begun, page, "yellow") == 204  # taken back in the one, given again in the other
    assert given() == {"1.2": "yellow"}
    assert db.session.scalars(sa.select(Ballot)).one().tie is Tie.WORKS
    joined = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.name == "observatory.round_joined")).all()
    assert len(joined) == 1


@both_pages
def test_an_expired_form_a_missing_key_and_somebody_signed_out_are_told_apart_from_stored(
    cast: Cast, visitor: Open, page: str
) -> None:
    opened = an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    assert choose(visitor("resident"), page, "green", csrf_token="gammel") == 400
    assert choose(visitor(), page, "green") == 303
    secrecy.destroy(opened.id)
    assert choose(visitor("resident"), page, "green") == 503
    assert given() == {"1.2": "red"}


def test_opening_a_question_by_script_stores_nothing(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    shown = visitor("resident").get_url("/observatorium/vurder/1.2/?1.2=green", _headers={"X-Requested-With": "fetch"})
    assert shown.heading.startswith("1.2 ")
    assert given() == {"1.2": "red"}


def test_a_choice_reads_nothing_that_only_the_page_shows(cast: Cast, visitor: Open, count_queries: Any) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.2", Answer.RED)
    resident = visitor("resident")
    token = resident.token()
    with count_queries(at_most=5):
        assert choose(resident, "1.2/", "green", csrf_token=token) == 204

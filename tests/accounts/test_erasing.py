"""What an erasure leaves: what one was told of beforehand, what is on hold, and the answers one lets stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts import kinds
from portal.accounts.actions.erase import erase_account
from portal.accounts.actions.settings import SettingDraft, change_setting
from portal.accounts.models import Account, Erasure
from portal.config import DEMO_PASSWORD
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.extensions import personal_data
from portal.kernel.identity import SYSTEM
from portal.moderation.models import Case, Cause
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Ballot, Comment, Round
from tests.observatorium.rounds import an_open_round, answers, change
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
SURE = {"password": DEMO_PASSWORD, "sure": "y"}


def ballots() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) or 0


@atomic
def a_case(author_id: int, cause: Cause = Cause.OWN_INITIATIVE) -> Case:
    """Open a case about the comment that somebody has written."""
    written = db.session.scalars(sa.select(Comment).where(Comment.author_id == author_id)).one()
    change(sa.update(Case).where(Case.target_id == written.id).values(closed_at=clock.now()))
    case = Case(
        kind=COMMENT,
        target_id=written.id,
        cause=cause,
        author_id=author_id,
        signals=[],
        opened_at=clock.now(),
        due_at=clock.now() + timedelta(days=1),
    )
    db.session.add(case)
    db.session.flush()
    return case


@pytest.fixture
def commented(cast: Cast) -> str:
    """What a resident wrote about an indicator while a round was open."""
    an_open_round(cast)
    answers(cast.actor("resident"))
    text = "Kanarifuglen synger best om kvelden"
    comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.1", text=text))
    return text


# -- answers in open rounds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wish", "left"), [("go", 0), ("stay", 1)])
def test_answers_in_an_open_round_go_or_stay_as_one_chooses(
    cast: Cast, visitor: Open, commented: str, wish: str, left: int
) -> None:
    browser = visitor("resident")
    assert "Du har svart i Runde 2026" in browser.get("profile.erase").words
    assert ballots() == 1
    browser.post("profile.erase", SURE, _status=422)
    browser.post("profile.erase", SURE | {"answers": wish})
    assert ballots() == left
    assert db.session.get_one(Erasure, cast.resident.id).keep_answers is (wish == "stay")


def test_who_has_no_answers_in_an_open_round_is_not_asked(cast: Cast, visitor: Open, commented: str) -> None:
    page = visitor("resident2").get("profile.erase")
    assert not page.all("input[name=answers]")
    assert "Du har svart i" not in page.words


def test_answers_let_stay_are_still_there_when_the_erasure_is_finished_after_the_round(
    cast: Cast, commented: str
) -> None:
    a_case(cast.resident.id)
    erase_account(SYSTEM, cast.resident.id, keep_answers=True)
    change(sa.update(Round).values(state="closed", closed_at=clock.now() + timedelta(hours=1)))
    change(sa.update(Case).values(closed_at=clock.now()))
    assert kinds.retain()["erasures_finished"] == 1
    assert ballots() == 1


def test_answers_in_a_closed_round_that_is_not_published_go_whatever_one_chooses(cast: Cast, commented: str) -> None:
    change(sa.update(Round).values(state="closed", closed_at=clock.now() - timedelta(hours=1)))
    erase_account(SYSTEM, cast.resident.id, keep_answers=True)
    assert ballots() == 0


# -- what is on hold ---------------------------------------------------------------------------------------------------


def test_what_a_case_is_about_is_left_until_it_is_decided_and_the_rest_goes_at_once(
    cast: Cast, visitor: Open, commented: str
) -> None:
    case = a_case(cast.resident.id)
    browser = visitor("resident")
    page = browser.get("profile.erase")
    assert "Dette kan vi ikke slette ennå" in page.words
    assert "Kommentar til indikator 1.1: En sak om den er ikke avgjort." in page.words
    receipt = browser.follow(browser.post("profile.erase", SURE | {"answers": "go"}))
    assert "Kommentar til indikator 1.1: En sak om den er ikke avgjort." in receipt.words
    assert receipt.response.headers["Cache-Control"] == "no-store"
    assert "Kommentar til" not in browser.get("profile.erased").words, "told once"
    account = db.session.get_one(Account, cast.resident.id, populate_existing=True)
    assert (account.name, account.email) == ("Slettet bruker", None)
    assert db.session.scalars(sa.select(Comment.text)).all() == [commented]
    assert not db.session.get_one(Erasure, cast.resident.id).is_finished
    assert kinds.retain()["erasures_finished"] == 0
    change(sa.update(Case).where(Case.id == case.id).values(closed_at=clock.now()))
    assert kinds.retain()["erasures_finished"] == 1
    assert not db.session.scalars(sa.select(Comment)).all()
    assert db.session.get_one(Erasure, cast.resident.id).is_finished
    assert kinds.retain()["erasures_finished"] == 0


def test_a_text_that_only_waits_to_be_read_for_the_first_time_is_not_on_hold(cast: Cast, commented: str) -> None:
    a_case(cast.resident.id, Cause.NEW)
    assert not erase_account(SYSTEM, cast.resident.id)
    assert not db.session.scalars(sa.select(Comment)).all()


def test_nobody_is_told_of_holds_there_are_none_of(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    assert "Dette kan vi ikke slette ennå" not in browser.get("profile.erase").words
    assert "saken er avgjort" not in browser.follow(browser.post("profile.erase", SURE)).words


# -- what one is told --------------------------------------------------------------------------------------------------


def test_the_page_says_beforehand_what_stays_and_how_long_in_backups(cast: Cast, visitor: Open) -> None:
    change_setting(cast.actor("admin"), "backup_days", SettingDraft(value=14, version=0))
    page = visitor("resident").get("profile.erase")
    told = [each.get_text(strip=True) for each in page.all("#dette-star + ul li")]
    promised = [each for package in personal_data() if package.stays for each in package.stays(cast.resident.id)]
    assert told == promised
    assert len(told) >= 3
    assert "opptil 14 dager" in page.words
    assert "opptil 14 dager" in visitor().get("profile.erased").words

"""Support and follow: once for each person, taken back at any time, and counted exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock
from portal.kernel.audit import AuditEntry, AuditPersonal
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from portal.participation.actions.joining import follow, support, unfollow, withdraw_support
from portal.participation.models import Follow, Support
from portal.participation.queries import pages, panels
from tests.observatorium.rounds import people
from tests.participation.talk import INDICATOR, ask, asked, of, restrict, rows, tally
from tests.support.cast import Cast, make_cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
PAGE = "/observatorium/indikatorer/1.1/"


def happened(name: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.name == f"participation.{name}")) or 0


# -- the actions -------------------------------------------------------------------------------------------------------


def test_a_person_supports_a_thing_once(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    assert support(cast.actor("resident2"), of(question))
    assert not support(cast.actor("resident2"), of(question))
    assert (tally(of(question), "supports"), rows(Support, of(question)), happened("support_given")) == (1, 1, 1)


def test_support_can_be_taken_back_and_given_again(cast: Cast) -> None:
    question, supporter = asked(cast.actor("resident")), cast.actor("resident2")
    support(supporter, of(question))
    assert withdraw_support(supporter, of(question))
    assert not withdraw_support(supporter, of(question))
    assert (tally(of(question), "supports"), happened("support_withdrawn")) == (0, 1)
    assert support(supporter, of(question))
    assert tally(of(question), "supports") == 1


def test_following_is_counted_apart_from_support(cast: Cast) -> None:
    assert follow(cast.actor("resident"), INDICATOR)
    assert not follow(cast.actor("resident"), INDICATOR)
    assert (tally(INDICATOR, "followers"), tally(INDICATOR, "supports")) == (1, 0)
    assert unfollow(cast.actor("resident"), INDICATOR)
    assert not unfollow(cast.actor("resident"), INDICATOR)
    assert (tally(INDICATOR, "followers"), rows(Follow, INDICATOR)) == (0, 0)


def test_nobody_supports_what_they_wrote_themselves(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    with pytest.raises(Forbidden):
        support(cast.actor("resident"), of(question))
    assert rows(Support, of(question)) == 0


def test_what_one_may_not_read_is_not_there_to_support(cast: Cast) -> None:
    waiting = ask(cast.actor("resident"))
    restrict(of(waiting), Restriction(state=PublicationState.PENDING))
    for ref in (of(waiting), Ref("contribution", 0), Ref("nothing", 1), Ref("indicator", 999)):
        with pytest.raises(NotFound):
            support(cast.actor("resident2"), ref)


def test_an_indicator_is_followed_and_not_supported(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        support(cast.actor("resident"), INDICATOR)


def test_whoever_is_signed_out_takes_no_part(cast: Cast) -> None:
    for action in (support, follow):
        with pytest.raises(Forbidden):
            action(ANONYMOUS, INDICATOR)


def test_a_limited_account_takes_part_in_nothing_and_may_take_back(cast: Cast) -> None:
    question, somebody = asked(cast.actor("resident")), cast.actor("resident2")
    support(somebody, of(question))
    follow(somebody, INDICATOR)
    limited = replace(somebody, limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden, match="begrenset"):
        support(limited, of(asked(cast.actor("resident"), "Og fortauet?")))
    with pytest.raises(Forbidden, match="begrenset"):
        follow(limited, Ref("indicator", 102))
    assert withdraw_support(limited, of(question))
    assert unfollow(limited, INDICATOR)


def test_support_is_taken_back_also_of_what_is_no_longer_shown(cast: Cast) -> None:
    question, supporter = asked(cast.actor("resident")), cast.actor("resident2")
    support(supporter, of(question))
    restrict(of(question), Restriction(state=PublicationState.HIDDEN))
    assert withdraw_support(supporter, of(question))
    assert tally(of(question), "supports") == 0


def test_the_trail_says_what_was_done_and_nothing_personal(cast: Cast) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditPersonal))
    follow(cast.actor("resident"), INDICATOR)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.name, entry.subject_kind, entry.subject_id) == ("participation.follow_begun", "indicator", 101)
    assert entry.body == {"on_kind": "indicator", "on_id": 101}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditPersonal)) == before


# -- many at once ------------------------------------------------------------------------------------------------------


def test_fifty_threads_support_and_withdraw_at_random_and_the_count_equals_the_rows(own_app: Flask) -> None:
    with own_app.app_context():
        cast = make_cast()
        question = of(asked(cast.actor("resident")))
        persons = people(10)
    faults: list[BaseException] = []
    begin = Barrier(50)

    def take_part(number: int) -> None:
        chance, person = Random(number), persons[number % len(persons)]  # noqa: S311 - the same each time it is run
        begin.wait()
        with own_app.app_context():
            for _ in range(8):
                action: Callable[[Actor, Ref], bool] = chance.choice((support, withdraw_support, follow, unfollow))
                try:
                    action(person, INDICATOR if action in {follow, unfollow} else question)
                except BaseException as error:  # noqa: BLE001 - told by the test
                    faults.append(error)

    threads = [Thread(target=take_part, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own_app.app_context():
        assert faults == []
        assert tally(question, "supports") == rows(Support, question)
        assert tally(INDICATOR, "followers") == rows(Follow, INDICATOR)
        given, taken = happened("support_given"), happened("support_withdrawn")
        assert given - taken == rows(Support, question)
        assert given > 10, "the threads did something"
        db.session.remove()


# -- the pages ---------------------------------------------------------------------------------------------------------


def test_a_page_for_who_is_signed_out_has_links_and_no_forms_nor_cookie(cast: Cast, visitor: Open) -> None:
    asked(cast.actor("resident"))
    page = visitor().get_url(PAGE)
    assert not page.all("main form")
    assert "Set-Cookie" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "public, no-cache"
    supporting = next(link for link in page.all(".said a") if link.get_text(strip=True) == "Støtt")
    onward = visitor().get_url(str(supporting["href"]), 303)
    assert "/konto/logg-inn" in onward.response.headers["Location"]


def test_a_link_to_support_leads_to_a_page_with_the_button_and_back(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"))
    link = next(link for link in visitor().get_url(PAGE).all(".said a") if link.get_text(strip=True) == "Støtt")
    browser = visitor("resident2")
    page = browser.get_url(str(link["href"]))
    assert page.heading == "Vil du støtte dette?"
    done = browser.post_url(str(page.one("main form")["action"]), page.form())
    assert done.response.headers["Location"] == f"{PAGE}#innlegg-{question.id}"
    assert tally(of(question), "supports") == 1


def test_the_button_supports_and_then_takes_back(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"))
    browser = visitor("resident2")
    for word, count in (("Støtt", 1), ("Du støtter", 0)):
        page = browser.get_url(PAGE)
        form = page.one(".said .support form")
        assert form.select_one("button").get_text(strip=True) == word  # type: ignore[union-attr]  # it would be the fault
        done = browser.post_url(str(form["action"]), page.form(".said .support form"))
        assert done.response.headers["Location"] == f"{PAGE}#innlegg-{question.id}"
        assert tally(of(question), "supports") == count


def test_a_double_click_and_two_tabs_do_no_harm(cast: Cast, visitor: Open) -> None:
    question, browser = asked(cast.actor("resident")), visitor("resident2")
    for _ in range(3):
        browser.post("joining.support", kind="contribution", target_id=question.id)
    assert tally(of(question), "supports") == 1
    for _ in range(3):
        browser.post("joining.withdraw_support", kind="contribution", target_id=question.id)
    assert tally(of(question), "supports") == 0


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\t//evil.example", "evil", "/\r\nX: y"],
)
def test_nobody_is_sent_out_of_the_portal(cast: Cast, visitor: Open, elsewhere: str) -> None:
    done = visitor("resident").post("joining.follow", {"tilbake": elsewhere}, kind="indicator", target_id=101)
    assert done.response.headers["Location"] == PAGE


def test_the_list_of_what_one_follows_lets_go_of_what_is_gone_too(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    assert browser.get("profile.index").all('main a[href="/konto/folger/"]')
    assert "Du følger ikke noe ennå" in browser.get("joining.following").words
    follow(cast.actor("resident"), INDICATOR)
    db.session.add(Follow(kind="gone", target_id=7, account_id=cast.resident.id, created_at=clock.now()))
    db.session.flush()
    page = browser.get("joining.following")
    assert "Noe som ikke vises lenger" in page.words
    assert page.one(".rows a")["href"] == PAGE
    for form in page.all(".rows form"):
        selector = f'form[action="{form["action"]}"]'
        done = browser.post_url(str(form["action"]), page.form(selector))
        assert done.response.headers["Location"] == "/konto/folger/"
    assert pages.following(cast.actor("resident")) == []


def test_counts_of_many_things_are_read_at_once(cast: Cast, count_queries: Callable[..., object]) -> None:
    question = asked(cast.actor("resident"))
    support(cast.actor("resident2"), of(question))
    with count_queries(at_most=1):  # type: ignore[attr-defined]  # a context manager
        told = panels.tallies([INDICATOR, of(question), Ref("indicator", 409)])
    assert (told[INDICATOR].questions, told[of(question)].supports, told[Ref("indicator", 409)].questions) == (1, 1, 0)

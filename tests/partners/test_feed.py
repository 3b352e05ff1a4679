"""What partners read: our own solutions in the order they changed, and those that are gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.identity import SYSTEM, Actor
from portal.moderation.models import Verdict
from portal.partners.actions.feed import begin_feed_anew, note_change
from portal.partners.models.feed import FeedChange
from portal.partners.queries import exchange
from portal.partners.queries.exchange import CursorLost, Where
from portal.partners.wire import SolutionItem, content_hash
from portal.solutions.actions.sharing import (
    WordsDraft,
    edit_solution,
    note_solution,
    share_solution,
    translate_solution,
    withdraw_solution,
    withdraw_translation,
)
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Cost
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast, make_cast
from tests.support.moderating import decided
from tests.support.solutions import draft, imported, shared


def told(after: str = "", limit: int = 50) -> list[SolutionItem]:
    return exchange.solutions(exchange.place(after, exchange.head()), limit).items


def kinds(after: str = "") -> list[tuple[str, bool]]:
    return [(item.id.rsplit("/", 1)[1], item.deleted) for item in told(after)]


def let_through(cast: Cast, title: str = "Middag sammen", **given: Any) -> Solution:
    """Share a solution and let a moderator approve it: the events happen as they do in earnest."""
    solution = shared_unread(cast, title, **given)
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id))
    return solution


def shared_unread(cast: Cast, title: str = "Middag sammen", **given: Any) -> Solution:
    return share_solution(cast.actor("employee"), draft(title, **given))


def test_what_waits_for_a_moderator_is_told_to_nobody(cast: Cast) -> None:
    shared_unread(cast)
    assert told() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FeedChange)) == 0


def test_an_item_says_everything_that_is_public_and_whose_it_is(cast: Cast) -> None:
    solution = let_through(cast, summary="Kort", goals=(3,), indicators=(101,))
    words = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")
    translation = translate_solution(cast.actor("employee"), solution.id, words)
    assert told()[0].content is not None
    assert told()[0].content.translations == []
    decided(cast.actor("moderator"), Ref(TRANSLATION, translation.id))
    (item,) = told()
    assert item.id == f"http://localhost/losninger/{solution.id}"
    assert (item.version, item.licence, item.deleted) == (1, "CC-BY-4.0", False)
    assert (item.source.municipality_number, item.source.name) == ("3203", "Asker kommune")
    assert item.content is not None
    assert (item.content.words.title, item.content.words.summary) == ("Middag sammen", "Kort")
    assert (item.content.theme, item.content.goals, item.content.indicators) == ("health", [3], ["1.1"])
    assert [(each.language, each.title) for each in item.content.translations] == [("nn", "Middag i lag")]
    assert item.content_hash == content_hash(msgspec.to_builtins(item.content))
    assert cast.employee.name not in msgspec.json.encode(item).decode()


def test_each_change_puts_a_solution_last_and_leaves_it_there_once(cast: Cast) -> None:
    first, second = let_through(cast, "Middag"), let_through(cast, "Turlag")
    assert [item.content.words.title for item in told() if item.content] == ["Middag", "Turlag"]
    employee = cast.actor("employee")
    edit_solution(employee, first.id, draft("Middag", cost_class=Cost.HIGH), version=first.version)
    assert [item.content.words.title for item in told() if item.content] == ["Turlag", "Middag"]
    assert told()[1].content is not None
    assert told()[1].content.cost_class == "high"
    assert told(exchange.solutions(Where(exchange.head().name, 0), 1).cursor)[0].id.endswith(f"/{first.id}")
    assert second.id


def test_new_words_are_told_when_a_moderator_has_let_them_through(cast: Cast) -> None:
    solution = let_through(cast)
    end = str(exchange.head())
    edit_solution(cast.actor("employee"), solution.id, draft("Middag for to"), version=solution.version)
    assert told(end) == []
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id))
    (item,) = told(end)
    assert (item.version, item.content and item.content.words.title) == (2, "Middag for to")


@pytest.mark.parametrize("verdict", [Verdict.HIDE, Verdict.ASK_CHANGES])
def test_what_a_moderator_takes_away_is_taken_from_partners_too(cast: Cast, verdict: Verdict) -> None:
    solution = let_through(cast)
    end = str(exchange.head())
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id), verdict)
    (item,) = told(end)
    assert (item.deleted, item.content, item.licence, item.content_hash) == (True, None, "", "")


def test_what_was_never_shown_leaves_no_tombstone(cast: Cast) -> None:
    solution = shared_unread(cast)
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id), Verdict.REJECT)
    withdraw_solution(cast.actor("employee"), shared_unread(cast, "Turlag").id)
    assert told() == []


def test_a_withdrawn_solution_is_told_as_gone_and_stays_so(cast: Cast) -> None:
    solution = let_through(cast)
    end = str(exchange.head())
    withdraw_solution(cast.actor("employee"), solution.id)
    assert kinds() == kinds(end) == [(str(solution.id), True)]
    before = exchange.head()
    note_change(SYSTEM, solution.id)
    assert exchange.head() == before


def test_a_translation_that_is_taken_back_is_no_longer_told(cast: Cast) -> None:
    solution = let_through(cast)
    words = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")
    translation = translate_solution(cast.actor("employee"), solution.id, words)
    decided(cast.actor("moderator"), Ref(TRANSLATION, translation.id))
    end = str(exchange.head())
    withdraw_translation(cast.actor("employee"), translation.id)
    (item,) = told(end)
    assert item.content is not None
    assert item.content.translations == []


def test_a_portal_tells_of_its_own_municipality_only(cast: Cast) -> None:
    theirs = shared(cast.actor("employee"), "Fra en annen kommune")
    theirs.municipality_number = "3201"
    db.session.commit()
    note_change(SYSTEM, theirs.id)
    hers = imported(cast.actor("employee"))
    note_change(SYSTEM, hers.id)
    note_solution(cast.actor("adviser"), hers.id, "Vi vurderer den.")
    assert told() == []


def test_pages_follow_each_other_without_gap_or_overlap(cast: Cast) -> None:
    made = [let_through(cast, f"Løsning {number}").id for number in range(7)]
    cursor, seen, pages = None, [], 0
    while True:
        page = exchange.solutions(exchange.place(cursor, exchange.head()), 3)
        seen += [int(item.id.rsplit("/", 1)[1]) for item in page.items]
        pages += 1
        assert page.next in {page.cursor, None}
        cursor = page.cursor
        if page.next is None:
            break
    assert (seen, pages) == (made, 3)
    assert exchange.solutions(exchange.place(cursor, exchange.head()), 3).items == []


def test_a_page_ends_when_it_is_large_enough(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        let_through(cast, f"Løsning {number}")
    monkeypatch.setattr(exchange, "PAGE_BYTES", 10)
    page = exchange.solutions(exchange.place(None, exchange.head()), 50)
    assert len(page.items) == 1
    assert page.next == page.cursor


def test_the_feed_is_read_in_a_fixed_number_of_statements(cast: Cast, count_queries: Any) -> None:
    for number in range(12):
        let_through(cast, f"Løsning {number}", goals=(3,))
    with count_queries(at_most=6):
        assert len(told()) == 12


@pytest.mark.parametrize("cursor", ["x", "-1", "zz.1", "abc.", ".1.2", "ab.99999999999", "<script>"])
def test_a_cursor_that_is_none_is_refused(app: Flask, cursor: str) -> None:
    with pytest.raises(Invalid):
        exchange.place(cursor, exchange.head())


def test_a_cursor_from_before_a_restore_is_lost(cast: Cast) -> None:
    solution, gone = let_through(cast), let_through(cast, "Turlag")
    withdraw_solution(cast.actor("employee"), gone.id)
    old = exchange.head()
    with pytest.raises(CursorLost):
        exchange.place(f"{old.name}.{old.position + 1}", old)
    assert begin_feed_anew() == 2
    with pytest.raises(CursorLost):
        exchange.place(str(old), exchange.head())
    assert kinds() == [(str(solution.id), False), (str(gone.id), True)]


def test_what_waits_for_a_moderator_is_not_told_as_gone_when_the_feed_begins_anew(cast: Cast) -> None:
    solution = let_through(cast)
    edit_solution(cast.actor("employee"), solution.id, draft("Middag for to"), version=solution.version)
    begin_feed_anew()
    assert told() == []
    decided(cast.actor("moderator"), Ref(SOLUTION, solution.id))
    assert kinds() == [(str(solution.id), False)]


def test_what_came_in_without_events_is_told_when_the_feed_begins_anew(cast: Cast) -> None:
    quiet = shared(cast.actor("employee"))
    assert told() == []
    assert begin_feed_anew() == 1
    assert kinds() == [(str(quiet.id), False)]


def write(app: Flask, actor: Actor, number: int, turns: int) -> None:
    """Share solutions, one transaction after another."""
    with app.app_context():
        for turn in range(turns):
            solution = shared(actor, f"Løsning {number}.{turn}")
            note_change(SYSTEM, solution.id)
        db.session.remove()


def read(app: Flask, cursor: str) -> tuple[set[str], str]:
    """Read one small page as a partner does; return what is new, and where to go on."""
    with app.app_context():
        page = exchange.solutions(exchange.place(cursor, exchange.head()), 5)
        db.session.remove()
        return {item.id for item in page.items}, page.cursor if page.items else cursor


def test_a_reader_that_asks_while_others_write_misses_nothing(own_app: Flask) -> None:
    with own_app.app_context():
        employee = make_cast().actor("employee")
    seen: set[str] = set()
    cursor = ""
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, own_app, employee, number, 6) for number in range(4)]
        while not all(each.done() for each in writing):
            new, cursor = read(own_app, cursor)
            seen |= new
        for each in writing:
            each.result()
    for _ in range(6):
        new, cursor = read(own_app, cursor)
        seen |= new
    with own_app.app_context():
        made = {f"http://localhost/losninger/{number}" for number in db.session.scalars(sa.select(Solution.id))}
        db.session.remove()
    assert len(made) == 24
    assert seen == made

"""What the observatory keeps about people: told while it can be, taken away when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.identity import ANONYMOUS
from portal.observatorium.actions import comments, publishing, rounds
from portal.observatorium.actions.comments import CommentDraft
from portal.observatorium.catalogue import Answer, number_of
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.kinds import rounds as kinds
from portal.observatorium.models.rounds import Ballot, Comment, Rating
from tests.observatorium.rounds import an_open_round, answers
from tests.support import databases
from tests.support.cast import Cast, make_cast
from tests.support.moderating import decided


def a_rater(cast: Cast) -> None:
    an_open_round(cast)
    answers(cast.actor("resident"), "1.10", Answer.RED)
    answers(cast.actor("resident"), "1.9", Answer.UNKNOWN)
    answers(cast.actor("resident2"), "1.1", Answer.GREEN)
    comments.comment(cast.actor("resident"), CommentDraft(round="2026", indicator="1.10", text="Mørkt i undergangen."))


def test_people_are_told_their_own_ratings_while_the_key_is_there(cast: Cast) -> None:
    a_rater(cast)
    told = kinds.export(cast.resident.id)
    assert told["ratings"] == [
        {"slug": "2026", "indicator": "1.9", "answer": Answer.UNKNOWN},
        {"slug": "2026", "indicator": "1.10", "answer": Answer.RED},
    ]
    assert [(row["group"], row["tie"]) for row in told["rating_as"]] == [("resident", "lives")]
    assert [row["text"] for row in told["comments"]] == ["Mørkt i undergangen."]


def test_when_the_key_is_gone_nobody_can_be_told(cast: Cast) -> None:
    a_rater(cast)
    rounds.withdraw_round(cast.actor("coordinator"), "2026", "Ferdig")
    with clock.moved(timedelta(days=31)):
        rounds.destroy_due_keys()
    told = kinds.export(cast.resident.id)
    assert (told["ratings"], told["rating_as"]) == ([], [])
    assert len(told["comments"]) == 1


def test_who_is_erased_leaves_the_open_round_and_takes_the_comments_along(cast: Cast) -> None:
    a_rater(cast)
    atomic(kinds.erase)(cast.resident.id)
    assert db.session.scalars(sa.select(Comment)).all() == []
    assert [each.indicator for each in db.session.scalars(sa.select(Rating))] == ["1.1"]
    assert len(db.session.scalars(sa.select(Ballot)).all()) == 1


def test_ratings_go_from_a_closed_round_too_until_it_is_published(cast: Cast, run_worker: Callable[[], None]) -> None:
    a_rater(cast)
    rounds.close_round(cast.actor("coordinator"), "2026")
    atomic(kinds.erase)(cast.resident.id)
    assert [each.indicator for each in db.session.scalars(sa.select(Rating))] == ["1.1"]
    publishing.publish_round(cast.actor("coordinator"), "2026")
    atomic(kinds.erase)(cast.resident2.id)
    run_worker()
    atomic(kinds.erase)(cast.resident2.id)
    assert len(db.session.scalars(sa.select(Rating)).all()) == 1, "what is counted or published stays as a number"


def test_ratings_go_from_a_withdrawn_round(cast: Cast) -> None:
    a_rater(cast)
    rounds.withdraw_round(cast.actor("coordinator"), "2026", "Feil i katalogen")
    atomic(kinds.erase)(cast.resident.id)
    assert [each.indicator for each in db.session.scalars(sa.select(Rating))] == ["1.1"]


@pytest.mark.skipif(databases.KIND == "sqlite", reason="SQLite has one writer at a time")
def test_no_round_is_closed_while_somebody_is_being_erased(own_app: Flask) -> None:
    """Closing writes the rows anew: it would write those back that an erasure is taking away."""
    with own_app.app_context():
        cast = make_cast()
        a_rater(cast)
        refused: list[object] = []

        @atomic
        def close() -> None:
            db.session.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
            rounds.close_round(cast.actor("coordinator"), "2026")

        def try_to_close() -> None:
            with own_app.app_context(), pytest.raises(sa.exc.OperationalError, match="lock timeout") as error:
                close()
            refused.append(error.value)

        @atomic
        def erase() -> None:
            kinds.erase(cast.resident.id)
            other = Thread(target=try_to_close)
            other.start()
            other.join()

        erase()
        assert len(refused) == 1


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [("resident", True, True), ("moderator", True, True), ("resident2", False, True), (None, False, True)],
)
def test_a_comment_is_read_by_its_author_and_moderators_until_it_is_shown(
    cast: Cast, who: str | None, before: bool, after: bool
) -> None:
    a_rater(cast)
    written = db.session.scalars(sa.select(Comment)).one()
    reader, ref = cast.actor(who) if who else ANONYMOUS, Ref(COMMENT, written.id)
    assert kinds.may(reader, ref, "read") is before
    decided(cast.actor("moderator"), ref)
    assert kinds.may(reader, ref, "read") is after
    assert kinds.may(reader, ref, "support") is (reader.is_signed_in and who != "resident"), "not one's own"
    assert not kinds.may(reader, ref, "argue")
    assert not kinds.may(reader, Ref(COMMENT, 0), "read")


def test_a_comment_is_shown_as_a_link_to_its_indicator(cast: Cast) -> None:
    a_rater(cast)
    written = db.session.scalars(sa.select(Comment)).one()
    card = kinds.cards([written.id, 0])[written.id]
    assert card.title == "Kommentar til indikator 1.10"
    assert card.values == {"number": "1.10", "_anchor": f"kommentar-{written.id}"}
    assert card.excerpt == "", "nobody has read it yet"
    decided(cast.actor("moderator"), Ref(COMMENT, written.id))
    assert kinds.cards([written.id])[written.id].excerpt == "Mørkt i undergangen."
    assert kinds.written([written.id])[written.id].author_id == cast.resident.id


def test_every_indicator_is_a_thing_that_can_be_pointed_at(app: Flask) -> None:
    ids = kinds.indicator_ids(0, 100)
    assert len(ids) == 39
    assert [number_of(id_) for id_ in (ids[0], ids[9], ids[-1])] == ["1.1", "1.10", "4.9"]
    assert kinds.indicator_ids(110, 2) == [201, 202]
    card = kinds.indicator_cards([110, 111, 0])
    assert {id_: each.values["number"] for id_, each in card.items()} == {110: "1.10"}
    found = kinds.indicator_entries([110, 100])
    assert [entry.language for entry in found[110]] == ["nb", "nn", "en"]
    assert 100 not in found


@pytest.mark.parametrize(
    ("who", "verbs"),
    [
        (None, {"read"}),
        ("resident", {"read", "follow", "ask"}),
        ("moderator", {"read", "follow", "ask"}),
        ("employee", {"read", "follow", "ask", "answer"}),
        ("coordinator", {"read", "follow", "ask", "answer"}),
    ],
)
def test_coordinators_and_employees_answer_for_the_municipality(cast: Cast, who: str | None, verbs: set[str]) -> None:
    actor = cast.actor(who) if who else ANONYMOUS
    every = ("read", "follow", "support", "argue", "ask", "comment", "answer", "attach")
    assert {verb for verb in every if kinds.may_with_indicator(actor, Ref("indicator", 110), verb)} == verbs
    limited = replace(actor, limited_until=clock.now() + timedelta(days=1))
    assert {verb for verb in every if kinds.may_with_indicator(limited, Ref("indicator", 110), verb)} == {"read"}
    assert not any(kinds.may_with_indicator(actor, Ref("indicator", 999), verb) for verb in every)

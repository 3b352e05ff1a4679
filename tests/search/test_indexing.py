"""The index follows what is public, in the transaction of the change, and forgets the erased to the last byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal.accounts.actions.erase import erase_account
from portal.kernel import clock, jobs
from portal.kernel.audit import AuditEntry
from portal.kernel.db import atomic, db
from portal.moderation.models import Verdict
from portal.observatorium.actions.comments import withdraw_comment
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Comment
from portal.search import actions, likeness, queries, upkeep
from portal.search.models import Document, Facet, TrigramCount
from tests.moderation.work import PHONE, decided, write
from tests.observatorium.rounds import an_open_round
from tests.search.library import Shelf, entry, shelves
from tests.support import databases
from tests.support.cast import Cast, make_cast

CANARY = "kvadratsilkeape"


def found(text: str) -> list[tuple[str, int]]:
    return [(hit.ref.kind, hit.ref.id) for hit in queries.search(text).hits]


def a_comment(cast: Cast, text: str = "Undergangen er mørk og skummel.") -> Comment:
    an_open_round(cast)
    return write(cast.actor("resident"), text)


def test_a_comment_is_found_while_it_is_shown_and_not_before_or_after(cast: Cast) -> None:
    written = a_comment(cast)
    assert found("skumle underganger") == []
    decided(cast.actor("moderator"), written)
    assert found("skumle underganger") == [(COMMENT, written.id)]
    write(cast.actor("resident"), "Den er blitt bedre.")
    assert found("undergang") == []
    withdraw_comment(cast.actor("resident"), written.id)
    assert found("bedre") == []


def test_what_is_masked_is_not_found_any_more(cast: Cast) -> None:
    written = a_comment(cast, PHONE)
    decided(cast.actor("moderator"), written, Verdict.MASK, pasted="912 34 567", facts="Et telefonnummer.")
    assert found("kveld") == [(COMMENT, written.id)]
    assert found("912") == []
    assert "912" not in "".join(db.session.scalars(sa.select(Document.body)))


def test_what_is_rolled_back_is_not_found(shelf: Shelf) -> None:
    @atomic
    def fail() -> None:
        shelf.put("Flaggstang")
        assert found("flaggstang")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert found("flaggstang") == []


def test_an_unknown_kind_and_a_thing_that_is_gone_leave_the_index_as_it_is(shelf: Shelf, cast: Cast) -> None:
    shelf.put("Flaggstang")
    actions.index(cast.actor("admin"), "nonsense", [1])
    actions.index(cast.actor("admin"), shelf.name, [99])
    assert found("flaggstang") == [(shelf.name, 1)]


def test_a_language_that_is_taken_away_is_taken_out(shelf: Shelf) -> None:
    shelf.holds[1] = [entry("Flaggstang"), entry("Flagpole", language="en")]
    shelf.index(1)
    assert found("flagpoles") == [(shelf.name, 1)]
    shelf.holds[1] = [entry("Flaggstang")]
    shelf.index(1)
    assert found("flagpoles") == []
    assert found("flaggstang") == [(shelf.name, 1)]


def test_building_anew_puts_right_whatever_was_wrong(shelf: Shelf, cast: Cast) -> None:
    for number in range(1, 8):
        shelf.holds[number] = [entry(f"Flaggstang {number}", size=str(number))]
    shelf.index(1, 2, 3)
    del shelf.holds[2]
    shelf.holds[3] = [entry("Vimpel")]
    told: list[tuple[str, int]] = []
    upkeep.PART, part = 3, upkeep.PART
    try:
        documents = upkeep.rebuild(tell=lambda kind, done: told.append((kind, done)))
    finally:
        upkeep.PART = part
    assert sorted(number for _kind, number in found("flaggstang")) == [1, 4, 5, 6, 7]
    assert found("vimpel") == [(shelf.name, 3)]
    assert documents == len(db.session.scalars(sa.select(Document.id)).all())
    assert [done for kind, done in told if kind == shelf.name] == [3, 6, 9][
        : len([k for k, _ in told if k == shelf.name])
    ]
    assert db.session.scalars(sa.select(Facet.value).order_by(Facet.value).where(Facet.name == "size")).all() == list(
        "14567"
    )
    newest = db.session.scalars(sa.select(AuditEntry.name).order_by(AuditEntry.id.desc())).first()
    assert newest == "search.index_rebuilt", "kept pages are old now"


def test_a_kind_that_is_gone_goes_from_the_index(app: Flask, cast: Cast) -> None:
    gone = Shelf("leaflet")
    with shelves(app, gone):
        gone.put("Flaggstang")
        assert found("flaggstang")
    upkeep.rebuild()
    assert found("flaggstang") == []


def test_the_worker_builds_an_index_where_there_is_none_and_once(shelf: Shelf, run_worker: Callable[[], None]) -> None:
    shelf.holds[1] = [entry("Flaggstang")]
    run_worker()
    assert found("flaggstang") == [(shelf.name, 1)]
    shelf.holds[2] = [entry("Flaggstang")]
    with clock.moved(jobs.LEASE):
        run_worker()
    assert found("flaggstang") == [(shelf.name, 1)], "it was not empty"


def test_the_indicators_are_found_in_the_readers_language(cast: Cast) -> None:
    upkeep.rebuild()
    (hit,) = queries.search("1.10").hits[:1]
    assert str(hit.title).startswith("<mark>1.10</mark>")
    assert queries.search("vatn", kind="indicator").hits


def test_the_command_builds_the_index(app: Flask, shelf: Shelf) -> None:
    shelf.holds[1] = [entry("Flaggstang")]
    result: Result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0
    assert result.output.startswith("The index holds ")
    assert found("flaggstang")


def test_who_is_erased_leaves_nothing_in_the_index(own_app: Flask) -> None:
    """Not in its tables, and not in the bytes of the database either: FTS5 would keep deleted words until it merges."""
    with own_app.app_context():
        cast = make_cast()
        written = a_comment(cast, f"Jeg heter {CANARY} og bor i blokka.")
        decided(cast.actor("moderator"), written)
        other = write(cast.actor("resident2"), "Blokka er fin.", indicator="1.2")
        decided(cast.actor("moderator"), other)
        actions.count_trigrams(cast.actor("admin"))
        assert found(CANARY) == [(COMMENT, written.id)]
        erase_account(cast.actor("resident"), cast.resident.id)
        assert found(CANARY) == []
        assert found("blokka") == [(COMMENT, other.id)]
        assert traces(own_app) == []


def traces(app: Flask) -> list[str]:
    """Return where the canary, or its stem or beginning, still stands in a table of the index."""
    stems = (CANARY, CANARY[:-1], CANARY[:12])
    if databases.KIND == "postgresql":
        texts = db.session.scalars(
            sa.text("SELECT words::text || array_to_string(trigrams, ' ') FROM search_fts")
        ).all()
        texts = [*texts, *db.session.scalars(sa.select(Document.body + Document.body_words))]
        return [text for text in texts if any(stem in text for stem in stems)]
    path = app.config["PORTAL"].database_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        real = (
            "SELECT name FROM sqlite_master WHERE name LIKE 'search%' AND type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        )
        names = [name for (name,) in connection.execute(real)]
        kept = [(name, str(row)) for name in names for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 - our own names
    connection.close()
    return [name for name, row in kept if any(stem in row for stem in stems)]


def test_what_stays_of_the_erased_stays_without_them(shelf: Shelf, cast: Cast) -> None:
    shelf.put("Flaggstang ved skolen", "", author=cast.resident.id)
    assert db.session.scalars(sa.select(Document.author_id)).all() == [cast.resident.id]
    actions.forget_author(cast.actor("admin"), cast.resident.id)
    assert found("flaggstang") == [(shelf.name, 1)]
    assert db.session.scalars(sa.select(Document.author_id)).all() == [None]


def test_trigrams_are_counted_over_what_is_there(shelf: Shelf, cast: Cast) -> None:
    shelf.put("Flaggstang")
    shelf.put("Flagg")
    shelf.put("Vimpel")
    actions.count_trigrams(cast.actor("admin"))
    mark = likeness.mark(shelf.name)
    assert {each.trigram: each.documents for each in db.session.scalars(sa.select(TrigramCount))} == {
        **{mark + each: 2 for each in ("fla", "lag", "agg")},
        **{mark + each: 1 for each in ("ggs", "gst", "sta", "tan", "ang")},
        **{mark + each: 1 for each in ("vim", "imp", "mpe", "pel")},
    }
    del shelf.holds[1]
    shelf.index(1)
    actions.count_trigrams(cast.actor("admin"))
    db.session.expire_all()
    assert db.session.get_one(TrigramCount, mark + "fla").documents == 1

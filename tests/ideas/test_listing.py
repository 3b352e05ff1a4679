"""The list of ideas: what is in it, in which order, as list, map, board and feed, and what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import sqlalchemy as sa

from portal.ideas.models.ideas import Idea
from portal.ideas.queries.filters import ON_RUNG, Filters, Sort
from portal.ideas.queries.listing import ORDERS, list_page
from portal.ideas.stages import Decision, IdeaKind, Rung, Stage, rung
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.participation.models import Tally
from portal.search.actions import index
from tests.support.ideas import published

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(page: Any) -> list[str]:
    return [found.get_text(strip=True) for found in page.all(".idea-row .row__title")]


def change(idea: Idea, **values: Any) -> Idea:
    db.session.execute(sa.update(Idea).where(Idea.id == idea.id).values(**values))
    db.session.commit()
    return idea


@pytest.mark.parametrize("reader", [None, "resident", "adviser"])
@pytest.mark.parametrize("view", ["liste", "kart", "tavle"])
def test_the_list_costs_at_most_eight_statements(
    view: str, reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    idea = published(cast.actor("volunteer"))
    index(SYSTEM, "idea", [idea.id])
    someone = visitor(reader)
    with count_queries(at_most=8):
        someone.get("ideas.index", visning=view, q="nattbuss", sorter="supports")


def test_the_newest_comes_first_and_what_is_not_public_is_not_there(cast: Any, visitor: Any) -> None:
    first, second, hidden = (published(cast.actor("resident"), title) for title in ("Første", "Andre", "Skjult"))
    change(first, shown_at=clock.now() - timedelta(days=2))
    change(second, shown_at=clock.now() - timedelta(days=1))
    change(hidden, state=PublicationState.HIDDEN)
    assert titles(visitor().get("ideas.index")) == ["Andre", "Første"]
    assert titles(visitor("adviser").get("ideas.index")) == ["Andre", "Første"]


@pytest.mark.parametrize(
    ("sort", "column"), [("supports", Tally.supports), ("discussed", Tally.questions)], ids=["supports", "discussed"]
)
def test_a_counter_can_give_the_order(sort: str, column: Any, cast: Any, visitor: Any) -> None:
    for title, number in (("Lite", 1), ("Mest", 9), ("Ingen", 0), ("Noe", 4)):
        idea = published(cast.actor("resident"), title)
        counters = sa.update(Tally).where(Tally.target_id == idea.id, Tally.kind == "idea")
        db.session.execute(counters.values({column: number}))
        db.session.commit()
    assert titles(visitor().get("ideas.index", sorter=sort)) == ["Mest", "Noe", "Lite", "Ingen"]


def test_the_nearest_deadline_comes_first_and_what_is_answered_is_left_out(cast: Any, visitor: Any) -> None:
    late, soon, answered = (published(cast.actor("resident"), title) for title in ("Seint", "Snart", "Besvart"))
    change(late, answer_due_at=clock.now() - timedelta(days=3))
    change(soon, answer_due_at=clock.now() + timedelta(days=1))
    change(answered, answered_at=clock.now())
    page = visitor().get("ideas.index", sorter="due")
    assert titles(page) == ["Seint", "Snart"]
    assert "svar skulle kommet" in page.words


def test_every_order_gives_each_idea_once_over_its_pages(cast: Any, visitor: Any) -> None:
    made = {f"Idé {number}" for number in range(23)}
    for title in made:
        published(cast.actor("resident"), title)
    for sort in ORDERS:
        page = visitor().get("ideas.index", sorter=sort.value)
        following = page.one(".pagination a[rel=next]")["href"]
        seen = titles(page) + titles(visitor().get_url(str(following)))
        assert sorted(seen) == sorted(made), sort


def test_filters_narrow_the_list_and_each_can_be_taken_off(cast: Any, visitor: Any) -> None:
    published(cast.actor("resident"), "Gangfelt")
    change(published(cast.actor("employee"), "Dobbel registrering", kind=IdeaKind.TIME_THIEF), stage=Stage.ASSESSING)
    page = visitor().get("ideas.index", type="time_thief", status="assessing")
    assert titles(page) == ["Dobbel registrering"]
    tags = {tag.get_text(" ", strip=True).split(" ")[0]: tag["href"] for tag in page.all(".narrowed__tag")}
    assert titles(visitor().get_url(str(tags["Tidstyver"]))) == ["Dobbel registrering"]
    assert "type=" not in str(tags["Tidstyver"])
    assert "status=assessing" in str(tags["Tidstyver"])


def test_words_are_looked_for_in_the_whole_idea(cast: Any, visitor: Any) -> None:
    found = published(cast.actor("resident"), "Trygg skolevei", solution="Et gangfelt ved kiosken.")
    other = published(cast.actor("resident"), "Badeplass")
    index(SYSTEM, "idea", [found.id, other.id])
    assert titles(visitor().get("ideas.index", q="gangfelt")) == ["Trygg skolevei"]


@pytest.mark.parametrize("asked", ["q=%22%27*NEAR(:", "fra=xx", "omrade=-1", "mal=99", "lokalsamfunn=%00", "boks=1,2"])
def test_no_question_breaks_the_list(asked: str, visitor: Any) -> None:
    visitor().get_url(f"/ideer/?{asked}", 422 if asked == "fra=xx" else 200)


def test_nothing_found_says_what_one_could_do(visitor: Any) -> None:
    page = visitor().get("ideas.index", q="xyzzy")
    assert "Ta bort noe av det du har valgt" in page.words


def test_what_is_internal_is_listed_for_those_who_can_see_it_and_only_when_asked_for(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("employee"), "Intern tidstyv", kind=IdeaKind.TIME_THIEF)
    change(idea, state=PublicationState.INTERNAL)
    assert titles(visitor("adviser").get("ideas.index")) == []
    assert titles(visitor("adviser").get("ideas.index", synlighet="intern")) == ["Intern tidstyv"]
    assert titles(visitor("resident").get("ideas.index", synlighet="intern")) == []
    assert titles(visitor().get("ideas.index", synlighet="intern")) == []


def test_the_board_has_a_column_for_each_stage(cast: Any, visitor: Any) -> None:
    change(published(cast.actor("resident"), "I gang"), stage=Stage.UNDER_WAY)
    for number in range(11):
        published(cast.actor("resident"), f"Ny {number}")
    page = visitor().get("ideas.index", visning="tavle")
    columns = {each.h2.get_text(): each.select(".board__idea") for each in page.all(".board__column")}
    assert [len(found) for found in columns.values()] == [10, 0, 0, 1, 0, 0]
    assert "status=received" in page.one(".board .more")["href"]


def test_the_ladder_of_the_filter_is_the_ladder_of_the_page(cast: Any) -> None:
    for stage in Stage:
        for decision in (None, *Decision):
            change(published(cast.actor("resident"), f"{stage} {decision}"), stage=stage, decision=decision)
    for each in Rung:
        on = db.session.execute(sa.select(Idea.stage, Idea.decision).where(ON_RUNG[each])).all()
        expected = {
            (stage, decision) for stage in Stage for decision in (None, *Decision) if rung(stage, decision) is each
        }
        if each is Rung.USEFUL:  # what is under way was never turned down: the case never leads there
            expected.discard((Stage.UNDER_WAY, Decision.REJECTED))
        assert {(stage, decision) for stage, decision in on} == expected


def test_the_feed_is_valid_atom_with_the_same_filters(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"), "Nattbuss <b>&</b>", language="nn")
    published(cast.actor("employee"), "Tidstyv", kind=IdeaKind.TIME_THIEF)
    response = visitor().client.get("/ideer/atom.xml?type=innovation")
    assert response.mimetype == "application/atom+xml"
    feed = Xml.fromstring(response.get_data())  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{required}") is not None, required
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    (entry,) = feed.findall(f"{ATOM}entry")
    text = {each.tag.removeprefix(ATOM): each.text for each in entry}
    assert text["title"] == idea.title
    assert str(text["id"]).endswith(f"/ideer/{idea.id}")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "nn"
    assert clock.now() >= datetime.fromisoformat(str(text["updated"]))
    assert str(text["updated"]).endswith("Z")


def test_the_id_of_a_feed_entry_leads_to_the_idea(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    page = visitor().get_url(f"/ideer/{idea.id}", 301)
    assert page.response.headers["Location"].endswith(f"/ideer/{idea.id}-nattbuss-til-heggedal")


def test_an_unchanged_list_answers_304(cast: Any, visitor: Any) -> None:
    published(cast.actor("resident"))
    first = visitor().get("ideas.index")
    visitor().get_url("/ideer/", 304, {"If-None-Match": first.response.headers["ETag"]})
    published(cast.actor("resident"), "En ny")
    visitor().get_url("/ideer/", 200, {"If-None-Match": first.response.headers["ETag"]})


def test_each_order_walks_an_index_however_many_there_are(cast: Any) -> None:
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("counted in the steps of SQLite's machine; benchmarks/ideas.py measures more")
    author = cast.actor("resident")
    published(author)
    raw = db.session.connection().connection.driver_connection

    def work(sort: Sort) -> int:
        steps = [0]
        raw.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 10)
        list_page(author, Filters(sort=sort), None)
        raw.set_progress_handler(None, 10)
        return steps[0]

    many(author.id, 100)
    few = {sort: work(sort) for sort in ORDERS}
    many(author.id, 2000)
    for sort, before in few.items():
        assert work(sort) <= 1.25 * before, sort


def many(author_id: int, number: int) -> None:
    """Put ideas straight into the tables."""
    first = (db.session.scalar(sa.select(sa.func.max(Idea.id))) or 0) + 1
    row = db.session.execute(sa.select(Idea.__table__).order_by(Idea.id)).mappings().first()
    values = [
        {
            **(row or {}),
            "id": id_,
            "key": f"k{id_}",
            "shown_at": clock.now() - timedelta(minutes=id_),
            "answer_due_at": clock.now() + timedelta(minutes=id_),
        }
        for id_ in range(first, first + number)
    ]
    db.session.execute(sa.insert(Idea), values)
    db.session.execute(
        sa.insert(Tally),
        [
            {"kind": "idea", "target_id": each["id"], "supports": each["id"] % 31, "questions": each["id"] % 7}
            for each in values
        ],
    )
    db.session.commit()

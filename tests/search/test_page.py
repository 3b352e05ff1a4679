"""The page of hits: found by people in a hurry, kept by proxies, and never more than a few statements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.db import db
from portal.search import actions, asking, highlight, upkeep
from portal.search.asking import Width
from portal.search.models import Document
from tests.search.library import Shelf, entry, shelves
from tests.support.cast import Cast
from tests.support.page import Visitor


def test_a_volunteer_of_74_finds_the_crossing_from_the_front_page(
    shelf: Shelf, visitor: Callable[..., Visitor], cast: Cast
) -> None:
    shelf.put("Gangfelt ved Åros skole", "Barna krysser veien uten lys.")
    someone = visitor()
    front = someone.get("home.front")
    box = front.one("form[role=search]")
    assert (box["action"], box["method"]) == ("/sok/", "get")
    page = someone.get_url(f"{box['action']}?q=gangfelt+ved+skolen")
    (link,) = page.all(".row__title a")
    assert link.get_text() == "Gangfelt ved Åros skole"
    assert link["href"] == "/om/?nr=1"
    assert [mark.get_text() for mark in link.select("mark")] == ["Gangfelt", "skole"]
    assert page.heading == "Søk: gangfelt ved skolen"
    assert page.one("#q")["value"] == "gangfelt ved skolen"


def test_signed_out_readers_get_a_page_that_can_be_kept_and_no_cookie(
    shelf: Shelf, visitor: Callable[..., Visitor]
) -> None:
    shelf.put("Flaggstang")
    page = visitor().get("search.results", q="flaggstang")
    assert page.response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in page.response.headers
    kept = {"If-None-Match": page.response.headers["ETag"]}
    visitor().get("search.results", 304, kept, q="flaggstang")
    upkeep.rebuild()
    visitor().get("search.results", 200, kept, q="flaggstang")


def test_a_hit_in_another_language_says_so(shelf: Shelf, visitor: Callable[..., Visitor]) -> None:
    shelf.put("A bench by the sea", "For those who look on.", language="en")
    page = visitor().get("search.results", q="bench")
    assert page.one(".row__title a")["lang"] == "en"
    assert page.one(".search-excerpt")["lang"] == "en"
    english = visitor().get("search.results", q="bench", sprak="en")
    assert not english.one(".row__title a").has_attr("lang")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("", "Slik får du gode treff"),
        ("vindmøller", "Vi fant ingenting om «vindmøller»"),
        ("benker gressklipper", "Ingenting har alle ordene."),
        ("benkepl*", "Vi fant ingenting"),
        ("sitteplass", "Ingenting har akkurat disse ordene."),
    ],
)
def test_every_outcome_tells_what_was_done_and_what_one_could_do(
    shelf: Shelf, visitor: Callable[..., Visitor], asked: str, says: str
) -> None:
    shelf.put("Flere benker i sentrum")
    assert says in visitor().get("search.results", q=asked).words


def test_hits_are_narrowed_by_kind_with_counts_that_stay(app: Flask, visitor: Callable[..., Visitor]) -> None:
    pamphlets, books = Shelf(), Shelf("book")
    with shelves(app, pamphlets, books):
        for number in range(3):
            pamphlets.put(f"Svømmehall {number}")
        books.put("Svømmehallens historie")
        page = visitor().get("search.results", q="svømmehall")
        choices = [" ".join(link.get_text(" ").split()) for link in page.all(".search-kinds a")]
        assert choices == ["Alt 4", "Pamphlet 3", "Book 1"]
        narrowed = visitor().get_url(str(page.all(".search-kinds a")[2]["href"]))
        assert [link.get_text() for link in narrowed.all(".row__title a")] == ["Svømmehallens historie"]
        assert "1 treff" in narrowed.words
        assert len(narrowed.all(".search-kinds a")) == 3
        unknown = visitor().get("search.results", q="svømmehall", type="nonsense")
        assert len(unknown.all(".row__title")) == 4


def test_the_next_page_goes_on_and_a_made_up_one_is_refused(shelf: Shelf, visitor: Callable[..., Visitor]) -> None:
    for number in range(25):
        shelf.put(f"Flaggstang {number}")
    someone = visitor()
    page = someone.get("search.results", q="flaggstang")
    assert len(page.all(".row__title")) == 20
    following = someone.get_url(str(page.one("a[rel=next]")["href"]))
    assert len(following.all(".row__title")) == 5
    assert "25 treff" in following.words
    someone.get("search.results", 422, q="flaggstang", fra="tull")


def test_a_thousand_documents_cost_no_more_statements_than_one(
    shelf: Shelf, visitor: Callable[..., Visitor], count_queries: Callable[..., object], cast: Cast
) -> None:
    for number in range(1, 1001):
        shelf.holds[number] = [entry(f"Flaggstang nummer {number}", "Den står ved skolen.", days=number % 50)]
    actions.index(cast.actor("admin"), shelf.name, list(shelf.holds))
    someone = visitor()
    with count_queries(at_most=8):  # type: ignore[attr-defined]  # a context manager
        page = someone.get("search.results", q="flaggstang ved skolen")
    assert len(page.all(".row__title")) == 20
    with count_queries(at_most=8):  # type: ignore[attr-defined]  # a context manager
        someone.get("search.results", q="vindmøller på fjellet")


def test_an_address_that_the_portal_has_no_more_is_left_out(shelf: Shelf, visitor: Callable[..., Visitor]) -> None:
    shelf.put("Flaggstang")
    for document in db.session.query(Document):
        document.endpoint = "renamed.away"
    db.session.commit()
    assert "Vi fant ingenting" in visitor().get("search.results", q="flaggstang").words


def test_the_lines_of_a_list_are_told_apart_in_an_excerpt() -> None:
    assert str(highlight.excerpt("Har alle vann?\nDrikkevann\n\nAvløp", ())) == "Har alle vann? Drikkevann · Avløp"


texts = st.text(max_size=300)


@given(texts, texts)
def test_an_excerpt_is_the_text_itself_escaped_but_for_its_marks(text: str, asked: str) -> None:
    question = asking.read(asked, Width.WIDER)
    looked_for = tuple(asking.leaves(question)) if question else ()
    for shown in (highlight.mark(text, looked_for), highlight.excerpt(text, looked_for)):
        bare = str(shown).replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare
        assert ">" not in bare
        assert str(shown).count("<mark>") == str(shown).count("</mark>")
    assert highlight.mark(text, looked_for).replace("<mark>", "").replace("</mark>", "").unescape() == text


@given(
    st.lists(
        st.sampled_from(["skole", "vei", "gangfelt", "og", "ved", "<b>", "&", "barnehage"]), min_size=60, max_size=200
    )
)
def test_an_excerpt_is_bounded_and_shows_what_was_found(written: list[str]) -> None:
    shown = highlight.excerpt(" ".join([*written, "skolen"]), (asking.Word("skol"),))
    assert len(shown.replace("<mark>", "").replace("</mark>", "").unescape()) <= highlight.EXCERPT + 2
    assert "<mark>skole" in shown

"""Arguments for and against, on a kind of thing that takes everything: as the pillars' things will."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from portal.kernel.clock import now
from portal.kernel.content import Card, ContentKind, Entry, Ref, Registry
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS, Actor
from portal.participation.actions.joining import support
from portal.participation.models import Form
from portal.participation.queries.panels import panel
from tests.participation.talk import asked, let_through, of, tally
from tests.support.cast import Cast
from tests.support.page import Visitor

BENCH = Ref("bench", 1)
Open = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def _benches(app: Flask) -> Iterator[None]:
    """Let there be a kind of thing that everybody may read, and everybody with an account may take part in."""

    def may(actor: Actor, ref: Ref, verb: str) -> bool:
        return ref.id == 1 and (verb == "read" or (actor.is_signed_in and verb != "answer"))

    benches = ContentKind(
        name="bench",
        label="benk",
        cards=lambda ids: {
            id_: Card(ref=BENCH, title="Flere benker", endpoint="home.about") for id_ in ids if id_ == 1
        },
        may=may,
        entries=lambda ids: {1: (Entry(title="Flere benker", updated_at=now()),)} if 1 in ids else {},
    )
    before = content()
    app.extensions["portal_content"] = Registry([*before, benches])
    yield
    app.extensions["portal_content"] = before


def drawn(app: Flask, actor: Actor) -> BeautifulSoup:
    """Draw the two columns as a page of a pillar would."""
    source = '{% from "participation/_parts.html" import arguments %}{{ arguments(panel) }}'
    with app.test_request_context("/"):
        return BeautifulSoup(app.jinja_env.from_string(source).render(panel=panel(actor, BENCH)), "html5lib")


def test_for_and_against_stand_in_a_column_each(app: Flask, cast: Cast) -> None:
    asked(cast.actor("resident"), "Man kan hvile.", ref=BENCH, form=Form.ARGUMENT_FOR)
    asked(cast.actor("volunteer"), "Man kan møtes.", ref=BENCH, form=Form.ARGUMENT_FOR)
    against = asked(cast.actor("resident2"), "De koster penger.", ref=BENCH, form=Form.ARGUMENT_AGAINST)
    asked(cast.actor("resident"), "Ikke så mange.", ref=of(against))
    columns = {str(each["data-side"]): each for each in drawn(app, ANONYMOUS).select(".side")}
    assert [each.get_text(strip=True) for each in columns["for"].select(".said__text")] == [
        "Man kan møtes.",
        "Man kan hvile.",
    ]
    assert [each.get_text(strip=True) for each in columns["against"].select(".said__text")] == [
        "De koster penger.",
        "Ikke så mange.",
    ]
    assert [each.select_one(".side__count").get_text() for each in columns.values()] == ["2", "1"]  # type: ignore[union-attr]  # it would be the fault
    assert (tally(BENCH, "arguments_for"), tally(BENCH, "arguments_against")) == (2, 1), "a reply is no argument"
    assert not drawn(app, ANONYMOUS).select("form")


def test_each_form_is_counted_and_read_by_itself(cast: Cast, visitor: Open) -> None:
    for form in Form:
        asked(cast.actor("resident"), f"Et innlegg: {form.value}", ref=BENCH, form=form)
    browser = visitor("resident2")
    for form, heading in (
        ("for", "Argumenter for"),
        ("against", "Argumenter mot"),
        ("question", "Spørsmål"),
        ("comment", "Kommentarer"),
    ):
        page = browser.get_url(f"/delta/bench/1/?form={form}")
        assert page.heading == heading
        assert [each.get_text(strip=True) for each in page.all(".said__text")] == [f"Et innlegg: {form}"]
        assert [each.get_text(strip=True) for each in page.all(".forms a span")] == ["1"] * 4
        assert heading in page.one(".forms [aria-current]").get_text()
    assert browser.get_url("/delta/bench/1/?form=x").heading == "Argumenter for"


@pytest.mark.parametrize("form", list(Form))
def test_an_argument_is_written_and_read_on_its_own_page_too(cast: Cast, visitor: Open, form: Form) -> None:
    browser = visitor("resident")
    page = browser.get_url(f"/delta/bench/1/skriv?form={form.value}")
    done = browser.post_url(str(page.one("main form")["action"]), page.form() | {"text": "Man kan hvile."})
    assert "Man kan hvile." in browser.follow(done).words


def test_a_thing_that_takes_support_has_it_counted(app: Flask, cast: Cast) -> None:
    for who in ("resident", "resident2"):
        support(cast.actor(who), BENCH)
    seen = panel(cast.actor("resident"), BENCH)
    assert (seen.counts.supports, seen.supported, seen.followed) == (2, True, False)
    assert seen.may == {"read", "support", "follow", "argue", "ask", "comment"}
    assert panel(ANONYMOUS, BENCH).may == seen.may, "what they could do after signing in"
    assert panel(ANONYMOUS, Ref("bench", 2)).may == frozenset()


def test_a_thread_is_let_through_reply_by_reply(cast: Cast, visitor: Open) -> None:
    top = asked(cast.actor("resident"), "Man kan hvile.", ref=BENCH, form=Form.COMMENT)
    reply = let_through(asked(cast.actor("resident2"), "Enig.", ref=of(top)))
    page = visitor().get("participation.thread", contribution_id=top.id)
    assert page.one(f"#innlegg-{reply.id}").get_text().count("Enig.") == 1
    visitor().get("participation.thread", 404, contribution_id=reply.id)

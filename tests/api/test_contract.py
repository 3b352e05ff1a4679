"""The API as a whole: what is promised is there, lists hang together however they change, and all can be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.app import create_app
from portal.cocreation.models.projects import Project
from portal.ideas.models.ideas import Idea
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.extensions import limiter
from portal.solutions.models.solutions import Solution
from tests.observatorium.published import a_published_round
from tests.observatorium.test_api import check, description
from tests.support import databases
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.ideas import published
from tests.support.page import Page, Visitor
from tests.support.solutions import shared

Open = Callable[..., Visitor]
LISTS = {"rounds", "indicators", "results", "ideas", "time-thieves", "projects", "solutions", "municipalities"}
LISTS |= {"moderation-figures"}
ONE = {"ideas/{idea_id}", "projects/{project_id}", "solutions/{solution_id}"}
PAGED = ("ideas", "projects", "solutions")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

Make = Callable[[Cast, str], Any]
MAKE: dict[str, tuple[type[Any], Make]] = {
    "ideas": (Idea, lambda cast, title: published(cast.actor("resident"), title)),
    "projects": (Project, lambda cast, title: started(cast.actor("resident"), title)),
    "solutions": (Solution, lambda cast, title: shared(cast.actor("adviser"), title)),
}


def told(page: Page) -> Any:
    assert page.response.content_type == "application/json"
    return json.loads(page.text)


def get(reader: Visitor, path: str, status: int = 200) -> Any:
    return told(reader.get_url(f"/api/v1/{path}", status))


def test_everything_that_is_promised_is_there_and_described(visitor: Open) -> None:
    document = description(visitor())
    OpenAPIV31SpecValidator(document).validate()
    paths = {path.removeprefix("/api/v1/") for path in document["paths"]}
    assert paths >= LISTS | ONE


def test_every_list_has_the_same_shape_and_is_what_the_description_says(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    for _model, make in MAKE.values():
        make(cast, "Et navn")
    reader = visitor()
    document = description(reader)
    for name in LISTS:
        answer = get(reader, name + ("?round=2026" if name == "results" else ""))
        check(document, f"/api/v1/{name}", "200", answer)
        assert isinstance(answer["items"], list)
        assert answer["next"] is None
        times = [item[each] for item in answer["items"] for each in ("created", "updated") if each in item]
        assert all(TIME.fullmatch(each) for each in times)


@pytest.mark.parametrize("name", PAGED)
def test_one_of_a_list_is_what_the_description_says(cast: Cast, visitor: Open, name: str) -> None:
    made = MAKE[name][1](cast, "Et navn")
    reader = visitor()
    path = next(each for each in ONE if each.startswith(name))
    check(description(reader), f"/api/v1/{path}", "200", get(reader, f"{name}/{made.id}"))
    check(
        description(reader),
        f"/api/v1/{path}",
        "404",
        json.loads(reader.get_url(f"/api/v1/{name}/{made.id + 1000}", 404).text),
    )


# -- pages that hang together ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGED)
def test_no_cursor_skips_or_repeats_while_things_come_and_go(cast: Cast, visitor: Open, name: str) -> None:
    model, make = MAKE[name]
    stay = [make(cast, f"Nummer {number}").id for number in range(9)]
    goes = make(cast, "Blir borte").id
    reader, seen, path = visitor(), [], f"{name}?limit=2"
    while path:
        answer = reader.get_url(f"/api/v1/{path}")
        seen += [item["id"] for item in told(answer)["items"]]
        found = re.fullmatch(r'<http://localhost/api/v1/([^>]+)>; rel="next"', answer.response.headers.get("Link", ""))
        assert bool(found) == bool(told(answer)["next"])
        path = found[1] if found else ""
        if len(seen) == 2:  # between two pages one thing comes, one goes, and one that is read already is changed
            make(cast, "Kommer til")
            db.session.get_one(model, goes, populate_existing=True).state = PublicationState.HIDDEN
            db.session.get_one(model, stay[-1], populate_existing=True).title = "Et annet navn"
            db.session.commit()
    assert len(seen) == len(set(seen))
    assert set(stay) <= set(seen)
    assert [each for each in seen if each in stay] == stay[::-1]


@pytest.mark.parametrize("name", PAGED)
def test_those_made_in_the_same_moment_are_all_read(cast: Cast, visitor: Open, name: str) -> None:
    made = [MAKE[name][1](cast, f"Nummer {number}") for number in range(5)]
    for each in made:
        each.shown_at = made[0].shown_at
    db.session.commit()
    reader, seen, cursor = visitor(), [], ""
    while cursor is not None:
        answer = get(reader, f"{name}?limit=2&cursor={cursor}" if cursor else f"{name}?limit=2")
        seen += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert sorted(seen) == sorted(each.id for each in made)


@pytest.mark.parametrize("name", PAGED)
@pytest.mark.parametrize(
    "asked",
    [
        *("limit=0", "limit=101", "limit=x", "limit=", "cursor=x", "cursor=W10", "goal=18", "goal=0", "indicator=9.9"),
        *("updated_since=i+går", "updated_since=", "updated_since=0001-01-01T00:00:00%2B14:00"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_reason(visitor: Open, name: str, asked: str) -> None:
    page = visitor().get_url(f"/api/v1/{name}?{asked}", 422)
    assert page.response.content_type == "application/problem+json"
    assert json.loads(page.text)["detail"]


@pytest.mark.parametrize("name", PAGED)
def test_a_list_is_read_in_few_statements(cast: Cast, visitor: Open, name: str, count_queries: Any) -> None:
    for number in range(20):
        MAKE[name][1](cast, f"Nummer {number}")
    with count_queries(at_most=8):
        get(visitor(), f"{name}?q=nummer&limit=100")


# -- municipalities ----------------------------------------------------------------------------------------------------


def test_the_municipalities_are_told_with_what_they_share(cast: Cast, visitor: Open, count_queries: Any) -> None:
    reader = visitor()
    before = {item["number"]: item for item in get(reader, "municipalities")["items"]}
    shared(cast.actor("adviser"))
    with count_queries(at_most=8):
        items = get(reader, "municipalities")["items"]
    assert len(items) == 357
    assert [item["number"] for item in items] == sorted(before)
    asker = next(item for item in items if item["number"] == "3203")
    assert (asker["name"], asker["county_number"], asker["home"]) == ("Asker", "32", True)
    assert asker["solutions_shared"] == before["3203"]["solutions_shared"] + 1
    assert [item["number"] for item in items if item["home"]] == ["3203"]


# -- for everybody, and not too often ----------------------------------------------------------------------------------


def test_pages_from_anywhere_may_read_every_list(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    reader = visitor()
    for name in LISTS:
        path = f"/api/v1/{name}" + ("?round=2026" if name == "results" else "")
        headers = reader.get_url(path).response.headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Link" in headers["Access-Control-Expose-Headers"]
        assert headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in headers
        again = reader.get_url(path, 304, {"If-None-Match": headers["ETag"]}).response
        assert again.data == b""


@pytest.fixture
def limited() -> Iterator[FlaskClient]:
    """A reader of an application that counts how often it is asked."""
    before = limiter.enabled
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder))
        yield app.test_client()
        limiter.enabled = before  # the limiter is one for all applications of the process
        databases.dispose(app)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_list_says_how_many_questions_are_left(limited: FlaskClient, name: str) -> None:
    headers = limited.get(f"/api/v1/{name}").headers
    assert headers["X-RateLimit-Limit"] == "600"
    assert int(headers["X-RateLimit-Remaining"]) < 600
    assert headers["X-RateLimit-Reset"].isdigit()

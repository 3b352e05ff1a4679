"""The API for reading: its description is right, every answer is what it says, and errors are problem+json."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.app import create_app
from portal.kernel.extensions import limiter
from portal.observatorium.actions.rounds import make_round, withdraw_round
from portal.observatorium.catalogue import catalogue
from tests.observatorium.published import NUMBERS, a_published_round, correct
from tests.observatorium.rounds import an_open_round, draft
from tests.support import databases
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]


def told(page: Page) -> Any:
    assert page.response.content_type == "application/json"
    return json.loads(page.text)


def group(answer: Any, indicator: str, name: str) -> dict[str, Any]:
    item = next(each for each in answer["items"] if each["indicator"] == indicator)
    found: dict[str, Any] = next(each for each in item["groups"] if each["group"] == name)
    return found


def description(reader: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = told(reader.get("api.description"))
    return found


def check(document: dict[str, Any], path: str, status: str, answer: Any) -> None:
    """Check an answer against what the description says of it; nothing may be there that isn't described."""
    (content,) = document["paths"][path]["get"]["responses"][status]["content"].values()
    strict = json.loads(json.dumps(document["components"]))
    for schema in strict["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
    jsonschema.Draft202012Validator({**content["schema"], "components": strict}).validate(answer)


def problem(page: Page) -> dict[str, Any]:
    assert page.response.content_type == "application/problem+json"
    found: dict[str, Any] = json.loads(page.text)
    assert found["status"] == page.status
    return found


def test_the_description_is_a_valid_openapi_3_1_document(visitor: Open) -> None:
    document = description(visitor())
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    ours = {"/api/v1/rounds", "/api/v1/indicators", "/api/v1/results"}
    assert set(document["paths"]) >= ours  # all of them: tests/api/test_contract.py


def test_every_answer_is_what_the_description_says(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    a_published_round(cast)
    an_open_round(cast, "2027")
    reader = visitor()
    document = description(reader)
    for path, query in (
        ("rounds", ""),
        ("indicators", ""),
        ("results", "?round=2026"),
        ("results", "?round=2025&revision=1"),
    ):
        answer = told(reader.get_url(f"/api/v1/{path}{query}"))
        check(document, f"/api/v1/{path}", "200", answer)
        assert answer["next"] is None
    check(document, "/api/v1/results", "404", problem(reader.get_url("/api/v1/results?round=x", _status=404)))
    check(document, "/api/v1/results", "422", problem(reader.get_url("/api/v1/results", _status=422)))


def test_rounds_are_told_newest_first_and_drafts_are_not(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2024", days_ago=730)
    a_published_round(cast, "2025", days_ago=365)
    withdraw_round(cast.actor("coordinator"), "2025", "Prøver på nytt.")
    an_open_round(cast, "2026")
    make_round(cast.actor("coordinator"), draft("2027"))
    items = told(visitor().get("observatorium_api.rounds"))["items"]
    assert [(each["slug"], each["state"]) for each in items] == [
        ("2026", "open"), ("2025", "withdrawn"), ("2024", "published")
    ]  # fmt: skip
    assert [each["revision"] for each in items] == [None, None, 1]
    for moment in ("opens", "closes", "published"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", items[-1][moment])


def test_the_39_indicators_are_told_with_their_numbers_as_text(visitor: Open) -> None:
    answer = told(visitor().get("observatorium_api.indicators"))
    assert [each["number"] for each in answer["items"]] == NUMBERS
    tenth = answer["items"][9]
    assert (tenth["number"], tenth["dimension"]) == ("1.10", "governance")
    assert set(tenth["name"]) == set(tenth["question"]) == {"nb", "nn", "en"}
    assert answer["catalogue_version"] == catalogue().version


def test_results_give_own_and_people_s_level_and_every_group(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    answer = told(visitor().get("observatorium_api.results", round="2026"))
    item = next(each for each in answer["items"] if each["indicator"] == "1.8")
    assert (item["own"], item["level"], item["gap"], item["verified"]) == ("green", "red", 2, None)
    assert item["overall"]["covers"] == ["resident", "voluntary_sector", "business"]
    residents = group(answer, "1.8", "resident")
    assert residents["n"] == 65
    assert sum(residents["shares"].values()) == pytest.approx(1)
    assert residents["interval"]["red"][0] < residents["shares"]["red"] < residents["interval"]["red"][1]
    assert answer["participation"]["participants"]["resident"] == 60
    assert answer["participation"]["participants"]["knowledge"] is None


def test_a_hidden_group_says_only_that_it_is_and_how_many_where_that_is_told(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    answer = told(visitor().get("observatorium_api.results", round="2026"))
    assert group(answer, "1.1", "knowledge") == {"group": "knowledge", "suppressed": True, "n": 7}
    assert group(answer, "4.9", "business") == {"group": "business", "suppressed": True, "n": None}
    shown = [each for item in answer["items"] for each in item["groups"] if not each["suppressed"]]
    assert len({frozenset(each) for each in shown}) == 1, "all that is shown has the same fields"
    assert group(answer, "4.9", "resident")["shares"] is None
    assert group(answer, "4.9", "resident")["dominated"] == "green"


def test_an_older_revision_can_be_asked_for(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Ført feil.")
    own = {}
    for revision in (1, 2):
        answer = told(visitor().get("observatorium_api.results", round="2026", revision=revision))
        assert answer["round"]["revision"] == revision
        own[revision] = next(each["own"] for each in answer["items"] if each["indicator"] == "2.2")
    assert own == {1: "yellow", 2: "green"}


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("", 422, "Oppgi hvilken runde"),
        ("?round=", 422, "Oppgi hvilken runde"),
        ("?round=2026&revision=x", 422, "revisjonen"),
        ("?round=2026&revision=²", 422, "revisjonen"),
        ("?round=2026&revision=7", 404, "Vi finner ikke"),
        ("?round=1999", 404, "Vi finner ikke"),
        ("?round=%00", 404, "Vi finner ikke"),
        ("?round=2027", 404, "Vi finner ikke"),
    ],
)
def test_what_is_asked_wrongly_is_answered_by_a_problem(
    cast: Cast, visitor: Open, query: str, status: int, says: str
) -> None:
    a_published_round(cast)
    an_open_round(cast, "2027")
    found = problem(visitor().get_url(f"/api/v1/results{query}", _status=status))
    assert says in found["detail"]


def test_what_is_not_there_and_what_cannot_be_done_are_problems_too(visitor: Open) -> None:
    reader = visitor()
    assert problem(reader.get_url("/api/v1/nothing", _status=404))["title"] == "Not Found"
    assert problem(Page(reader.client.delete("/api/v1/rounds")))["status"] == 405


def test_an_unchanged_answer_is_not_sent_again(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    reader = visitor()
    first = reader.get("observatorium_api.results", round="2026")
    etag = first.response.headers["ETag"]
    again = reader.get("observatorium_api.results", _status=304, _headers={"If-None-Match": etag}, round="2026")
    assert not again.text
    assert again.response.headers["Access-Control-Allow-Origin"] == "*"
    withdraw_round(cast.actor("coordinator"), "2026", "Prøver på nytt.")
    reader.get("observatorium_api.results", _status=404, _headers={"If-None-Match": etag}, round="2026")


def test_pages_from_anywhere_may_read_the_api_but_no_more(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    reader = visitor()
    for address in ("/api/v1/rounds", "/api/v1/results?round=2026", "/api/v1/openapi.json"):
        headers = reader.get_url(address).response.headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in headers
    asked = reader.client.options("/api/v1/results", headers={"Origin": "https://example.org"})
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    assert "ETag" in asked.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in reader.get("observatorium.overview").response.headers


@pytest.fixture
def limited() -> Iterator[FlaskClient]:
    """A reader of an application that counts how often it is asked."""
    before = limiter.enabled
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder))
        yield app.test_client()
        limiter.enabled = before  # the limiter is one for all applications of the process
        databases.dispose(app)


def test_who_asks_too_often_is_told_how_many_are_left_and_when_to_come_back(limited: FlaskClient) -> None:
    answers = [limited.get("/api/v1/results") for _ in range(600)]
    left = [int(each.headers["X-RateLimit-Remaining"]) for each in answers]
    assert left == list(reversed(range(600)))
    assert {each.headers["X-RateLimit-Limit"] for each in answers} == {"600"}
    refused = limited.get("/api/v1/results")
    assert problem(Page(refused))["title"] == "Too Many Requests"
    assert 0 <= int(refused.headers["Retry-After"]) <= 60


def test_the_page_for_developers_tells_of_every_address(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    reader = visitor()
    page = reader.get("api.docs")
    for path in description(reader)["paths"]:
        assert f"GET {path}" in page.words
    for link in page.all("main a[href^='/api/v1']"):
        assert reader.get_url(str(link["href"])).status == 200

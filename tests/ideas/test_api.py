"""The idea bank in the public API: what is public, page by page, in the shapes that are promised."""

from __future__ import annotations

import json
from typing import Any

from portal.ideas.models.ideas import Idea
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from tests.support.ideas import published


def get(visitor: Any, path: str, status: int = 200, **headers: str) -> tuple[Any, Any]:
    page = visitor().get_url(f"/api/v1/{path}", status, headers or None)
    return json.loads(page.text) if page.text else None, page.response


def test_an_idea_has_what_its_page_shows_and_the_name_its_author_chose(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"), summary="Kort sagt", solution="En buss klokka ti.")
    found, response = get(visitor, "ideas")
    item = next(each for each in found["items"] if each["id"] == idea.id)
    assert item["title"] == "Nattbuss til Heggedal"
    assert item["url"].endswith(f"/ideer/{idea.id}-nattbuss-til-heggedal")
    assert (item["kind"], item["state"], item["lang"]) == ("innovation", "received", "nb")
    assert item["byline"] == cast.actor("resident").name
    assert item["created"].endswith("Z")
    assert response.headers["ETag"]


def test_what_is_not_public_is_not_there(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    for state in (
        PublicationState.HIDDEN,
        PublicationState.INTERNAL,
        PublicationState.PENDING,
        PublicationState.MERGED,
    ):
        idea.state = state
        db.session.commit()
        assert idea.id not in [each["id"] for each in get(visitor, "ideas")[0]["items"]]
        assert get(visitor, f"ideas/{idea.id}", 404)[1].mimetype == "application/problem+json"


def test_the_pages_hang_together_and_give_each_idea_once(cast: Any, visitor: Any) -> None:
    made = {published(cast.actor("resident"), f"Idé nummer {number}").id for number in range(5)}
    seen, path = [], "ideas?limit=2"
    while path:
        found, response = get(visitor, path)
        seen += [each["id"] for each in found["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == bool(found["next"])
        path = link.split("/api/v1/")[1].split(">")[0] if link else ""
    assert made <= set(seen)
    assert len(seen) == len(set(seen))


def test_an_unchanged_page_answers_304(cast: Any, visitor: Any) -> None:
    published(cast.actor("resident"))
    _, first = get(visitor, "ideas")
    _, again = get(visitor, "ideas", 304, **{"If-None-Match": first.headers["ETag"]})
    assert again.get_data() == b""


def test_only_what_has_changed_since_is_given(cast: Any, visitor: Any) -> None:
    published(cast.actor("resident"))
    assert get(visitor, "ideas?updated_since=2020-01-01T00:00:00Z")[0]["items"]
    assert not get(visitor, "ideas?updated_since=2999-01-01T00:00:00Z")[0]["items"]


def test_a_parameter_that_cannot_be_is_refused_with_its_reason(visitor: Any) -> None:
    for asked in (
        "limit=0",
        "limit=x",
        "state=nothing",
        "answered=ja",
        "updated_since=i+går",
        "indicator=9.99",
        "cursor=x",
    ):
        found, response = get(visitor, f"ideas?{asked}", 422)
        assert response.mimetype == "application/problem+json"
        assert found["status"] == 422


def test_a_tidstyv_gives_its_hours_only_when_they_are_known(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("employee"), "Skriver timer to steder", kind="time_thief")
    item = get(visitor, "time-thieves")[0]["items"][0]
    assert item["idea"]["id"] == idea.id
    assert (item["status"], item["hours"]) == ("registered", None)


def test_the_api_tells_of_its_own_resources(visitor: Any) -> None:
    paths = get(visitor, "openapi.json")[0]["paths"]
    assert {"/api/v1/ideas", "/api/v1/ideas/{idea_id}", "/api/v1/time-thieves"} <= set(paths)


def test_a_page_of_ideas_costs_at_most_eight_statements(cast: Any, visitor: Any, count_queries: Any) -> None:
    published(cast.actor("resident"))
    with count_queries(at_most=8):
        get(visitor, "ideas?q=buss")


def test_the_case_is_given_with_titles_and_never_names(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    found, _ = get(visitor, f"ideas/{idea.id}")
    assert [each["step"] for each in found["steps"]] == ["received"]
    assert db.session.get(Idea, idea.id) is not None

"""Projects in the public API: what is public, page by page, in the shapes that are promised, and nobody's name."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from portal.cocreation.models.process import PhaseMove
from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from tests.cocreation.test_listing import change, copies
from tests.support.cocreation import joined, started


def get(visitor: Any, path: str, status: int = 200, **headers: str) -> tuple[Any, Any]:
    page = visitor().get_url(f"/api/v1/{path}", status, headers or None)
    return json.loads(page.text) if page.text else None, page.response


def test_a_project_has_what_its_page_shows_and_no_persons_name(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"), summary="Kort sagt", goals=(3,), indicators=(108,))
    joined(cast.actor("resident"), project, cast.actor("volunteer"))
    change(project, type=ProjectType.EQUAL)
    found, response = get(visitor, "projects")
    item = found["items"][0]
    assert item["url"].endswith(f"/samskaping/{project.id}-middag-sammen-i-heggedal")
    assert (item["type"], item["state"], item["lang"], item["summary"]) == ("equal", "need", "nb", "Kort sagt")
    assert [(each["name"], each["contact"]) for each in item["parties"]][1] == ("Frivilligsentralen", "Daglig leder")
    assert (item["goals"], item["indicators"]) == ([3], ["1.8"])
    assert item["created"].endswith("Z")
    assert response.headers["ETag"]
    text = json.dumps(found, ensure_ascii=False)
    for person in (cast.resident.name, cast.volunteer.name):
        assert person not in text


def test_one_project_tells_its_way_through_the_phases(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    move = PhaseMove(project_id=project.id, number=1, came_from=Phase.NEED, came_to=Phase.CONCEPT, reason="Vi vil")
    move.decided_on, move.by_title, move.at = clock.today(), "Leder, Naboene", clock.now()
    db.session.add(move)
    db.session.commit()
    found, _response = get(visitor, f"projects/{project.id}")
    assert found["project"]["id"] == project.id
    assert [(each["came_to"], each["by"]) for each in found["phases"]] == [("concept", "Leder, Naboene")]


def test_what_is_not_public_is_not_there(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    for state in (PublicationState.HIDDEN, PublicationState.PENDING, PublicationState.WITHDRAWN):
        change(project, state=state)
        assert get(visitor, "projects")[0]["items"] == []
        assert get(visitor, f"projects/{project.id}", 404)[1].mimetype == "application/problem+json"


def test_the_pages_hang_together_and_give_each_project_once(cast: Any, visitor: Any) -> None:
    made = {started(cast.actor("resident"), f"Prosjekt {number}").id for number in range(5)}
    seen, path = [], "projects?limit=2"
    while path:
        found, response = get(visitor, path)
        seen += [each["id"] for each in found["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == bool(found["next"])
        path = link.split("/api/v1/")[1].split(">")[0] if link else ""
    assert set(seen) == made
    assert len(seen) == len(made)


def test_an_unchanged_page_answers_304(cast: Any, visitor: Any) -> None:
    started(cast.actor("resident"))
    _, first = get(visitor, "projects")
    _, again = get(visitor, "projects", 304, **{"If-None-Match": first.headers["ETag"]})
    assert again.get_data() == b""


def test_only_what_something_has_happened_in_since_is_given(cast: Any, visitor: Any) -> None:
    old, new = started(cast.actor("resident"), "Gammelt"), started(cast.actor("resident"), "Nytt")
    long_ago = clock.now() - timedelta(days=100)
    change(old, shown_at=long_ago, alive_at=long_ago)
    since = (clock.now() - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [each["id"] for each in get(visitor, f"projects?updated_since={since}")[0]["items"]] == [new.id]


def test_filters_narrow_it(cast: Any, visitor: Any) -> None:
    one = started(cast.actor("resident"), "Teater", indicators=(108,))
    started(cast.actor("resident"), "Noe annet")
    change(one, type=ProjectType.EQUAL, phase=Phase.PLAN)
    for asked in ("type=equal", "state=plan", "indicator=1.8"):
        assert [each["title"] for each in get(visitor, f"projects?{asked}")[0]["items"]] == ["Teater"], asked
    assert get(visitor, "projects?ended=true")[0]["items"] == []


@pytest.mark.parametrize(
    "asked", ["limit=0", "type=x", "state=published", "ended=ja", "updated_since=i+går", "indicator=9.99", "cursor=x"]
)
def test_a_parameter_that_cannot_be_is_refused_with_its_reason(asked: str, visitor: Any) -> None:
    found, response = get(visitor, f"projects?{asked}", 422)
    assert response.mimetype == "application/problem+json"
    assert found["detail"]


def test_it_is_described(visitor: Any) -> None:
    found, _response = get(visitor, "openapi.json")
    assert {"/api/v1/projects", "/api/v1/projects/{project_id}"} <= set(found["paths"])


def test_a_page_of_a_thousand_costs_at_most_eight_statements(cast: Any, visitor: Any, count_queries: Any) -> None:
    copies(started(cast.actor("resident"), goals=(3,)), 1000)
    with count_queries(at_most=8):
        found, _response = get(visitor, "projects?limit=100&q=middag")
    with count_queries(at_most=8):
        found, _response = get(visitor, "projects?limit=100")
    assert len(found["items"]) == 100

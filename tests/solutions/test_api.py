"""Solutions in the public API: what is public, page by page, in the shapes that are promised, and nobody's name."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.solutions.actions.adopting import begin_adoption
from portal.solutions.actions.sharing import edit_solution
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.adoption_rows import AdoptionDraft
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import Cost, Evidence, Theme
from portal.solutions.models.adoptions import Adoption
from tests.solutions.test_listing import change, copies, in_nynorsk
from tests.support.solutions import draft, imported, shared, show

ADOPTER = Adopter(AdopterKind.MUNICIPALITY, "3203")


def get(visitor: Any, path: str, status: int = 200, **headers: str) -> tuple[Any, Any]:
    page = visitor().get_url(f"/api/v1/{path}", status, headers or None)
    return json.loads(page.text) if page.text else None, page.response


def change_adoption(adoption: Adoption, state: PublicationState) -> None:
    adoption.state = state
    db.session.commit()


def test_a_solution_has_what_its_page_shows_and_no_persons_name(cast: Any, visitor: Any) -> None:
    used = date(2024, 3, 1)
    solution = shared(cast.actor("employee"), summary="Kort sagt", goals=(3,), indicators=(108,), used_since=used)
    found, response = get(visitor, "solutions")
    item = found["items"][0]
    assert item["url"].endswith(f"/losninger/{solution.id}-middag-sammen")
    assert (item["kind"], item["state"], item["lang"], item["summary"]) == ("health", "shared", "nb", "Kort sagt")
    assert (item["municipality"], item["municipality_name"], item["size"]) == ("3203", "Asker", "large")
    assert (item["cost_class"], item["evidence"], item["licence"]) == ("low", "told", "CC-BY-4.0")
    assert (item["goals"], item["indicators"], item["used_since"]) == ([3], ["1.8"], "2024-03-01")
    assert item["created"].endswith("Z")
    assert response.headers["ETag"]
    assert cast.employee.name not in json.dumps(found, ensure_ascii=False)


def test_one_solution_has_its_translations_and_those_who_took_it(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser, "Varsling")
    told = AdoptionDraft(step=Step.IN_USE, way=Way.ADAPTED, in_use_since=clock.today(), result="Uleste ord.")
    begin_adoption(adviser, solution.id, ADOPTER, told)
    in_nynorsk(cast, shared(cast.actor("employee"), "Middag"), "Middag i lag")
    found, _response = get(visitor, f"solutions/{solution.id}")
    (adoption,) = found["adoptions"]
    assert (adoption["adopter"], adoption["state"], adoption["way"]) == ("Asker kommune", "in_use", "adapted")
    assert found["solution"]["state"] == "in_use"
    assert found["solution"]["source"] == solution.source_uri
    assert cast.adviser.name not in json.dumps(found, ensure_ascii=False)
    other, _response = get(visitor, f"solutions/{solution.id + 1}")
    assert [(each["lang"], each["title"]) for each in other["translations"]] == [("nn", "Middag i lag")]


def test_what_an_adopter_wrote_is_there_when_a_moderator_has_read_it(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    solution = imported(adviser, "Varsling")
    told = AdoptionDraft(step=Step.PILOTING, way=Way.COPIED, result="Det gikk bra.")
    adoption = begin_adoption(adviser, solution.id, ADOPTER, told)
    change_adoption(adoption, PublicationState.PENDING)
    assert get(visitor, f"solutions/{solution.id}")[0]["adoptions"][0]["result"] == ""
    show(Ref("adoption", adoption.id))
    assert get(visitor, f"solutions/{solution.id}")[0]["adoptions"][0]["result"] == "Det gikk bra."


def test_what_is_not_public_is_not_there(cast: Any, visitor: Any) -> None:
    solution = shared(cast.actor("employee"))
    for state in (PublicationState.HIDDEN, PublicationState.PENDING, PublicationState.WITHDRAWN):
        change(solution, state=state)
        assert get(visitor, "solutions")[0]["items"] == []
        assert get(visitor, f"solutions/{solution.id}", 404)[1].mimetype == "application/problem+json"


def test_the_pages_hang_together_and_give_each_solution_once(cast: Any, visitor: Any) -> None:
    made = {shared(cast.actor("employee"), f"Løsning {number}").id for number in range(5)}
    seen, path = [], "solutions?limit=2"
    while path:
        found, response = get(visitor, path)
        seen += [each["id"] for each in found["items"]]
        link = response.headers.get("Link", "")
        assert bool(link) == bool(found["next"])
        path = link.split("/api/v1/")[1].split(">")[0] if link else ""
    assert set(seen) == made
    assert len(seen) == len(made)


def test_an_unchanged_page_answers_304(cast: Any, visitor: Any) -> None:
    shared(cast.actor("employee"))
    _, first = get(visitor, "solutions")
    _, again = get(visitor, "solutions", 304, **{"If-None-Match": first.headers["ETag"]})
    assert again.get_data() == b""


def test_new_words_are_new_when_they_are_let_through_however_long_a_moderator_takes(cast: Any, visitor: Any) -> None:
    employee, now = cast.actor("employee"), clock.now()
    with clock.moved(by=timedelta(days=-9)):
        solution = shared(employee, "Middag sammen")
        shared(employee, "Uendret")
    with clock.moved(by=timedelta(days=-5)):
        edit_solution(employee, solution.id, draft("Middag sammen", core="Ny kjerne"), version=solution.version)
        change(solution, state=PublicationState.PENDING)
    with clock.moved(by=timedelta(days=-1)):
        show(Ref(SOLUTION, solution.id))
    since = (now - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    items = get(visitor, f"solutions?updated_since={since}")[0]["items"]
    assert [(each["id"], each["core"]) for each in items] == [(solution.id, "Ny kjerne")]


def test_filters_narrow_it(cast: Any, visitor: Any) -> None:
    facts: dict[str, Any] = {"theme": Theme.TRANSPORT, "evidence": Evidence.EVALUATED, "cost_class": Cost.NONE}
    shared(cast.actor("employee"), "Skolevei", indicators=(108,), **facts)
    imported(cast.actor("adviser"), "Noe annet", cost_class=Cost.HIGH)
    for asked in ("kind=transport", "indicator=1.8", "evidence=measured", "cost_class=middle", "municipality=3203"):
        assert [each["title"] for each in get(visitor, f"solutions?{asked}")[0]["items"]] == ["Skolevei"], asked


@pytest.mark.parametrize(
    "asked", ["limit=0", "kind=x", "size=x", "evidence=x", "updated_since=i+går", "indicator=9.99", "cursor=x"]
)
def test_a_parameter_that_cannot_be_is_refused_with_its_reason(asked: str, visitor: Any) -> None:
    found, response = get(visitor, f"solutions?{asked}", 422)
    assert response.mimetype == "application/problem+json"
    assert found["detail"]


def test_it_is_described(visitor: Any) -> None:
    found, _response = get(visitor, "openapi.json")
    assert {"/api/v1/solutions", "/api/v1/solutions/{solution_id}"} <= set(found["paths"])


def test_a_page_of_a_thousand_costs_at_most_eight_statements(cast: Any, visitor: Any, count_queries: Any) -> None:
    copies(shared(cast.actor("employee"), goals=(3,)), 1000)
    with count_queries(at_most=8):
        found, _response = get(visitor, "solutions?limit=100&q=middag")
    with count_queries(at_most=8):
        found, _response = get(visitor, "solutions?limit=100")
    assert len(found["items"]) == 100

"""How a solution has spread: who took it from whom, in words and on a map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.kernel.content import Ref
from portal.kernel.identity import ANONYMOUS
from portal.solutions.actions.sharing import withdraw_solution
from portal.solutions.adoption import Step
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.spread import spread_page
from tests.solutions.adopting import HERE, adopted, organisation, told_from
from tests.support.cast import Cast
from tests.support.page import Visitor
from tests.support.solutions import shared

Open = Callable[..., Visitor]
LIER, TROMSO = "3312", "5501"


def family(cast: Cast) -> tuple[Solution, Solution]:
    """Return a solution of ours, and what the neighbour made of it; both used by others."""
    first = shared(cast.actor("employee"))
    adopted(cast.actor("partner"), first)
    made = shared(cast.actor("partner"), "Fredagsmiddag", origin=Ref("solution", first.id))
    told_from(cast.actor("admin"), made, LIER)
    return first, made


def test_a_solution_nobody_has_taken_says_so(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    page = visitor().get("solutions_adopting.spread", solution_id=solution.id)
    assert "Ingen har meldt fra ennå" in page.words
    assert not page.all("svg.country__picture")


def test_everybody_who_takes_it_stands_in_the_list_those_who_use_it_first(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    adopted(cast.actor("volunteer"), solution, organisation(cast), Step.INTERESTED)
    adopted(cast.actor("partner"), solution)
    told_from(cast.actor("admin"), solution, TROMSO, Step.STOPPED)
    told_from(cast.actor("admin"), solution, LIER, Step.PILOTING)
    page = visitor().get("solutions_adopting.spread", solution_id=solution.id)
    names = [each.get_text(strip=True) for each in page.all(".adopter-row .row__title")]
    assert names == ["Bærum kommune", "Lier kommune", cast.volunteer_organisation.name, "Tromsø kommune"]
    assert "1 har den i bruk · 1 prøver den ut · 1 vurderer den · 1 har sluttet" in page.words


def test_the_map_shows_who_uses_it_and_tries_it_and_from_whom(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    adopted(cast.actor("volunteer"), solution, organisation(cast))
    told_from(cast.actor("admin"), solution, LIER)
    told_from(cast.actor("admin"), solution, TROMSO, Step.STOPPED)
    page = spread_page(ANONYMOUS, solution.id)
    assert page.map is not None
    tones = {spot.name: spot.tone for mark in page.map.marks for spot in mark.spots}
    assert tones == {"Asker": "gives", "Lier": "takes"}
    assert len(page.map.arcs) == 1


def test_there_is_no_map_when_it_has_not_left_its_municipality(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    adopted(cast.actor("volunteer"), solution, organisation(cast))
    assert spread_page(ANONYMOUS, solution.id).map is None
    assert cast.volunteer_organisation.name in visitor().get("solutions_adopting.spread", solution_id=solution.id).words


def test_what_was_made_of_it_stands_under_it_from_wherever_one_looks(cast: Cast, visitor: Open) -> None:
    first, made = family(cast)
    for solution in (first, made):
        page = spread_page(ANONYMOUS, solution.id)
        assert (page.root.id, page.this.id) == (first.id, solution.id)
        assert [each.id for each in page.root.all()] == [first.id, made.id]
        assert page.in_use == 2
    shown = visitor().get("solutions_adopting.spread", solution_id=made.id)
    assert shown.one('.kin--this [aria-current="true"]').get_text(strip=True) == "Fredagsmiddag"
    assert shown.all(f'a[href="/losninger/{first.id}/spredning"]')
    assert page.map is not None
    tones = {spot.name: spot.tone for mark in page.map.marks for spot in mark.spots}
    assert tones == {"Asker": "gives", "Bærum": "both", "Lier": "takes"}


def test_what_is_withdrawn_leaves_the_family(cast: Cast, visitor: Open) -> None:
    first, made = family(cast)
    withdraw_solution(cast.actor("partner"), made.id)
    assert not spread_page(ANONYMOUS, first.id).is_family
    visitor().get("solutions_adopting.spread", _status=404, solution_id=made.id)


def test_the_home_municipality_is_on_the_map_when_it_takes_from_others(cast: Cast) -> None:
    theirs = shared(cast.actor("partner"), "Turvenn")
    adopted(cast.actor("adviser"), theirs, HERE)
    page = spread_page(ANONYMOUS, theirs.id)
    assert page.map is not None
    assert {spot.name for mark in page.map.marks for spot in mark.spots if spot.tone == "takes"} == {"Asker"}


def test_a_long_family_is_read_in_four_statements(cast: Cast, count_queries: Any) -> None:
    first = shared(cast.actor("employee"))
    before = first
    for number in range(12):
        before = shared(cast.actor("employee"), f"Utgave {number}", origin=Ref("solution", before.id))
        told_from(cast.actor("admin"), before, LIER)
    with count_queries(at_most=4):
        page = spread_page(ANONYMOUS, first.id)
    assert [each.title for each in page.root.all()][:3] == ["Middag sammen", "Utgave 0", "Utgave 1"]
    assert len(list(page.root.all())) == 9  # eight generations after the first
    assert spread_page(ANONYMOUS, before.id).this.id == before.id

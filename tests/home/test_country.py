"""The page of the whole country: who shares, who uses, from whom, and that it is the same in words as on the map."""

from __future__ import annotations

from collections.abc import Callable

from portal.solutions.actions.adopting import withdraw_adoption
from portal.solutions.actions.sharing import withdraw_solution
from portal.solutions.adoption import Step
from portal.solutions.facts import Theme
from tests.solutions.adopting import adopted
from tests.support.cast import Cast
from tests.support.page import Page, Visitor
from tests.support.solutions import shared

Open = Callable[..., Visitor]
Counting = Callable[..., object]


def listed(page: Page) -> dict[str, str]:
    """Return what stands in the list: name → what it shares and uses."""
    return {
        row.select_one("h3").get_text(): row.select_one(".row__meta").get_text()  # type: ignore[union-attr]
        for row in page.all(".country-row")
    }


def test_before_anything_is_shared_the_page_says_what_will_come(visitor: Open) -> None:
    page = visitor().get("country.index")
    assert "Ingen har delt noe ennå" in page.words
    assert not page.all(".country a")
    assert page.one(".country__dots")
    assert "Set-Cookie" not in page.response.headers


def test_who_shares_and_who_uses_stand_in_the_list_and_on_the_map(cast: Cast, visitor: Open) -> None:
    ours = shared(cast.actor("employee"), "Middag sammen")
    shared(cast.actor("employee"), "Turvenn")
    adopted(cast.actor("partner"), ours)
    page = visitor().get("country.index")
    assert listed(page) == {"Asker": "Deler 2 løsninger", "Bærum": "Bruker 1 fra andre"}
    assert "2 løsninger er delt." in page.words
    (mark,) = page.all(".country a")
    assert mark["aria-label"] == "2 kommuner. Vis nærmere"
    closer = visitor().get_url(str(mark["href"]))
    assert {str(each["aria-label"]) for each in closer.all(".country a")} == {
        "Asker: deler 2 løsninger",
        "Bærum: bruker 1 fra andre",
    }
    assert len(closer.all(".country__arc")) == 1


def test_only_what_is_in_use_is_spread(cast: Cast, visitor: Open) -> None:
    ours = shared(cast.actor("employee"), "Middag sammen")
    adoption = adopted(cast.actor("partner"), ours, step=Step.PILOTING)
    assert list(listed(visitor().get("country.index"))) == ["Asker"]
    withdraw_adoption(cast.actor("partner"), adoption.id)
    used = adopted(cast.actor("partner"), ours)
    assert list(listed(visitor().get("country.index"))) == ["Asker", "Bærum"]
    withdraw_adoption(cast.actor("partner"), used.id)
    assert list(listed(visitor().get("country.index"))) == ["Asker"]


def test_one_municipality_tells_what_it_shares_and_what_it_uses(cast: Cast, visitor: Open) -> None:
    ours = shared(cast.actor("employee"), "Middag sammen")
    theirs = shared(cast.actor("partner"), "Turvenn")
    adopted(cast.actor("partner"), ours)
    page = visitor().get("country.index", kommune="3201")
    assert page.heading == "Bærum: deler og bruker"
    links = [(link.get_text(), link["href"]) for link in page.all("main .row__title a")]
    assert links == [
        ("Turvenn", f"/losninger/{theirs.id}-turvenn"),
        ("Middag sammen", f"/losninger/{ours.id}-middag-sammen"),
    ]
    assert "Fra Asker" in page.words
    page = visitor().get("country.index", kommune="4601")
    assert "Bergen har ikke delt noe ennå" in page.words
    visitor().get("country.index", _status=404, kommune="0000")


def test_the_map_can_be_narrowed_to_a_theme(cast: Cast, visitor: Open) -> None:
    shared(cast.actor("employee"), "Middag sammen", theme=Theme.HEALTH)
    assert listed(visitor().get("country.index", tema="health"))
    assert "Ingenting om dette temaet ennå" in visitor().get("country.index", tema="culture").words
    assert listed(visitor().get("country.index", tema="nothing"))


def test_what_is_withdrawn_is_gone_from_the_map(cast: Cast, visitor: Open) -> None:
    ours = shared(cast.actor("employee"), "Middag sammen")
    adopted(cast.actor("partner"), ours)
    withdraw_solution(cast.actor("employee"), ours.id)
    assert listed(visitor().get("country.index")) == {}


def test_the_page_costs_the_same_however_much_is_shared(cast: Cast, visitor: Open, count_queries: Counting) -> None:
    for number in range(30):
        adopted(cast.actor("partner"), shared(cast.actor("employee"), f"Løsning {number}"))
    reader = visitor("resident")
    with count_queries(at_most=8):
        reader.get("country.index", kommune="3203")


def test_the_two_maps_lead_to_each_other(visitor: Open) -> None:
    for endpoint, other in (("places.index", "/kart/norge/"), ("country.index", "/kart/")):
        page = visitor().get(endpoint)
        assert len(page.all(".map-scales [aria-current]")) == 1
        assert page.one(f".map-scales a[href='{other}']")

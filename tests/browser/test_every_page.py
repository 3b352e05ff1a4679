"""Every page, as all kinds of people meet it: axe, room, focus, stillness, titles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import checks, pages
from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import PLACES, Place
from tests.browser.running import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
READERS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
"""How a reader has set the browser."""

every_place = pytest.mark.parametrize("place", PLACES, ids=str)
one_of_each = pytest.mark.parametrize("place", list({place.endpoint: place for place in PLACES}.values()), ids=str)


@pytest.fixture
def open_place(visit: Callable[..., Page], portal: Portal, made: dict[str, Any]) -> Callable[..., Page]:
    """Open one of the pages as the person who may."""

    def opened(place: Place, **settings: Any) -> Page:
        page = visit(pages.reader(portal.app, place), **settings)
        answer = page.goto(place.path(portal, made))
        assert answer is not None
        assert answer.status == place.status, f"{place} answered {answer.status}"
        return page

    return opened


def test_no_page_is_left_out(portal: Portal) -> None:
    there_are = {rule.endpoint for rule in portal.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {place.endpoint for place in PLACES}
    assert there_are == looked_at | pages.NOT_PAGES | pages.ON_THE_WAY


@every_place
def test_axe_finds_nothing(open_place: Callable[..., Page], place: Place) -> None:
    turn = PLACES.index(place)
    language = list(LANGUAGES)[turn % 3]
    theme = list(READERS)[turn // 3 % 3]
    size = (DESK, PHONE)[turn % 2]
    page = open_place(place, locale=LANGUAGES[language], viewport=size, **READERS[theme])
    if "sprak" not in place.values:
        assert page.locator("html").get_attribute("lang") == language
    checks.unfold(page)
    assert checks.axe(page, contrast=theme != "forced") == []


@pytest.mark.slow
@every_place
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", READERS)
def test_axe_finds_nothing_for_anybody(
    visit: Callable[..., Page], portal: Portal, made: dict[str, Any], place: Place, language: str, theme: str
) -> None:
    found = []
    for person in pages.EVERYBODY:
        if not pages.may_open(portal.app, place, person):
            continue
        for size in (DESK, PHONE):
            page = visit(person, locale=LANGUAGES[language], viewport=size, **READERS[theme])
            page.goto(place.path(portal, made))
            found += checks.axe(page, contrast=theme != "forced")
            checks.unfold(page)
            found += checks.axe(page, contrast=theme != "forced")
            page.context.close()
    assert found == []


@every_place
def test_everything_fits_and_can_be_hit(open_place: Callable[..., Page], place: Place) -> None:
    page = open_place(place, viewport=PHONE, reduced_motion="reduce")
    checks.unfold(page)
    assert checks.moving(page) == 0
    assert checks.small_targets(page) == []
    page.set_viewport_size({"width": 320, "height": 256})  # 400 % of a window of 1280 × 1024
    assert checks.sideways(page) == []
    assert checks.clipped(page) == []
    for style in (checks.SPACED, checks.DOUBLED):
        checks.restyle(page, style)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            assert checks.sideways(page) == []
            assert checks.clipped(page) == []


@one_of_each
def test_the_keyboard_reaches_everything_and_is_seen(open_place: Callable[..., Page], place: Place) -> None:
    page = open_place(place, viewport=(DESK, PHONE)[PLACES.index(place) % 2], reduced_motion="reduce")
    stops, wrong = checks.walk(page)
    assert stops[0]["href"] == "#innhold"
    assert wrong == []


@one_of_each
def test_nothing_disappears_in_the_readers_own_colours(open_place: Callable[..., Page], place: Place) -> None:
    page = open_place(place, forced_colors="active", color_scheme=("light", "dark")[PLACES.index(place) % 2])
    assert checks.unreadable(page) == []


def test_every_page_has_a_title_of_its_own(visit: Callable[..., Page], portal: Portal, made: dict[str, Any]) -> None:
    browsers = {person: visit(person).request for person in {pages.reader(portal.app, place) for place in PLACES}}
    titles: dict[str, set[str]] = defaultdict(set)
    for place in PLACES:
        text = browsers[pages.reader(portal.app, place)].get(place.path(portal, made)).text()
        found = re.search(r"<title>([^<]+)</title>", text)
        assert found, f"{place} has no title"
        if place.status == 200 and not place.values.keys() & {"sprak", "sorter"}:
            titles[found[1].strip()].add(
                portal.path(place.endpoint, **place.values) if place.values else place.endpoint
            )
    assert {title: sorted(places) for title, places in titles.items() if len(places) > 1} == {}

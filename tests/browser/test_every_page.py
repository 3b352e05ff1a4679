"""Every page, as all kinds of people meet it: axe, room, focus, stillness, titles."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from playwright.sync_api import Page

from tests.browser import checks, pages
from tests.browser.conftest import DESK, PHONE
from tests.browser.pages import PLACES, Place
from tests.browser.running import Portal

pytestmark = pytest.mark.browser

LANGUAGES = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
READERS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced": {"color_scheme": "light", "forced_colors": "active"},
}
"""How a reader has set the browser."""

ONE_OF_EACH = [*{place.endpoint: place for place in reversed(PLACES)}.values()]
"""Each view once: its other states have the same way for the keyboard."""


def test_no_page_is_left_out(portal: Portal) -> None:
    there_are = {rule.endpoint for rule in portal.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {place.endpoint for place in PLACES}
    assert there_are == looked_at | pages.NOT_PAGES | pages.ON_THE_WAY


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_page_can_be_used_by_all(
    look_in: Callable[..., Page], portal: Portal, made: dict[str, Any], place: Place
) -> None:
    """Languages, themes and sizes take turns; test_axe_finds_nothing_for_anybody has them all."""
    turn = crc32(str(place).encode())  # its own, so that a new page changes nothing for the others
    language, theme, size = list(LANGUAGES)[turn % 3], list(READERS)[turn // 3 % 3], (DESK, PHONE)[turn % 2]
    page = look_in(
        pages.reader(portal.app, place),
        locale=LANGUAGES[language],
        viewport=size,
        **READERS[theme],
    )
    answer = page.goto(place.path(portal, made))
    assert answer is not None
    assert answer.status == place.status
    if "sprak" not in place.values:
        assert page.locator("html").get_attribute("lang") == language
    wrong = keyboard(page) if place in ONE_OF_EACH else []
    checks.unfold(page)
    wrong += checks.axe(page, contrast=theme != "forced")
    wrong += room(page)
    page.emulate_media(forced_colors="active")
    wrong += checks.unreadable(page)
    assert wrong == [], "\n".join(wrong)


def keyboard(page: Page) -> list[str]:
    """Return what is wrong on the way through the page by Tab, from the address bar and back to it."""
    stops, wrong = checks.walk(page)
    return wrong if stops[0]["href"] == "#innhold" else ["the first stop is not the way to the content", *wrong]


def room(page: Page) -> list[str]:
    """Return what moves, is too small to hit, or has no room: on a phone, magnified, with larger or looser text."""
    page.set_viewport_size(PHONE)
    wrong = [*checks.small_targets(page), *checks.cut_choices(page)]
    wrong += ["something moves"] if checks.moving(page) else []
    page.set_viewport_size({"width": 320, "height": 256})  # 400 % of a window of 1280 × 1024
    wrong += lacking(page, "320 px")
    for name, style in (("spaced", checks.SPACED), ("doubled", checks.DOUBLED)):
        checks.restyle(page, style)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            wrong += lacking(page, f"{name} at {size['width']} px")
    checks.restyle(page, "")
    return wrong


def lacking(page: Page, when: str) -> list[str]:
    return [f"{when}: {found}" for found in (*checks.sideways(page), *checks.clipped(page))]


def test_every_page_has_a_title_of_its_own(visit: Callable[..., Page], portal: Portal, made: dict[str, Any]) -> None:
    browsers = {person: visit(person).request for person in {pages.reader(portal.app, place) for place in PLACES}}
    titles: dict[str, set[str]] = defaultdict(set)
    for place in PLACES:
        text = browsers[pages.reader(portal.app, place)].get(place.path(portal, made)).text()
        found = re.search(r"<title>([^<]+)</title>", text)
        assert found, f"{place} has no title"
        if place.status == 200 and not place.values.keys() & {"sprak", "sorter", "boks", "sen"}:
            titles[found[1].strip()].add(place.path(portal, made))
    assert {title: sorted(places) for title, places in titles.items() if len(places) > 1} == {}


def look(page: Page, place: Place, path: str, turn: int, *, contrast: bool) -> list[str]:
    """Return what axe finds with everything open, and what has no room; the sizes take turns."""
    page.set_viewport_size((DESK, PHONE)[turn % 2])
    page.goto(path)
    checks.unfold(page)
    return [f"{place}: {found}" for found in (*checks.axe(page, contrast=contrast), *lacking(page, "as it is"))]


@pytest.mark.slow
@pytest.mark.parametrize("theme", READERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_any_language_and_theme(
    visit: Callable[..., Page], portal: Portal, made: dict[str, Any], language: str, theme: str
) -> None:
    first = [*LANGUAGES].index(language) + [*READERS].index(theme)
    browsers: dict[str | None, Page] = {}
    found = []
    for turn, place in enumerate(PLACES, first):
        person = pages.reader(portal.app, place)
        if person not in browsers:
            browsers[person] = visit(person, locale=LANGUAGES[language], **READERS[theme])
        found += look(browsers[person], place, place.path(portal, made), turn, contrast=theme != "forced")
    assert found == [], "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("person", pages.EVERYBODY)
def test_axe_finds_nothing_for_anybody(
    visit: Callable[..., Page], portal: Portal, made: dict[str, Any], person: str | None
) -> None:
    browsers = [visit(person, locale=locale, **READERS["dark"]) for locale in LANGUAGES.values()]
    found = []
    for turn, place in enumerate(PLACES):
        if pages.may_open(portal.app, place, person):
            page = browsers[turn % len(browsers)]
            found += look(page, place, place.path(portal, made), turn, contrast=True)
    assert found == [], "\n".join(found)

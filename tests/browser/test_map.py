"""The map by keyboard, by pointer and without script; what a browser complains of fails these tests, unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NoAnswer

from portal.kernel.content import Ref
from portal.kernel.extensions import content
from portal.kernel.identity import SYSTEM
from portal.places import actions
from portal.places.actions import PlaceDraft
from tests.browser import checks
from tests.browser.conftest import PHONE
from tests.browser.keys import Keys
from tests.browser.running import Portal

pytestmark = pytest.mark.browser

NORTH, SOUTH = (59.8480, 10.4860), (59.5470, 10.5680)


@pytest.fixture
def placed(empty_portal: Portal) -> Portal:
    """A portal with three things in the north and one in the south: indicators, which every portal has."""
    with empty_portal.app.test_request_context():
        numbers = [option.id for option in content().kind("indicator").options("nb")]  # type: ignore[misc]  # it has some
        for number, (latitude, longitude) in zip(numbers[:4], (NORTH, NORTH, NORTH, SOUTH), strict=True):
            draft = PlaceDraft(latitude=latitude, longitude=longitude)
            actions.locate(SYSTEM, Ref("indicator", number), draft)
    return empty_portal


def on_map(page: Page) -> int:
    """Return how many things the marks of the map hold together."""
    said = page.locator(".map-mark").all_inner_texts()
    return sum(int(text) if text else 1 for text in said)


def test_the_map_is_used_by_keyboard_alone(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed)
    page.goto("/kart/?slag=indicator")
    expect(page.locator(".map-mark").first).to_be_visible()
    assert on_map(page) == 4
    assert checks.axe(page) == []
    keys = Keys(page)
    many = page.get_by_role("button", name="3 saker. Vis nærmere")
    keys.tab_to(many, most=80)
    keys.press("Enter")
    expect(page.locator("#kart-liste h2")).to_have_text("3 saker i denne delen av kartet")
    expect(page.get_by_text("Her ligger 3 saker på samme sted")).to_be_visible()
    expect(page).to_have_url(re.compile("boks="))
    assert checks.axe(page) == []
    keys.press("Escape")
    page.get_by_role("link", name="Vis hele kommunen").focus()
    keys.press("Enter")
    expect(page.locator("#kart-liste h2")).to_have_text("4 saker på kartet")
    alone = page.locator(".map-mark--one")
    expect(alone).to_be_visible()
    alone.focus()
    keys.press("Enter")
    link = page.locator(".map-popup__title")
    expect(link).to_be_focused()
    assert checks.axe(page) == []
    keys.press("Escape")
    expect(alone).to_be_focused()
    keys.press("Enter")
    expect(link).to_be_focused()
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/observatorium/indikatorer/"))


def test_the_list_follows_when_the_map_is_moved(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed)
    page.goto("/kart/?slag=indicator")
    expect(page.locator(".map-mark").first).to_be_visible()
    page.locator(".map-pane").focus()
    heading = page.locator("#kart-liste h2")
    for _ in range(30):  # a key that comes while the map still moves is lost
        if heading.inner_text().startswith("3 "):
            break
        with suppress(NoAnswer), page.expect_response(re.compile(r"/kart/\?.*boks="), timeout=5_000):
            page.keyboard.press("ArrowUp")
    expect(heading).to_have_text("3 saker i denne delen av kartet")
    expect(page).to_have_url(re.compile("boks="))
    other = visit(at=placed)
    other.goto(page.url)
    expect(other.locator("#kart-liste h2")).to_have_text("3 saker i denne delen av kartet")


def test_the_map_is_a_picture_with_links_without_script(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed, java_script_enabled=False, viewport=PHONE)
    page.goto("/kart/?slag=indicator")
    expect(page.locator("#kart-liste h2")).to_have_text("4 saker på kartet")
    page.get_by_role("link", name="3 saker. Vis nærmere").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#kart-liste h2")).to_have_text("3 saker i denne delen av kartet")
    assert page.context.cookies() == []


def test_a_phone_gets_a_map_that_fits_and_leaves_room_to_scroll(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed, viewport=PHONE, color_scheme="dark")
    page.goto("/kart/")
    expect(page.locator(".map-mark").first).to_be_visible()
    assert checks.sideways(page) == []
    assert checks.small_targets(page) == []
    assert checks.axe(page) == []
    box = page.locator(".place-map__frame").bounding_box()
    assert box
    assert box["height"] < PHONE["height"] * 0.7


def test_the_map_stands_on_the_country_s_outline_when_no_tile_comes(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed)
    page.goto("/kart/")
    land = page.locator(".place-map--live path.map-land")
    expect(land).to_be_visible()
    box = land.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 100
    assert checks.axe(page) == []


def test_the_country_s_map_is_used_by_keyboard_and_without_script(visit: Callable[..., Page], placed: Portal) -> None:
    page = visit(at=placed, java_script_enabled=False)
    page.goto("/kart/norge/")
    expect(page.locator(".country__land")).to_be_visible()
    page.get_by_role("link", name="Kommunen", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/kart/$"))

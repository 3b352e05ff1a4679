"""Moderating in a real browser: the journey of a case to its reversal, masking by marking, and keys that can be off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import checks
from tests.browser.conftest import DESK, PHONE
from tests.browser.running import Portal

pytestmark = pytest.mark.browser


def open_case(page: Page, words: str) -> None:
    """Find a case in the queue by what its text says."""
    page.goto("/moderering/ko/")
    page.locator(".case-row", has_text=words).get_by_role("link").click()


@pytest.mark.parametrize("settings", [{"viewport": DESK}, {"viewport": PHONE}, {"color_scheme": "dark"}])
def test_the_pages_are_accessible_with_everything_unfolded(
    visit: Callable[..., Page], own_portal: Portal, settings: dict[str, Any]
) -> None:
    page = visit("moderator2", at=own_portal, **settings)
    for path in ("/moderering/", "/moderering/ko/", "/moderering/klager/", "/moderering/klager/1/"):
        page.goto(path)
        assert checks.axe(page) == [], path
        assert checks.sideways(page) == [], path
    open_case(page, "912 34 567")
    page.get_by_text("Begrens teksten").first.click()
    page.get_by_text("Se hvem som skrev").click()
    assert checks.axe(page) == []
    assert checks.sideways(page) == []
    assert checks.small_targets(page) == []


def test_words_are_masked_by_marking_them_in_the_text(visit: Callable[..., Page], own_portal: Portal) -> None:
    page = visit("moderator", at=own_portal)
    open_case(page, "Kommunen burde skamme seg")
    page.get_by_text("Begrens teksten").first.click()
    page.evaluate(
        """() => {
          const text = document.querySelector("[data-case-text]");
          const node = document.createTreeWalker(text, NodeFilter.SHOW_TEXT).nextNode();
          const start = node.data.indexOf("rådmannen");
          document.getSelection().setBaseAndExtent(node, start, node, start + "rådmannen".length);
        }"""
    )
    page.get_by_role("button", name="Sladd det jeg har merket").click()
    expect(page.get_by_role("button", name="Fjern «rådmannen»")).to_be_visible()
    expect(page.get_by_label("Sladd noe, og vis resten")).to_be_checked()
    page.get_by_label("Hvilken regel er brutt?").select_option("defamation")
    page.get_by_role("button", name="Se over begrunnelsen").click()
    expect(page.locator(".case-text")).to_contain_text("sett, og [sladdet] gjør ingenting!")
    assert checks.axe(page) == []
    page.get_by_role("button", name="Endre noe").click()
    expect(page.get_by_role("button", name="Fjern «rådmannen»")).to_be_visible()


def test_keys_do_what_the_list_says_and_can_be_turned_off(visit: Callable[..., Page], own_portal: Portal) -> None:
    page = visit("moderator", at=own_portal)
    page.goto("/moderering/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sak")
    page.wait_for_load_state()  # with the script that hears the keys
    page.keyboard.press("b")
    expect(page.locator("[data-restrict]")).to_have_attribute("open", "")
    page.get_by_label("Hva bygger du på?").fill("snv")
    expect(page.get_by_role("heading", level=1), "writing is no shortcut").to_contain_text("Sak")
    page.get_by_role("button", name="Slå av hurtigtastene").click()
    page.goto("/moderering/")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Moderering")
    page.get_by_role("button", name="Slå på hurtigtastene").click()
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Køen")

"""Writing an idea with script: it is saved by itself, and what resembles it is shown on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import checks
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


def test_what_is_written_is_saved_and_there_again_when_one_comes_back(visit: Callable[..., Page]) -> None:
    page = visit("volunteer", viewport=PHONE)
    page.goto("/ideer/ny")
    page.get_by_label("Hva er ideen, kort sagt?").fill("Benker langs kyststien")
    expect(page.locator("[data-propose-status]")).to_have_text(re.compile(r"Lagret \d\d\.\d\d"))
    expect(page).to_have_url(re.compile(r"/ideer/utkast/\d+$"))
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        page.get_by_label("Hva er utfordringen?").fill("De eldste orker ikke hele turen uten å hvile.")
    page.reload()
    expect(page.get_by_label("Hva er utfordringen?")).to_have_value("De eldste orker ikke hele turen uten å hvile.")


def test_what_resembles_it_is_shown_and_can_be_supported_instead(visit: Callable[..., Page]) -> None:
    page = visit("volunteer", viewport=PHONE)
    page.goto("/ideer/ny")
    page.get_by_label("Hva er ideen, kort sagt?").fill("Vannpost ved badeplassen på Hvalstrand")
    panel = page.locator("[data-alike]")
    expect(panel.get_by_role("link", name="Vannpost ved badeplassen på Hvalstrand")).to_be_visible()
    assert checks.axe(page) == []
    assert checks.sideways(page) == []
    panel.get_by_role("button", name="Samme: jeg støtter den").first.click()
    expect(page.get_by_role("heading", name="Kaste utkastet?")).to_be_visible()
    page.get_by_role("button", name="Kast utkastet").click()
    expect(page.get_by_role("heading", name="Dine ideer")).to_be_visible()


def test_what_is_not_the_same_goes_away_and_the_focus_stays_in_the_form(visit: Callable[..., Page]) -> None:
    page = visit("business")
    page.goto("/ideer/ny")
    page.get_by_label("Hva er ideen, kort sagt?").fill("Vannpost ved badeplassen på Hvalstrand")
    panel = page.locator("[data-alike]")
    expect(panel).to_be_visible()
    offered = panel.get_by_role("button", name="Ikke det samme")
    for left in reversed(range(offered.count())):
        offered.first.click()
        expect(offered).to_have_count(left)
    expect(panel).to_be_hidden()
    expect(page.get_by_label("Hva er utfordringen?")).to_be_focused()


def test_it_is_written_and_sent_in_by_keyboard_and_without_script(visit: Callable[..., Page]) -> None:
    page = visit("knowledge", java_script_enabled=False)
    page.goto("/ideer/ny")
    page.get_by_label("Hva er ideen, kort sagt?").focus()
    page.keyboard.type("Kart over støy fra veiene")
    page.keyboard.press("Tab")
    page.keyboard.type("Ingen vet hvor det er stille nok til å bygge.")
    page.get_by_role("button", name="Se over og send inn").focus()
    page.keyboard.press("Enter")
    send = page.get_by_role("button", name="Send inn ideen")
    onward = page.get_by_role("link", name="Ingen av dem: gå videre")
    expect(send.or_(onward)).to_be_visible()
    if onward.is_visible():
        onward.click()
    send.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Takk! Vi har fått ideen")).to_be_visible()

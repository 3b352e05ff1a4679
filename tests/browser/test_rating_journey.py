"""A resident rates the municipality: on a phone, by keyboard only, without script, and by way of a provider."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.observatorium.catalogue import Dimension, catalogue
from tests.browser.conftest import PHONE
from tests.browser.running import Portal

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "demo-passord"
FOCUS_IS_SEEN = """() => {
  // the mark may be on the control, or on the card that it stands in
  for (let e = document.activeElement, n = 0; e && n < 4; e = e.parentElement, n++) {
    const style = getComputedStyle(e);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) return true;
    if (n === 0 && style.boxShadow !== 'none') return true;
  }
  return false;
}"""


def press_until(page: Page, selector: str, key: str = "Tab", most: int = 80) -> None:
    """Press a key until what is focused matches; every stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press(key)
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert page.evaluate(FOCUS_IS_SEEN), f"the focus can't be seen on {where}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} can't be reached with {key}")


def sign_in(page: Page, name: str) -> None:
    page.goto("/konto/logg-inn")
    page.get_by_role("textbox", name="E-postadresse").fill(f"{name}@demo.example")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "logg-inn" not in address)


def test_the_first_stop_is_the_way_past_the_menu(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    page.goto("/observatorium/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#innhold"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"


def test_a_resident_rates_all_39_on_a_phone_with_the_keyboard_only(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit("resident", viewport=PHONE)
    page.goto(portal.path("rating.overview"))
    press_until(page, "input[type=radio]")
    page.keyboard.press("Space")
    press_until(page, "main button[type=submit], main button:not([type])")
    page.keyboard.press("Enter")
    for count, indicator in enumerate(catalogue().indicators, 1):
        expect(page.locator("h1")).to_contain_text(indicator.number)
        press_until(page, "input[type=radio]")
        for _ in range(count % 4):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        press_until(page, "main form button")
        while page.evaluate("document.activeElement.textContent.trim()") not in {"Neste", "Se over svarene"}:
            press_until(page, "main form button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.goto(portal.path("rating.review"))
    expect(page.locator("main")).to_contain_text("39 av 39")


def test_a_resident_rates_all_39_without_script(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit("resident2", viewport=PHONE, java_script_enabled=False)
    page.goto(portal.path("rating.overview"))
    page.locator("input[name=tie]").first.press("Space")
    page.get_by_role("button", name="Begynn").press("Enter")
    page.wait_for_load_state()
    for dimension in Dimension:
        page.goto(portal.path("rating.dimension", number=dimension.number))
        for indicator in catalogue().in_dimension(dimension):
            page.locator(f'input[name="{indicator.number}"][value="yellow"]').press("Space")
        page.locator("main form button").last.press("Enter")
        page.wait_for_load_state()
    page.goto(portal.path("rating.review"))
    expect(page.locator("main")).to_contain_text("39 av 39")
    page.goto(portal.path("rating.indicator", number="1.8"))
    assert page.locator('input[name="1.8"][value="yellow"]').is_checked()


def test_the_password_form_signs_in_and_an_empty_one_points_at_what_is_missing(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    page.goto("/konto/logg-inn")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    sign_in(page, "volunteer")
    page.goto("/konto/")
    expect(page.locator("main")).to_contain_text("Vilde")


def test_somebody_comes_by_a_provider_rates_and_signs_out_there_too(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit(viewport=PHONE)
    page.goto("/konto/logg-inn")
    page.get_by_role("link", name="ID-porten (demo)").click()
    page.locator("button").first.click()
    page.wait_for_url(lambda address: address.startswith(portal.address))
    page.goto(portal.path("rating.overview"))
    page.locator("input[name=tie]").first.press("Space")
    page.get_by_role("button", name="Begynn").press("Enter")
    page.locator('input[name="1.1"][value="green"]').press("Space")
    page.get_by_role("button", name="Neste").press("Enter")
    expect(page.locator("h1")).to_contain_text("1.2")
    page.goto(portal.path("rating.overview"))
    expect(page.locator("main")).to_contain_text("1 av 39")
    page.goto("/konto/")
    page.evaluate("document.querySelector('form[action*=\"logg-ut\"]').submit()")
    page.wait_for_url(lambda address: "logg" in address or not address.startswith(portal.address))
    page.goto("/konto/")
    expect(page).to_have_title("Logg inn – Asker kommune")

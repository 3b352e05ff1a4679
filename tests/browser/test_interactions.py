"""What opens, turns and follows the pointer stays accessible, and needs no script where it can do without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import checks
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scripted", [True, False])
def test_the_menu_opens_on_a_phone(visit: Callable[..., Page], scheme: str, scripted: bool) -> None:
    page = visit("coordinator", viewport=PHONE, color_scheme=scheme, java_script_enabled=scripted)
    page.goto("/")
    menu = page.get_by_role("navigation", name="Hovedmeny")
    expect(menu).to_be_hidden()
    page.locator(".menu-toggle summary").click()
    expect(menu.get_by_role("link", name="Observatorium")).to_be_visible()
    page.locator("details.account summary").click()
    expect(page.get_by_role("button", name="Logg ut")).to_be_visible()
    if scripted:
        assert checks.axe(page) == []
        assert checks.small_targets(page) == []
        assert checks.sideways(page) == []


def test_the_account_menu_closes_by_escape_and_gives_the_focus_back(visit: Callable[..., Page]) -> None:
    page = visit("resident")
    page.goto("/")
    opener = page.locator("details.account summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Min side")).to_be_visible()
    assert checks.axe(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Min side")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_language_can_be_changed_on_every_page_and_stays(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/observatorium/metode/")
    for name, code in (("English", "en"), ("Nynorsk", "nn"), ("Bokmål", "nb")):
        link = page.get_by_role("navigation").get_by_role("link", name=name)
        assert link.get_attribute("lang") == code
        link.click()
        expect(page.locator("html")).to_have_attribute("lang", code)
        page.goto("/observatorium/metode/")
        expect(page.locator("html")).to_have_attribute("lang", code)


@pytest.mark.parametrize("spoken", [("no", "nb"), ("nn-NO", "nn"), ("de-DE", "nb")])
def test_the_browsers_language_is_followed(visit: Callable[..., Page], spoken: tuple[str, str]) -> None:
    page = visit(locale=spoken[0])
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", spoken[1])


def test_the_wheel_says_what_it_shows_to_pointer_and_keyboard(visit: Callable[..., Page]) -> None:
    page = visit(viewport=DESK)
    page.goto("/observatorium/")
    line = page.locator("[data-wheel-says]")
    page.locator(".wheel-full a").nth(4).focus()
    expect(line).to_contain_text("1.5")
    page.mouse.move(*a_point_in(page.locator(".wheel-full a").nth(20)))
    expect(line).to_contain_text(re.compile(r"3\.\d"))
    assert checks.axe(page) == []
    page.locator(".wheel-full a").nth(4).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/observatorium/indikatorer/1\.5/"))


def a_point_in(sector: Locator) -> tuple[float, float]:
    """Return a point of the window that lies in a sector: the middle of its box may lie in the next."""
    sector.scroll_into_view_if_needed()
    found: list[float] = sector.evaluate("""each => {
        const { left, top, width, height } = each.getBoundingClientRect();
        for (let x = .05; x < 1; x += .05) for (let y = .05; y < 1; y += .05) {
            const point = [left + x * width, top + y * height];
            if (document.elementFromPoint(...point)?.closest('a') === each) return point;
        }
    }""")
    return found[0], found[1]


def test_on_a_phone_the_quarters_of_the_wheel_lead_to_the_list(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    page.goto("/observatorium/")
    quarters = page.locator(".wheel-compact a")
    expect(quarters).to_have_count(4)
    quarters.nth(2).click()
    expect(page).to_have_url(re.compile("#dimensjon-3"))
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top") < PHONE["height"]


@pytest.mark.parametrize("scripted", [True, False])
def test_the_list_is_narrowed_and_sorted(visit: Callable[..., Page], scripted: bool) -> None:
    page = visit(viewport=PHONE, java_script_enabled=scripted)
    page.goto("/observatorium/")
    page.get_by_label("Dimensjon").select_option("2")
    page.get_by_label("Rekkefølge").select_option(index=1)
    page.locator("main").get_by_role("button", name="Vis").click()
    expect(page.get_by_text(re.compile("Viser 8 av 39"))).to_be_visible()
    if scripted:
        assert checks.axe(page) == []


def test_a_chart_has_its_table(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    page.goto("/observatorium/indikatorer/1.8/")
    for summary in page.get_by_text("Tallene i en tabell").all():
        summary.click()
    expect(page.locator("main table:visible")).not_to_have_count(0)
    assert checks.axe(page) == []


def test_what_is_hidden_says_why(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/observatorium/indikatorer/1.8/")
    expect(page.get_by_text("skjult av hensyn til personvern").first).to_be_visible()


def test_paper_has_the_wheel_with_its_names_and_no_menus(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 680, "height": 960}, color_scheme="dark")
    page.goto("/observatorium/")
    page.emulate_media(media="print")
    expect(page.locator(".wheel-full")).to_be_visible()
    expect(page.locator(".wheel-compact")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_password_can_be_shown_and_hidden(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/konto/logg-inn")
    field = page.get_by_label("Passord", exact=True)
    field.fill("tre blå båter på fjorden")
    page.get_by_role("button", name="Vis passordet").click()
    expect(field).to_have_attribute("type", "text")
    assert checks.axe(page) == []
    page.get_by_role("button", name="Skjul passordet").click()
    expect(field).to_have_attribute("type", "password")

"""The components in a real browser: for every eye, every size, with and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

GALLERY = "/ui/galleri?sprak=nb"
UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }"""
STATES: dict[str, Callable[[Page], None]] = {
    "as it opens": lambda page: page.wait_for_load_state(),
    "with errors": lambda page: page.get_by_role("button", name="Send inn ideen").last.click(),
    "with a dialog": lambda page: page.get_by_role("link", name="Trekk ideen").click(),
    "with all folded out": lambda page: page.evaluate(
        "document.querySelectorAll('details').forEach(d => d.open = true)"
    ),
}


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open an address with the browser set as the reader has it; complaints in the console fail the test."""
    contexts = []
    complaints: list[str] = []

    def opened(address: str, **settings: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "nb-NO"} | settings)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def found_by_axe(page: Page) -> list[tuple[str, str]]:
    violations = Axe().run(page).response["violations"]
    return [(each["id"], node["html"][:120]) for each in violations for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_any_state(open_page: Callable[..., Page], state: str, scheme: str, width: int) -> None:
    page = open_page(f"{GALLERY}&inn", color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    STATES[state](page)
    page.wait_for_load_state()
    page.wait_for_timeout(400)
    assert found_by_axe(page) == []


@pytest.mark.parametrize("theme", ["fjord", "skog", "lyng"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_theme(open_page: Callable[..., Page], theme: str, scheme: str) -> None:
    page = open_page(f"{GALLERY}&inn&tema={theme}", color_scheme=scheme, bypass_csp=True)
    assert found_by_axe(page) == []


@pytest.mark.parametrize(
    ("size", "style"),
    [
        ((320, 256), ""),
        ((360, 740), "html { font-size: 200% !important }"),
        ((1280, 800), "html { font-size: 200% !important }"),
        ((320, 256), SPACED),
    ],
)
def test_nothing_reaches_outside_the_page(open_page: Callable[..., Page], size: tuple[int, int], style: str) -> None:
    page = open_page(f"{GALLERY}&inn", viewport={"width": size[0], "height": size[1]}, bypass_csp=True)
    STATES["with all folded out"](page)
    if style:
        page.add_style_tag(content=style)
    outside = page.evaluate("""() => [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest(".ds-sr-only, thead"))
        .map(each => each.outerHTML.slice(0, 80))""")
    assert outside == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_skip_link_is_the_first_stop_and_every_stop_is_seen(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#innhold"
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
            const here = document.activeElement;
            const marked = [here, here.closest(".card, .rating__choice, .ds-field")].filter(Boolean);
            return marked.some(each => getComputedStyle(each).outlineStyle !== "none");
        }""")
        assert seen, page.evaluate("document.activeElement.outerHTML")


def test_the_menu_opens_on_a_phone_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Hovedmeny")
    expect(menu).to_be_hidden()
    page.locator(".menu-toggle summary").click()
    expect(menu.get_by_role("link", name="Samskaping")).to_be_visible()


def test_targets_are_large_enough_for_a_thumb(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{GALLERY}&inn", viewport={"width": 360, "height": 740})
    page.locator(".menu-toggle summary").click()
    small = page.evaluate("""() => [...document.querySelectorAll("a, button, summary, select, .ds-input")]
        .filter(each => !each.closest("p, dd, .prose, .card") && each.getClientRects().length)
        .map(each => each.closest(".choice, .rating__choice") ?? each)
        .filter(each => each.getBoundingClientRect().height < 40 && !each.classList.contains("skip-link"))
        .map(each => each.outerHTML.slice(0, 80))""")
    assert small == []
    heights = page.evaluate("[...document.querySelectorAll('.rating__choice')].map(e => e.offsetHeight)")
    assert min(heights) >= 56


def test_a_dialog_is_a_section_of_the_page_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, java_script_enabled=False)
    dialog = page.locator("#trekk")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Trekk ideen").click()
    expect(dialog.get_by_role("heading", name="Vil du trekke ideen?")).to_be_visible()


def test_a_dialog_opens_closes_and_gives_the_focus_back(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    opener = page.get_by_role("link", name="Trekk ideen")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Vil du trekke ideen?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_must_be_mended_gets_the_focus(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    STATES["with errors"](page)
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("[data-error-summary] a", has_text="E-post").click()
    expect(page.locator("#email")).to_be_focused()


def test_a_password_can_be_shown(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    field = page.locator("#password")
    field.fill("tre blå båter")
    page.get_by_role("button", name="Vis passordet").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Skjul passordet").click()
    expect(field).to_have_attribute("type", "password")


def test_letters_left_are_counted_while_writing(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    page.locator("#title").fill("x" * 70)
    expect(page.locator("#title-count")).to_have_text("10 tegn igjen")
    page.locator("#title").fill("x" * 85)
    expect(page.locator("#title-count")).to_have_text("5 tegn for mye")


def test_a_choice_is_saved_at_once_and_tried_again_when_it_fails(open_page: Callable[..., Page], host: Flask) -> None:
    page = open_page(GALLERY)
    host.config["received"].clear()
    host.config["answers"][:] = [204, 503, 204]
    status = page.locator("[data-autosave-status]")
    page.get_by_label("Ikke akseptabelt").check()
    expect(status).to_have_text("Lagret")
    page.get_by_label("Minstekravet er nådd").check()
    expect(status).to_have_text("Ikke lagret. Vi prøver igjen.")
    expect(status).to_have_text("Lagret")
    assert [sent["svar"] for sent in host.config["received"]] == ["red", "green", "green"]
    assert all(sent["csrf_token"] for sent in host.config["received"])


@pytest.mark.parametrize("answer", [303, 409])
def test_a_refused_choice_is_not_said_to_be_saved(open_page: Callable[..., Page], host: Flask, answer: int) -> None:
    page = open_page(GALLERY)
    host.config["answers"][:] = [answer]
    page.get_by_label("Vet ikke").check()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Ikke lagret. Trykk på knappen")


def test_a_form_is_sent_once_however_often_one_clicks(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => {
        const button = document.querySelector("form[enctype] button.ds-button:not([type=button])");
        button.click(); button.click(); button.click();
    }""")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert len(sent) == 1


def test_a_session_about_to_end_can_be_kept(open_page: Callable[..., Page], host: Flask, site: str) -> None:
    page = open_page("/feil")
    page.clock.install()
    page.goto(f"{site}/feil?inn&sprak=nb")
    dialog = page.get_by_role("dialog", name="Vil du fortsette?")
    page.clock.run_for(1_000 * (1200 - 125))
    expect(dialog).to_be_hidden()
    page.clock.run_for(10_000)
    expect(dialog).to_be_visible()
    host.config["answers"][:] = [503, 204]
    dialog.get_by_role("button", name="Forbli innlogget").click()
    expect(dialog).to_contain_text("Vi fikk ikke kontakt")
    dialog.get_by_role("button", name="Forbli innlogget").click()
    expect(dialog).to_be_hidden()


def test_paper_is_light_even_for_those_who_read_in_the_dark(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("""() => [getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector("h1")).color]""")
    assert colours == ["rgb(255, 255, 255)", "rgb(28, 38, 36)"]
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_hidden()


def test_nothing_moves_for_those_who_want_it_still(open_page: Callable[..., Page]) -> None:
    page = open_page(GALLERY, reduced_motion="reduce")
    STATES["with a dialog"](page)
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0


def test_every_letter_of_the_north_is_drawn_in_our_own_font(browser: Browser, site: str) -> None:
    with closing(browser.new_context()) as context:
        page = context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(site + GALLERY)
        page.evaluate("document.fonts.ready")
        assert not any("inter-extended" in url for url in fetched)
        page.evaluate("document.querySelector('h1').textContent = 'Kárášjohka, Łódź, Žarko Đurić'")
        page.evaluate("document.fonts.ready")
        page.wait_for_function("[...document.fonts].filter(font => font.status === 'loaded').length === 2")
    assert all(url.startswith(site) for url in fetched)

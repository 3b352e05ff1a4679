"""A resident rates the municipality: by keyboard on a phone, without script, in two windows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.config import DEMO_PASSWORD
from portal.observatorium.catalogue import catalogue
from tests.browser import checks
from tests.browser.conftest import PHONE
from tests.browser.keys import Keys, choose

pytestmark = pytest.mark.browser

NUMBERS = [indicator.number for indicator in catalogue().indicators]
ANSWERS = ("Ikke akseptabelt", "På vei", "Minstekravet er nådd", "Vet ikke")


def row(page: Page, number: str) -> Any:
    """Return the line of one question on the page of all the answers."""
    return page.locator(f"[id='rad-{number}']")


def test_a_resident_rates_all_39_on_a_phone_by_keyboard_only(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    keys = Keys(page)
    page.goto("/")
    keys.skip()
    keys.follow(page.get_by_role("link", name="Vurder kommunen").first)
    expect(page.get_by_role("heading", level=1, name="Vurder kommunen")).to_be_visible()
    keys.skip()
    keys.follow(page.get_by_role("link", name="Logg inn og begynn"))
    expect(page.get_by_role("heading", level=1, name="Logg inn")).to_be_visible()
    keys.tab_to(page.get_by_label("E-postadresse"))
    keys.write("adviser@demo.example")
    keys.tab_to(page.get_by_label("Passord", exact=True))
    keys.write(DEMO_PASSWORD)
    keys.press("Enter")
    expect(page.get_by_text("Hva knytter deg til kommunen?")).to_be_visible()
    keys.skip()
    keys.tab_to(page.get_by_label("Jeg bor her"))
    keys.press("Space")
    keys.follow(page.get_by_role("button", name="Begynn"))
    for place, number in enumerate(NUMBERS):
        expect(page).to_have_url(re.compile(rf"/vurder/{re.escape(number)}/$"))
        page.wait_for_load_state()  # with the script that saves
        answer_by_keyboard(keys, place)
    expect(page.get_by_role("heading", level=1, name="Svarene dine")).to_be_visible()
    expect(page.get_by_text("39 av 39 vurdert").first).to_be_visible()
    for place, number in enumerate(NUMBERS):
        expect(row(page, number)).to_contain_text(ANSWERS[place % 4])
    assert checks.axe(page) == []

    keys.follow(row(page, "1.1").get_by_role("link", name="Endre"))
    expect(page.get_by_label("Ikke akseptabelt")).to_be_checked()
    keys.tab_to(page.get_by_label("Ikke akseptabelt"))
    keys.press("ArrowDown", "ArrowDown")
    keys.follow(page.get_by_role("button", name="Lagre"))
    expect(row(page, "1.1")).to_contain_text("Minstekravet er nådd")
    keys.follow(page.get_by_role("button", name="Trekk svaret på 1.2"))
    expect(page.get_by_role("status").filter(has_text="Svaret på 1.2 er trukket")).to_be_visible()
    expect(page.get_by_text("38 av 39 vurdert").first).to_be_visible()
    expect(row(page, "1.2")).to_contain_text("Ikke besvart")


def answer_by_keyboard(keys: Keys, place: int) -> None:
    """Choose one of the four answers to the question on the screen, and go on."""
    page = keys.page
    keys.tab_to(page.get_by_label(ANSWERS[0]))
    keys.press("Space", *["ArrowDown"] * (place % 4))
    expect(page.get_by_label(ANSWERS[place % 4])).to_be_checked()
    expect(page.locator("[data-autosave-status]")).to_have_text("Lagret")
    keys.follow(page.get_by_role("button", name=re.compile("Neste|Se over svarene")))


def test_a_resident_rates_all_39_without_script(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE, java_script_enabled=False)
    page.goto("/konto/logg-inn")
    page.get_by_label("E-postadresse").fill("moderator2@demo.example")
    page.get_by_label("Passord", exact=True).fill(DEMO_PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logg inn", exact=True).click()
    page.goto("/observatorium/vurder/")
    choose(page.get_by_label("Jeg jobber her"))
    with page.expect_navigation():
        page.get_by_role("button", name="Begynn").click()
    for dimension in range(1, 5):
        page.goto(f"/observatorium/vurder/{dimension}/")
        for place, number in enumerate(NUMBERS):
            if number.startswith(f"{dimension}."):
                choose(page.locator(f"[id='{number}-{place % 4}']"))
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("Lagre og")).click()
    expect(page.get_by_role("heading", level=1, name="Svarene dine")).to_be_visible()
    expect(page.get_by_text("39 av 39 vurdert").first).to_be_visible()
    row(page, "2.3").get_by_role("link", name="Endre").click()
    choose(page.get_by_label("Vet ikke"))
    page.get_by_role("button", name="Lagre").click()
    expect(row(page, "2.3")).to_contain_text("Vet ikke")
    page.get_by_role("button", name="Trekk svaret på 2.4").click()
    expect(page.get_by_text("38 av 39 vurdert").first).to_be_visible()
    expect(row(page, "2.4")).to_contain_text("Ikke besvart")


def test_an_answer_is_kept_as_soon_as_it_is_chosen(visit: Callable[..., Page]) -> None:
    page = visit("resident-1@crowd.demo.example", viewport=PHONE)
    page.goto("/observatorium/vurder/3.4/")
    choose(page.get_by_label("På vei"))
    expect(page.locator("[data-autosave-status]")).to_have_text("Lagret")
    assert checks.axe(page) == []
    page.goto("/observatorium/vurder/dine-svar/")
    expect(row(page, "3.4")).to_contain_text("På vei")


def test_two_windows_do_each_other_no_harm(visit: Callable[..., Page]) -> None:
    one = visit("resident-3@crowd.demo.example")
    other = one.context.new_page()
    for page in (one, other):
        page.goto("/observatorium/vurder/4.1/")
        choose(page.get_by_label("Jeg bor her"))
    choose(one.get_by_label("Ikke akseptabelt"))
    choose(other.get_by_label("Minstekravet er nådd"))
    one.get_by_role("button", name="Neste").click()
    expect(one).to_have_url(re.compile(r"/4\.2/$"))
    other.get_by_role("button", name="Neste").click()
    expect(other).to_have_url(re.compile(r"/4\.2/$"))
    one.goto("/observatorium/vurder/dine-svar/")
    expect(row(one, "4.1")).to_contain_text("Minstekravet er nådd")
    expect(one.get_by_text("1 av 39 vurdert").first).to_be_visible()


def test_a_double_click_sends_once(visit: Callable[..., Page]) -> None:
    page = visit("resident-4@crowd.demo.example")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto("/observatorium/vurder/1.5/")
    choose(page.get_by_label("Jeg bor her"))
    choose(page.get_by_label("Vet ikke"))
    page.get_by_role("button", name="Neste").dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile(r"/1\.6/$"))
    assert len([url for url in posts if url.endswith("/1.5/")]) == 1


def test_a_comment_waits_for_a_moderator_and_is_then_shown_to_all(visit: Callable[..., Page]) -> None:
    writer, text = visit("resident-5@crowd.demo.example"), "Sykkelveien slutter midt i krysset ved kirken."
    writer.goto("/observatorium/vurder/2.6/")
    if writer.get_by_label("Jeg bor her").count():
        choose(writer.get_by_label("Jeg bor her"))
    choose(writer.get_by_label("Ikke akseptabelt"))
    writer.get_by_text("Skriv en kommentar (valgfritt)").click()
    writer.get_by_label("Kommentaren din").fill(text)
    writer.get_by_role("button", name="Neste").click()
    expect(writer.get_by_text("En moderator leser den før den vises")).to_be_visible()
    reader = visit()
    reader.goto("/observatorium/indikatorer/2.6/")
    expect(reader.get_by_text(text)).to_have_count(0)
    moderator = visit("moderator")
    moderator.goto("/moderering/ko/")
    moderator.locator("li", has_text=text).get_by_role("link").first.click()
    moderator.get_by_role("button", name="Vis teksten, og ta neste").click()
    expect(moderator.get_by_text(text)).to_have_count(0)
    reader.reload()
    expect(reader.get_by_text(text)).to_be_visible()

"""Forms that are refused, pages that aren't there, and sessions that end while somebody writes: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import checks
from tests.browser.conftest import PHONE
from tests.browser.keys import choose
from tests.browser.running import Portal

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Asks:
    """A form that can't be sent empty."""

    path: str
    button: str
    who: str | None = None

    def __str__(self) -> str:
        return self.path.format(**dict.fromkeys(NAMES, "x")).strip("/").replace("/", "-")


NAMES = ("person", "organisation", "open", "published", "draft", "area", "partner", "solution", "portal")
FORMS = (
    Asks("/konto/logg-inn", "Logg inn"),
    Asks("/konto/ny", "Lag bruker"),
    Asks("/konto/glemt-passord", "Send meg en lenke"),
    Asks("/konto/profil", "Endre profilen", "resident"),
    Asks("/konto/e-post", "Send lenken", "resident"),
    Asks("/konto/passord", "Bytt passord", "resident"),
    Asks("/konto/organisasjoner", "Send forespørselen", "resident"),
    Asks("/konto/slett", "Slett brukeren min", "resident"),
    Asks("/observatorium/vurder/", "Begynn", "employee"),
    Asks("/observatorium/vurder/2.2/", "Neste", "employee"),
    Asks("/observatorium/vurder/2/", "Lagre og gå videre", "employee"),
    Asks("/observatorium/styring/runder/ny", "Lag utkastet", "coordinator"),
    Asks("/observatorium/styring/runder/{draft}/endre", "Lagre utkastet", "coordinator"),
    Asks("/observatorium/styring/runder/{open}/forleng", "Forleng runden", "coordinator"),
    Asks("/observatorium/styring/runder/{published}/trekk", "Trekk runden", "coordinator"),
    Asks("/observatorium/styring/runder/{published}/rett", "Publiser rettingen", "coordinator"),
    Asks("/administrasjon/personer/{person}/roller/ny", "Gi rollen", "admin"),
    Asks("/administrasjon/organisasjoner/ny", "Legg inn organisasjonen", "admin"),
    Asks("/administrasjon/organisasjoner/{organisation}/endre", "Endre organisasjonen", "admin"),
    Asks("/administrasjon/organisasjoner/{organisation}/talspersoner/ny", "Legg til talspersonen", "admin"),
    Asks("/administrasjon/innstillinger/minimum_age", "Endre innstillingen", "admin"),
    Asks("/administrasjon/utseende", "Vis dette på alle sider", "admin"),
    Asks("/administrasjon/utseende/logo", "Bruk denne logoen", "admin"),
    Asks("/administrasjon/tjenesteomrader", "Legg til området", "admin"),
    Asks("/administrasjon/tjenesteomrader/{area}", "Gi nytt navn", "admin"),
    Asks("/losninger/ny", "Del løsningen", "employee"),
    Asks("/losninger/{solution}/oversett/en", "Send inn oversettelsen", "employee"),
    Asks("/losninger/{solution}/ta-i-bruk", "Meld fra om bruk", "volunteer"),
    Asks("/administrasjon/partnere/ny", "Spør portalen", "admin"),
    Asks("/administrasjon/partnere/{portal}/stans", "Stans utvekslingen", "admin"),
)


@pytest.mark.parametrize("asks", FORMS, ids=str)
def test_an_empty_form_says_what_to_mend_and_leads_there(
    visit: Callable[..., Page], made: dict[str, Any], asks: Asks
) -> None:
    turn = FORMS.index(asks)
    page = visit(asks.who, viewport=PHONE, color_scheme=("light", "dark")[turn % 2])
    page.goto(asks.path.format(**made))
    page.evaluate("""() => { for (const field of document.querySelectorAll('main form [name]')) {
        if (['radio', 'checkbox'].includes(field.type)) field.checked = false;
        else if (field.matches('textarea, input:not([type=hidden])')) field.value = ''; } }""")
    page.locator("main").get_by_role("button", name=asks.button, exact=True).click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    links = summary.get_by_role("link")
    assert links.count() > 0, "nothing says where"
    for link in links.all():
        target = str(link.get_attribute("href")).removeprefix("#")
        link.click()
        field = page.locator(f"[id='{target}']")
        expect(field).to_be_focused()
        expect(field).to_have_attribute("aria-invalid", "true")
    assert checks.axe(page) == []
    assert checks.sideways(page) == []


def test_a_page_that_is_not_there_shows_the_way_out(visit: Callable[..., Page]) -> None:
    page = visit(viewport=PHONE)
    answer = page.goto("/finnes/ikke")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1, name="Vi finner ikke siden")).to_be_visible()
    assert checks.axe(page) == []
    page.get_by_role("link", name="Til forsiden").click()
    expect(page.locator("h1")).to_have_text("Hvordan gjør kommunen det?")


def test_a_form_sent_without_its_session_keeps_what_was_written(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/konto/ny")
    page.get_by_label("Hva skal vi kalle deg?").fill("Glemsk Person")
    page.get_by_label("E-postadresse").fill("glemsk@demo.example")
    page.context.clear_cookies()  # in another window
    page.get_by_role("button", name="Lag bruker").click()
    expect(page.get_by_text("Siden hadde stått åpen for lenge")).to_be_visible()
    assert checks.axe(page) == []
    page.go_back()
    expect(page.get_by_label("Hva skal vi kalle deg?")).to_have_value("Glemsk Person")
    expect(page.get_by_label("E-postadresse")).to_have_value("glemsk@demo.example")


def test_somebody_signed_out_while_writing_gets_the_text_back(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit("resident-1@crowd.demo.example")
    page.goto("/observatorium/vurder/3.2/")
    choose(page.get_by_label("På vei"))
    page.get_by_text("Skriv en kommentar (valgfritt)").click()
    page.get_by_label("Kommentaren din").fill("Lysløypa må lyse lenger enn til klokka ni.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Neste").click()
    expect(page.locator("main")).to_contain_text("Lysløypa må lyse lenger enn til klokka ni.")
    assert checks.axe(page) == []


def test_a_choice_that_can_not_be_saved_is_said_so(visit: Callable[..., Page]) -> None:
    page = visit("resident-1@crowd.demo.example", viewport=PHONE)
    page.goto("/observatorium/vurder/3.3/")
    page.context.clear_cookies()
    choose(page.get_by_label("På vei"))
    expect(page.locator("[data-autosave-status]")).to_contain_text("Ikke lagret")
    assert checks.axe(page) == []


@pytest.mark.parametrize("path", ["/", "/observatorium/", "/observatorium/vurder/", "/observatorium/indikatorer/1.1/"])
def test_a_portal_on_its_first_day_says_what_comes(visit: Callable[..., Page], empty_portal: Portal, path: str) -> None:
    page = visit(at=empty_portal, viewport=PHONE)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200
    assert checks.axe(page) == []
    assert checks.sideways(page) == []

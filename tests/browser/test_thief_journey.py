"""An employee's tidstyv from report to hours given back: internal, agreed to, placed, measured, gone and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.kernel import clock
from tests.browser.conftest import PHONE
from tests.browser.hands import Journey, Keyboard, Pointer, Scriptless, arrived, wait_for_first_jobs
from tests.browser.running import Portal

pytestmark = pytest.mark.browser

CONTACT = "vakta@asker.example"
"""An address in a text lets it wait for a moderator, whoever wrote it."""
PRODUCT = "5 minutter × 230 ganger × 12 personer = 230 timer i året"
USED = "Vaktene går hjem når de skal"
WITHOUT_SCRIPT = {"java_script_enabled": False}


@dataclass
class ThiefJourney(Journey):
    """The same is written twice, every day, by twelve people."""

    def whole(self) -> None:
        wait_for_first_jobs(self.portal)
        self.reported()
        self.internal()
        self.agreed()
        self.supported()
        self.placed()
        self.decided()
        self.measured()
        self.realised()
        self.confirmed()
        self.told()

    def reported(self) -> None:
        """An employee on a phone tells of it, for colleagues only at first; the calculator shows what it comes to."""
        hand = self.hand("employee2", "/tidstyver/", viewport=PHONE)
        page = hand.page
        self.follow(hand, "Meld en tidstyv", "Meld en tidstyv")
        self.fill(hand, title=self.title, challenge=f"Vi skriver det samme i to systemer. Spør {CONTACT}.")
        hand.tick(page.get_by_label("Ansatte", exact=True))
        self.fill(hand, minutes="5", times="230", persons="12")
        if self.settings.get("java_script_enabled", True):
            expect(page.locator("[data-calculator-sum]")).to_have_text(PRODUCT)
        hand.pick(page.get_by_label("Hva er grunnen?"), "Dobbeltarbeid")
        self.choose(hand, "Ja")
        hand.pick(page.get_by_label("Hvem kan gjøre noe med den?"), "Egen enhet")
        hand.press(self.named(hand, "button", "Se over og send inn"))
        self.unlike(hand)
        arrived(page, "Se over før du sender inn")
        hand.begin()
        hand.tick(page.get_by_label("Vis den bare for ansatte inntil videre"))
        self.send(hand, "Send inn tidstyven", "Den er intern.")
        self.sent(page)

    def internal(self) -> None:
        """Nobody else hears of it."""
        stranger = self.visit("resident", at=self.portal, **self.settings)
        answer = stranger.goto(f"/ideer/{self.id}")
        assert answer is not None
        assert answer.status == 404
        stranger.goto("/tidstyver/")
        expect(stranger.get_by_text(self.title)).to_have_count(0)

    def agreed(self) -> None:
        """The author agrees that all may see it, and a moderator lets it through."""
        hand = self.hand("employee2")
        expect(hand.page.get_by_text(PRODUCT)).to_be_visible()
        expect(hand.page.get_by_text("Bare ansatte ser denne")).to_be_visible()
        self.follow(hand, "Vis den for alle", "Si ja til at den publiseres?")
        self.send(hand, "Ja, publiser den", "En moderator leser den.")
        self.let_through(self.title)

    def supported(self) -> None:
        hand = self.hand("resident")
        hand.press(self.named(hand, "button", f"Støtt {self.title}"))
        expect(hand.page.get_by_text("1 støtter dette").first).to_be_visible()

    def placed(self) -> None:
        """The adviser makes a measure against it."""
        hand = self.hand("adviser")
        self.follow(hand, "Eier, tiltak og måling", "Eier, tiltak og måling")
        self.follow(hand, "Velg tiltak", "Hvilket tiltak fanger den?")
        self.follow(hand, "Lag et nytt tiltak mot denne tidstyven", "Nytt tiltak mot tidstyver")
        measure = f"Ett sted å skrive: {self.title}"
        self.fill(hand, title=measure, responsible="Avdelingsleder")
        hand.press(self.named(hand, "button", "Lagre tiltaket"))
        arrived(hand.page, measure)
        expect(self.named(hand, "link", self.title)).to_be_visible()

    def decided(self) -> None:
        self.handled("svar", "Send svaret", "Svaret er sendt", text="Takk! Dette skal bort.")
        hand = self.hand("adviser", f"/ideer/styring/{self.id}/beslutt")
        self.choose(hand, "Gjøres i linja")
        self.fill(hand, text="Systemene kan snakke sammen.")
        self.send(hand, "Beslutt", "Beslutningen er tatt")
        self.handled("i-gang", "Arbeidet er i gang", "Saken er under arbeid.", text="Leverandøren kobler dem sammen.")

    def measured(self) -> None:
        """What it takes is measured again, the same way."""
        hand = self.hand("adviser", f"/tidstyver/{self.id}/maling")
        expect(hand.page.get_by_text(PRODUCT)).to_be_visible()
        self.fill(hand, minutes="0")
        hand.date(hand.page.get_by_label("Når ble tiden målt?"), clock.today())
        self.fill(hand, freed_for="Nattevaktene", used_for=f"{USED}: {self.title}")
        self.send(hand, "Lagre målingen", "Frigjort: 230 timer i året.")

    def realised(self) -> None:
        hand = self.hand("adviser", f"/ideer/styring/{self.id}/nyttiggjort")
        self.choose(hand, "Helt borte")
        self.fill(hand, text="Nå skrives det ett sted.")
        self.send(hand, "Saken er nyttiggjort", "Saken er nyttiggjort. Godt arbeid!")

    def confirmed(self) -> None:
        """Whoever supported it says that the time is back."""
        hand = self.hand("resident")
        self.follow(hand, "Fikk du tiden tilbake?", "Fikk du tiden tilbake?")
        self.send(hand, "Ja, tiden er tilbake", "Takk for svaret!")

    def told(self) -> None:
        """The hours that were given back stand for all to see, with what they are used for."""
        page = self.visit(None, at=self.portal, viewport=PHONE, **self.settings)
        page.goto("/tidstyver/")
        given_back = page.locator("main li", has_text=f"{USED}: {self.title}")
        expect(given_back).to_contain_text("230 timer i året")
        expect(given_back).to_contain_text("Nattevaktene")
        page.goto(f"/ideer/{self.id}")
        for words in (PRODUCT, "Frigjort: 230 timer i året.", f"Ett sted å skrive: {self.title}", "Nyttiggjort"):
            expect(page.locator("main")).to_contain_text(words, use_inner_text=True)


@pytest.mark.parametrize("settings", [{}, WITHOUT_SCRIPT], ids=["as it is", "without script"])
def test_from_a_report_to_hours_given_back(
    visit: Callable[..., Page], own_portal: Portal, settings: dict[str, Any]
) -> None:
    title = "Timene føres to ganger" if settings else "Timene skrives to steder"
    ThiefJourney(own_portal, visit, title, way=Scriptless if settings else Pointer, settings=settings).whole()


def test_a_tidstyv_is_reported_and_agreed_to_by_keyboard_only(visit: Callable[..., Page], own_portal: Portal) -> None:
    journey = ThiefJourney(own_portal, visit, "Vi skriver timene to steder hver dag", way=Keyboard)
    journey.reported()
    journey.agreed()

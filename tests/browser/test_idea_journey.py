"""From a red indicator to what came of an idea: everybody on the way, on a phone, without script and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from portal.ideas.actions.verdicts import ASKED_AFTER, ask_who_waited
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.db import db
from tests.browser.conftest import PHONE
from tests.browser.hands import Hands, Journey, Keyboard, Pointer, Scriptless, arrived, mail_to, wait_for_first_jobs
from tests.browser.running import Portal

pytestmark = pytest.mark.browser

RED = "/observatorium/indikatorer/1.8/"
CONTACT = "post@turlag.example"
"""An address in a text lets it wait for a moderator, whoever wrote it."""
ARGUMENTS = {"for": "Da ser alle at det nytter å si fra", "mot": "Det tar tid fra dem som skal svare"}
ANSWER = "Takk! Dette vil vi prøve sammen med dere."
SENT_IN = "Takk! Vi har fått ideen"


@dataclass
class IdeaJourney(Journey):
    """Why does nobody hear what came of it? A volunteer proposes what to do about that."""

    def whole(self) -> None:
        wait_for_first_jobs(self.portal)
        self.proposed()
        self.let_through(self.title)
        self.supported()
        self.assigned()
        self.assessed()
        self.answered()
        self.decided()
        self.granted()
        self.measured()
        self.realised()
        self.asked()
        self.told()

    def proposed(self) -> None:
        """A volunteer on a phone starts from what is red, and writes on behalf of the organisation."""
        hand = self.hand("volunteer", RED, viewport=PHONE)
        page = hand.page
        expect(page.get_by_text("Ikke akseptabelt").first).to_be_visible()
        self.follow(hand, "Foreslå noe", "Kom med en idé")
        self.fill(hand, title=self.title, challenge="Vi svarte på høringen om sentrumsplanen, men hørte aldri mer.")
        self.fill(hand, solution=f"Svar alle, og vis hva som ble endret. Spør {CONTACT}.")
        expect(page.locator("main summary", has_text="Hva bidrar ideen til? (1 valgt)")).to_be_visible()
        hand.press(page.locator("main summary", has_text="Hvem står bak?"))
        self.choose(hand, "Asker turlag (demo), som du taler for")
        hand.press(self.named(hand, "button", "Se over og send inn"))
        self.unlike(hand)
        arrived(page, "Se over før du sender inn")
        expect(page.get_by_text("Asker turlag").first).to_be_visible()
        expect(page.get_by_text("1.8 Innbyggermedvirkning")).to_be_visible()
        self.send(hand, "Send inn ideen", SENT_IN)
        expect(page.get_by_text("En moderator leser den.")).to_be_visible()
        due = clock.today() + timedelta(days=14)
        expect(page.get_by_text(f"Kommunen svarer innen {due.day}.")).to_be_visible()
        self.sent(page)
        mail_to(self.portal, "volunteer@demo.example", "Vi har fått ideen din")

    def supported(self) -> None:
        """A resident supports it and says why, and why not."""
        hand = self.backed()
        page = hand.page
        said = {side: f"{why}: {self.title}" for side, why in ARGUMENTS.items()}
        for side, why in said.items():
            hand.begin()
            self.follow(hand, f"Skriv et argument {side}", f"Skriv et argument {side}")
            self.fill(hand, text=why)
            hand.press(self.named(hand, "button", "Send inn"))
            arrived(page, self.title)
            expect(page.get_by_text(why)).to_be_visible()
        self.let_through(*said.values())

    def backed(self) -> Hands:
        hand = self.hand("resident")
        expect(hand.page.get_by_text("Foreslått av Asker turlag")).to_be_visible()
        hand.press(self.named(hand, "button", f"Støtt {self.title}"))
        expect(hand.page.get_by_text("1 støtter dette").first).to_be_visible()
        return hand

    def assigned(self) -> None:
        """The adviser gives the case to somebody in the service area it belongs to."""
        hand = self.hand("adviser")
        self.follow(hand, "Behandle saken", re.compile(f": {re.escape(self.title)}$"))
        hand.pick(hand.page.get_by_label("Tjenesteområde"), "Oppvekst")
        hand.press(self.named(hand, "button", "Vis hvem som er der"))
        expect(hand.page.get_by_label("Saksbehandler")).to_contain_text("Else Ansatt")
        hand.begin()
        hand.pick(hand.page.get_by_label("Saksbehandler"), "Else Ansatt")
        self.send(hand, "Fordel saken", "Saken er fordelt.")

    def assessed(self) -> None:
        """Two employees assess it, and neither sees what the other thinks before saying their own."""
        for name, step, mine in (("employee", "4", "Lett å komme i gang med."), ("employee2", "2", "Hvem skal svare?")):
            hand = self.hand(name, f"/ideer/styring/{self.id}/vurdering")
            arrived(hand.page, f"Vurder «{self.title}»")
            expect(hand.page.get_by_text("Lett å komme i gang med.")).to_have_count(0)
            for group in hand.page.locator("main fieldset", has=hand.page.locator("[type=radio]")).all():
                hand.choose(group.locator(f"[value='{step}']"))
            hand.pick(hand.page.get_by_label("Hvor sannsynlig er det at det går galt?"), step)
            hand.pick(hand.page.get_by_label("Hvor alvorlig er det hvis det går galt?"), "3")
            self.fill(hand, comment=mine)
            self.send(hand, "Gi vurderingen", mine)
        expect(hand.page.get_by_text("Lett å komme i gang med.")).to_be_visible()
        expect(hand.page.get_by_role("table").first).to_contain_text("2–4")

    def answered(self) -> None:
        self.handled("svar", "Send svaret", "Svaret er sendt", text=ANSWER)
        mail_to(self.portal, "volunteer@demo.example", "Kommunen har svart på ideen din")
        self.handled("vurder", "Begynn å vurdere", "Saken vurderes nå.", text="Vi ser på hvem som kan svare.")

    def decided(self) -> None:
        hand = self.hand("adviser", f"/ideer/styring/{self.id}/")
        self.choose(hand, "Blir samskaping")
        self.fill(hand, text="Lagene og kommunen lager dette best sammen.")
        self.send(hand, "Beslutt", "Beslutningen er tatt")

    def granted(self) -> None:
        """The author asks for money to try it, gets some of it, and some of that is paid."""
        hand = self.hand("volunteer")
        self.follow(hand, "Søk om innovasjonsmidler", "Søk om innovasjonsmidler")
        self.choose(hand, "Såkornmidler")
        self.fill(hand, asked="150 000", what_for="To kvelder med kommunen og lagene, og en side som viser svarene.")
        self.choose(hand, "Asker turlag (demo)")
        self.send(hand, "Send søknaden", "Søknaden er sendt.")
        application = hand.page.url
        hand = self.hand("adviser", application)
        self.follow(hand, "Avgjør søknaden", "Avgjør søknaden")
        self.choose(hand, "Innvilg")
        self.fill(hand, granted="100 000", reason="Mange venter på dette.", decided_by_title="Innovasjonsrådgiver")
        self.send(hand, "Avgjør, og si fra til søkeren", "Søknaden er innvilget.")
        self.follow(hand, "Før en utbetaling", "Før en utbetaling")
        self.fill(hand, ore="60 000")
        hand.date(hand.page.get_by_label("Når?"), clock.today())
        self.fill(hand, reference="Bilag 1814")
        self.send(hand, "Før utbetalingen", "Bilag 1814")
        mail_to(self.portal, "volunteer@demo.example", "Kommunen har svart på søknaden din om innovasjonsmidler")

    def measured(self) -> None:
        """The work begins, and what it should lead to is planned and measured."""
        self.handled("i-gang", "Arbeidet er i gang", "Saken er under arbeid.", text="Vi begynner.")
        hand = self.hand("adviser")
        self.follow(hand, "Planlegg en gevinst", "Planlegg en gevinst")
        self.fill(hand, title=f"Flere får svar: {self.title}", for_whom="De som sier fra")
        self.choose(hand, "Kvalitet", "Brukereffekter")
        self.fill(hand, indicator="Innspill med svar, av hundre")
        self.choose(hand, "noe annet")
        self.fill(hand, unit_word="av hundre", baseline_value="20")
        hand.date(hand.page.get_by_label("Når ble nullpunktet målt?"), clock.today() - timedelta(days=1))
        self.fill(hand, target_value="80")
        hand.date(hand.page.get_by_label("Når venter dere å være der?"), clock.today() + timedelta(days=100))
        self.fill(hand, responsible="Kommunikasjonssjef")
        hand.press(self.named(hand, "button", "Planlegg gevinsten"))
        arrived(hand.page, f"Flere får svar: {self.title}")
        hand.begin()
        self.follow(hand, "Legg til en måling", "Mål en gevinst")
        self.fill(hand, value="85", source="Egen telling")
        hand.press(self.named(hand, "button", "Legg til målingen"))
        expect(hand.page.get_by_text("Sist målt: 85 av hundre").first).to_be_visible()

    def realised(self) -> None:
        hand = self.hand("adviser", f"/ideer/styring/{self.id}/nyttiggjort")
        expect(hand.page.get_by_text("En gevinst er målt, så det er nok grunnlag.")).to_be_visible()
        self.fill(hand, text="Nå får de fleste svar innen ei uke.")
        self.send(hand, "Saken er nyttiggjort", "Saken er nyttiggjort. Godt arbeid!")

    def asked(self) -> None:
        """A week later those who stood behind it are asked whether it helped."""
        with self.portal.app.app_context():
            then = clock.now() - ASKED_AFTER
            db.session.execute(sa.update(Idea).where(Idea.id == self.id).values(stage_since=then))
            db.session.commit()
            ask_who_waited()
        for name, answer in (("volunteer", "Ja, det hjalp"), ("resident", "Delvis")):
            mail_to(self.portal, f"{name}@demo.example", "Hjalp det? Si hva du mener")
            hand = self.hand(name)
            self.follow(hand, "Si om det hjalp", "Hjalp det?")
            self.send(hand, re.compile(answer), "Takk! Svaret ditt er lagret.")
            expect(hand.page.locator("[aria-pressed=true]")).to_have_count(1)

    def told(self) -> None:
        """All of it stands on the idea's page, for everybody."""
        page = self.visit(None, at=self.portal, viewport=PHONE, **self.settings)
        page.goto(f"/ideer/{self.id}")
        for words in (
            "Foreslått av Asker turlag",
            "1.8 Innbyggermedvirkning",
            *ARGUMENTS.values(),
            ANSWER,
            "Lagene og kommunen lager dette best sammen.",
            "100 000 kroner fra innovasjonsmidlene",
            "60 000 kroner er betalt ut",
            "Sist målt: 85 av hundre",
            "Nå får de fleste svar innen ei uke.",
            "Nyttiggjort",
            "De som foreslo eller støttet dette, er spurt om det hjalp.",
        ):
            expect(page.locator("main")).to_contain_text(words, use_inner_text=True)
        page.goto(RED)
        expect(page.get_by_role("link", name=self.title)).to_be_visible()


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["as it is", "without script"])
def test_from_a_red_indicator_to_those_who_were_helped(
    visit: Callable[..., Page], own_portal: Portal, settings: dict[str, Any]
) -> None:
    title = "Si fra om hva innspillet førte til" if settings else "Fortell hva som ble av innspillet vårt"
    IdeaJourney(own_portal, visit, title, way=Scriptless if settings else Pointer, settings=settings).whole()


@pytest.mark.parametrize("settings", [{}, {"java_script_enabled": False}], ids=["as it is", "without script"])
def test_an_idea_is_proposed_supported_and_answered_by_keyboard_only(
    visit: Callable[..., Page], own_portal: Portal, settings: dict[str, Any]
) -> None:
    title = "Si hva som hendte med innspillet vårt" if settings else "Vis hva innspillene førte til"
    journey = IdeaJourney(own_portal, visit, title, way=Keyboard, settings=settings)
    journey.proposed()
    journey.let_through(title)
    journey.supported()
    journey.assigned()
    journey.answered()

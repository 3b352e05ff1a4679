"""A resident reports a phone number, it is masked, its author complains, another moderator reverses, all are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.queries.account import find_by_email
from portal.kernel.content import Ref
from portal.kernel.db import atomic
from portal.kernel.identity import Actor, Role, SignInMethod
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Form
from tests.browser.conftest import DESK, PHONE
from tests.browser.hands import Hands, Keyboard, Pointer, arrived, mail_to, wait_for_first_jobs
from tests.browser.running import Portal
from tests.support.moderating import decided

pytestmark = pytest.mark.browser

WHERE = "/observatorium/indikatorer/1.2/"
NUMBER = "912 34 567"
WHY = "Dette er nummeret til naboen min."
DISAGREE = "Det er vaktnummeret til laget, og det er ment for alle."


def acting(email: str, *roles: Role) -> Actor:
    account = find_by_email(email)
    assert account is not None
    held = frozenset({Role.MEMBER, *roles})
    return Actor(id=account.id, name=account.name, roles=held, sign_in=SignInMethod.PASSWORD)


@atomic
def shown_text(author: str, text: str) -> int:
    """Let somebody ask a question that a moderator lets through; return its number."""
    draft = ContributionDraft(text=text, form=Form.QUESTION)
    made = contribute(acting(author), Ref("indicator", 102), draft)
    decided(acting("moderator@demo.example", Role.MODERATOR), Ref(CONTRIBUTION, made.id))
    return made.id


def link_in(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return next(word for word in part.get_content().split() if "/moderering/" in word)


@dataclass
class Walk:
    """One text on its way: who wrote it, a word that only it has, and how the people on the way use their pages."""

    portal: Portal
    hands: Callable[[str | None], Hands]
    author: str
    place: str
    number: int = 0
    receipt: str = ""

    @property
    def text(self) -> str:
        return f"Ring {NUMBER} om vakta i {self.place}."

    @property
    def reporter(self) -> str:
        return f"nabo-{self.place}@example.org"

    def whole(self) -> None:
        wait_for_first_jobs(self.portal)
        with self.portal.app.app_context():
            self.number = shown_text(self.author, self.text)
        self.reported()
        self.masked()
        self.complained_of()
        self.reversed()
        self.told()

    def shows(self, page: Page, words: str) -> None:
        page.goto(WHERE)
        expect(page.locator(f"#innlegg-{self.number}")).to_contain_text(words)

    def reported(self) -> None:
        """Somebody without an account says that the number is a neighbour's."""
        hand = self.hands(None)
        page = hand.page
        self.shows(page, self.text)
        hand.begin()
        hand.press(page.locator(f"#innlegg-{self.number}").get_by_role("link", name="Meld fra"))
        arrived(page, "Meld fra om en tekst")
        hand.begin()
        hand.choose(page.get_by_label("Andres personopplysninger"))
        hand.write(page.get_by_label("Hva er galt?"), WHY)
        hand.write(page.get_by_label("E-postadressen din"), self.reporter)
        hand.press(page.get_by_role("button", name="Meld fra"))
        arrived(page, "Vi har fått meldingen din")
        self.receipt = page.url
        hand.begin()
        assert link_in(mail_to(self.portal, self.reporter, "Vi har fått meldingen din")) == self.receipt

    def masked(self) -> None:
        """A moderator masks the number, after reading what the author will be told."""
        hand = self.hands("moderator")
        page = hand.page
        page.goto("/moderering/ko/")
        hand.begin()
        hand.press(page.locator(".case-row", has_text=self.place).get_by_role("link", name="Sak"))
        arrived(page, re.compile("^Sak "))
        expect(page.get_by_text(WHY)).to_be_visible()
        hand.begin()
        hand.press(page.locator("summary", has_text="Begrens teksten"))
        hand.choose(page.get_by_label("Sladd noe, og vis resten"))
        hand.tick(page.get_by_label(f"Telefonnummer: {NUMBER}"))
        hand.pick_next(page.get_by_label("Hvilken regel er brutt?"))
        hand.write(page.get_by_label("Hva bygger du på?"), "Et telefonnummer.")
        hand.press(page.get_by_role("button", name="Se over begrunnelsen"))
        arrived(page, "Se over før du sender")
        expect(page.get_by_text(f"Ring [sladdet] om vakta i {self.place}.")).to_be_visible()
        hand.begin()
        hand.press(page.get_by_role("button", name="Send begrunnelsen, og ta neste"))
        expect(page.get_by_role("status").filter(has_text="Avgjort")).to_be_visible()
        self.shows(page, "[sladdet]")
        expect(page.get_by_text(self.text)).to_have_count(0)

    def complained_of(self) -> None:
        """The author gets the reasons by mail, reads their own text by the link, and complains."""
        hand = self.hands(None)
        page = hand.page
        page.goto(link_in(mail_to(self.portal, self.author, "Vi har bestemt noe om det du skrev")))
        arrived(page, "Vi har bestemt noe om det du skrev")
        expect(page.get_by_role("heading", name="Regelen og loven")).to_be_visible()
        expect(page.locator("mark")).to_have_text(NUMBER)
        hand.begin()
        hand.press(page.get_by_role("link", name="Klag på avgjørelsen"))
        arrived(page, "Klag")
        hand.begin()
        hand.write(page.get_by_label("Hvorfor er du uenig?"), DISAGREE)
        hand.press(page.get_by_role("button", name="Send klagen"))
        expect(page.get_by_text("Klagen er sendt")).to_be_visible()

    def reversed(self) -> None:
        """The second moderator agrees with the author, and the text is as it was."""
        hand = self.hands("moderator2")
        page = hand.page
        page.goto("/moderering/klager/")
        hand.begin()
        hand.press(page.get_by_role("link", name=re.compile(r"^Klage \d+$")).last)
        expect(page.get_by_text(DISAGREE)).to_be_visible()
        hand.begin()
        hand.choose(page.get_by_label("Medhold: avgjørelsen er omgjort"))
        hand.write(page.get_by_label("Hvorfor?", exact=True), "Nummeret er ment for alle.")
        hand.press(page.get_by_role("button", name="Avgjør klagen og send svaret"))
        expect(page.get_by_role("status").filter(has_text="Klagen er avgjort")).to_be_visible()
        self.shows(page, self.text)

    def told(self) -> None:
        """Author and reporter hear how it went."""
        page = self.hands(None).page
        page.goto(link_in(mail_to(self.portal, self.author, "Svar på klagen din")))
        expect(page.get_by_text("Du fikk medhold")).to_be_visible()
        for number in range(2):
            page.goto(link_in(mail_to(self.portal, self.reporter, "Svar på det du meldte fra om", number)))
        assert page.url == self.receipt
        expect(page.get_by_text("Avgjørelsen under gjelder ikke lenger.")).to_be_visible()


def test_from_report_to_reversal(visit: Callable[..., Page], own_portal: Portal) -> None:
    def hands(name: str | None) -> Hands:
        return Pointer(visit(name, at=own_portal, viewport=DESK))

    Walk(own_portal, hands, "resident-5@crowd.demo.example", "laget").whole()


def test_from_report_to_reversal_on_a_phone_by_keyboard_only_without_script(
    visit: Callable[..., Page], own_portal: Portal
) -> None:
    def hands(name: str | None) -> Hands:
        return Keyboard(visit(name, at=own_portal, viewport=PHONE, java_script_enabled=False))

    Walk(own_portal, hands, "resident-6@crowd.demo.example", "korpset").whole()

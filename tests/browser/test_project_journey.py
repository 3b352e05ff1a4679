"""A project that a volunteer organisation starts from an idea: from its parties to what they learnt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from icalendar import Calendar
from playwright.sync_api import Page, expect

from portal.accounts.queries.account import find_by_email
from portal.cocreation.actions.agreement import AgreementDraft, write_agreement
from portal.cocreation.actions.classifying import answer_questions
from portal.cocreation.actions.needs import NeedDraft, write_need
from portal.cocreation.models.process import Agreement
from portal.cocreation.models.projects import PartyKind, Project
from portal.cocreation.models.together import Need, NeedKind
from portal.cocreation.typology import STEPS, Answers
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import Actor, Role, SignInMethod
from tests.browser.conftest import PHONE
from tests.browser.hands import Hands, Journey, Keyboard, Pointer, Scriptless, arrived, wait_for_first_jobs
from tests.browser.running import Portal
from tests.support.cocreation import joined, let_through

pytestmark = pytest.mark.browser

IDEA = "Stille rom på biblioteket"
CONTACT = "post@turlag.example"
"""An address in a text lets it wait for a moderator, whoever wrote it."""
OWNER, RESIDENTS, UNIT = "Asker turlag (demo)", "Naboene ved biblioteket", "Oppvekst"
SAID: Mapping[str, tuple[str, tuple[int, int, int, int], str]] = {
    "volunteer": (OWNER, (4, 4, 4, 3), "Fasiliterende"),
    "employee": (UNIT, (2, 2, 2, 2), "Likeverdig"),
    "resident": (RESIDENTS, (0, 0, 1, 1), "Styrt"),
}
"""Who answers for which party, what they say of the four steps, and what that comes to."""
CHECKS = ("goal_locked", "frame_locked", "could_end_elsewhere")
REASON = "Turlaget og naboene bestemmer, og kommunen låner oss rommet."
NOTE = "Vi planlegger dem i neste fase."
LEARNT = "Folk kommer når **de selv** har nøkkelen."
RESPONSIBLE = "Leder for biblioteket"
PLACE = "Biblioteket, Strøket 15"
FULL = "Nå er alt dekket: noen kom rett før deg."
GATES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("Behov og idé", "Konsept", {"need_known": "", "needs_each_other": "", "benefits_identified": NOTE}),
    (
        "Konsept",
        "Planlegge",
        {"alternatives": "", "type_talked_over": "Vi snakket om det i første fase.", "risk_seen": "Lite kan gå galt."},
    ),
    ("Planlegge", "Gjennomføre", {"agreement": "", "benefits_planned": "", "resources": ""}),
    ("Gjennomføre", "Avslutte", {"done": "", "input_answered": ""}),
)
"""The phases that a gate lies between, and what is written beside each yes."""
WITHOUT_SCRIPT = {"java_script_enabled": False, "viewport": PHONE}


@dataclass
class ProjectJourney(Journey):
    """A quiet room that others than the municipality make."""

    base: ClassVar[str] = "/samskaping/"
    idea: str = IDEA
    """What it is started from."""

    def whole(self) -> None:
        wait_for_first_jobs(self.portal)
        self.started()
        self.let_through(self.title)
        self.parties_come()
        for name in SAID:
            self.answered(name)
        self.seen_differently()
        self.chosen()
        self.closed_gate()
        self.passed(*GATES[0])
        self.passed(*GATES[1])
        self.planned()
        self.agreed()
        self.passed(*GATES[2])
        need, meeting = self.asked_for_help(), self.called()
        self.let_through(f"To som åpner: {self.title}", f"Oppstart: {self.title}")
        self.filled(need)
        self.put_in_calendar(meeting)
        self.passed(*GATES[3])
        self.evaluated()
        self.ended()
        self.let_through(self.title)
        self.told()

    def started(self) -> None:
        """The organisation's spokesperson starts from an idea, and says for whom."""
        with self.portal.app.app_context():
            idea = db.session.scalars(sa.select(Idea.id).where(Idea.title == self.idea)).one()
        hand = self.hand("volunteer", f"/ideer/{idea}")
        self.follow(hand, "Start et samskapingsprosjekt", "Start et samskapingsprosjekt")
        page = hand.page
        expect(page.locator("main").get_by_role("link", name=self.idea)).to_be_visible()
        expect(page.locator("[name=title]")).to_have_value(self.idea)
        self.fill(
            hand,
            title=self.title,
            challenge=f"Noen av oss blir slitne av lyd, og har ikke noe sted å være. Spør {CONTACT}.",
            goal="Et rom som er stille hver ettermiddag.",
        )
        expect(page.get_by_label(OWNER)).to_be_checked()
        self.fill(hand, contact_title="Turleder")
        hand.press(self.named(hand, "button", "Start prosjektet"))
        arrived(page, "Takk! Prosjektet er startet")
        expect(page.get_by_text("En moderator leser det.")).to_be_visible()
        self.sent(page)

    def parties_come(self) -> None:
        """The owner lets two parties in; the unit's employee is in at once, the resident when the owner says yes."""
        hand = self.hand("volunteer", self.at("partene/ny"))
        self.fill(hand, name=RESIDENTS, contact_title="Talsperson")
        self.send(hand, "Legg til parten", "Parten er med.")
        self.follow(hand, "Legg til en part", "Legg til en part")
        hand.pick(hand.page.locator("[name=who]"), f"Kommunen: {UNIT}")
        self.fill(hand, contact_title="Biblioteksjef")
        self.send(hand, "Legg til parten", "Parten er med.")
        self.joins("resident", RESIDENTS, "Forespørselen er sendt.")
        self.joins("employee", UNIT, "Du er med.")
        self.go(hand, self.at("partene"))
        self.send(hand, "Slipp inn Randi Innbygger", "Nå er de med.")
        expect(hand.page.get_by_role("heading", name="3 parter")).to_be_visible()

    def joins(self, name: str, party: str, said: str) -> None:
        hand = self.hand(name)
        self.follow(hand, "Bli med", f"Bli med i {self.title}")
        self.choose(hand, party)
        self.fill(hand, title="Talsperson")
        self.send(hand, "Bli med", said)

    def answered(self, name: str) -> None:
        """A party says who decides what, and sees what that comes to before it is saved."""
        party, steps, type_ = SAID[name]
        hand = self.hand(name, self.at("type"))
        self.follow(hand, f"Svar for {party}", "Svar på hvem som bestemmer hva")
        page = hand.page
        for step, answer in zip(STEPS, steps, strict=True):
            hand.choose(page.locator(f"[name={step}][value='{answer}']"))
        for check in CHECKS:
            hand.choose(page.locator(f"[name={check}][value=nei]"))
        if not self.settings.get("java_script_enabled", True):
            hand.press(self.named(hand, "button", "Se hva det blir"))
        expect(page.locator(".type-reading__headline")).to_have_text(type_)
        self.send(hand, "Lagre svaret", "Svaret er lagret.")
        expect(page.locator(".type-parties li", has_text=party)).to_contain_text(type_)

    def seen_differently(self) -> None:
        """Everybody sees where the parties lie, and that the type is open."""
        page = self.visit(None, at=self.portal, **self.settings)
        page.goto(self.at("type"))
        expect(page.locator(".type-now__badge")).to_have_text("Ikke avklart")
        expect(page.get_by_text("Partene ser ulikt på hva slags samskaping dette er.")).to_be_visible()
        expect(page.locator(".type-square__mark")).to_have_count(len(SAID))
        for party, _steps, type_ in SAID.values():
            expect(page.locator(".type-parties li", has_text=party)).to_contain_text(type_)
        problem = page.locator(".type-differences > li", has_text="Hvem bestemmer hva problemet er?")
        expect(problem).to_contain_text("Langt fra hverandre")
        expect(problem.locator("dl > div", has_text="Andre enn kommunen, alene")).to_contain_text(OWNER)

    def chosen(self) -> None:
        """The owner chooses against some of the answers, and has to say why."""
        hand = self.hand("volunteer", self.at("type"))
        self.follow(hand, "Velg type selv", "Velg type samskaping")
        self.choose(hand, "Fasiliterende")
        hand.press(self.named(hand, "button", "Velg denne typen"))
        expect(hand.page.locator("[data-error-summary]")).to_contain_text("Skriv hvorfor.")
        self.fill(hand, reason=REASON)
        self.send(hand, "Velg denne typen", "Valget er lagret, og alle kan se det.")
        expect(hand.page.locator(".type-now__badge")).to_have_text("Fasiliterende")
        expect(hand.page.locator(".type-choice")).to_contain_text(REASON)

    def closed_gate(self) -> None:
        hand = self.hand("volunteer", self.at("faser/videre"))
        expect(hand.page.get_by_text("Porten er lukket")).to_be_visible()
        expect(hand.page.get_by_text("Trenger partene hverandre for å få det til?")).to_be_visible()

    def passed(self, before: str, after: str, answers: Mapping[str, str]) -> None:
        """The owner answers at a gate, with a note against what the portal sees, and tells what was decided."""
        hand = self.hand("volunteer", self.at("faser"))
        self.follow(hand, "Svar på spørsmålene", f"Svar ved porten ut av «{before}»")
        self.at_gate(hand, answers)
        self.follow(hand, "Gå videre gjennom porten", f"Fra «{before}» til «{after}»")
        self.fill(hand, reason=f"Vi er klare for neste fase: {after}.")
        self.send(hand, f"Gå videre til «{after}»", "Prosjektet er kommet til en ny fase.")
        expect(hand.page.locator("[aria-current=step]")).to_contain_text(after)
        expect(hand.page.locator(".phase-trail")).to_contain_text(f"Vi er klare for neste fase: {after}.")

    def at_gate(self, hand: Hands, answers: Mapping[str, str]) -> None:
        for question, note in answers.items():
            hand.choose(hand.page.locator(f"[name=answer_{question}][value=ja]"))
            if note:
                self.fill(hand, **{f"note_{question}": note})
        self.send(hand, "Lagre svarene", "Svarene er lagret.")
        for note in filter(None, answers.values()):
            expect(hand.page.get_by_text(note).first).to_be_visible()

    def planned(self) -> None:
        """A gevinst is planned: what is measured, from where and to where, and who answers for it."""
        hand = self.hand("volunteer", self.at("faser"))
        self.follow(hand, "Planlegg en gevinst", "Planlegg en gevinst")
        self.fill(hand, title=self.benefit, for_whom="De som blir slitne av lyd")
        self.choose(hand, "For øvrige aktører", "Brukereffekter")
        self.fill(hand, indicator="Ettermiddager med stille rom")
        self.choose(hand, "noe annet")
        self.fill(hand, unit_word="i måneden", baseline_value="0")
        hand.date(hand.page.locator("[name=baseline_on]"), clock.today() - timedelta(days=1))
        self.fill(hand, target_value="20")
        hand.date(hand.page.locator("[name=expected_on]"), clock.today() + timedelta(days=100))
        self.fill(hand, responsible=RESPONSIBLE)
        hand.press(self.named(hand, "button", "Planlegg gevinsten"))
        arrived(hand.page, self.benefit)

    def agreed(self) -> None:
        """The agreement is written and let through, and each party confirms it."""
        hand = self.hand("volunteer", self.at("avtale"))
        self.follow(hand, "Skriv avtalen", "Skriv avtalen")
        self.fill(hand, text=self.agreement)
        self.send(hand, "Send avtalen", "Den nye versjonen er sendt.")
        self.let_through(self.agreement)
        for name in SAID:
            self.confirmed(name)
        page = self.visit(None, at=self.portal, **self.settings)
        page.goto(self.at("avtale"))
        expect(page.get_by_text("3 av 3 parter har bekreftet versjon 1.")).to_be_visible()
        expect(page.get_by_text("Avtalen gjelder")).to_be_visible()

    def confirmed(self, name: str) -> None:
        hand = self.hand(name, self.at("avtale"))
        expect(hand.page.get_by_text("Gjelder når alle har bekreftet")).to_be_visible()
        self.send(hand, "Bekreft for parten din", "Takk. Parten din har bekreftet avtalen.")
        expect(hand.page.locator(".party-standings li", has_text=SAID[name][0])).to_contain_text("✓ Bekreftet")

    def asked_for_help(self) -> str:
        """The owner asks for two people; return where."""
        hand = self.hand("volunteer", self.at("bidra"))
        self.follow(hand, "Skriv hva dere trenger", "Hva trenger prosjektet?")
        hand.choose(hand.page.locator("[name=kind][value=skills]"))
        self.fill(hand, title=f"To som åpner: {self.title}", capacity="2")
        self.fill(hand, text=f"Vi låser opp hver ettermiddag. Spør {CONTACT}.")
        self.send(hand, "Legg inn behovet", "Behovet er lagt inn.")
        expect(hand.page.get_by_text("Venter på moderator")).to_be_visible()
        return hand.page.url

    def filled(self, need: str) -> None:
        """Two take the places while a third is writing, who is told that it is full."""
        late = self.hand("resident2", need)
        self.fill(late, amount="1")
        for number, name in enumerate(("business", "knowledge"), start=1):
            self.signed_up(name, need, f"{number} av 2 personer er dekket")
        late.press(self.named(late, "button", "Meld meg på"))
        expect(late.page.get_by_text(FULL).first).to_be_visible()
        late.begin()
        self.go(late, need)
        expect(late.page.get_by_text("Alt er dekket.")).to_be_visible()
        expect(late.page.get_by_role("button", name="Meld meg på")).to_have_count(0)

    def signed_up(self, name: str, need: str, covered: str) -> None:
        hand = self.hand(name, need)
        self.fill(hand, amount="1")
        self.send(hand, "Meld meg på", "Takk! Prosjektet ser nå at du bidrar.")
        expect(hand.page.get_by_text(covered)).to_be_visible()

    def called(self) -> str:
        """The owner calls a meeting; return where it is told of."""
        hand = self.hand("volunteer", self.at("moter"))
        self.follow(hand, "Kall inn til et møte", "Kall inn til et møte")
        self.fill(hand, title=f"Oppstart: {self.title}")
        hand.date(hand.page.locator("[name=starts_on]"), self.day)
        self.fill(hand, starts="18:00", ends="19:30", place=PLACE, agenda=f"Hvem har nøkkelen? Spør {CONTACT}.")
        self.send(hand, "Kall inn til møtet", "Møtet er lagt inn.")
        return hand.page.url

    def put_in_calendar(self, meeting: str) -> None:
        """A resident says yes, and puts it in a calendar."""
        hand = self.hand("resident", meeting)
        self.send(hand, "Jeg kommer", "Fint, vi sees!")
        with hand.page.expect_download() as coming:
            hand.press(self.named(hand, "link", "Legg møtet i kalenderen"))
        assert coming.value.suggested_filename.endswith(".ics")
        self.is_the_meeting(Path(coming.value.path()).read_bytes(), meeting)
        self.go(hand, self.at("moter"))
        feed = self.named(hand, "link", "Last ned møtene").get_attribute("href")
        self.is_the_meeting(hand.page.request.get(str(feed)).body(), meeting)

    def is_the_meeting(self, file: bytes, meeting: str) -> None:
        event: Any
        (event,) = Calendar.from_ical(file).walk("VEVENT")
        assert event["SUMMARY"] == f"Oppstart: {self.title}"
        assert event["LOCATION"] == PLACE
        assert event["URL"] == meeting
        assert event["STATUS"] == "CONFIRMED"
        for name, at in (("DTSTART", time(18)), ("DTEND", time(19, 30))):
            assert event[name].dt == datetime.combine(self.day, at, tzinfo=clock.OSLO)

    def evaluated(self) -> None:
        """Every party says how it went."""
        for score, (name, (party, _steps, _type)) in zip("543", SAID.items(), strict=True):
            hand = self.hand(name, self.at("vurdering"))
            for measure in ("goal", "together", "influence", "worth", "again"):
                hand.choose(hand.page.locator(f"[name={measure}][value='{score}']"))
            self.fill(hand, comment=f"Slik så det ut for {party}.")
            self.send(hand, "Send vurderingen", "Takk. Vurderingen fra parten din er lagret.")
        page = self.visit(None, at=self.portal, **self.settings)
        page.goto(self.at("vurdering"))
        expect(page.get_by_text("fra 3 til 5").first).to_be_visible()

    def ended(self) -> None:
        """The last gate is answered, and the owner closes it with what was learnt."""
        hand = self.hand("volunteer", self.at("faser/sporsmal"))
        self.at_gate(hand, {"evaluated": "", "thanked": ""})
        self.closed(hand)

    def closed(self, hand: Hands) -> None:
        self.follow(hand, "Avslutt prosjektet", f"Avslutt {self.title}")
        self.choose(hand, "Vi fikk det til")
        self.fill(hand, learning=LEARNT, benefits_responsible=RESPONSIBLE)
        self.send(hand, "Avslutt prosjektet", "Prosjektet er avsluttet.")

    def told(self) -> None:
        """Everybody reads that it is over, how it went, and who goes on with it."""
        page = self.visit(None, at=self.portal, **self.settings)
        page.goto(self.at())
        main = page.locator("main")
        for words in (
            self.title,
            f"Startet av {OWNER}",
            "Prosjektet ble avsluttet",
            "Det gikk som vi ville.",
            "Folk kommer når de selv har nøkkelen.",
            f"Gevinstene følges opp av {RESPONSIBLE}.",
            "Fasiliterende",
            "3 parter",
            self.benefit,
        ):
            expect(main).to_contain_text(words, use_inner_text=True)
        expect(main.get_by_role("link", name="Bli med")).to_have_count(0)
        page.goto(self.at("vurdering"))
        for party, _steps, _type in SAID.values():
            expect(main).to_contain_text(f"Slik så det ut for {party}.")
        page.goto(self.at("faser"))
        expect(page.locator(".phase-trail > li")).to_have_count(len(GATES) + 1)

    def together(self) -> str:
        """Let what others do on the way have been done; return where the project asks for help."""
        with self.portal.app.app_context():
            owner, number = person("volunteer"), self.id
            project = db.session.get_one(Project, number)
            joined(owner, project, person("resident"), RESIDENTS, PartyKind.RESIDENTS)
            joined(owner, project, person("employee", Role.EMPLOYEE), UNIT, PartyKind.MUNICIPALITY)
            for name in ("volunteer", "employee"):
                problem, goals, design, carry_out = SAID[name][1]
                answers = Answers(problem=problem, goals=goals, design=design, carry_out=carry_out)
                answer_questions(person(name), number, answers)
            agreement = AgreementDraft(text=self.agreement, change="", language="nb", based_on=0, key=self.title)
            let_through(db.session.get_one(Agreement, write_agreement(owner, number, agreement).id))
            draft = NeedDraft(kind=NeedKind.SKILLS, title=f"To som åpner: {self.title}", capacity=2)
            need = write_need(owner, number, draft, key=self.title).id
            let_through(db.session.get_one(Need, need))
        return f"/samskaping/behov/{need}"

    def at(self, part: str = "") -> str:
        """Return the address of a part of the project."""
        return f"{self.base}{self.id}/{part}".removesuffix("/")

    @property
    def benefit(self) -> str:
        return f"Flere stille ettermiddager: {self.title}"

    @property
    def agreement(self) -> str:
        return f"Avtale om {self.title}. Turlaget låser opp, og biblioteket låner oss rommet. Spør {CONTACT}."

    @property
    def day(self) -> date:
        return clock.today() + timedelta(days=10)


def person(name: str, *roles: Role) -> Actor:
    account = find_by_email(f"{name}@demo.example")
    assert account is not None
    held = frozenset({Role.MEMBER, *roles})
    return Actor(id=account.id, name=account.name, roles=held, sign_in=SignInMethod.PASSWORD)


@pytest.mark.parametrize("settings", [{}, WITHOUT_SCRIPT], ids=["as it is", "without script on a phone"])
def test_a_project_from_an_idea_to_what_its_parties_learnt(
    visit: Callable[..., Page], own_portal: Portal, settings: dict[str, Any]
) -> None:
    title = "Stille ettermiddager på biblioteket" if settings else "Et stille rom for alle"
    ProjectJourney(own_portal, visit, title, way=Scriptless if settings else Pointer, settings=settings).whole()


def test_a_project_is_started_answered_for_agreed_and_helped_by_keyboard_only(
    visit: Callable[..., Page], own_portal: Portal
) -> None:
    wait_for_first_jobs(own_portal)
    journey = ProjectJourney(own_portal, visit, "Rom uten lyd", way=Keyboard, settings={"viewport": PHONE})
    journey.started()
    journey.let_through(journey.title)
    need = journey.together()
    journey.answered("resident")
    journey.confirmed("resident")
    journey.signed_up("knowledge", need, "1 av 2 personer er dekket")
    journey.passed(*GATES[0])

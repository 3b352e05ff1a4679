"""The whole thread: from what is red here to what another municipality's portal tells back, beside the next colour."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from portal.accounts.models import Account
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.cocreation.models.projects import Project
from portal.cocreation.phases import Phase
from portal.demo.load import make_cast
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor, Role, SignInMethod, StakeholderGroup
from portal.observatorium.actions.rating import AnswersDraft, Standing, rate_several
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Round, RoundState, Tie
from portal.partners import fetching, syncing
from portal.partners.actions.partners import add_partner
from portal.partners.models.partners import Partner
from tests.browser import checks, content, running
from tests.browser.hands import PATIENCE, Journey, arrived, wait_for_first_jobs
from tests.browser.running import Portal
from tests.browser.test_idea_journey import CONTACT, RED, IdeaJourney
from tests.browser.test_project_journey import LEARNT, ProjectJourney, person
from tests.browser.test_running_a_round import confirm, wait_for_result
from tests.cocreation.doing import answered, at_phase
from tests.portfolio import things
from tests.support import databases

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INDICATOR = "1.8"
IDEA, PROJECT, SOLUTION = "Fortell hva dere gjorde med rådet", "Svar på tavla i biblioteket", "Svartavla"
BENEFIT = "Flere får vite hva som skjedde"
CORE = "Hvert innspill får et svar på ei tavle som alle går forbi."
RESULT = "Åtte av ti fikk svar på tre uker."
NEIGHBOUR = "Drammen kommune"
GROUPS = {group.value.replace("_", "-"): group for group in StakeholderGroup}
"""By what the addresses of those who answer begin with."""


@pytest.fixture(scope="module")
def home() -> Iterator[Portal]:
    """Asker's portal, with rounds, ideas and people."""
    with content.loaded_database() as own, running.run(own, PORTAL_OUTGOING_ALLOW="127.0.0.1") as started:
        yield started
        assert started.faults() == []


@pytest.fixture(scope="module")
def neighbour(home: Portal) -> Iterator[Portal]:
    """Drammen's own portal, with its own server, worker, database and keys; each has let the other in."""
    settings = {"PORTAL_MUNICIPALITY_NUMBER": "3301", "PORTAL_OUTGOING_ALLOW": "127.0.0.1"}
    with databases.own_database() as own, running.run(own, **settings) as started:
        with started.app.app_context():
            make_cast()
        for here, there in ((home, started), (started, home)):
            with here.app.app_context():
                add_partner(person("admin", Role.ADMIN), fetching.portal(there.address).item)
        yield started
        assert started.faults() == []


@dataclass
class SolutionJourney(Journey):
    """What the project came to, made so that others can do the same."""

    base: ClassVar[str] = "/losninger/"

    def shared(self, project: str) -> None:
        """An employee makes a solution of the project: what is known is filled in."""
        hand = self.hand("employee", project)
        self.follow(hand, "Gjør dette til en løsning", "Del en løsning")
        page = hand.page
        expect(page.locator("main").get_by_role("link", name=PROJECT)).to_be_visible()
        expect(page.locator("[name=results]")).to_have_value(re.compile(f"{BENEFIT}: fra 20 til 85"))
        expect(page.locator("[name=results]")).to_have_value(re.compile(re.escape(LEARNT)))
        expect(page.locator("main summary", has_text="Hva bidrar løsningen til? (1 valgt)")).to_be_visible()
        self.fill(hand, title=self.title, core=f"{CORE} Spør {CONTACT}.")
        hand.pick_next(page.locator("[name=theme]"))
        for name, value in {"cost_class": "low", "size": "large"}.items():
            hand.choose(page.locator(f"[name={name}][value={value}]"))
        self.fill(hand, contact_title="Biblioteksjef")
        hand.press(self.named(hand, "button", "Del løsningen"))
        arrived(page, "Takk! Løsningen er sendt inn")
        hand.begin()
        self.sent(page)

    def adopted(self) -> None:
        """Somebody there finds it from what is red, takes it in use, and tells how it went."""
        hand = self.hand("adviser", RED)
        self.follow(hand, self.title, self.title)
        self.id = int(re.findall(r"/losninger/(\d+)", hand.page.url)[0])
        expect(hand.page.get_by_text("Hentet fra en annen portal")).to_be_visible()
        expect(hand.page.locator("main")).to_contain_text(CORE)
        self.follow(hand, "Ta den i bruk", "Ta løsningen i bruk")
        hand.choose(hand.page.locator("[name=step][value=in_use]"))
        hand.choose(hand.page.locator("[name=way][value=adapted]"))
        hand.date(hand.page.locator("[name=in_use_since]"), clock.today())
        self.fill(hand, result=f"{RESULT} Spør {CONTACT}.", contact_title="Leder for servicetorget")
        self.send(hand, "Meld fra om bruk", "Takk. De som delte løsningen, får vite det.")
        arrived(hand.page, NEIGHBOUR)

    def told_back(self) -> None:
        """The source sees that it is in use there and, when a moderator has read it, how it went."""
        page = self.visit("employee", at=self.portal)
        page.goto(f"{self.base}{self.id}")
        until(page, page.locator("#i-bruk ~ p", has_text="1 har den i bruk"))
        moderator = self.visit("moderator", at=self.portal)
        moderator.goto("/moderering/ko/")
        until(moderator, moderator.locator(".case-row", has_text=RESULT))
        self.let_through(RESULT)
        page.goto("/konto/varsler/")
        until(page, page.locator("main").get_by_text(re.compile(f"{NEIGHBOUR}.*{self.title}")))
        page.goto(f"{self.base}{self.id}")
        assert checks.axe(page) == []
        page.locator("main").get_by_role("link", name=NEIGHBOUR).click()
        arrived(page, NEIGHBOUR)
        expect(page.locator("main")).to_contain_text(RESULT)
        expect(page.get_by_text("Fortalt i deres egen portal.")).to_be_visible()
        assert checks.axe(page) == []


def until(page: Page, sight: Locator) -> None:
    """Look again until something is there: the workers of two portals have to do their part."""
    end = time.monotonic() + PATIENCE
    while sight.count() == 0:
        assert time.monotonic() < end, f"not there: {sight}"
        time.sleep(0.5)
        page.reload()


def carried_out(project: ProjectJourney) -> None:
    """Let the project have worked: its gates passed, and what it should lead to measured."""
    with project.portal.app.app_context():
        owner, adviser = person("volunteer"), person("adviser", Role.IDEA_MANAGER, Role.EMPLOYEE)
        plan: dict[str, Any] = {"title": BENEFIT, "baseline_value": 20, "target_value": 80, "unit_word": "av hundre"}
        benefit = things.planned(adviser, Ref("project", project.id), **plan)
        things.measure(adviser, benefit, "85", clock.today())
        answered(owner, at_phase(owner, db.session.get_one(Project, project.id), Phase.CLOSE), note="Sett på sammen.")


def synced(portal: Portal) -> None:
    """Read what the partner has to tell, as the worker does every ten minutes."""
    with portal.app.app_context():
        assert syncing.sync(db.session.scalars(sa.select(Partner.id)).one()).error == ""


def answered_anew(portal: Portal) -> str:
    """Let three of four find it good now, as all who agree would be hidden; return what the round is called."""
    with portal.app.app_context():
        round_ = db.session.scalars(sa.select(Round).where(Round.state == RoundState.OPEN)).one()
        crowd = sa.or_(*(Account.email.like(f"{group}-%@crowd.demo.example") for group in GROUPS))
        for account in db.session.scalars(sa.select(Account).where(crowd, Account.deactivated_at.is_(None))).all():
            of, _dash, number = str(account.email).partition("@")[0].rpartition("-")
            group, answer = GROUPS[of], Answer.GREEN if int(number) % 4 else Answer.YELLOW
            voices = spokesperson_organisations(account.id)
            organisation, tie = (voices[0].id, Tie.ORGANISATION) if voices else (None, Tie.LIVES)
            standing = Standing(group=group, tie=tie, organisation_id=organisation)
            draft = AnswersDraft(round=round_.slug, answers={INDICATOR: answer}, standing=standing)
            roles = frozenset({Role.MEMBER})
            rate_several(Actor(id=account.id, name="", roles=roles, sign_in=SignInMethod.PASSWORD), draft)
        return round_.title


def published(visit: Callable[..., Page], portal: Portal, title: str) -> None:
    """A coordinator closes the round and publishes what came of it; the worker does the counting."""
    page = visit("coordinator", at=portal)
    page.goto("/observatorium/styring/")
    page.get_by_role("link", name=title, exact=True).first.click()
    confirm(page, "Lukk nå", "Lukk runden")
    confirm(page, "Publiser resultatet", "Publiser resultatet")
    wait_for_result(page)


def test_from_red_in_one_municipality_to_what_another_tells_back_beside_the_next_colour(
    visit: Callable[..., Page], home: Portal, neighbour: Portal
) -> None:
    wait_for_first_jobs(home)
    idea = IdeaJourney(home, visit, IDEA)
    idea.proposed()
    idea.let_through(IDEA)
    idea.backed()
    idea.assigned()
    idea.answered()
    idea.decided()

    project = ProjectJourney(home, visit, PROJECT, idea=IDEA)
    project.started()
    project.let_through(PROJECT)
    carried_out(project)
    project.closed(project.hand("volunteer", project.at("faser")))
    project.let_through(PROJECT)

    solution = SolutionJourney(home, visit, SOLUTION)
    solution.shared(project.at())
    solution.let_through(SOLUTION)

    synced(neighbour)
    there = SolutionJourney(neighbour, visit, SOLUTION)
    there.let_through(SOLUTION)
    there.adopted()
    there.let_through(RESULT)
    solution.told_back()

    next_round = answered_anew(home)
    published(visit, home, next_round)
    reads_the_end(visit(at=home), solution, project, next_round)


def reads_the_end(page: Page, solution: SolutionJourney, project: ProjectJourney, next_round: str) -> None:
    """Anybody reads it all in one place: the colour before and now, what was done, and who else does it."""
    page.goto(f"/losninger/{solution.id}")
    main = page.locator("main")
    for words in (CORE, f"{BENEFIT}: fra 20 til 85", "1 har den i bruk", NEIGHBOUR, PROJECT):
        expect(main).to_contain_text(words, use_inner_text=True)
    colours = page.locator(".what-next__colours > li")
    expect(colours).to_have_count(3)
    expect(colours.first).to_contain_text("Ikke akseptabelt")
    expect(colours.last).to_contain_text(next_round)
    expect(colours.last).to_contain_text("Minstekravet er nådd")
    assert checks.axe(page) == []
    page.goto(RED)
    expect(main).to_contain_text("Minstekravet er nådd")
    for section, title in (("ideer", IDEA), ("samskaping", PROJECT), ("loest", SOLUTION)):
        expect(page.locator(f"section[aria-labelledby={section}]").get_by_role("link", name=title)).to_be_visible()
    expect(page.locator("section[aria-labelledby=loest]")).to_contain_text("1 annen har den i bruk")
    page.goto(project.at())
    expect(main.get_by_role("link", name=SOLUTION)).to_be_visible()
    expect(page.locator(".what-next__colours > li").last).to_contain_text("Minstekravet er nådd")

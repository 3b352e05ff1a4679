"""How people get through a journey: with a mouse, or with keys only; and how one waits for what they wait for."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from typing import Any, ClassVar

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from portal.kernel import clock, outbox
from portal.kernel.db import db
from portal.kernel.jobs import JobRow
from tests.browser import checks
from tests.browser.keys import Keys
from tests.browser.running import Portal

PATIENCE = 300.0
"""Seconds until a mail that doesn't come is given up; no test asks how long one takes."""
MOST = 250
"""How many stops a page may have before what is looked for."""


class Pointer:
    """Somebody with a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begin(self) -> None:
        assert checks.axe(self.page) == []

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, target: Locator) -> None:
        target.check(force=True)

    def choose(self, target: Locator) -> None:
        target.check(force=True)

    def pick_next(self, target: Locator) -> None:
        target.select_option(index=1)

    def pick(self, target: Locator, label: str) -> None:
        target.select_option(label=label)

    def date(self, target: Locator, day: date) -> None:
        target.fill(day.isoformat())


class Scriptless(Pointer):
    """Somebody whose browser runs no script: neither does axe there, whose promises would never be kept."""

    def begin(self) -> None:
        assert checks.sideways(self.page) == []


class Keyboard:
    """Somebody with keys only, on a phone."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keys(page)

    def begin(self) -> None:
        self.page.wait_for_load_state()
        assert checks.sideways(self.page) == []
        if "#" not in self.page.url:  # else one is where one is going
            self.keys.skip()

    def press(self, target: Locator) -> None:
        self.keys.tab_to(target, most=MOST)
        self.keys.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Write in a field, instead of what stands there."""
        self.keys.tab_to(target, most=MOST)
        self.keys.press("Control+a")
        self.keys.write(text)

    def tick(self, target: Locator) -> None:
        self.keys.tab_to(target, most=MOST)
        self.keys.press("Space")

    def choose(self, target: Locator) -> None:
        """Go to the first of the group, and down to the one."""
        name = target.get_attribute("name")
        self.keys.tab_to(self.page.locator(f"input[type=radio][name='{name}']").first, most=MOST)
        self.keys.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"not reached: {target}")

    def pick_next(self, target: Locator) -> None:
        self.keys.tab_to(target, most=MOST)
        self.keys.press("ArrowDown")

    def pick(self, target: Locator, label: str) -> None:
        """Go down a list, from its top, to what is wanted."""
        self.keys.tab_to(target, most=MOST)
        self.keys.press("Home")
        for _ in range(40):
            if target.evaluate("each => each.selectedOptions[0].label") == label:
                return
            self.keys.press("ArrowDown")
        raise AssertionError(f"not in the list: {label}")

    def date(self, target: Locator, day: date) -> None:
        """Write a day as the browser asks for it in Norwegian: day, month, year."""
        self.keys.tab_to(target, most=MOST)
        self.keys.write(f"{day:%d%m%Y}")


Hands = Pointer | Keyboard


def wait_for_first_jobs(portal: Portal) -> None:
    """Wait until the worker has done every job once, and what came of that: on SQLite a long one holds others up."""
    names = {job.name for job in portal.app.extensions["portal_recurring"]}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with portal.app.app_context():
            done = sa.select(JobRow.name).where(JobRow.due_at > clock.now())
            if names <= {*db.session.scalars(done)} and not outbox.waiting():
                return
        time.sleep(0.5)
    raise AssertionError("the worker has not done its jobs")


def mail_to(portal: Portal, address: str, subject: str, before: int = 0) -> EmailMessage:
    """Wait for a mail with a subject, after so many of the same."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = [mail for mail in portal.mailbox.to(address) if mail["Subject"] == subject]
        if len(found) > before:
            return found[before]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}: {subject}")


def arrived(page: Page, heading: str | re.Pattern[str]) -> None:
    """Wait for a page, all of it: what is below, and the scripts that answer what one does there."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    page.wait_for_load_state()


@dataclass
class Journey:
    """An idea, or another thing, on its way: what it is called, and how people on the way use its pages."""

    base: ClassVar[str] = "/ideer/"
    """Its own page is here, under its number."""
    portal: Portal
    visit: Callable[..., Page]
    title: str
    way: Callable[[Page], Hands] = Pointer
    settings: dict[str, Any] = field(default_factory=dict)
    id: int = 0

    def hand(self, name: str, path: str | None = None, **settings: Any) -> Hands:
        """Let somebody sign in and open a page: the thing's own when no other is named."""
        found = self.way(self.visit(name, at=self.portal, **self.settings, **settings))
        self.go(found, path or f"{self.base}{self.id}")
        return found

    def go(self, hand: Hands, path: str) -> None:
        hand.page.goto(path)
        hand.begin()

    def named(self, hand: Hands, role: Any, name: str | re.Pattern[str]) -> Locator:
        return hand.page.locator("main").get_by_role(role, name=name).first

    def follow(self, hand: Hands, name: str | re.Pattern[str], heading: str | re.Pattern[str]) -> None:
        """Press a link; be where it leads."""
        hand.press(self.named(hand, "link", name))
        arrived(hand.page, heading)
        hand.begin()

    def send(self, hand: Hands, name: str | re.Pattern[str], said: str) -> None:
        """Press a button; hear what it did."""
        hand.press(self.named(hand, "button", name))
        expect(hand.page.get_by_text(said).first).to_be_visible()
        hand.begin()

    def fill(self, hand: Hands, **texts: str) -> None:
        """Write in fields by their names in the form, in the order of the page."""
        for name, text in texts.items():
            hand.write(hand.page.locator(f"main [name={name}]"), text)

    def choose(self, hand: Hands, *labels: str) -> None:
        for label in labels:
            hand.choose(hand.page.get_by_label(label, exact=True))

    def unlike(self, hand: Hands) -> None:
        """Say of each idea that is offered that it is not the same; when none resembles it, one is past that page."""
        page = hand.page
        arrived(page, re.compile("^(Ligner ideen din på en av disse|Se over før du sender inn)"))
        while (offered := page.locator(".similar > li")).count():
            hand.begin()
            address = str(offered.first.get_by_role("link").get_attribute("href"))
            hand.press(offered.first.get_by_role("button", name="Ikke det samme"))
            expect(page.locator(f"main a[href='{address}']")).to_have_count(0)
            page.wait_for_load_state()

    def sent(self, page: Page) -> None:
        """Note what the receipt is of."""
        found = re.search(rf"{self.base}(\d+)/(sendt|startet|delt)", page.url)
        assert found, page.url
        self.id = int(found[1])

    def let_through(self, *words: str) -> None:
        """A moderator reads what waits, and shows it to all."""
        for each in words:
            hand = self.hand("moderator", "/moderering/ko/")
            hand.press(hand.page.locator(".case-row", has_text=each).get_by_role("link").first)
            arrived(hand.page, re.compile("^Sak "))
            hand.begin()
            self.send(hand, "Vis teksten, og ta neste", "Avgjort")

    def handled(self, doing: str, done: str, said: str, **texts: str) -> None:
        """Let the adviser do something in the case."""
        hand = self.hand("adviser", f"/ideer/styring/{self.id}/{doing}")
        self.fill(hand, **texts)
        self.send(hand, done, said)

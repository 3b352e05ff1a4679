"""Portals that run, and browsers to visit them with; what a browser complains of fails the test, unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from tests.browser import content, running
from tests.browser.running import Portal
from tests.support import databases

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}

expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The portal that most tests share: they add to it, and change nothing that others look at."""
    with content.loaded_database() as own, running.run(own, with_idp=True) as started:
        yield started
        assert started.faults() == []


@pytest.fixture(scope="module")
def own_portal() -> Iterator[Portal]:
    """A portal of the module's own, whose rounds and settings it may change."""
    with content.loaded_database() as own, running.run(own) as started:
        yield started
        assert started.faults() == []


@pytest.fixture(scope="module")
def empty_portal() -> Iterator[Portal]:
    """A portal on its first day: nobody and nothing."""
    with databases.own_database() as own, running.run(own) as started:
        yield started
        assert started.faults() == []


@pytest.fixture(scope="session")
def made(portal: Portal) -> dict[str, Any]:
    """Names and numbers of what the shared portal holds."""
    return content.named(portal.app)


class Watch:
    """Writes down what goes wrong in a browser: script, policy, faults, and requests that leave the house."""

    def __init__(self, allowed: set[str]) -> None:
        self.allowed = allowed
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.said)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self.asked)
        context.on("response", self.answered)

    def said(self, message: ConsoleMessage) -> None:
        # What was refused or missing is told by the responses, which say more.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc not in self.allowed:
            self.complaints.append(f"request to another: {request.url}")

    def answered(self, response: Response) -> None:
        part_of_page = not response.request.is_navigation_request() and response.request.resource_type != "fetch"
        if response.status >= 500 or (response.status >= 400 and part_of_page):
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open a browser: `visit("resident")` is signed in, `visit()` is not; then `page.goto("/observatorium/")`.

    `at` is another portal than the shared one, `also` are hosts the pages may send the browser to; the rest are
    Playwright's settings of a context.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def opened(name: str | None = None, *, at: Portal | None = None, **wished: Any) -> Page:
        portal = at or request.getfixturevalue("portal")
        # A press must not miss what is still gliding into sight.
        still = {"reduced_motion": "reduce"}
        settings = {"viewport": DESK, "locale": "nb-NO", "base_url": portal.address, **still} | wished
        context = browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(60_000)
        if name:
            context.add_cookies([portal.cookie(name)])  # type: ignore[list-item]  # a cookie as a plain dict
        hosts = {urlsplit(portal.address).netloc}
        if portal.idp is not None:
            hosts.add(urlsplit(portal.idp.issuer).netloc)
        watch = Watch(hosts)
        watch.over(context)
        watches.append(watch)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []


@pytest.fixture(scope="session")
def kept_windows(browser: Browser, portal: Portal) -> Iterator[dict[tuple[str | None, str], tuple[Page, Watch]]]:
    """Windows that tests take over from each other, by who is signed in and the language: they keep what is fetched."""
    windows: dict[tuple[str | None, str], tuple[Page, Watch]] = {}
    yield windows
    for page, _watch in windows.values():
        page.context.close()


@pytest.fixture
def look_in(
    browser: Browser, portal: Portal, kept_windows: dict[tuple[str | None, str], tuple[Page, Watch]]
) -> Iterator[Callable[..., Page]]:
    """Open a window on the shared portal for somebody who only looks: one that was used before, with new sign-in."""
    used: list[Watch] = []

    def opened(name: str | None, *, locale: str, viewport: ViewportSize, **media: Any) -> Page:
        if (name, locale) not in kept_windows:
            context = browser.new_context(locale=locale, base_url=portal.address, reduced_motion="reduce")
            context.set_default_timeout(60_000)
            watch = Watch({urlsplit(portal.address).netloc})
            watch.over(context)
            kept_windows[name, locale] = (context.new_page(), watch)
        page, watch = kept_windows[name, locale]
        used.append(watch)
        page.context.clear_cookies()
        if name:
            page.context.add_cookies([portal.cookie(name)])  # type: ignore[list-item]  # a cookie as a plain dict
        page.set_viewport_size(viewport)
        page.emulate_media(**media)
        return page

    yield opened
    complaints = [complaint for watch in used for complaint in watch.complaints]
    for watch in used:
        watch.complaints.clear()
    assert complaints == []

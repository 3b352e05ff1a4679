"""An administrator lets an organisation in, gives a role, and changes how the portal looks."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import organisation_number
from tests.browser import checks
from tests.browser.keys import choose
from tests.browser.running import Portal

pytestmark = pytest.mark.browser


def test_an_organisation_is_let_in_and_its_spokesperson_answers_for_it(
    visit: Callable[..., Page], own_portal: Portal
) -> None:
    speaker = visit("partner", at=own_portal)
    speaker.goto("/konto/organisasjoner")
    speaker.get_by_label("Organisasjonsnummer").fill(organisation_number(Random(7)))  # noqa: S311 - not a secret
    speaker.get_by_label("Organisasjonens navn").fill("Tofte seilforening")
    choose(speaker.get_by_label("Frivilligheten"))
    speaker.get_by_role("button", name="Send forespørselen").click()
    expect(speaker.get_by_text("Tofte seilforening")).to_be_visible()
    expect(speaker.get_by_text("Venter på oss")).to_be_visible()
    speaker.goto("/observatorium/vurder/")
    expect(speaker.get_by_label(re.compile("Tofte seilforening"))).to_have_count(0)

    admin = visit("admin", at=own_portal)
    admin.goto("/administrasjon/organisasjoner")
    admin.get_by_role("link", name="Tofte seilforening").click()
    admin.get_by_role("link", name="Godkjenn organisasjonen").click()
    admin.get_by_role("button", name="Godkjenn organisasjonen").click()
    admin.get_by_role("link", name=re.compile("^Godkjenn Petter Partner")).click()
    verify = admin.locator("main").get_by_role("button", name=re.compile("Godkjenn"))
    verify.wait_for()
    assert checks.axe(admin) == []
    verify.click()
    expect(admin.get_by_role("row", name=re.compile("Petter Partner"))).to_contain_text("Godkjent")

    speaker.reload()
    choose(speaker.get_by_label("Jeg svarer for Tofte seilforening"))
    choose(speaker.get_by_label("Jeg er med i en forening eller bedrift her"))
    speaker.get_by_role("button", name="Begynn").click()
    choose(speaker.get_by_label("På vei"))
    speaker.get_by_role("button", name="Neste").click()
    expect(speaker.get_by_text("1 av 39 vurdert").first).to_be_visible()
    speaker.goto("/observatorium/vurder/")
    expect(speaker.get_by_text("Du svarer for Tofte seilforening i denne runden.")).to_be_visible()


def test_a_role_given_opens_its_pages_at_once(visit: Callable[..., Page], own_portal: Portal) -> None:
    person = visit("employee2", at=own_portal)
    answer = person.goto("/observatorium/styring/")
    assert answer is not None
    assert answer.status == 403
    admin = visit("admin", at=own_portal)
    admin.goto("/administrasjon/personer?q=Emil")
    admin.get_by_role("link", name="Emil Ansatt").click()
    admin.get_by_role("link", name="Gi en rolle").click()
    choose(admin.get_by_label("Koordinator"))
    admin.get_by_role("button", name="Gi rollen").click()
    expect(admin.get_by_role("row", name=re.compile("Koordinator"))).to_be_visible()
    person.reload()
    expect(person.get_by_role("heading", level=1, name="Styr observatoriet")).to_be_visible()
    admin.goto("/administrasjon/hendelser")
    expect(admin.get_by_role("row", name=re.compile("Emil Ansatt")).first).to_be_visible()


def test_a_new_look_is_seen_by_everybody(visit: Callable[..., Page], own_portal: Portal) -> None:
    visitor = visit(at=own_portal)
    visitor.goto("/")
    before = header_colour(visitor)
    admin = visit("admin", at=own_portal)
    admin.goto("/administrasjon/utseende")
    admin.get_by_label("Navn", exact=True).fill("Nye Asker kommune")
    choose(admin.get_by_label("Lilla"))
    admin.get_by_label("E-post for kontakt").fill("hei@asker.example")
    admin.get_by_role("button", name="Vis dette på alle sider").click()
    expect(admin.get_by_role("status").first).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("banner")).to_contain_text("Nye Asker kommune")
    expect(visitor.get_by_role("contentinfo")).to_contain_text("hei@asker.example")
    expect(visitor).to_have_title(re.compile("Nye Asker kommune"))
    assert header_colour(visitor) != before
    for scheme in ("light", "dark"):
        visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two it takes
        assert checks.axe(visitor) == []


def header_colour(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('.site-header')).backgroundColor"))

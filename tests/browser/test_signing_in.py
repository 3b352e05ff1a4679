"""Signing up, in and out: by password with mails, and by an OpenID provider, with real processes on all sides."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.config import DEMO_PASSWORD
from portal.kernel.identity import SignInMethod
from tests.browser import checks
from tests.browser.conftest import PHONE
from tests.browser.keys import choose
from tests.browser.running import PATIENCE, Portal

pytestmark = pytest.mark.browser


def mailed_link(portal: Portal, address: str, part: str) -> str:
    """Wait for a mail to somebody; return the link in it that holds `part`."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for message in portal.mailbox.to(address):
            body = message.get_body(("plain",))
            assert body is not None
            found = re.search(rf"{re.escape(portal.address)}\S*{part}\S+", body.get_content())
            if found:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"no mail with {part} came to {address}")


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/konto/logg-inn")
    page.get_by_label("E-postadresse").fill(email)
    page.get_by_label("Passord", exact=True).fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Logg inn", exact=True).click()


def test_somebody_signs_up_confirms_forgets_and_makes_a_new_password(
    visit: Callable[..., Page], portal: Portal
) -> None:
    page = visit(viewport=PHONE)
    page.goto("/konto/logg-inn")
    page.get_by_role("link", name="Lag en bruker").click()
    page.get_by_label("Hva skal vi kalle deg?").fill("Nora Nykommer")
    page.get_by_label("E-postadresse").fill("nora@demo.example")
    page.get_by_label("Lag et passord").fill("fire tilfeldige norske ord")
    choose(page.get_by_label(re.compile("år eller eldre")))
    page.get_by_role("button", name="Lag bruker").click()
    expect(page.get_by_role("heading", level=1, name="Se i innboksen din")).to_be_visible()
    assert checks.axe(page) == []

    page.goto(mailed_link(portal, "nora@demo.example", "/konto/bekreft/"))
    page.get_by_label("Passord", exact=True).fill("fire tilfeldige norske ord")
    page.get_by_role("button", name="Bekreft og logg inn").click()
    expect(page.get_by_text("E-postadressen er bekreftet. Velkommen!")).to_be_visible()
    assert checks.axe(page) == []

    page.context.clear_cookies()
    page.goto("/konto/logg-inn")
    page.get_by_role("link", name="Glemt passordet?").click()
    page.get_by_label("E-postadresse").fill("nora@demo.example")
    page.get_by_role("button", name="Send meg en lenke").click()
    page.goto(mailed_link(portal, "nora@demo.example", "/konto/nytt-passord/"))
    page.get_by_label("Nytt passord").fill("fem helt andre norske ord")
    page.get_by_role("button", name="Lag nytt passord").click()
    expect(page.get_by_text("Logg inn med det nye")).to_be_visible()
    sign_in(page, "nora@demo.example", "fire tilfeldige norske ord")
    expect(page.get_by_text("passer ikke sammen").first).to_be_visible()
    assert checks.axe(page) == []
    sign_in(page, "nora@demo.example", "fem helt andre norske ord")
    page.goto("/konto/")
    expect(page.get_by_text("Du er logget inn som Nora Nykommer.")).to_be_visible()


def by_provider(page: Page, person: str) -> None:
    page.goto("/konto/logg-inn?neste=/observatorium/vurder/")
    page.get_by_role("link", name="Logg inn med ID-porten (demo)").click()
    page.get_by_role("button", name=person).click()
    expect(page).to_have_url(re.compile("/observatorium/vurder/$|/tilbake"))
    page.wait_for_load_state()


def test_somebody_signs_in_by_a_provider_rates_and_signs_out_of_both(
    visit: Callable[..., Page], portal: Portal
) -> None:
    assert portal.idp is not None
    page = visit(viewport=PHONE)
    by_provider(page, "Ingrid Innbygger")
    expect(page.get_by_role("heading", level=1, name="Vurder kommunen")).to_be_visible()
    choose(page.get_by_label("Jeg går på skole eller studerer her"))
    page.get_by_role("button", name="Begynn").click()
    for number in ("1.1", "1.2"):
        expect(page).to_have_url(re.compile(rf"/{re.escape(number)}/$"))
        choose(page.get_by_label("På vei"))
        page.get_by_role("button", name="Neste").click()
    expect(page.get_by_text("2 av 39 vurdert").first).to_be_visible()

    page.locator(".menu-toggle summary").click()
    page.locator("details.account summary").click()
    assert checks.axe(page) == []
    page.get_by_role("button", name="Logg ut").click()
    expect(page).to_have_url(re.compile(re.escape(portal.idp.issuer)))
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", level=1, name="Du er logget ut")).to_be_visible()
    page.goto("/konto/")
    expect(page.get_by_role("heading", level=1, name="Logg inn")).to_be_visible()


def test_a_provider_that_says_it_is_over_ends_the_session_here(visit: Callable[..., Page], portal: Portal) -> None:
    assert portal.idp is not None
    page = visit()
    by_provider(page, "Hanne Høy")
    page.goto("/konto/")
    expect(page.get_by_text("Du er logget inn som Hanne Høy.")).to_be_visible()
    told = portal.idp.end_sessions("high")
    assert [call["error"] for call in told] == [None]
    page.reload()
    expect(page.get_by_role("heading", level=1, name="Logg inn")).to_be_visible()


def test_a_sign_in_that_is_too_weak_or_broken_off_is_explained(visit: Callable[..., Page]) -> None:
    page = visit()
    by_provider(page, "Lars Lav")
    expect(page.locator("main h1")).to_be_visible()
    expect(page).to_have_url(re.compile("/tilbake"))
    assert checks.axe(page) == []
    page.goto("/konto/logg-inn")
    page.get_by_role("link", name="Logg inn med ID-porten (demo)").click()
    page.get_by_role("button", name="Avbryt").click()
    expect(page).to_have_url(re.compile("/tilbake"))
    expect(page.get_by_role("link", name=re.compile("Logg inn|Prøv"))).not_to_have_count(0)
    assert checks.axe(page) == []


def test_the_second_step_asks_for_a_code(visit: Callable[..., Page]) -> None:
    page = visit()
    sign_in(page, "verifier@demo.example", DEMO_PASSWORD)
    expect(page).to_have_url(re.compile("/konto/kode"))
    assert checks.axe(page) == []
    page.get_by_role("button", name=re.compile("Logg inn|Fortsett|Bekreft")).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert checks.axe(page) == []


def test_a_session_about_to_end_asks_first(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit()
    page.context.add_cookies([portal.cookie("employee", SignInMethod.OIDC)])  # type: ignore[list-item]  # a plain dict
    page.clock.install()
    page.goto("/konto/")
    dialog = page.get_by_role("dialog", name="Vil du fortsette?")
    seconds = int(page.locator("[data-session-expires]").get_attribute("data-session-expires") or 0)
    page.clock.run_for((seconds - 100) * 1000)
    expect(dialog).to_be_visible()
    assert checks.axe(page) == []
    dialog.get_by_role("button", name="Forbli innlogget").press("Enter")
    expect(dialog).to_be_hidden()

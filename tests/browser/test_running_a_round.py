"""A coordinator runs a round from draft to published result; the worker does the counting."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from portal.kernel import clock
from portal.kernel.db import db
from portal.observatorium.models.rounds import Round, RoundState
from tests.browser import checks
from tests.browser.keys import choose
from tests.browser.running import PATIENCE, Portal

pytestmark = pytest.mark.browser


def confirm(page: Page, link: str, button: str) -> None:
    """Follow a link to the page that says what it means, look at it, and do it."""
    page.get_by_role("link", name=link, exact=True).click()
    done = page.get_by_role("button", name=button)
    done.wait_for()
    assert checks.axe(page) == []
    done.click()
    expect(done).to_have_count(0)


def wait_for_result(page: Page) -> None:
    """Look again until the worker has published."""
    end = time.monotonic() + PATIENCE
    while page.get_by_role("link", name="Se resultatet").count() == 0:
        assert time.monotonic() < end, "the worker has not published"
        time.sleep(0.2)
        page.reload()


def test_a_round_goes_from_draft_to_published_result(visit: Callable[..., Page], own_portal: Portal) -> None:
    page = visit("coordinator", at=own_portal)
    page.goto("/observatorium/styring/")
    page.get_by_role(
        "link", name="Runden 2026" if clock.today().year == 2026 else re.compile(r"^Runden \d+$")
    ).first.click()
    confirm(page, "Lukk nå", "Lukk runden")
    expect(page.get_by_text("Runden er lukket.")).to_be_visible()

    resident = visit("resident-3@crowd.demo.example", at=own_portal)
    resident.goto("/observatorium/vurder/")
    expect(resident.locator("main")).to_contain_text(re.compile("Ingen runde er åpen nå|Runden er lukket"))
    assert checks.axe(resident) == []

    confirm(page, "Publiser resultatet", "Publiser resultatet")
    expect(page.get_by_text("Resultatet regnes ut nå.").first).to_be_visible()
    wait_for_result(page)
    page.get_by_role("link", name="Se resultatet").click()
    expect(page.locator("h1")).to_contain_text("Runden")
    expect(page.locator(".wheel-full a")).to_have_count(39)
    visitor = visit(at=own_portal)
    visitor.goto(page.url)
    expect(visitor.locator(".wheel-full a")).to_have_count(39)

    make_and_open(page)


def make_and_open(page: Page) -> None:
    """Make a new round, assess a part, open it, and let people have longer."""
    today = clock.today()
    page.goto("/observatorium/styring/")
    page.get_by_role("link", name="Lag en runde").click()
    page.get_by_label("Navn").fill("Runden for nettleseren")
    page.get_by_label("Adresse").fill("nettleseren")
    page.get_by_label("Første dag").fill(today.isoformat())
    page.get_by_label("Siste dag").fill((today + timedelta(days=10)).isoformat())
    choose(page.get_by_label("E-post og passord"))
    page.get_by_role("button", name="Lag utkastet").click()
    expect(page.get_by_text("Runden er laget som utkast.")).to_be_visible()

    page.get_by_role("link", name="Gå til egenvurderingen").click()
    page.get_by_role("link", name=re.compile(r"^1\.2 ")).click()
    page.get_by_role("link", name="Vurder, eller legg til belegg").first.click()
    choose(page.get_by_label("På vei"))
    page.get_by_label("Begrunnelse").fill("Avtalene finnes, men følges ikke opp.")
    page.get_by_label("Ansvarlig").fill("Kommunikasjonssjef")
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("h1")).to_contain_text("Egenvurdering av 1.2")
    expect(page.locator("main")).to_contain_text("Avtalene finnes, men følges ikke opp.")
    page.goto("/observatorium/styring/runder/nettleseren/")
    expect(page.get_by_text("1 av 39 har et nivå")).to_be_visible()

    confirm(page, "Åpne runden", "Åpne runden")
    expect(page.get_by_text("Runden er åpnet.")).to_be_visible()
    page.get_by_role("link", name="Forleng").click()
    page.get_by_label("Ny siste dag").fill((today + timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Forleng runden").click()
    expect(page.get_by_text("Runden er forlenget.")).to_be_visible()


def test_a_correction_is_a_new_edition_beside_the_old(visit: Callable[..., Page], own_portal: Portal) -> None:
    with own_portal.app.app_context():
        published = sa.select(Round.slug).where(Round.state == RoundState.PUBLISHED).order_by(Round.opens_at)
        slug = db.session.scalars(published).first()
    page = visit("coordinator", at=own_portal)
    page.goto(f"/observatorium/styring/runder/{slug}/")
    page.get_by_role("link", name="Rett resultatet").click()
    page.get_by_label("Hva rettes, og hvorfor?").fill("Egenvurderingen av 1.1 var ført feil.")
    page.get_by_label("Indikator").select_option(index=1)
    page.get_by_label("Kommunens egen vurdering").select_option(label="På vei")
    publish = page.get_by_role("button", name="Publiser rettingen")
    publish.click()
    expect(publish).to_have_count(0)
    end = time.monotonic() + PATIENCE
    while page.get_by_text("Utgave 2").count() == 0:
        assert time.monotonic() < end, "the worker has not published the correction"
        time.sleep(0.2)
        page.reload()
    expect(page.get_by_role("link", name="Utgave 1")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Utgave 2").click()
    assert checks.axe(page) == []

"""The front page and the pages about the portal: what they offer in every state, and that what they say is true."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest

from portal.accounts import session, tokens
from portal.accounts.actions import retention
from portal.accounts.actions.settings import BrandingDraft, SettingDraft, change_branding, change_setting
from portal.config import DEMO_PASSWORD
from portal.home import navigation
from portal.kernel.i18n import COOKIE_KEPT
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
ABOUT = ("about", "help_page", "rules", "privacy", "accessibility")


def buttons(page: Page) -> list[tuple[str, str]]:
    """Return what the hero offers: the words and where they lead, the primary action first."""
    return [(link.get_text(strip=True), str(link["href"])) for link in page.all(".hero .button-group a")]


def kept(page: Page, what: str) -> str:
    """Return what the page on privacy says of how long something is kept."""
    found = page.one("#hvor-lenge + dl")
    return next(row.select("dd")[0].get_text() for row in found.select("div") if what in row.select("dt")[0].get_text())


# -- the front page ----------------------------------------------------------------------------------------------------


def test_the_front_page_of_a_new_portal_tells_how_it_will_work(visitor: Open) -> None:
    page = visitor().get("home.front")
    assert buttons(page) == [("Slik skal det virke", "/observatorium/metode/")]
    assert len(page.all(".steps > li")) == 3
    assert "Den første runden har ikke åpnet ennå" in page.words


def test_the_front_page_asks_people_to_rate_when_they_can(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor().get("home.front")
    assert buttons(page) == [("Vurder kommunen", "/observatorium/vurder/")]
    assert "Runde 2026 er åpen til og med" in page.words


def test_the_front_page_shows_the_result_and_one_primary_action(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    page = visitor().get("home.front")
    assert buttons(page) == [("Se hele resultatet", "/observatorium/")]
    assert page.one(".hero svg.wheel-compact")
    assert "Det siste vi vet: Runde 2025" in page.words
    an_open_round(cast)
    page = visitor().get("home.front")
    assert [where for _words, where in buttons(page)] == ["/observatorium/vurder/", "/observatorium/"]
    assert len(page.all(".hero .button-group a:not([data-variant])")) == 1


# -- the frame ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_pages_about_the_portal_open_for_everybody_in_every_language(visitor: Open, language: str) -> None:
    reader = visitor()
    for name in ABOUT:
        page = reader.get(f"home.{name}", _headers={"Accept-Language": language})
        assert page.one("html")["lang"] == language
        assert "Set-Cookie" not in page.response.headers


def test_the_footer_leads_to_pages_that_are_there(visitor: Open) -> None:
    reader = visitor()
    links = [str(link["href"]) for link in reader.get("home.about").all(".site-footer nav a")]
    assert len(links) == len(navigation.FOOTER)
    for address in links:
        reader.get_url(address)


def test_the_menu_has_five_entries_at_most_and_marks_where_one_is(visitor: Open) -> None:
    assert len(navigation.MAIN) <= 5
    page = visitor().get("observatorium.method")
    assert [link.get_text() for link in page.all(".site-nav a[aria-current]")] == ["Observatorium"]
    assert not visitor().get("home.about").all(".site-nav a[aria-current]")


@pytest.mark.parametrize(
    ("person", "doors"),
    [
        (None, []),
        ("resident", []),
        ("employee", []),
        ("coordinator", ["/observatorium/styring/"]),
        ("moderator", ["/observatorium/styring/kommentarer/"]),
        ("admin", ["/administrasjon/"]),
    ],
)
def test_the_frame_shows_the_doors_that_a_person_s_roles_open(
    visitor: Open, person: str | None, doors: list[str]
) -> None:
    page = visitor(person).get("home.about")
    assert [link["href"] for link in page.all(".staff-nav a")] == doors


def test_people_are_told_whom_to_ask(cast: Cast, visitor: Open) -> None:
    assert "kommunens servicesenter" in visitor().get("home.help_page").main.get_text()
    set_to = BrandingDraft(
        name="Asker kommune",
        short_name="Asker",
        theme="asker",
        contact_email="post@asker.example",
        contact_text="Eller ring 66 90 90 90.",
        version=0,
    )
    change_branding(cast.actor("admin"), set_to)
    for name in ("help_page", "privacy", "accessibility"):
        page = visitor().get(f"home.{name}")
        assert page.one("main a[href^='mailto:']")["href"] == "mailto:post@asker.example"
        assert "Eller ring 66 90 90 90." in page.main.get_text()


# -- what the pages promise --------------------------------------------------------------------------------------------


def test_privacy_says_how_long_the_code_keeps_things(visitor: Open) -> None:
    page = visitor().get("home.privacy")
    assert kept(page, "Innloggingsforsøk") == f"{retention.ATTEMPTS.days} dager"
    assert kept(page, "Innlogginger") == f"{retention.SESSIONS.days} dager etter at de er over"
    assert kept(page, "aldri bekreftet") == f"{retention.UNCONFIRMED.days} dager"
    assert kept(page, "utløpte lenker") == f"{retention.TOKENS.days} dager"


def test_the_promise_about_the_key_follows_the_setting(cast: Cast, visitor: Open) -> None:
    assert kept(visitor().get("home.privacy"), "Nøkkelen").startswith("30 dager")
    change_setting(cast.actor("admin"), "round_key_days", SettingDraft(value=10, version=0))
    assert kept(visitor().get("home.privacy"), "Nøkkelen").startswith("10 dager")
    assert "slettes 10 dager etter" in visitor().get("observatorium.method").words


def test_the_age_limit_follows_the_setting(cast: Cast, visitor: Open) -> None:
    change_setting(cast.actor("admin"), "minimum_age", SettingDraft(value=16, version=0))
    assert "minst 16 år" in visitor().get("home.privacy").words


def test_privacy_names_every_cookie_and_how_long_it_lasts(visitor: Open) -> None:
    reader = visitor()
    page = reader.get("home.privacy")
    told = {row.select("th")[0].get_text(): row.select("td")[-1].get_text(strip=True) for row in page.all("tbody tr")}
    assert set(told) == {"portal", "kjent", "sprak"}
    set_ = SimpleCookie()
    reader.get("accounts.sign_in", sprak="nb", _headers={"Accept-Language": "en"})
    signed_in = reader.post("accounts.sign_in", {"email": "resident@demo.example", "password": DEMO_PASSWORD})
    chosen = visitor().get("home.about", sprak="nn")
    for answer in (signed_in, chosen):
        for header in answer.response.headers.getlist("Set-Cookie"):
            set_.load(header)
    assert set(set_) == set(told)
    assert int(set_["kjent"]["max-age"]) == session.KNOWN_DEVICE_DAYS * 86400
    assert told["kjent"] == f"{session.KNOWN_DEVICE_DAYS} dager"
    assert int(set_["sprak"]["max-age"]) == COOKIE_KEPT.total_seconds() == 365 * 86400
    assert told["sprak"] == "ett år"


def test_help_says_how_long_the_link_for_a_new_password_works(visitor: Open) -> None:
    assert tokens.LASTS[tokens.RESET_PASSWORD].total_seconds() == 3600
    assert "virker i én time" in visitor().get("home.help_page").words


def test_nothing_is_fetched_from_other_sites(visitor: Open) -> None:
    policy = visitor().get("home.front").response.headers["Content-Security-Policy"]
    assert "http" not in policy

"""The front page and the pages about the portal: what they offer in every state, and that what they say is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.accounts.actions.settings import BrandingDraft, change_branding
from portal.home import navigation
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
ABOUT = ("about", "help_page", "rules", "privacy", "cookies", "accessibility")


def buttons(page: Page) -> list[tuple[str, str]]:
    """Return what the hero offers: the words and where they lead, the primary action first."""
    return [(link.get_text(strip=True), str(link["href"])) for link in page.all(".hero .button-group a")]


# -- the front page ----------------------------------------------------------------------------------------------------


def test_the_front_page_of_a_new_portal_tells_how_it_will_work(visitor: Open) -> None:
    page = visitor().get("home.front")
    assert buttons(page) == [("Slik skal det virke", "/observatorium/metode/")]
    assert len(page.all(".pillars > li")) == 4
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
        ("employee", ["/observatorium/styring/mine/", "/ideer/styring/", "/samskaping/styring/"]),
        ("coordinator", ["/observatorium/styring/"]),
        ("moderator", ["/moderering/"]),
        ("admin", ["/moderering/", "/administrasjon/"]),
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


def test_nothing_is_fetched_from_other_sites(visitor: Open) -> None:
    policy = visitor().get("home.front").response.headers["Content-Security-Policy"]
    assert "http" not in policy

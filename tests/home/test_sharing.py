"""What other sites are told: a title, a line and a picture of each page, the map of the site, what robots may read."""

from __future__ import annotations

import io
from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from portal.home import share_card
from portal.home.queries import sitemap
from portal.home.share_card import SIZE, ShareCard, draw
from portal.home.views.sharing import PAGES
from portal.observatorium.catalogue import row_number
from portal.search.actions import index
from portal.search.upkeep import rebuild
from tests.observatorium.published import a_published_round
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.ideas import proposed, published
from tests.support.page import Page, Visitor, forget_request
from tests.support.solutions import shared

Open = Callable[..., Visitor]
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def told(page: Page) -> dict[str, str]:
    """Return what the page tells those who share it."""
    return {
        str(each["property"]).removeprefix("og:"): str(each["content"]) for each in page.all("meta[property^='og:']")
    }


def fetched(reader: Visitor, address: str) -> TestResponse:
    """Fetch what isn't a page."""
    forget_request()
    response = reader.client.get(address)
    assert response.status_code == 200, address
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return response


def picture(reader: Visitor, address: str) -> Image.Image:
    return Image.open(io.BytesIO(fetched(reader, address).get_data()))


def places(reader: Visitor, address: str = "/sitemap.xml") -> list[str]:
    """Return the addresses in a map of the site, without whose they are."""
    root = Xml.fromstring(fetched(reader, address).get_data())  # noqa: S314 - our own
    return [urlsplit(each.text or "").path for each in root.findall("*/s:loc", NAMESPACE)]


# -- share cards -------------------------------------------------------------------------------------------------------


def test_a_page_of_one_thing_tells_its_own_title_line_and_picture(cast: Cast, visitor: Open) -> None:
    idea = published(cast.actor("resident"), "Nattbuss", summary="En buss hver time.")
    page = visitor().get("ideas.show", idea_id=idea.id, slug="nattbuss")
    said = told(page)
    assert (said["title"], said["description"], said["type"]) == ("Nattbuss", "En buss hver time.", "article")
    assert said["url"] == page.one("link[rel=canonical]")["href"] == f"http://localhost/ideer/{idea.id}-nattbuss"
    assert said["image"] == f"http://localhost/deling/idea/{idea.id}.png"
    assert len(page.all("meta[property='og:title']")) == 1
    found = picture(visitor(), urlsplit(said["image"]).path)
    assert (found.format, found.size) == ("PNG", SIZE)


def test_every_kind_of_public_page_has_a_picture_that_is_there(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    project = started(cast.actor("resident"), "Middag sammen")
    solution = shared(cast.actor("employee"), "Turvenn")
    reader = visitor()
    kinds = set()
    for page in (
        reader.get("home.front"),
        reader.get("observatorium.overview"),
        reader.get("observatorium.indicator", number="1.8"),
        reader.get("cocreation.show", project_id=project.id, slug="middag-sammen"),
        reader.get("solutions.show", solution_id=solution.id, slug="turvenn"),
        reader.get("goals.goal", number=11),
        reader.get("country.index"),
    ):
        said = told(page)
        assert said.get("title") == page.heading
        assert said["description"]
        address = urlsplit(said["image"]).path
        assert picture(reader, address).size == SIZE
        kinds.add(address.split("/")[2])
    assert kinds == {"portalen.png", "observatory_round", "indicator", "project", "solution", "goal"}


def test_nothing_is_told_of_what_isn_t_for_everybody(cast: Cast, visitor: Open) -> None:
    idea = proposed(cast.actor("resident"), "Hemmelig", internally=True)
    for reader in (visitor(), visitor("resident"), visitor("admin")):
        reader.get("sharing.picture", _status=404, kind="idea", number=idea.id)
    for kind, number in (("idea", 999), ("nothing", 1), ("account", 1), ("idea", 2**31), ("idea", 2**70)):
        visitor().get("sharing.picture", _status=404, kind=kind, number=number)
    assert not told(visitor("resident").get("profile.index"))


def test_a_picture_is_kept_as_long_as_nothing_changes(cast: Cast, visitor: Open) -> None:
    number = row_number("1.8")
    headers = fetched(visitor(), f"/deling/indicator/{number}.png").headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    visitor().get("sharing.picture", 304, {"If-None-Match": headers["ETag"]}, kind="indicator", number=number)


def test_the_wheel_is_drawn_as_it_was_published() -> None:
    plain = ShareCard(site="Asker kommune", kind="Runde", title="Runde 2026")
    levels = tuple((dimension, ("green",) * 9) for dimension in (1, 2, 3, 4))
    green = ShareCard(site="Asker kommune", kind="Runde", title="Runde 2026", wheel=levels)
    colours = Image.open(io.BytesIO(draw(green))).convert("RGB").getcolors(1 << 20) or []
    shares = {colour: count for count, colour in colours}
    wanted = Image.new("RGB", (1, 1), share_card.LEVELS["green"]).getpixel((0, 0))
    assert shares.get(wanted, 0) > 50_000  # type: ignore[call-overload]  # a colour of three
    assert draw(plain) != draw(green)


AWKWARD = ("", "Kort", "Kárášjohka og Łódź", "ord " * 80, "x" * 300, "🚲 sykkel\n\tog <b>vei</b>", "العربية", "«åpent»")


@pytest.mark.parametrize("title", AWKWARD)
def test_any_title_has_room(title: str) -> None:
    found = Image.open(io.BytesIO(draw(ShareCard(site="Asker kommune", kind="Idé", title=title, status="Nytt"))))
    edge = found.convert("RGB").crop((SIZE[0] - 30, 0, SIZE[0], SIZE[1] - share_card.STRIP))
    assert len(edge.getcolors() or []) == 1, "nothing is written out of the picture"


# -- the map of the site -----------------------------------------------------------------------------------------------


def test_the_map_of_the_site_holds_every_public_page_and_each_opens(cast: Cast, visitor: Open) -> None:
    a_published_round(cast, "2025", days_ago=365)
    idea = published(cast.actor("resident"), "Nattbuss & tog")
    rebuild()
    reader = visitor()
    parts = places(reader)
    assert "/sitemap/sider.xml" in parts
    every = [address for part in parts for address in places(reader, part)]
    assert len(every) == len(set(every))
    assert f"/ideer/{idea.id}-nattbuss-tog" in every
    assert sum(address.startswith("/observatorium/indikatorer/") for address in every) == 39
    alike = ("/observatorium/indikatorer/2", "/observatorium/indikatorer/3", "/observatorium/indikatorer/4", "/mal/1")
    for address in every:
        if not address.startswith(alike):
            reader.get_url(address)


def test_what_is_hidden_is_not_on_the_map_of_the_site(cast: Cast, visitor: Open) -> None:
    idea = proposed(cast.actor("resident"), "Hemmelig", internally=True)
    index(cast.actor("resident"), "idea", [idea.id])
    reader = visitor()
    assert places(reader) == ["/sitemap/sider.xml"]
    reader.get("sharing.site_map_part", _status=404, kind="idea", number=0)
    reader.get("sharing.site_map_part", _status=404, kind="nothing", number=0)
    reader.get("sharing.site_map_part", _status=404, kind="idea", number=10**12)


def test_a_large_kind_is_parted_and_nothing_is_lost(cast: Cast, visitor: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "IN_A_PART", 5)
    monkeypatch.setattr(sitemap, "READ_AT_ONCE", 2)
    ids = [published(cast.actor("resident"), f"Idé {number}").id for number in range(12)]
    index(cast.actor("resident"), "idea", ids)
    reader = visitor()
    parts = [part for part in places(reader) if "idea" in part]
    assert len(parts) > 1
    found = [address for part in parts for address in places(reader, part)]
    assert [int(address.split("/")[2].split("-")[0]) for address in found] == sorted(ids)


def test_the_pages_of_the_map_are_public_and_there(visitor: Open) -> None:
    reader = visitor()
    assert len(places(reader, "/sitemap/sider.xml")) == len(PAGES)


def test_robots_are_told_where_the_map_is_and_what_to_leave(visitor: Open) -> None:
    text = visitor().get("sharing.robots").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /konto/" in text


# -- feeds -------------------------------------------------------------------------------------------------------------


def test_the_feeds_that_heads_point_at_are_there(cast: Cast, visitor: Open) -> None:
    reader = visitor()
    for endpoint in ("home.front", "ideas.index", "solutions.index"):
        links = reader.get(endpoint).all("link[rel=alternate][type='application/atom+xml']")
        assert links, endpoint
        for each in links:
            assert fetched(reader, str(each["href"])).mimetype == "application/atom+xml"

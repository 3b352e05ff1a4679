"""Atom feeds: what RFC 4287 asks for, and nothing that breaks the XML."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

from portal.kernel.atom import EPOCH, Entry, Feed, write

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def entry(**given: Any) -> Entry:
    whole: dict[str, Any] = {
        "id": "/ting/1",
        "address": "/ting/1-navn",
        "title": "Navn",
        "published": NOON,
        "updated": NOON,
        "language": "nn",
    }
    return Entry(**(whole | given))


def read(*entries: Entry, **given: Any) -> Any:
    whole = {"title": "Ting", "author": "Portalen", "this": "/ting/atom.xml", "page": "/ting/", "language": "nb"}
    feed = Feed(**(whole | given), entries=entries)
    return Xml.fromstring(write(feed, "https://portal.example"))  # noqa: S314 - our own


def test_a_feed_has_what_the_standard_asks_for_with_whole_addresses() -> None:
    feed = read(entry())
    assert feed.findtext(f"{ATOM}id") == "https://portal.example/ting/atom.xml"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Portalen"
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    assert links == {"self": "https://portal.example/ting/atom.xml", "alternate": "https://portal.example/ting/"}
    one = feed.find(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}id") == "https://portal.example/ting/1"
    assert one.find(f"{ATOM}link").get("href") == "https://portal.example/ting/1-navn"
    assert (feed.get(LANGUAGE), one.get(LANGUAGE)) == ("nb", "nn")


def test_a_feed_is_as_new_as_its_newest_entry() -> None:
    feed = read(entry(), entry(updated=NOON + timedelta(hours=2)), entry(updated=NOON - timedelta(days=1)))
    assert feed.findtext(f"{ATOM}updated") == "2026-05-04T14:00:00Z"
    assert read().findtext(f"{ATOM}updated") == EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert read(updated=NOON).findtext(f"{ATOM}updated") == "2026-05-04T12:00:00Z"


def test_what_an_entry_does_not_have_is_left_out() -> None:
    bare = {each.tag.removeprefix(ATOM) for each in read(entry()).find(f"{ATOM}entry")}
    assert bare == {"id", "title", "published", "updated", "link"}
    whole = read(entry(author="Naboene", summary="Kort", content="Langt", category=("need", "Behov")))
    one = whole.find(f"{ATOM}entry")
    assert one.findtext(f"{ATOM}author/{ATOM}name") == "Naboene"
    assert (one.findtext(f"{ATOM}summary"), one.findtext(f"{ATOM}content")) == ("Kort", "Langt")
    assert dict(one.find(f"{ATOM}category").attrib) == {"term": "need", "label": "Behov"}


def test_markup_in_a_title_stays_text() -> None:
    assert read(entry(title="<b>&</b> ]]>")).findtext(f"{ATOM}entry/{ATOM}title") == "<b>&</b> ]]>"

"""Atom feeds (RFC 4287): what is new, for whoever follows it in a reader of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Xml.register_namespace("", ATOM)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a feed. Addresses are paths; a reader shows it anew each time `updated` is later."""

    id: str
    """The address that never changes."""
    address: str
    title: str
    published: datetime
    updated: datetime
    language: str
    author: str = ""
    summary: str = ""
    content: str = ""
    """The whole text, where it isn't a summary."""
    category: tuple[str, str] | None = None
    """Where it stands: what programs and what people call it."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What a feed is of. Addresses are paths."""

    title: str
    author: str
    this: str
    page: str
    """Where people read the same."""
    language: str
    entries: Sequence[Entry]
    updated: datetime = EPOCH
    """When it was last new, while it has no entries."""


def write(feed: Feed, base: str) -> bytes:
    """Return the feed as XML; `base` is the portal's address."""
    root = Xml.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": feed.language})
    _text(root, "id", urljoin(base, feed.this))
    _text(root, "title", feed.title)
    _text(root, "updated", _moment(max((each.updated for each in feed.entries), default=feed.updated)))
    _link(root, urljoin(base, feed.this), "self", "application/atom+xml")
    _link(root, urljoin(base, feed.page), "alternate", "text/html")
    _author(root, feed.author)
    for entry in feed.entries:
        _entry(root, entry, base)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(root: Xml.Element, entry: Entry, base: str) -> None:
    element = Xml.SubElement(root, f"{{{ATOM}}}entry", {f"{{{XML}}}lang": entry.language})
    _text(element, "id", urljoin(base, entry.id))
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.published))
    _text(element, "updated", _moment(entry.updated))
    _link(element, urljoin(base, entry.address), "alternate", "text/html")
    _author(element, entry.author)
    for name, text in (("summary", entry.summary), ("content", entry.content)):
        if text:
            _text(element, name, text)
    if entry.category:
        term, label = entry.category
        Xml.SubElement(element, f"{{{ATOM}}}category", {"term": term, "label": label})


def _author(parent: Xml.Element, name: str) -> None:
    if name:
        _text(Xml.SubElement(parent, f"{{{ATOM}}}author"), "name", name)


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: Xml.Element, href: str, rel: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": href})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

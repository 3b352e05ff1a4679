"""The Atom feed (RFC 4287) of a list of ideas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

from flask import url_for

from portal.ideas.queries.rows import IdeaRow
from portal.kernel.i18n import _

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Xml.register_namespace("", ATOM)


def write(rows: Sequence[IdeaRow], *, name: str, base: str, this: str, page: str, language: str) -> bytes:
    """Return the feed: `name` of the portal, `base` its address, `this` the feed's path and `page` that of the list.

    An entry's id is the address that never changes, and it is new each time the idea or its case has moved.
    """
    feed = Xml.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": language})
    _text(feed, "id", urljoin(base, this))
    _text(feed, "title", _("Ideer – %(name)s", name=name))
    _text(feed, "updated", _moment(max((each.changed_at for each in rows), default=EPOCH)))
    _link(feed, urljoin(base, this), "self", "application/atom+xml")
    _link(feed, urljoin(base, page), "alternate", "text/html")
    _text(_element(feed, "author"), "name", name)
    for row in rows:
        _entry(feed, row, base)
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Xml.Element, row: IdeaRow, base: str) -> None:
    entry = _element(feed, "entry")
    entry.set(f"{{{XML}}}lang", row.language)
    _text(entry, "id", urljoin(base, url_for("ideas.permanent", idea_id=row.id)))
    _text(entry, "title", row.title)
    _text(entry, "published", _moment(row.shown_at))
    _text(entry, "updated", _moment(row.changed_at))
    _link(entry, urljoin(base, url_for("ideas.show", idea_id=row.id, slug=row.slug)), "alternate", "text/html")
    _text(entry, "summary", row.line or row.title)
    category = _element(entry, "category")
    category.set("term", row.stage.value)
    category.set("label", row.status)


def _element(parent: Xml.Element, name: str) -> Xml.Element:
    return Xml.SubElement(parent, f"{{{ATOM}}}{name}")


def _text(parent: Xml.Element, name: str, text: str) -> None:
    _element(parent, name).text = str(text)


def _link(parent: Xml.Element, href: str, rel: str, kind: str) -> None:
    link = _element(parent, "link")
    for key, value in (("rel", rel), ("type", kind), ("href", href)):
        link.set(key, value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""The Atom feed (RFC 4287) of a project's news: what everybody may read, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

from flask import url_for

from portal.cocreation.models.together import Update
from portal.cocreation.queries.news import Feed
from portal.kernel.i18n import _
from portal.kernel.richtext import plain

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
Xml.register_namespace("", ATOM)


def write(page: Feed, *, name: str, base: str) -> bytes:
    """Return the feed: `name` of the portal, `base` its address. An entry is new each time its words are changed."""
    project = page.frame.project
    this, listed = (url_for(f"cocreation_news.{each}", project_id=project.id) for each in ("atom", "news"))
    feed = Xml.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": project.language})
    _text(feed, "id", urljoin(base, this))
    _text(feed, "title", _("Nytt fra %(project)s – %(name)s", project=project.title, name=name))
    _text(feed, "updated", _moment(max((_changed(each) for each in page.posts), default=project.shown_at)))
    _link(feed, urljoin(base, this), "self", "application/atom+xml")
    _link(feed, urljoin(base, listed), "alternate", "text/html")
    _text(Xml.SubElement(feed, f"{{{ATOM}}}author"), "name", name)
    for post in page.posts:
        _entry(feed, post, urljoin(base, listed))
    return bytes(Xml.tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Xml.Element, post: Update, listed: str) -> None:
    entry = Xml.SubElement(feed, f"{{{ATOM}}}entry", {f"{{{XML}}}lang": post.language})
    address = f"{listed}#nytt-{post.id}"
    _text(entry, "id", address)
    _text(entry, "title", post.title)
    _text(entry, "published", _moment(post.written_at))
    _text(entry, "updated", _moment(_changed(post)))
    _link(entry, address, "alternate", "text/html")
    if post.byline:
        _text(Xml.SubElement(entry, f"{{{ATOM}}}author"), "name", post.byline)
    _text(entry, "content", plain(post.text))


def _changed(post: Update) -> datetime:
    return post.edited_at or post.written_at


def _text(parent: Xml.Element, name: str, text: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}{name}").text = str(text)


def _link(parent: Xml.Element, href: str, rel: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "type": kind, "href": href})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

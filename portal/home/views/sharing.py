"""What other sites ask for: the picture beside a shared link, the map of the site, and what robots may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app, request, url_for

from portal import config
from portal.home import share_card
from portal.home.queries import sharing, sitemap
from portal.kernel.access import public
from portal.kernel.content import Ref
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content, limiter

bp = Blueprint("sharing", __name__)

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES = (
    "home.front",
    "observatorium.overview",
    "observatorium.method",
    "ideas.index",
    "thieves.index",
    "ideas_campaigns.index",
    "ideas_statistics.index",
    "cocreation.index",
    "cocreation_types.model",
    "cocreation_methods.index",
    "cocreation_finding.actors",
    "solutions.index",
    "places.index",
    "country.index",
    "goals.index",
    "portfolio.index",
    "transparency.index",
    "open_data.index",
    "api.docs",
    "home.about",
    "home.help_page",
    "home.rules",
    "home.privacy",
    "home.cookies",
    "home.accessibility",
)
"""The pages that aren't of one thing."""
CLOSED = ("/konto/", "/administrasjon/", "/moderering/", "/sok/")
"""What robots have nothing to look for in."""
LARGEST = 2**31 - 1


@bp.app_context_processor
def address() -> dict[str, str]:
    """Give pages the portal's own address: what is shared must be whole."""
    return {"site_address": _site()}


@bp.get("/deling/portalen.png")
@limiter.limit("120 per minute")
@public
def portal_picture() -> Response:
    """Send the picture of the portal itself."""
    return _picture(sharing.front_card())


@bp.get("/deling/<kind>/<int:number>.png")
@limiter.limit("120 per minute")
@public
def picture(kind: str, number: int) -> Response:
    """Send the picture of one thing that everybody may read."""
    if number > LARGEST:
        raise NotFound
    return _picture(sharing.share_card(Ref(kind, number)))


@bp.get("/sitemap.xml")
@public
def site_map() -> Response:
    """List the parts of the map of the site."""
    parts: list[tuple[str, datetime | None]] = [(url_for("sharing.site_map_pages"), None)]
    parts += [
        (url_for("sharing.site_map_part", kind=part.kind, number=part.number), part.changed_at)
        for part in sitemap.parts()
        if content().find(part.kind)
    ]
    return _xml("sitemapindex", (_entry("sitemap", where, changed_at) for where, changed_at in parts))


@bp.get("/sitemap/sider.xml")
@public
def site_map_pages() -> Response:
    """List the pages that aren't of one thing."""
    found = [name for name in PAGES if name in current_app.view_functions]
    return _xml("urlset", (_entry("url", url_for(name)) for name in found))


@bp.get("/sitemap/<kind>-<int:number>.xml")
@public
def site_map_part(kind: str, number: int) -> Response:
    """List the pages of the things of a kind whose numbers lie in one range."""
    if number > LARGEST // sitemap.IN_A_PART:
        raise NotFound
    places = sitemap.places(kind, number)
    return _xml("urlset", (_entry("url", url_for(each.endpoint, **each.values), each.changed_at) for each in places))


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Say what robots may read, and where the map of the site is."""
    closed = "\n".join(f"Disallow: {request.script_root}{path}" for path in CLOSED)
    text = f"User-agent: *\n{closed}\n\nSitemap: {_site()}{url_for('sharing.site_map')}\n"
    return Response(text, mimetype="text/plain")


def _picture(card: share_card.ShareCard) -> Response:
    response = Response(share_card.draw(card), mimetype="image/png")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to be shown elsewhere
    return response


def _xml(root: str, entries: Iterator[str]) -> Response:
    """Write a part of the map: small enough, by how many numbers it spans, to be held while it is sent."""
    begins = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    return Response("".join((begins, *entries, f"</{root}>\n")), mimetype="application/xml")


def _entry(name: str, where: str, changed_at: datetime | None = None) -> str:
    changed = f"<lastmod>{changed_at.date().isoformat()}</lastmod>" if changed_at else ""
    return f"<{name}><loc>{escape(_site() + where)}</loc>{changed}</{name}>\n"


def _site() -> str:
    """Return the portal's address without what url_for gives."""
    root = request.script_root
    return config.current().base_url.rstrip("/").removesuffix(root) if root else config.current().base_url.rstrip("/")

"""Headers on every answer: content security, caching, and 304 for signed-out readers when nothing has changed."""

from __future__ import annotations

import hashlib

from flask import Flask, Response, current_app, g, request

from portal.kernel import audit, clock
from portal.kernel.access import current_actor
from portal.kernel.i18n import language

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'; "
    "object-src 'none'; "
)
STATIC = {"static", "ui.static"}


def init(app: Flask) -> None:
    """Put the headers on every answer, errors and static files included."""
    app.before_request(unchanged)
    app.after_request(caching)
    app.after_request(security)


def unchanged() -> Response | None:
    """Answer 304 before any work when a signed-out reader already has the page.

    The version of every public page is the newest entry of the audit trail, because nothing changes without one; the
    address, the language and the date make the rest. Ratings are not in the trail, and no page shows them while open.
    """
    g.etag = None
    if request.method not in {"GET", "HEAD"} or request.endpoint in STATIC or not request.endpoint:
        return None
    if request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]) or _door() != "public":
        return None
    g.etag = _etag()
    if request.if_none_match.contains_weak(g.etag):  # a proxy that packs the page makes its version a weak one
        return _tagged(Response(status=304), g.etag)
    return None


def caching(response: Response) -> Response:
    """Let signed-out pages be kept if they are asked about each time; nothing personal is ever stored."""
    if request.endpoint in STATIC or "Cache-Control" in response.headers:
        return response
    etag = g.get("etag")
    if etag and response.status_code in {200, 304} and "Set-Cookie" not in response.headers and not _touched_session():
        return _tagged(response, etag)
    response.headers["Cache-Control"] = "no-store"
    return response


def security(response: Response) -> Response:
    """Add what tells the browser to be careful."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self), browsing-topics=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_app.config["PORTAL"].https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def _tagged(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    # nginx in front may answer for a second before it asks again; old ones obey whichever of the two comes first.
    response.headers["X-Accel-Expires"] = "1"
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response


def _door() -> object:
    view = current_app.view_functions.get(request.endpoint or "")
    return "fresh" if getattr(view, "__fresh__", False) else getattr(view, "__door__", None)


def _touched_session() -> bool:
    """Say whether the answer will carry a session cookie: then it is somebody's own."""
    return current_actor().is_signed_in or bool(getattr(g, "csrf_token", None))


def _etag() -> str:
    parts = (
        str(audit.newest_entry_id()),
        request.full_path,
        language(),
        clock.today().isoformat(),
        current_app.config["PORTAL_BUILD"],
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]

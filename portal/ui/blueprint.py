"""The look of every page: templates, built style and script, and the helpers that templates call."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request, send_from_directory, url_for
from flask.sansio.blueprints import BlueprintSetupState

from portal.kernel.access import public
from portal.kernel.i18n import LANGUAGES, NATIVE_NAMES, language
from portal.ui import filters, gallery
from portal.ui.built import BUILT, manifest

YEAR = 365 * 24 * 3600

bp = Blueprint("ui", __name__, template_folder="templates")


@bp.get("/static/ui/<path:filename>")
@public
def static(filename: str) -> Response:
    """Send a built file; its name carries a hash of its content, so it may be kept for ever."""
    packed = bool(request.accept_encodings["gzip"]) and (BUILT / f"{filename}.gz").is_file()
    mimetype = mimetypes.guess_type(filename)[0]
    response = send_from_directory(BUILT, f"{filename}.gz" if packed else filename, mimetype=mimetype, max_age=YEAR)
    if packed:
        response.content_encoding = "gzip"
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.vary.add("Accept-Encoding")
    return response


@bp.app_template_global()
def asset(name: str) -> str:
    """Return the address of a built file: `asset("css/portal.css")`."""
    return url_for("ui.static", filename=manifest()[name])


@bp.app_template_global()
def language_links() -> list[dict[str, object]]:
    """Return this page in each language, with the rest of its address kept."""
    kept = [(key, value) for key, values in request.args.lists() if key != "sprak" for value in values]
    return [
        {
            "code": code,
            "name": NATIVE_NAMES[code],
            "current": code == language(),
            "url": f"{quote(request.script_root + request.path)}?{urlencode([*kept, ('sprak', code)])}",
        }
        for code in LANGUAGES
    ]


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    for name, filter_ in filters.FILTERS.items():
        state.app.add_template_filter(filter_, name)
    if state.app.testing or state.app.debug:
        state.app.add_url_rule("/ui/galleri", "ui.gallery", public(gallery.show), methods=["GET", "POST"])

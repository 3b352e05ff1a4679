"""The front door of the API: its description, a page about it, and what every answer of it carries."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from portal import config
from portal.kernel import openapi
from portal.kernel.access import public

bp = Blueprint("api", __name__, template_folder="templates")


@bp.get("/api/v1/openapi.json")
@public
def description() -> Response:
    """Send the OpenAPI description."""
    return jsonify(_document())


@bp.get("/api/docs")
@public
def docs() -> str:
    """Show the API to people, without a request to anywhere else."""
    return render_template("home/api_docs.html", document=_document())


@bp.app_template_global()
def schema_name(reference: str) -> str:
    """Return the name of the schema that a reference points at."""
    return reference.rsplit("/", 1)[-1]


@bp.after_app_request
def open_to_all(response: Response) -> Response:
    """Let pages from anywhere read the API: nothing in it is secret, and no cookie is sent along."""
    if request.path.startswith("/api/v1/") and request.method in {"GET", "HEAD"}:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _document() -> dict[str, object]:
    return openapi.document(current_app, title="Innbyggerportalen", address=config.current().base_url)

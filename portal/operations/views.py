"""Liveness and readiness, for whatever watches the portal."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from portal.kernel.access import fresh, public
from portal.operations import checks

bp = Blueprint("operations", __name__)


@bp.get("/helse")
@public
@fresh
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}


@bp.get("/helse/klar")
@public
@fresh
def ready() -> ResponseReturnValue:
    """Say whether the process can do its work; names what can't, without details for outsiders."""
    found = checks.ready()
    body = {
        "status": "ok" if all(each.ok for each in found) else "not ready",
        "checks": {each.name: each.ok for each in found},
    }
    return jsonify(body), 200 if body["status"] == "ok" else 503, {"Cache-Control": "no-store"}

"""What is told of a whole round beside its result: the log of its revisions."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.kernel.access import public
from portal.observatorium.queries.change_log import change_log

bp = Blueprint(
    "observatorium_report", __name__, url_prefix="/observatorium/runder/<slug>", template_folder="../templates"
)


@bp.get("/endringer/")
@public
def changes(slug: str) -> str:
    """Show every revision of a round: when, why, what it changed, and its hash."""
    return render_template("observatorium/changes.html", page=change_log(slug))

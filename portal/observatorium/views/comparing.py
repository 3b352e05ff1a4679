"""The page that puts two published rounds beside each other."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.kernel.access import public
from portal.observatorium.queries.comparing import compare_page
from portal.observatorium.views import following

bp = Blueprint("comparing", __name__, url_prefix="/observatorium/sammenlign", template_folder="../templates")


@bp.get("/")
@public
def index() -> str:
    """Show what moved from one round to another, and whether by more than the figures leave unsure."""
    page = compare_page(request.args.get("fra", ""), request.args.get("til", ""))
    return render_template("observatorium/compare.html", page=page, words=following)

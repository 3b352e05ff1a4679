"""Reading about solutions: the list, and the page of one."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.kernel.access import current_actor, public
from portal.kernel.db import db
from portal.solutions import policy
from portal.solutions.models.solutions import Solution

bp = Blueprint("solutions", __name__, url_prefix="/losninger", template_folder="../templates")


@bp.get("/")
@public
def index() -> str:
    """Show the solutions that are asked for."""
    return render_template("solutions/index.html")


@bp.get("/<int:solution_id>-<slug>")
@public
def show(solution_id: int, slug: str) -> str:
    """Show one solution."""
    solution = policy.must_read(current_actor(), db.session.get(Solution, solution_id))
    return render_template("solutions/show.html", solution=solution)

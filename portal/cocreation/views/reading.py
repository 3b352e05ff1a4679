"""Reading about projects: the list, and the page of one."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.queries import frame
from portal.kernel.access import current_actor, public

bp = Blueprint("cocreation", __name__, url_prefix="/samskaping", template_folder="../templates")
bp.add_app_template_test(lambda endpoint: endpoint in current_app.view_functions, "a_view")


@bp.get("/<int:project_id>-<slug>")
@public
def show(project_id: int, slug: str) -> ResponseReturnValue:
    """Show one project."""
    page = frame.frame(current_actor(), project_id)
    if slug != page.slug:
        return redirect(url_for(".show", project_id=project_id, slug=page.slug), 301)
    return render_template("cocreation/show.html", frame=page)

"""The pages where one reads ideas: the list, one idea, its earlier wordings, and the feed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.queries.listing import list_page
from portal.ideas.queries.page import idea_page
from portal.kernel.access import current_actor, public

bp = Blueprint("ideas", __name__, template_folder="../templates")


@bp.get("/ideer/")
@public
def index() -> str:
    """Show the ideas, newest first."""
    page = list_page(current_actor(), request.args.get("fra"))
    return render_template("ideas/index.html", page=page)


@bp.get("/ideer/<int:idea_id>")
@public
def permanent(idea_id: int) -> ResponseReturnValue:
    """Lead from the address that never changes to the one with the title in it."""
    page = idea_page(current_actor(), idea_id)
    return redirect(url_for("ideas.show", idea_id=idea_id, slug=page.slug), 301)


@bp.get("/ideer/<int:idea_id>-<slug>")
@public
def show(idea_id: int, slug: str) -> ResponseReturnValue:
    """Show one idea with all that has come of it; an old title in the address leads to the new one."""
    page = idea_page(current_actor(), idea_id)
    if slug != page.slug:
        return redirect(url_for("ideas.show", idea_id=idea_id, slug=page.slug), 301)
    return render_template("ideas/show.html", page=page)

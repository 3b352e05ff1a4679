"""Reading about projects: the list, the page of one, and how it has been changed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation import policy
from portal.cocreation.phases import PHASES
from portal.cocreation.queries import listing
from portal.cocreation.queries.page import address_of, project_page
from portal.cocreation.queries.versions import versions_page
from portal.cocreation.queries.words import ENDINGS, PARTY_KINDS
from portal.cocreation.typology_words import TYPES
from portal.cocreation.views import asking
from portal.kernel.access import current_actor, public

bp = Blueprint("cocreation", __name__, url_prefix="/samskaping", template_folder="../templates")


@bp.get("/")
@public
def index() -> str:
    """Show the projects that are asked for."""
    actor, asked, cursor = current_actor(), asking.filters(), request.args.get(asking.CURSOR)
    page, now = listing.list_page(asked, cursor), asking.values(asked)
    return render_template(
        "cocreation/index.html",
        page=page,
        asked=asked,
        now=now,
        address=asking.address,
        tags=asking.tags(asked, page.choices),
        picks=asking.picks(asked, page.choices),
        sorts=asking.sorts(asked),
        types=TYPES,
        phases=PHASES,
        may_start=policy.may_start(actor) or not actor.is_signed_in,
        next=asking.address(now, side=page.next) if page.next else None,
        first=asking.address(now) if cursor else None,
    )


@bp.get("/<int:project_id>")
@public
def permanent(project_id: int) -> ResponseReturnValue:
    """Lead from the address that never changes to the one with the name in it."""
    return redirect(url_for(".show", project_id=project_id, slug=address_of(current_actor(), project_id)), 301)


@bp.get("/<int:project_id>-<slug>")
@public
def show(project_id: int, slug: str) -> ResponseReturnValue:
    """Show one project with all that happens in it; an old name in the address leads to the new one."""
    page = project_page(current_actor(), project_id)
    if slug != page.frame.slug:
        return redirect(url_for(".show", project_id=project_id, slug=page.frame.slug), 301)
    return render_template(
        "cocreation/show.html",
        page=page,
        frame=page.frame,
        phases=PHASES,
        types=TYPES,
        party_kinds=PARTY_KINDS,
        endings=ENDINGS,
    )


@bp.get("/<int:project_id>/versjoner")
@public
def versions(project_id: int) -> str:
    """Show what a project said before its owners changed it, and what each change did."""
    page = versions_page(current_actor(), project_id)
    return render_template("cocreation/versions.html", page=page, frame=page.frame)

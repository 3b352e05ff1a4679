"""The pages where one reads ideas: the list, one idea, its earlier wordings, and the feed."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts.queries import settings
from portal.ideas import policy
from portal.ideas.queries import listing
from portal.ideas.queries.page import address_of, idea_page
from portal.ideas.queries.versions import versions_page
from portal.ideas.stages import RUNGS, STAGES
from portal.ideas.views import asking
from portal.ideas.views.asking import View
from portal.ideas.views.feed import entry
from portal.kernel.access import current_actor, public
from portal.kernel.atom import Feed, write
from portal.kernel.content import Card
from portal.kernel.errors import NotFound
from portal.kernel.extensions import limiter
from portal.kernel.i18n import _, language
from portal.places import gathering
from portal.places.geometry import box as read_box

bp = Blueprint("ideas", __name__, template_folder="../templates")

KEPT = ("type", "visning", "sorter", "boks", "slekt")
"""What a new search keeps of the address: how the list is shown, and what no select of the form asks for."""


@bp.get("/ideer/")
@public
def index() -> str:
    """Show the ideas that are asked for: as a list, on a map, or on a board by how far they have come."""
    actor, asked, view, cursor = current_actor(), asking.filters(), asking.view(), request.args.get(asking.CURSOR)
    if view is View.BOARD:
        page = listing.board_page(actor, asked)
    else:
        page = (listing.map_page if view is View.MAP else listing.list_page)(actor, asked, cursor)
    now = asking.values(asked, view)
    return render_template(
        "ideas/index.html",
        page=page,
        asked=asked,
        view=view,
        now=now,
        address=asking.address,
        closer=lambda box: asking.address(now, boks=str(box)),
        tags=asking.tags(asked, view, page.choices),
        picks=asking.picks(asked, page.choices, signed_in=actor.is_signed_in),
        kinds=asking.kinds(asked, view),
        views=asking.views(asked, view),
        sorts=asking.sorts(asked, view),
        kept=[(name, now[name]) for name in KEPT if name in now],
        stage_words=STAGES,
        routes=current_app.view_functions,
        may_propose=policy.may_propose(actor) or not actor.is_signed_in,
        next=asking.address(now, fra=page.next) if page.next else None,
        first=asking.address(now) if cursor else None,
        feed_url=url_for("ideas.atom", **asking.values(asked)),
        points_url=url_for("ideas.points", **asking.values(asked)),
    )


@bp.get("/ideer/punkter")
@limiter.limit("600 per minute")
@public
def points() -> Response:
    """Return what of the list stands in a part of the map, gathered for a zoom: the map's script asks."""
    box = read_box(request.args.get("boks", ""))
    if box is None:
        raise NotFound
    found = listing.clusters_in(current_actor(), asking.filters(), box, _zoom())
    return jsonify(gathering.shape(found, _address))


@bp.get("/ideer/atom.xml")
@public
def atom() -> Response:
    """Send the newest of what is asked for as a feed."""
    asked, name = asking.filters(), settings.branding().name
    feed = Feed(
        title=_("Ideer – %(name)s", name=name),
        author=name,
        this=url_for("ideas.atom", **asking.values(asked)),
        page=asking.address(asking.values(asked)),
        language=language(),
        entries=[entry(row) for row in listing.newest(current_actor(), asked)],
    )
    written = write(feed, config.current().base_url)
    return current_app.response_class(written, content_type="application/atom+xml; charset=utf-8")


@bp.get("/ideer/<int:idea_id>")
@public
def permanent(idea_id: int) -> ResponseReturnValue:
    """Lead from the address that never changes to the one with the title in it."""
    return redirect(url_for("ideas.show", idea_id=idea_id, slug=address_of(current_actor(), idea_id)), 301)


@bp.get("/ideer/<int:idea_id>-<slug>")
@public
def show(idea_id: int, slug: str) -> ResponseReturnValue:
    """Show one idea with all that has come of it; an old title in the address leads to the new one."""
    page = idea_page(current_actor(), idea_id)
    if slug != page.slug:
        return redirect(url_for("ideas.show", idea_id=idea_id, slug=page.slug), 301)
    return render_template(
        "ideas/show.html",
        page=page,
        rungs=RUNGS,
        routes=current_app.view_functions,
    )


@bp.get("/ideer/<int:idea_id>/versjoner")
@public
def versions(idea_id: int) -> str:
    """Show what an idea said before its author changed it, and what each change did."""
    return render_template("ideas/versions.html", page=versions_page(current_actor(), idea_id))


def _zoom() -> int:
    written = request.args.get("zoom", "")
    return min(int(written), gathering.DEEPEST) if written.isascii() and written.isdigit() and len(written) < 3 else 10


def _address(card: Card) -> str:
    return url_for(card.endpoint, **card.values)

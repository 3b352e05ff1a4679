"""The page of the whole map, and what the maps' script asks for: points, lokalsamfunn, tiles, addresses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.content import Card, ContentKind
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.extensions import content, limiter
from portal.kernel.i18n import _, ngettext
from portal.kernel.identity import Role
from portal.places import actions, addresses, gathering, geometry, queries, reading
from portal.places.forms import ConfirmForm, SwitchForm, UploadForm
from portal.places.geometry import Box
from portal.places.tiles import Address, tiles

bp = Blueprint("places", __name__, url_prefix="/kart", template_folder="templates")
control = Blueprint("places_control", __name__, url_prefix="/administrasjon/lokalsamfunn", template_folder="templates")

DAY = 24 * 3600
SANDBOX = "default-src 'none'; sandbox"


@dataclass(frozen=True)
class Choice:
    """A kind of things that the map can be narrowed to."""

    kind: ContentKind
    count: int
    url: str
    chosen: bool


@bp.app_template_filter()
def kind_of_thing(name: str) -> ContentKind | None:
    """Return the kind that a thing on the map is of; None for several things."""
    return content().find(name)


@bp.get("/")
@public
def index() -> str:
    """Show everything that has a place, on a map and as a list."""
    box, kind = _box(), _kind()
    page = queries.map_page(box=box, kind=kind, cursor=request.args.get("fra"))
    return render_template(
        "places/index.html",
        page=page,
        box=box,
        choices=_choices(page.counts, kind, box),
        every=sum(page.counts.values()),
        narrowed=content().find(kind) if kind else None,
        address=_address,
        all_url=_here(None, box),
        points_url=url_for("places.points", slag=kind),
        whole_url=_here(kind, None) if box else None,
        next=_here(kind, box, page.rows.next) if page.rows.next else None,
        first=_here(kind, box) if request.args.get("fra") else None,
    )


@bp.get("/punkter")
@limiter.limit("600 per minute")
@public
def points() -> Response:
    """Return what stands in a part of the map, gathered for a zoom."""
    box = _box()
    if box is None:
        raise NotFound
    zoom = gathering.read_zoom(request.args.get("zoom", ""))
    return jsonify(gathering.shape(queries.clusters(box, zoom, kind=_kind()), _address))


@bp.get("/lokalsamfunn")
@public
def neighbourhoods() -> Response:
    """Return the lokalsamfunn, with the outlines that there are."""
    return jsonify(
        {
            "items": [
                {
                    "name": each.name,
                    "latitude": each.latitude,
                    "longitude": each.longitude,
                    "outline": each.outline,
                }
                for each in queries.neighbourhoods()
            ]
        }
    )


@bp.get("/tiles/<int:zoom>/<int:row>/<int:column>")
@limiter.limit("3000 per minute")
@fresh
@public
def tile(zoom: int, row: int, column: int) -> Response:
    """Pass a tile of the background through, so that no visitor's browser calls anybody else."""
    found = tiles().find(Address(zoom, column, row))
    response = Response(found or b"", 200 if found else 204, mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={DAY if found else 60}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@bp.get("/adresser")
@limiter.limit("60 per minute")
@requires()
def search_addresses() -> Response:
    """Return addresses in the municipality for who places something; none when the register is away."""
    found = addresses.find(request.args.get("q", ""))
    return jsonify(
        {
            "items": [
                {"text": each.text, "latitude": each.point.latitude, "longitude": each.point.longitude}
                for each in found
            ]
        }
    )


@control.route("/", methods=["GET", "POST"])
@requires(Role.ADMIN)
def manage() -> ResponseReturnValue:
    """List the lokalsamfunn; a file that is sent is shown for what it will do, and changes nothing yet."""
    form, status = UploadForm(), 200
    if form.is_submitted():
        try:
            if form.validate():
                return _preview(form.contents())
        except Invalid as refusal:
            form.refuse(refusal)
        status = 422
    view = queries.map_view()
    rows = queries.run_neighbourhoods(current_actor())
    return render_template("places/manage.html", rows=rows, form=form, view=view, switch=SwitchForm), status


@control.post("/les-inn")
@requires(Role.ADMIN)
def import_neighbourhoods() -> ResponseReturnValue:
    """Do what the file was seen to do."""
    form = ConfirmForm()
    if form.validate():
        done = actions.import_neighbourhoods(current_actor(), form.contents().found)
        count = len(done.added) + len(done.changed)
        flash(ngettext("%(num)s lokalsamfunn er lest inn.", "%(num)s lokalsamfunn er lest inn.", count), "success")
    return redirect(url_for("places_control.manage"), 303)


@control.post("/<int:neighbourhood_id>/bruk")
@requires(Role.ADMIN)
def switch(neighbourhood_id: int) -> ResponseReturnValue:
    """Take a lokalsamfunn out of use, or into use again."""
    form = SwitchForm()
    if form.validate():
        found = actions.switch_neighbourhood(current_actor(), neighbourhood_id, form.active.data == "1")
        told = _("%(name)s er i bruk igjen.") if found.active else _("%(name)s er tatt ut av bruk.")
        flash(told % {"name": found.name}, "success")
    return redirect(url_for("places_control.manage"), 303)


def _preview(contents: reading.Contents) -> str:
    plan = queries.plan(contents.found)
    form = ConfirmForm(formdata=None, file=reading.packed(contents.found))
    drawn = queries.preview([*plan.added, *plan.changed])
    return render_template("places/preview.html", plan=plan, refused=contents.refused, form=form, picture=drawn)


def _box() -> Box | None:
    return geometry.box(request.args.get("boks", ""))


def _kind() -> str | None:
    kind = content().find(request.args.get("slag", ""))
    return kind.name if kind else None


def _address(card: Card) -> str:
    return url_for(card.endpoint, **card.values)


def _choices(counts: dict[str, int], chosen: str | None, box: Box | None) -> list[Choice]:
    """Return the kinds with their counts in this part of the map, the commonest first; none when there is no choice."""
    names = sorted({*counts, *([chosen] if chosen else [])}, key=lambda name: (-counts.get(name, 0), name))
    if len(names) < 2 and chosen is None:
        return []
    return [Choice(content().kind(name), counts.get(name, 0), _here(name, box), name == chosen) for name in names]


def _here(kind: str | None, box: Box | None, cursor: str | None = None) -> str:
    return url_for("places.index", slag=kind, boks=str(box) if box else None, fra=cursor)

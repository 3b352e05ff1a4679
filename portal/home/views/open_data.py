"""The open data: what there is, what the columns mean, the files, and the catalogue for other catalogues."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import msgspec
from flask import Blueprint, Response, current_app, render_template, request
from rdflib import Graph

from portal import config
from portal.files.store import pieces
from portal.home.open_data import about, catalogue, shelf
from portal.home.open_data.files import dictionary
from portal.home.open_data.sets import DATASETS, find
from portal.home.open_data.shape import ITS_OWN, LICENCES, Dataset
from portal.kernel.access import fresh, public
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l

bp = Blueprint("open_data", __name__, url_prefix="/apne-data", template_folder="../templates")

TYPES: Mapping[str, str] = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


@bp.get("/")
@fresh
@public
def index() -> str:
    """Show which datasets there are."""
    return render_template("home/open_data/index.html", datasets=DATASETS, contents=_shelf().contents())


@bp.get("/<name>/")
@fresh
@public
def show(name: str) -> str:
    """Show one dataset, and what its columns mean."""
    dataset = _find(name)
    return render_template(
        "home/open_data/show.html",
        dataset=dataset,
        licence=LICENCES[dataset.licence] if dataset.licence else None,
        its_own=ITS_OWN,
        written=_shelf().contents().datasets.get(dataset.name),
    )


@bp.get("/<name>/felter.json")
@public
def fields(name: str) -> Response:
    """Send what the columns mean, for programs."""
    dataset = _find(name)
    told = dictionary(dataset, about.whole("open_data.table", name=dataset.name))
    return current_app.response_class(msgspec.json.encode(told), content_type="application/csvm+json")


@bp.get("/<name>.csv")
@fresh
@public
def table(name: str) -> Response:
    """Send a dataset as CSV, with the address of what its columns mean."""
    response = _file(_find(name), "csv")
    response.headers["Link"] = (
        f'<{about.whole("open_data.fields", name=name)}>; rel="describedby"; type="application/csvm+json"'
    )
    return response


@bp.get("/<name>.json")
@fresh
@public
def document(name: str) -> Response:
    """Send a dataset as JSON."""
    return _file(_find(name), "json")


@bp.get("/katalog.ttl")
@fresh
@public
def turtle() -> Response:
    """Send the catalogue that other catalogues read, as Turtle."""
    return _catalogue(catalogue.as_turtle, "text/turtle; charset=utf-8")


@bp.get("/katalog.jsonld")
@fresh
@public
def json_ld() -> Response:
    """Send the catalogue as JSON-LD."""
    return _catalogue(catalogue.as_json_ld, "application/ld+json")


def _catalogue(written: Callable[[Graph], bytes], media: str) -> Response:
    content = written(about.catalogue_of(_shelf().contents()))
    return _kept(current_app.response_class(content, content_type=media), hashlib.sha256(content).hexdigest()[:32])


def _file(dataset: Dataset, ending: str) -> Response:
    """Send a file piece by piece. Its tag is that of the file: it is written after what it tells of has changed."""
    name, lying = f"{dataset.name}.{ending}", _shelf()
    try:
        tag, opened = lying.tag(name), lying.open(name)
    except FileNotFoundError as error:
        raise NotFound(_l("Fila blir laget om litt. Prøv igjen om noen minutter.")) from error
    response = current_app.response_class(pieces(opened), content_type=TYPES[ending])
    response.call_on_close(opened.close)  # also when nothing is sent of it
    response.content_length = opened.seek(0, 2)
    opened.seek(0)
    return _kept(response, tag)


def _kept(response: Response, tag: str) -> Response:
    """Let everybody keep the answer, and ask each time whether it is still right."""
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Accel-Expires"] = "1"  # as for pages: a proxy in front may answer for a second
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def _find(name: str) -> Dataset:
    dataset = find(name)
    if dataset is None:
        raise NotFound(_l("Vi har ikke noe datasett med dette navnet."))
    return dataset


def _shelf() -> shelf.Shelf:
    return shelf.of(config.current())

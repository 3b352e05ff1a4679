"""The open data of a round: a page that says what each table holds, and the tables at addresses that stay."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import NotFound as NoSuchAddress

from portal.kernel.access import public
from portal.observatorium.queries import tables

bp = Blueprint(
    "observatorium_data", __name__, url_prefix="/observatorium/runder/<slug>/data", template_folder="../templates"
)


@bp.get("/")
@public
def index(slug: str) -> str:
    """Show which tables there are, and what every column means."""
    return render_template("observatorium/data.html", page=tables.data_page(slug, _revision()))


@bp.get("/<table>.csv")
@public
def table(slug: str, table: str) -> Response:
    """Send one table as CSV."""
    asked = _revision()
    response = current_app.response_class(tables.table_csv(slug, table, asked), content_type="text/csv; charset=utf-8")
    name = f"observatorium-{slug}-{table}" + (f"-utgave-{asked}" if asked else "")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@bp.get("/felter.json")
@public
def dictionary(slug: str) -> Response:
    """Tell programs what every column means."""
    return jsonify(tables.dictionary(slug, _revision()))


def _revision() -> int | None:
    asked = request.args.get("revisjon")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise NoSuchAddress
    return int(asked)

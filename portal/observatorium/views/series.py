"""The pages where coordinators keep the figures that stand beside the colours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.kernel.access import current_actor, requires
from portal.kernel.fields import Form
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.observatorium.actions import series as actions
from portal.observatorium.forms import series as forms
from portal.observatorium.queries import series as queries
from portal.observatorium.views.sending import did

bp = Blueprint(
    "observatorium_series", __name__, url_prefix="/observatorium/styring/tall", template_folder="../templates"
)


@bp.get("/")
@requires(Role.COORDINATOR)
def index() -> str:
    """List the figures, and how the fetching of each goes."""
    return render_template("observatorium/series/index.html", rows=queries.series_rows(current_actor()))


@bp.route("/ny", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def make() -> ResponseReturnValue:
    """Make a figure."""
    form = forms.SeriesForm(data={"active": True})
    made: list[int] = []
    if did(form, lambda: made.append(actions.make_series(current_actor(), form.draft()).id)):
        return _done(_("Tallrekken er laget."), made[0])
    return _form("make", form, hosts=config.current().figures_hosts)


@bp.get("/<int:series_id>/")
@requires(Role.COORDINATOR)
def show(series_id: int) -> str:
    """Show one figure as others see it, and how the fetching goes."""
    page = queries.series_page(current_actor(), series_id)
    return render_template("observatorium/series/show.html", page=page)


@bp.route("/<int:series_id>/endre", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def change(series_id: int) -> ResponseReturnValue:
    """Change what a figure is called, where it comes from, or whether it is shown."""
    page = queries.series_page(current_actor(), series_id)
    form = forms.SeriesForm(data=forms.series_values(page.series))

    def save() -> None:
        actions.change_series(current_actor(), series_id, form.draft(), version=form.version.data)

    if did(form, save):
        return _done(_("Tallrekken er endret."), series_id)
    if form.form_errors:  # somebody else came first, and is told of: the next try goes on top of theirs
        form.version.data = page.series.version
    return _form("change", form, page=page, hosts=config.current().figures_hosts)


@bp.route("/<int:series_id>/csv", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def upload(series_id: int) -> ResponseReturnValue:
    """Take the points from a file."""
    page = queries.series_page(current_actor(), series_id)
    form = forms.PointsForm()
    encodings: list[str] = []
    if did(form, lambda: encodings.append(actions.upload_points(current_actor(), series_id, form.content()))):
        return _done(_("Tallene er lagret. Filen ble lest som %(encoding)s.", encoding=encodings[0]), series_id)
    return _form("upload", form, page=page)


@bp.post("/<int:series_id>/hent")
@requires(Role.COORDINATOR)
def fetch(series_id: int) -> ResponseReturnValue:
    """Ask the worker for the points now."""
    actions.ask_for_points(current_actor(), series_id)
    return _done(_("Tallene hentes nå. Last siden på nytt om litt."), series_id)


def _done(message: str, series_id: int) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for(".show", series_id=series_id), 303)


def _form(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/series/{template}.html", form=form, **values)
    return shown, 422 if form.errors else 200

"""Liveness and readiness, for whatever watches the portal, and the page of the machinery for administrators."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.operations import actions, checks, queries
from portal.operations.forms import GiveUpForm

bp = Blueprint("operations", __name__, template_folder="templates")


@bp.get("/helse")
@public
@fresh
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok"), 200, {"Cache-Control": "no-store"}


@bp.get("/helse/klar")
@public
@fresh
def ready() -> ResponseReturnValue:
    """Say whether the process can do its work; names what can't, without details for outsiders."""
    found = checks.ready()
    body = {
        "status": "ok" if all(each.ok for each in found) else "not ready",
        "checks": {each.name: each.ok for each in found},
    }
    return jsonify(body), 200 if body["status"] == "ok" else 503, {"Cache-Control": "no-store"}


@bp.get("/administrasjon/drift/")
@requires(Role.ADMIN)
def machinery() -> str:
    """Show how the machinery runs, and what is stuck."""
    return render_template("operations/machinery.html", page=queries.machinery_page(current_actor()))


@bp.post("/administrasjon/drift/<int:row_id>/prov-igjen")
@requires(Role.ADMIN)
def retry(row_id: int) -> ResponseReturnValue:
    """Try a stuck sending again."""
    actions.retry(current_actor(), row_id)
    flash(_("Sendingen prøves på nytt nå."), "success")
    return redirect(url_for(".machinery"), 303)


@bp.route("/administrasjon/drift/<int:row_id>/gi-opp", methods=["GET", "POST"])
@requires(Role.ADMIN)
def give_up(row_id: int) -> ResponseReturnValue:
    """Ask why a stuck sending is never to be sent, and give it up."""
    form = GiveUpForm()
    if form.validate_on_submit():
        try:
            actions.give_up(current_actor(), row_id, form.reason.data)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Sendingen er gitt opp."), "success")
            return redirect(url_for(".machinery"), 303)
    page = render_template("operations/give_up.html", form=form, row_id=row_id)
    return page, 422 if form.is_submitted() else 200

"""The pages where coordinators weigh residents by the population, and look at signs of what isn't right."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.observatorium.actions import weights as actions
from portal.observatorium.forms.control import ConfirmForm
from portal.observatorium.forms.rating import AGES, GENDERS
from portal.observatorium.forms.weights import ExclusionForm, PopulationForm
from portal.observatorium.kinds.weights import KINDS
from portal.observatorium.population import AgeBand
from portal.observatorium.population_csv import example
from portal.observatorium.queries.trust import trust_page
from portal.observatorium.queries.weights import weights_page

bp = Blueprint("observatorium_weights", __name__, url_prefix="/observatorium/styring", template_folder="../templates")

WORDS = {each.value: word for each, word in (*AGES.items(), *GENDERS.items())}


@bp.route("/runder/<slug>/vekting/", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def weights(slug: str) -> ResponseReturnValue:
    """Show what residents are weighted by and what it does; take in a table of the population."""
    page = weights_page(current_actor(), slug)
    form = PopulationForm()
    if form.validate_on_submit():
        try:
            draft = form.draft({each.name: each.id for each in page.areas})
            actions.upload_population(current_actor(), slug, draft)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Befolkningstallene er lagt inn."), "success")
            return redirect(url_for(".weights", slug=slug), 303)
    lines = example(page.areas[0].name) if page.areas else ()
    values = {"page": page, "form": form, "words": WORDS, "bands": list(AgeBand), "example": lines}
    return render_template("observatorium/control/weights.html", **values), 422 if form.errors else 200


@bp.route("/runder/<slug>/tillit/", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def trust(slug: str) -> ResponseReturnValue:
    """Show signs that forms may not be what they look like; take some out together."""
    page = trust_page(current_actor(), slug)
    form = ExclusionForm(page.clusters)
    if form.validate_on_submit():
        try:
            actions.exclude(current_actor(), slug, form.draft())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Svarene er tatt ut."), "success")
            return redirect(url_for(".trust", slug=slug), 303)
    values = {"page": page, "form": form, "kinds": KINDS}
    return render_template("observatorium/control/trust.html", **values), 422 if form.errors else 200


@bp.post("/runder/<slug>/tillit/<int:exclusion_id>/ta-inn")
@requires(Role.COORDINATOR)
def lift(slug: str, exclusion_id: int) -> ResponseReturnValue:
    """Take answers back into the result."""
    if ConfirmForm().validate():
        actions.lift_exclusion(current_actor(), slug, exclusion_id)
        flash(_("Svarene teller med igjen."), "success")
    return redirect(url_for(".trust", slug=slug), 303)

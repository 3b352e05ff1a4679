"""The pages of a benefit: itself, its plan, its measurements, and how it went."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _, _l
from portal.portfolio import drawing, words
from portal.portfolio.actions import benefits as actions
from portal.portfolio.forms import BenefitForm, ButtonForm, MeasurementForm, SettlementForm
from portal.portfolio.models import Benefit
from portal.portfolio.queries import benefits as queries
from portal.portfolio.queries.benefits import BenefitPage, PlanPage
from portal.portfolio.realisation import Status
from portal.portfolio.views.answering import attempt, card_url, ref_in

bp = Blueprint("benefits", __name__, url_prefix="/portefolje/gevinster", template_folder="../templates")

NOT_YOURS = _l("Gevinster for dette planlegges og måles av dem som har ansvar for det.")


@bp.get("/<int:benefit_id>/")
@public
def show(benefit_id: int) -> str:
    """Show a benefit: the plan, the measurements, and how it went."""
    page = queries.benefit_page(current_actor(), benefit_id)
    return render_template(
        "portfolio/benefit.html", page=page, course=_course(page), words=words, thing_url=card_url(page.card)
    )


@bp.route("/ny", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Plan a benefit of a thing."""
    actor, ref = current_actor(), ref_in(request.args.get("til", ""))
    page = queries.plan_page(actor, ref)
    form = BenefitForm(page)
    made: list[Benefit] = []
    status = attempt(form, lambda: made.append(actions.plan_benefit(actor, ref, form.draft())))
    if status == 303:
        flash(_("Gevinsten er planlagt. Mål den når dere har noe å måle."), "success")
        return redirect(url_for(".show", benefit_id=made[0].id), status)
    return _planning(page, form, card_url(page.card)), status


@bp.route("/<int:benefit_id>/endre", methods=["GET", "POST"])
@requires()
def change(benefit_id: int) -> ResponseReturnValue:
    """Change the plan of a benefit."""
    actor = current_actor()
    page = queries.change_page(actor, benefit_id)
    form = BenefitForm(page)
    status = attempt(form, lambda: actions.change_benefit(actor, benefit_id, form.draft(change=True)))
    onward = url_for(".show", benefit_id=benefit_id)
    if status == 303:
        flash(_("Endringen er lagret."), "success")
        return redirect(onward, status)
    if status == 409:
        page = queries.change_page(actor, benefit_id)
        form.version.data = page.benefit.version if page.benefit else None
    return _planning(page, form, onward), status


@bp.route("/<int:benefit_id>/mal", methods=["GET", "POST"])
@requires()
def measure(benefit_id: int) -> ResponseReturnValue:
    """Add a measurement."""
    page = _mine(benefit_id)
    form = MeasurementForm()
    status = attempt(form, lambda: actions.measure_benefit(current_actor(), benefit_id, form.draft()))
    if status == 303:
        flash(_("Målingen er lagt til."), "success")
        return redirect(url_for(".show", benefit_id=benefit_id), status)
    return render_template("portfolio/measure.html", page=page, form=form, words=words), status


@bp.route("/<int:benefit_id>/gjor-opp", methods=["GET", "POST"])
@requires()
def settle(benefit_id: int) -> ResponseReturnValue:
    """Say how it went with a benefit."""
    page = _mine(benefit_id)
    form = SettlementForm(obj=page.benefit)
    if not form.is_submitted() and not page.benefit.is_settled:
        form.status.data = page.reading.value
    status = attempt(form, lambda: actions.settle_benefit(current_actor(), benefit_id, form.draft()))
    if status == 303:
        flash(_("Takk. Det står nå på siden til gevinsten."), "success")
        return redirect(url_for(".show", benefit_id=benefit_id), status)
    if status == 409:
        form.version.data = _mine(benefit_id).benefit.version
    hints = {
        Status.NOT_REALISED.value: _(
            "Det er lov å prøve uten å lykkes. Skriv hva dere lærte, så andre slipper å prøve det samme."
        )
    }
    return render_template("portfolio/settle.html", page=page, form=form, words=words, hints=hints), status


@bp.route("/<int:benefit_id>/ta-bort", methods=["GET", "POST"])
@requires()
def drop(benefit_id: int) -> ResponseReturnValue:
    """Take away a benefit that nobody has measured, after saying what it means."""
    page = _mine(benefit_id)
    form = ButtonForm()
    status = attempt(form, lambda: actions.drop_benefit(current_actor(), benefit_id))
    if status == 303:
        flash(_("Gevinsten er tatt bort."), "success")
        return redirect(card_url(page.card), status)
    return render_template("portfolio/drop.html", page=page, form=form), status


def _planning(page: PlanPage, form: BenefitForm, onward: str) -> str:
    return render_template("portfolio/plan.html", page=page, form=form, words=words, onward=onward)


def _mine(benefit_id: int) -> BenefitPage:
    """Return a benefit to somebody who may plan and measure it. NotFound, Forbidden."""
    page = queries.benefit_page(current_actor(), benefit_id)
    if not page.may_plan:
        raise Forbidden(NOT_YOURS)
    return page


def _course(page: BenefitPage) -> drawing.Course | None:
    """Return the chart; none before there is something to draw from."""
    benefit = page.benefit
    baseline = (
        (benefit.baseline_on, benefit.baseline_value)
        if benefit.baseline_on is not None and benefit.baseline_value is not None
        else None
    )
    measured = [(each.measured_on, each.value) for each in page.measurements]
    if baseline is None and not measured:
        return None
    return drawing.course(baseline, (benefit.expected_on, benefit.target_value), measured)

"""Who decides what: a project's page of it, the questionnaire, the owners' choice, and the four types explained."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import classifying as actions
from portal.cocreation.forms import classifying as forms
from portal.cocreation.phases import PHASES
from portal.cocreation.queries import classifying as queries
from portal.cocreation.queries import type_model
from portal.cocreation.typology import PROTOTYPES, VERSION, ProjectType, classify
from portal.cocreation.typology_words import (
    ANSWER_WORDS,
    FALSE_SAMSKAPING,
    OPEN,
    STEP_WORDS,
    TYPES,
    headline,
    reasons,
)
from portal.cocreation.views import type_charts
from portal.cocreation.views.answering import attempt
from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.i18n import _

bp = Blueprint("cocreation_types", __name__, url_prefix="/samskaping", template_folder="../templates")
WORDS = {
    "types": TYPES,
    "open": OPEN,
    "steps": STEP_WORDS,
    "answers": ANSWER_WORDS,
    "headline": headline,
    "reasons": reasons,
    "phases": PHASES,
    "warnings": FALSE_SAMSKAPING,
}
bp.record_once(lambda state: state.app.jinja_env.globals.update(type_words=WORDS))
bp.add_app_template_global(type_charts.parties, "type_points")


@bp.get("/modellen/")
@public
def model() -> str:
    """Explain the four types, with every public project where it lies."""
    cursor = request.args.get("fra")
    page = type_model.model_page(cursor, _cell())
    cell = f"{page.chosen.across},{page.chosen.down}" if page.chosen else None
    following = page.projects.next
    return render_template(
        "cocreation/model.html",
        page=page,
        square=type_charts.cells(page.cells),
        address=type_charts.address,
        version=VERSION,
        prototypes=PROTOTYPES,
        between=type_model.between(),
        next=url_for(".model", fra=following, rute=cell, _anchor="prosjekter") if following else None,
        first=url_for(".model", rute=cell, _anchor="prosjekter") if cursor else None,
    )


@bp.get("/modellen/les")
@public
@fresh
def read() -> ResponseReturnValue:
    """Say what a set of answers comes to, for the script of the questionnaire."""
    answers = forms.reads(forms.told(request.args))
    reading = classify(answers) if answers else None
    html = render_template("cocreation/_type_reading.html", reading=reading)
    return {"html": html, "headline": str(headline(reading)) if reading else ""}


@bp.get("/<int:project_id>/type")
@public
def project(project_id: int) -> str:
    """Show who decides what in a project, by each of its parties."""
    return render_template("cocreation/type.html", page=queries.type_page(current_actor(), project_id))


@bp.route("/<int:project_id>/type/svar", methods=["GET", "POST"])
@requires()
def answer(project_id: int) -> ResponseReturnValue:
    """Let somebody answer for their party; what it comes to can be seen before it is saved."""
    page = queries.answer_page(current_actor(), project_id)
    values = forms.told(request.values)
    if "se" in request.form:
        return redirect(url_for(".answer", project_id=project_id, _anchor="blir", **values), 303)
    if not values and page.before and page.before.row.phase is page.frame.project.phase:
        values = forms.filled(page.before.answers)
    form = forms.AnswerForm(data=values)
    status = attempt(form, lambda: actions.answer_questions(current_actor(), project_id, form.answers()))
    if status == 303:
        flash(_("Svaret er lagret."), "success")
        return redirect(url_for(".project", project_id=project_id), 303)
    answers = forms.reads(values)
    reading = classify(answers) if answers else None
    return render_template("cocreation/type_answer.html", page=page, form=form, reading=reading), status


@bp.route("/<int:project_id>/type/velg", methods=["GET", "POST"])
@requires()
def choose(project_id: int) -> ResponseReturnValue:
    """Let an owner choose a type where the answers leave it open, or against them."""
    page = queries.choose_page(current_actor(), project_id)
    form = forms.ChooseForm(data={"type": page.summary.type})
    form.reason.flags.required = page.summary.agreed is None  # then every choice needs one: the action says so

    def save() -> None:
        actions.choose_type(current_actor(), project_id, ProjectType(form.type.data), form.reason.data or "")

    status = attempt(form, save)
    if status == 303:
        flash(_("Valget er lagret, og alle kan se det."), "success")
        return redirect(url_for(".project", project_id=project_id), 303)
    return render_template("cocreation/type_choose.html", page=page, form=form), status


def _cell() -> tuple[int, int] | None:
    across, _comma, down = request.args.get("rute", "").partition(",")
    whole = [each.removeprefix("-") for each in (across, down)]
    if not all(each.isascii() and each.isdecimal() and len(each) < 3 for each in whole):
        return None
    return int(across), int(down)

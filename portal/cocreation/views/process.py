"""The agreement of a project, its phases with their gates, its risks, and how it ends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import agreement as agreement_actions
from portal.cocreation.actions import ending as ending_actions
from portal.cocreation.actions import process as actions
from portal.cocreation.forms.process import (
    ANSWER,
    NOTE,
    AgreementForm,
    BackForm,
    EndForm,
    MoveForm,
    RiskForm,
    evaluation_form,
    gate_form,
)
from portal.cocreation.models.process import Risk
from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries import agreement as agreement_queries
from portal.cocreation.queries import ending as ending_queries
from portal.cocreation.queries import process as queries
from portal.cocreation.queries.ending import ENDINGS, MEASURES, EvaluationPage
from portal.cocreation.queries.frame import Frame
from portal.cocreation.queries.process import CONSEQUENCE, LEVELS, LIKELIHOOD, GatePage, level
from portal.cocreation.views.answering import attempt
from portal.kernel import fields
from portal.kernel.access import current_actor, public, requires
from portal.kernel.i18n import _

bp = Blueprint(
    "cocreation_process", __name__, url_prefix="/samskaping/<int:project_id>", template_folder="../templates"
)


@bp.get("/avtale")
@public
def agreement(project_id: int) -> str:
    """Show the agreement, what is new in it, and who has confirmed it."""
    page = agreement_queries.agreement_page(current_actor(), project_id)
    return render_template("cocreation/agreement.html", frame=page.frame, page=page, asks=agreement_queries.ASKS)


@bp.get("/avtale/versjoner")
@public
def agreement_versions(project_id: int) -> str:
    """Show every version of the agreement, with what was new in it."""
    page = agreement_queries.versions_page(current_actor(), project_id)
    return render_template("cocreation/agreement_versions.html", frame=page.frame, page=page)


@bp.route("/avtale/ny", methods=["GET", "POST"])
@requires()
def agreement_new(project_id: int) -> ResponseReturnValue:
    """Write a new version. Who is overtaken by another sees the other's text, and keeps their own in the form."""
    actor = current_actor()
    page = agreement_queries.write_page(actor, project_id)
    form = AgreementForm()
    form.begin(page)
    status = attempt(form, lambda: agreement_actions.write_agreement(actor, project_id, form.draft()))
    if status == 303:
        flash(_("Den nye versjonen er sendt. Når den vises, må hver part bekrefte den."), "success")
        return redirect(url_for(".agreement", project_id=project_id), status)
    if status == 409:
        page = agreement_queries.write_page(actor, project_id)
        form.based_on.data = page.newest_number
    shown = render_template(
        "cocreation/agreement_write.html",
        frame=page.frame,
        page=page,
        form=form,
        asks=agreement_queries.ASKS,
        overtaken=status == 409,
    )
    return shown, status


@bp.post("/avtale/<int:number>/bekreft")
@requires()
def agreement_confirm(project_id: int, number: int) -> ResponseReturnValue:
    """Confirm a version for one's party."""
    agreement_actions.confirm_agreement(current_actor(), project_id, number)
    flash(_("Takk. Parten din har bekreftet avtalen."), "success")
    return redirect(url_for(".agreement", project_id=project_id, _anchor="parter"), 303)


@bp.route("/avtale/<int:number>/trekk", methods=["GET", "POST"])
@requires()
def agreement_withdraw(project_id: int, number: int) -> ResponseReturnValue:
    """Take back a version that nobody has confirmed, after saying what it means."""
    actor = current_actor()
    page, version = agreement_queries.withdraw_page(actor, project_id, number)
    form = fields.Form()
    status = attempt(form, lambda: agreement_actions.withdraw_agreement(actor, project_id, number))
    if status == 303:
        flash(_("Versjonen er trukket."), "success")
        return redirect(url_for(".agreement", project_id=project_id), status)
    shown = render_template("cocreation/agreement_withdraw.html", frame=page.frame, version=version, form=form)
    return shown, status


@bp.get("/faser")
@public
def phases(project_id: int) -> str:
    """Show where the project stands, how it came there, and the gate it is at."""
    page = queries.phases_page(current_actor(), project_id)
    return render_template(
        "cocreation/phases.html", frame=page.frame, page=page, names=PHASES, at_the_ending=queries.AT_THE_ENDING
    )


@bp.route("/faser/sporsmal", methods=["GET", "POST"])
@requires()
def answer(project_id: int) -> ResponseReturnValue:
    """Answer the questions at the gate."""
    actor = current_actor()
    page = queries.gate_page(actor, project_id)
    phase = page.frame.project.phase
    form = gate_form(page.gate, phase)
    seen = form.seen_phase() or phase
    status = attempt(form, lambda: actions.answer_gate(actor, project_id, seen, form.answers()), prefix=NOTE)
    if status == 303:
        flash(_("Svarene er lagret."), "success")
        return redirect(url_for(".phases", project_id=project_id, _anchor="porten"), status)
    if status == 409:
        page = queries.gate_page(actor, project_id)
        form.see(page.gate, page.frame.project.phase)
    return _at_gate("gate", page, form, status)


@bp.route("/faser/videre", methods=["GET", "POST"])
@requires()
def pass_gate(project_id: int) -> ResponseReturnValue:
    """Pass the gate to the next phase."""
    actor = current_actor()
    page = queries.move_page(actor, project_id)
    if page.frame.project.phase is Phase.CLOSE:
        return redirect(url_for(".end", project_id=project_id), 303)
    form = MoveForm()
    form.begin(page.number)
    status = attempt(form, lambda: actions.pass_gate(actor, project_id, form.draft()))
    if status == 303:
        flash(_("Prosjektet er kommet til en ny fase. Svar på nytt på hvem som bestemmer hva."), "success")
        return redirect(url_for(".phases", project_id=project_id), status)
    if status == 409:
        page = queries.move_page(actor, project_id)
        form.seen.data = page.number
    return _at_gate("gate_pass", page, form, status)


@bp.route("/faser/tilbake", methods=["GET", "POST"])
@requires()
def go_back(project_id: int) -> ResponseReturnValue:
    """Go back to an earlier phase, with a reason."""
    actor = current_actor()
    page = queries.move_page(actor, project_id)
    form = BackForm()
    form.begin(page.number)
    form.offer(page.back)
    status = attempt(form, lambda: actions.go_back(actor, project_id, Phase(form.phase.data), form.draft()))
    if status == 303:
        flash(_("Prosjektet er tilbake i en tidligere fase. Spørsmålene ved porten stilles på nytt."), "success")
        return redirect(url_for(".phases", project_id=project_id), status)
    if status == 409:
        page = queries.move_page(actor, project_id)
        form.seen.data = page.number
        form.offer(page.back)
    return _at_gate("gate_back", page, form, status)


@bp.get("/risiko")
@requires()
def risks(project_id: int) -> str:
    """Show what may go wrong."""
    page = queries.risks_page(current_actor(), project_id)
    return render_template(
        "cocreation/risks.html",
        frame=page.frame,
        page=page,
        level=level,
        levels=LEVELS,
        likelihood=LIKELIHOOD,
        consequence=CONSEQUENCE,
    )


@bp.route("/risiko/ny", methods=["GET", "POST"])
@requires()
def risk_new(project_id: int) -> ResponseReturnValue:
    """Enter something that may go wrong."""
    actor = current_actor()
    frame, _none = queries.risk_page(actor, project_id)
    form = RiskForm()
    status = attempt(form, lambda: actions.enter_risk(actor, project_id, form.draft()))
    if status == 303:
        flash(_("Risikoen er ført opp."), "success")
        return redirect(url_for(".risks", project_id=project_id), status)
    return _risk(frame, form, None, status)


@bp.route("/risiko/<int:risk_id>", methods=["GET", "POST"])
@requires()
def risk_change(project_id: int, risk_id: int) -> ResponseReturnValue:
    """Change a risk, close it, or open it again."""
    actor = current_actor()
    frame, risk = queries.risk_page(actor, project_id, risk_id)
    form = RiskForm(obj=risk)
    form.begin(risk)
    closes = request.form.get("gjor") == "lukk"
    status = attempt(form, lambda: actions.change_risk(actor, project_id, risk_id, form.draft(), closes=closes))
    if status == 303:
        flash(_("Risikoen er lukket.") if closes else _("Endringen er lagret."), "success")
        return redirect(url_for(".risks", project_id=project_id), status)
    if status == 409:
        frame, risk = queries.risk_page(actor, project_id, risk_id)
        form.version.data = risk.version if risk else None
    return _risk(frame, form, risk, status)


@bp.route("/avslutt", methods=["GET", "POST"])
@requires()
def end(project_id: int) -> ResponseReturnValue:
    """Close the project, with what was learnt."""
    actor = current_actor()
    page = ending_queries.end_page(actor, project_id)
    if page.frame.project.ended_at is not None:
        return redirect(url_for(".evaluate", project_id=project_id), 303)
    form = EndForm()
    form.begin(page)
    status = attempt(form, lambda: ending_actions.end_project(actor, project_id, form.draft()))
    if status == 303:
        flash(_("Prosjektet er avsluttet. Takk for at dere delte det dere lærte."), "success")
        return redirect(url_for(".evaluate", project_id=project_id), status)
    if status == 409:
        page = ending_queries.end_page(actor, project_id)
        form.seen.data = page.number
    return render_template("cocreation/end.html", frame=page.frame, page=page, form=form, names=PHASES), status


@bp.get("/vurdering")
@public
def evaluate(project_id: int) -> ResponseReturnValue:
    """Show how it went, and ask the reader's party what it thinks."""
    page = ending_queries.evaluation_page(current_actor(), project_id)
    return _how_it_went(page, evaluation_form(page.mine) if page.may_evaluate else None)


@bp.post("/vurdering")
@requires()
def evaluation_give(project_id: int) -> ResponseReturnValue:
    """Tell what one's party thinks."""
    actor = current_actor()
    page = ending_queries.evaluation_page(actor, project_id)
    form = evaluation_form(page.mine)
    status = attempt(form, lambda: ending_actions.evaluate(actor, project_id, form.draft()))
    if status == 303:
        flash(_("Takk. Vurderingen fra parten din er lagret."), "success")
        return redirect(url_for(".evaluate", project_id=project_id), status)
    if status == 409:
        page = ending_queries.evaluation_page(actor, project_id)
        form.seen.data = page.mine.at.isoformat() if page.mine else ""
    return _how_it_went(page, form, status)


def _how_it_went(page: EvaluationPage, form: Any, status: int = 200) -> ResponseReturnValue:
    shown = render_template(
        "cocreation/evaluate.html",
        frame=page.frame,
        page=page,
        form=form,
        endings=ENDINGS,
        measures=MEASURES,
        stale=status == 409,
    )
    return shown, status


def _risk(frame: Frame, form: RiskForm, risk: Risk | None, status: int) -> ResponseReturnValue:
    shown = render_template(
        "cocreation/risk.html",
        frame=frame,
        form=form,
        risk=risk,
        stale=status == 409,
        likelihood=LIKELIHOOD,
        consequence=CONSEQUENCE,
    )
    return shown, status


def _at_gate(template: str, page: GatePage, form: fields.Form, status: int) -> ResponseReturnValue:
    shown = render_template(
        f"cocreation/{template}.html",
        frame=page.frame,
        page=page,
        form=form,
        names=PHASES,
        answer=ANSWER,
        note=NOTE,
        stale=status == 409,
    )
    return shown, status

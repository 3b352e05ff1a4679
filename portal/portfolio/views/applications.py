"""Applying for innovation funds: the form, one's own applications, each with its answer, and the report."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict
from portal.kernel.i18n import _, _l
from portal.portfolio import words
from portal.portfolio.actions import applications as actions
from portal.portfolio.forms import ApplicationForm, ButtonForm, ReportForm
from portal.portfolio.models import Application
from portal.portfolio.queries import applications as queries
from portal.portfolio.queries.applications import ApplyPage
from portal.portfolio.views.answering import attempt, card_url, ref_in

bp = Blueprint("applications", __name__, url_prefix="/portefolje", template_folder="../templates")


@bp.route("/sok", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Apply for innovation funds to a thing."""
    actor, ref = current_actor(), ref_in(request.args.get("til", ""))
    page = queries.apply_page(actor, ref)
    form = ApplicationForm(page, actor.name)
    made: list[Application] = []

    def keep() -> None:
        application = actions.draft_application(actor, ref, form.draft())
        made.append(actions.send_application(actor, application.id) if _is_sending() else application)

    status = attempt(form, keep)
    return _answer(page, form, status, made)


@bp.route("/soknader/<int:application_id>/endre", methods=["GET", "POST"])
@requires()
def change(application_id: int) -> ResponseReturnValue:
    """Change a draft, or send it."""
    actor = current_actor()
    application = queries.own_draft(actor, application_id)
    page = queries.apply_page(actor, application.ref, application)
    form = ApplicationForm(page, actor.name)
    made: list[Application] = []

    def keep() -> None:
        changed = actions.change_application(actor, application_id, form.draft(change=True))
        made.append(actions.send_application(actor, application_id) if _is_sending() else changed)

    status = attempt(form, keep)
    if status == 409:
        form.version.data = queries.own_draft(actor, application_id).version
    return _answer(page, form, status, made)


@bp.get("/soknader/")
@requires()
def mine() -> str:
    """List one's own applications."""
    return render_template("portfolio/applications.html", rows=queries.own_applications(current_actor()), words=words)


@bp.get("/soknader/<int:application_id>/")
@requires()
def show(application_id: int) -> str:
    """Show an application to whoever wrote it, and to those who decide."""
    page = queries.application_page(current_actor(), application_id)
    return render_template("portfolio/application.html", page=page, words=words, thing_url=card_url(page.row.card))


@bp.route("/soknader/<int:application_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(application_id: int) -> ResponseReturnValue:
    """Take an application back, after saying what it means."""
    page = queries.application_page(current_actor(), application_id)
    form = ButtonForm()
    status = attempt(form, lambda: actions.withdraw_application(current_actor(), application_id))
    if status == 303:
        flash(_("Søknaden er trukket."), "success")
        return redirect(url_for(".mine"), status)
    if not page.may.withdraw:
        raise Conflict(_l("Søknaden er avgjort, så den kan ikke trekkes."))
    return render_template("portfolio/withdraw.html", page=page, form=form), status


@bp.route("/soknader/<int:application_id>/rapport", methods=["GET", "POST"])
@requires()
def report(application_id: int) -> ResponseReturnValue:
    """Tell what a grant was used for, and what was learnt."""
    page = queries.application_page(current_actor(), application_id)
    form = ReportForm()
    status = attempt(form, lambda: actions.report_grant(current_actor(), application_id, form.draft()))
    onward = url_for(".show", application_id=application_id)
    if status == 303:
        flash(_("Takk. Vi leser rapporten, og publiserer det vi har lært."), "success")
        return redirect(onward, status)
    if not page.may.report:
        raise Conflict(_l("Her er det ikke noe å rapportere, eller så er det gjort."))
    return render_template("portfolio/report.html", page=page, form=form, words=words, onward=onward), status


def _is_sending() -> bool:
    return request.form.get("hva") == "send"


def _answer(page: ApplyPage, form: ApplicationForm, status: int, made: list[Application]) -> ResponseReturnValue:
    if status == 303:
        sent = _is_sending()
        flash(_("Søknaden er sendt.") if sent else _("Utkastet er lagret. Bare du ser det."), "success")
        return redirect(url_for(".show", application_id=made[0].id), status)
    rendered = render_template("portfolio/apply.html", page=page, form=form, words=words, thing_url=card_url(page.card))
    return rendered, status

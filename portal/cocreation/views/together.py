"""Pages of what people do together: what the project needs and who signs up, and the hours they gave.

Meetings and tasks put theirs on the same blueprint.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import hours as hour_actions
from portal.cocreation.actions import needs as need_actions
from portal.cocreation.forms import needs as forms
from portal.cocreation.queries import hours as hour_queries
from portal.cocreation.queries import needs as queries
from portal.cocreation.queries.matching import offers_for_need
from portal.cocreation.views.answering import attempt
from portal.kernel.access import current_actor, public, requires
from portal.kernel.i18n import _, ngettext

bp = Blueprint("cocreation_together", __name__, url_prefix="/samskaping", template_folder="../templates")


@bp.get("/<int:project_id>/bidra")
@public
def needs(project_id: int) -> str:
    """Show what a project needs, and what people gave."""
    page = queries.needs_page(current_actor(), project_id)
    return render_template("cocreation/needs.html", page=page, frame=page.frame)


@bp.route("/<int:project_id>/bidra/nytt", methods=["GET", "POST"])
@requires()
def new_need(project_id: int) -> ResponseReturnValue:
    """Say what the project needs."""
    actor, frame = current_actor(), queries.arranging(current_actor(), project_id)
    form, made = forms.NeedForm(), []
    form.begin()

    def work() -> None:
        made.append(need_actions.write_need(actor, project_id, form.draft(), key=form.sent_key).id)

    status = attempt(form, work)
    if status == 303:
        flash(_("Behovet er lagt inn."), "success")
        return redirect(url_for(".need", need_id=made[0]), 303)
    return render_template("cocreation/need_form.html", form=form, frame=frame, need=None), status


@bp.get("/behov/<int:need_id>")
@public
def need(need_id: int) -> ResponseReturnValue:
    """Show one need, and to the members who signed up."""
    return _need(queries.need_page(current_actor(), need_id))


@bp.route("/behov/<int:need_id>/endre", methods=["GET", "POST"])
@requires()
def edit_need(need_id: int) -> ResponseReturnValue:
    """Change a need."""
    actor, page = current_actor(), queries.own_need(current_actor(), need_id)
    form = forms.NeedForm(data=forms.need_values(page.need))

    def work() -> None:
        draft = form.draft(page.need.language)
        need_actions.edit_need(actor, need_id, draft, version=form.sent_version)

    status = attempt(form, work)
    if status == 303:
        flash(_("Behovet er endret."), "success")
        return redirect(url_for(".need", need_id=need_id), 303)
    if status == 409:
        page = queries.own_need(actor, need_id)
        form.rebase(page.need.version)
    return render_template("cocreation/need_form.html", form=form, frame=page.frame, need=page.need), status


@bp.post("/behov/<int:need_id>/trekk")
@requires()
def withdraw_need(need_id: int) -> ResponseReturnValue:
    """Take a need back."""
    page = queries.need_page(current_actor(), need_id)
    need_actions.withdraw_need(current_actor(), need_id)
    flash(_("Behovet er trukket."), "success")
    return redirect(url_for(".needs", project_id=page.frame.project.id), 303)


@bp.get("/behov/<int:need_id>/meld-pa")
@requires()
def go_and_sign_up(need_id: int) -> ResponseReturnValue:
    """Lead somebody who had to sign in first to the form."""
    return redirect(url_for(".need", need_id=need_id, _anchor="meld-deg"), 303)


@bp.post("/behov/<int:need_id>/meld-pa")
@requires()
def sign_up(need_id: int) -> ResponseReturnValue:
    """Take places, or change how many."""
    form = forms.SignUpForm()
    status = attempt(
        form, lambda: need_actions.sign_up(current_actor(), need_id, form.amount.data, form.note.data or "")
    )
    if status == 303:
        flash(_("Takk! Prosjektet ser nå at du bidrar. Du kan endre det her når du vil."), "success")
        return redirect(url_for(".need", need_id=need_id), 303)
    return _need(queries.need_page(current_actor(), need_id), form, status)


@bp.post("/behov/<int:need_id>/meld-av")
@requires()
def sign_off(need_id: int) -> ResponseReturnValue:
    """Give one's places back."""
    need_actions.sign_off(current_actor(), need_id)
    flash(_("Du er meldt av. Plassen er ledig for andre."), "success")
    return redirect(url_for(".need", need_id=need_id), 303)


@bp.post("/behov/<int:need_id>/ta-av/<int:account_id>")
@requires()
def take_off(need_id: int, account_id: int) -> ResponseReturnValue:
    """Take somebody off a need."""
    need_actions.take_off(current_actor(), need_id, account_id)
    flash(_("Personen er meldt av. Plassen er ledig for andre."), "success")
    return redirect(url_for(".need", need_id=need_id), 303)


@bp.post("/behov/<int:need_id>/takk")
@requires()
def thank(need_id: int) -> ResponseReturnValue:
    """Thank those who haven't had a thank-you."""
    thanked = need_actions.thank(current_actor(), need_id)
    if thanked:
        flash(
            ngettext("Takken er sendt til %(num)d person.", "Takken er sendt til %(num)d personer.", thanked), "success"
        )
    else:
        flash(_("Alle som meldte seg, har fått takk."), "info")
    return redirect(url_for(".need", need_id=need_id), 303)


@bp.post("/behov/<int:need_id>/lukk")
@requires()
def close_need(need_id: int) -> ResponseReturnValue:
    """Let nobody more sign up."""
    need_actions.close_need(current_actor(), need_id)
    flash(_("Behovet er lukket. De som har meldt seg, står fortsatt på lista."), "success")
    return redirect(url_for(".need", need_id=need_id), 303)


@bp.post("/behov/<int:need_id>/apne")
@requires()
def reopen_need(need_id: int) -> ResponseReturnValue:
    """Let people sign up again."""
    need_actions.reopen_need(current_actor(), need_id)
    flash(_("Behovet er åpent igjen."), "success")
    return redirect(url_for(".need", need_id=need_id), 303)


@bp.route("/<int:project_id>/timer", methods=["GET", "POST"])
@requires()
def hours(project_id: int) -> ResponseReturnValue:
    """Tell of one's own hours; the owners see those that wait to be confirmed."""
    actor, form = current_actor(), forms.HoursForm()
    form.begin()
    status = attempt(form, lambda: hour_actions.tell_hours(actor, project_id, form.draft(), key=form.sent_key))
    if status == 303:
        flash(_("Takk! Timene teller med når prosjektet har bekreftet dem."), "success")
        return redirect(url_for(".hours", project_id=project_id), 303)
    page = hour_queries.hours_page(actor, project_id)
    return render_template("cocreation/hours.html", page=page, frame=page.frame, form=form), status


@bp.post("/timer/<int:hours_id>/bekreft")
@requires()
def confirm_hours(hours_id: int) -> ResponseReturnValue:
    """Confirm what somebody told."""
    project_id = hour_actions.confirm_hours(current_actor(), hours_id)
    flash(_("Timene er bekreftet."), "success")
    return redirect(url_for(".hours", project_id=project_id), 303)


@bp.post("/timer/<int:hours_id>/fjern")
@requires()
def remove_hours(hours_id: int) -> ResponseReturnValue:
    """Take hours away: one's own, or as an owner others'."""
    project_id = hour_actions.remove_hours(current_actor(), hours_id)
    flash(_("Timene er fjernet."), "success")
    return redirect(url_for(".hours", project_id=project_id), 303)


def _need(page: queries.NeedPage, form: forms.SignUpForm | None = None, status: int = 200) -> ResponseReturnValue:
    if form is None and page.may_sign_up:
        form = forms.SignUpForm(data=forms.sign_up_values(page.mine))
    matches = offers_for_need(page.need)
    return render_template("cocreation/need.html", page=page, frame=page.frame, form=form, matches=matches), status

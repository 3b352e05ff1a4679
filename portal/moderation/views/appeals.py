"""The pages where complaints are decided, by another person than the first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.moderation import words
from portal.moderation.actions import appeals as actions
from portal.moderation.forms.staff import AnswerForm, ReasonForm
from portal.moderation.queries import appeals

bp = Blueprint("appeals", __name__, url_prefix="/moderering/klager", template_folder="../templates")


@bp.get("/")
@requires(Role.MODERATOR, Role.ADMIN)
def index() -> str:
    """Show the complaints that wait."""
    page = appeals.appeals_page(current_actor(), request.args.get("etter"))
    return render_template("moderation/appeals.html", page=page, words=words)


@bp.route("/<int:appeal_id>/", methods=["GET", "POST"])
@requires(Role.MODERATOR, Role.ADMIN)
def show(appeal_id: int) -> ResponseReturnValue:
    """Show a complaint, and decide it."""
    form, status = AnswerForm(), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                actions.decide_appeal(current_actor(), appeal_id, form.draft())
                flash(_("Klagen er avgjort, og den som klaget, får svar."), "success")
                return redirect(url_for(".index"), 303)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.form_errors.append(refusal.message)
            status = 409
    page = appeals.appeal_page(current_actor(), appeal_id)
    reason = ReasonForm(formdata=None)
    reason.reason.id = "grunn"  # the answer has a reason too
    shown = render_template("moderation/appeal.html", page=page, form=form, reason=reason, words=words)
    return shown, status

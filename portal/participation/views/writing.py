"""Writing, replying, editing, taking back, and the pages where what was written is read."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, public, requires
from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.i18n import _
from portal.participation.actions import writing as actions
from portal.participation.events import CONTRIBUTION
from portal.participation.forms import ButtonForm, EditForm, WriteForm
from portal.participation.models import Contribution, Form
from portal.participation.queries import pages
from portal.participation.views.addresses import asked_form, asked_source, back, card_url, own_path

bp = Blueprint("participation", __name__, template_folder="../templates")


@bp.get("/delta/<kind>/<int:target_id>/")
@public
def conversation(kind: str, target_id: int) -> str:
    """Show all that is written on a thing, one form at a time."""
    page = pages.conversation(current_actor(), Ref(kind, target_id), asked_form(), request.args.get("etter"))
    return render_template("participation/conversation.html", page=page, thing_url=card_url(page.card))


@bp.route("/delta/<kind>/<int:target_id>/skriv", methods=["GET", "POST"])
@requires()
def write(kind: str, target_id: int) -> ResponseReturnValue:
    """Write an argument, a question or a comment on a thing."""
    if kind == CONTRIBUTION:
        raise NotFound
    return _write(Ref(kind, target_id), asked_form() or Form.COMMENT)


@bp.get("/delta/innlegg/<int:contribution_id>/")
@public
def thread(contribution_id: int) -> str:
    """Show a contribution with all its replies."""
    page = pages.thread(current_actor(), contribution_id, request.args.get("etter"))
    return render_template("participation/thread.html", page=page, thing_url=card_url(page.card))


@bp.route("/delta/innlegg/<int:contribution_id>/svar", methods=["GET", "POST"])
@requires()
def reply(contribution_id: int) -> ResponseReturnValue:
    """Reply to a contribution."""
    return _write(Ref(CONTRIBUTION, contribution_id), Form.COMMENT)


@bp.route("/delta/innlegg/<int:contribution_id>/endre", methods=["GET", "POST"])
@requires()
def edit(contribution_id: int) -> ResponseReturnValue:
    """Change one's own text."""
    form, status = EditForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                changed = actions.edit_contribution(current_actor(), contribution_id, form.draft())
                return _told(changed)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status = 409
    page = pages.own(current_actor(), contribution_id, to_edit=True)
    if not form.is_submitted():
        form.text.data, form.language.data = page.said.text, page.said.language
    if status in {200, 409}:
        form.version.data = page.said.version
    onward = back(page.said.ref)
    return render_template("participation/edit.html", page=page, form=form, onward=onward, stale=status == 409), status


@bp.route("/delta/innlegg/<int:contribution_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(contribution_id: int) -> ResponseReturnValue:
    """Take back one's own text, after saying what it means."""
    form = ButtonForm()
    if form.validate_on_submit():
        actions.withdraw_contribution(current_actor(), contribution_id)
        flash(_("Innlegget er trukket."), "success")
    page = pages.own(current_actor(), contribution_id)
    onward = own_path(request.values.get("tilbake")) or (card_url(page.card) if page.card else url_for("profile.index"))
    if form.is_submitted():
        return redirect(onward, 303)
    return render_template("participation/withdraw.html", page=page, form=form, onward=onward)


@bp.get("/delta/innlegg/<int:contribution_id>/historikk")
@public
def history(contribution_id: int) -> str:
    """Show how a text has been edited."""
    return render_template("participation/history.html", page=pages.history(current_actor(), contribution_id))


def _write(ref: Ref, form_asked: Form) -> ResponseReturnValue:
    actor = current_actor()
    page = pages.writing(actor, ref, form_asked, asked_source())
    form = WriteForm(page, actor.name)
    if form.is_submitted() and form.validate():
        try:
            return _told(actions.contribute(actor, ref, form.draft()))
        except Invalid as refusal:
            form.refuse(refusal)
    rendered = render_template("participation/write.html", page=page, form=form, onward=back(ref))
    return rendered, 422 if form.is_submitted() else 200


def _told(contribution: Contribution) -> ResponseReturnValue:
    """Say what happens next, and go to where the text stands."""
    if contribution.state is PublicationState.PUBLISHED:
        flash(_("Teksten din er publisert."), "success")
    else:
        flash(_("Takk! En moderator leser teksten før den vises for andre. Du ser den selv med en gang."), "success")
    asked = own_path(request.values.get("tilbake"))
    if asked:
        return redirect(f"{asked.partition('#')[0]}#innlegg-{contribution.id}", 303)
    top = contribution.parent_id or contribution.id
    return redirect(url_for(".thread", contribution_id=top, _anchor=f"innlegg-{contribution.id}"), 303)

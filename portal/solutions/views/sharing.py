"""Sharing a solution, changing it, saying it in other languages, withdrawing it, and the list of one's own."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, public, requires
from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _
from portal.solutions.actions import sharing as actions
from portal.solutions.facts import LICENCES
from portal.solutions.forms.solutions import ButtonForm, NoteForm, SolutionForm, TranslationForm
from portal.solutions.queries import sharing as queries
from portal.solutions.queries.versions import versions_page
from portal.solutions.words import SPOKEN, TEXTS

bp = Blueprint("solutions_sharing", __name__, url_prefix="/losninger", template_folder="../templates")

ORIGIN = re.compile(r"([a-z_]{1,40}):([0-9]{1,9})")


@bp.route("/ny", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Share a solution, from scratch or from what the address says."""
    actor, asked, status = current_actor(), _asked(), 200
    page = queries.new_page(actor, asked)
    form = SolutionForm(page)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                origin = asked if page.origin else None
                solution = actions.share_solution(actor, form.draft(), origin=origin, key=form.form_key())
                return redirect(url_for(".receipt", solution_id=solution.id), 303)
            except Invalid as refusal:
                form.refuse(refusal)
    return _form("solutions/new.html", page=page, form=form), status


@bp.get("/<int:solution_id>/delt")
@requires()
def receipt(solution_id: int) -> str:
    """Say what happens next with what was sent in."""
    page = queries.receipt_page(current_actor(), solution_id)
    return render_template("solutions/receipt.html", page=page, spoken=SPOKEN)


@bp.get("/mine")
@requires()
def mine() -> str:
    """Show the solutions one looks after."""
    page = queries.own_page(current_actor(), request.args.get("fra"))
    return render_template("solutions/mine.html", page=page, spoken=SPOKEN)


@bp.route("/<int:solution_id>/rediger", methods=["GET", "POST"])
@requires()
def edit(solution_id: int) -> ResponseReturnValue:
    """Change what a solution says."""
    actor, status, stale = current_actor(), 200, False
    page = queries.edit_page(actor, solution_id)
    form = SolutionForm(page)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                solution = actions.edit_solution(actor, solution_id, form.draft(), version=form.form_version() or -1)
                _tell_of_change(solution.state)
                return _to_solution(solution_id)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status, stale = 409, True
                page = queries.edit_page(actor, solution_id)
                form.version.data = str(page.solution.version) if page.solution else ""
    return _form("solutions/edit.html", page=page, form=form, stale=stale), status


@bp.route("/<int:solution_id>/oversett/<any(nb, nn, en):language>", methods=["GET", "POST"])
@requires()
def translate(solution_id: int, language: str) -> ResponseReturnValue:
    """Say a solution in another language."""
    actor, status, stale = current_actor(), 200, False
    page = queries.translate_page(actor, solution_id, language)
    form = TranslationForm(page)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                words = form.words(language)
                done = actions.translate_solution(actor, solution_id, words, version=form.form_version())
                _tell_of_change(done.state)
                return _to_solution(solution_id)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status, stale = 409, True
                page = queries.translate_page(actor, solution_id, language)
                form.version.data = "" if page.version is None else str(page.version)
    values: dict[str, Any] = {"page": page, "form": form, "stale": stale, "spoken": SPOKEN, "texts": TEXTS}
    return render_template("solutions/translate.html", **values), status


@bp.route("/<int:solution_id>/oversett/<any(nb, nn, en):language>/trekk", methods=["GET", "POST"])
@requires()
def withdraw_translation(solution_id: int, language: str) -> ResponseReturnValue:
    """Take a translation back, after saying what it means."""
    actor, form = current_actor(), ButtonForm()
    page = queries.translation_to_withdraw(actor, solution_id, language)
    if form.validate_on_submit() and page.translation:
        actions.withdraw_translation(actor, page.translation.id)
        flash(_("Oversettelsen er trukket."), "success")
        return _to_solution(solution_id)
    return render_template("solutions/translation_withdraw.html", page=page, form=form, spoken=SPOKEN)


@bp.get("/<int:solution_id>/versjoner")
@public
def versions(solution_id: int) -> str:
    """Show how a solution has been changed, word by word."""
    return render_template("solutions/versions.html", page=versions_page(current_actor(), solution_id))


@bp.route("/<int:solution_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(solution_id: int) -> ResponseReturnValue:
    """Withdraw a solution, after saying what it means."""
    form, actor = ButtonForm(), current_actor()
    if form.validate_on_submit():
        actions.withdraw_solution(actor, solution_id)
        flash(_("Løsningen er trukket."), "success")
        return redirect(url_for(".mine"), 303)
    page = queries.withdraw_page(actor, solution_id)
    return render_template("solutions/withdraw.html", page=page, form=form)


@bp.route("/<int:solution_id>/notat", methods=["GET", "POST"])
@requires()
def note(solution_id: int) -> ResponseReturnValue:
    """Write what the municipality says beside a solution from another portal."""
    actor, status = current_actor(), 200
    page = queries.note_page(actor, solution_id)
    form = NoteForm(page.solution)
    if form.is_submitted():
        status = 422
        if form.validate():
            actions.note_solution(actor, solution_id, form.note.data or "")
            flash(_("Notatet er lagret."), "success")
            return _to_solution(solution_id)
    return render_template("solutions/note.html", page=page, form=form), status


def _form(template: str, **values: Any) -> str:
    licences = {key.value: each.means for key, each in LICENCES.items()}
    return render_template(template, licences=licences, texts=TEXTS, **values)


def _to_solution(solution_id: int) -> ResponseReturnValue:
    return redirect(url_for("solutions.permanent", solution_id=solution_id), 303)


def _tell_of_change(state: PublicationState) -> None:
    if state is PublicationState.PENDING:
        flash(_("Endringen er sendt inn. En moderator leser den før andre ser den."), "success")
    else:
        flash(_("Endringen er lagret."), "success")


def _asked() -> Ref | None:
    """Read what the address says that the solution is to be made from."""
    found = ORIGIN.fullmatch(request.args.get("fra", ""))
    return Ref(found[1], int(found[2])) if found else None

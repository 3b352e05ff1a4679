"""Pages where innovation advisers make ideas one, after seeing what it does, and undo it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.actions import merging as actions
from portal.ideas.forms.merging import MergeForm, OtherForm
from portal.ideas.queries import merging as queries
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.kernel.slugs import slug

bp = Blueprint("ideas_merge", __name__, url_prefix="/ideer/styring", template_folder="../templates")


@bp.get("/sammenslatte/")
@requires(Role.IDEA_MANAGER)
def merges() -> str:
    """Show which ideas were made part of others."""
    page = queries.merges_page(current_actor(), request.args.get("etter"))
    return render_template("ideas/merging/merges.html", page=page, slug=slug)


@bp.get("/<int:idea_id>/sla-sammen")
@requires(Role.IDEA_MANAGER)
def choose(idea_id: int) -> ResponseReturnValue:
    """Show what resembles an idea, and let another be named."""
    form = OtherForm(request.args)
    if "other" in request.args:
        number = form.number() if form.validate() else None
        if number is not None and number != idea_id:
            return redirect(url_for(".preview", idea_id=idea_id, other_id=number))
        form.refuse(Invalid("other", _("Skriv nummeret eller adressen til en annen idé.")))
    page = queries.choosing(current_actor(), idea_id)
    return render_template("ideas/merging/choose.html", page=page, form=form), 422 if form.errors else 200


@bp.get("/<int:idea_id>/sla-sammen/<int:other_id>")
@requires(Role.IDEA_MANAGER)
def preview(idea_id: int, other_id: int) -> str:
    """Show what happens when the first is made part of the other."""
    return _preview(idea_id, other_id, MergeForm())


@bp.post("/<int:idea_id>/sla-sammen/<int:other_id>")
@requires(Role.IDEA_MANAGER)
def merge(idea_id: int, other_id: int) -> ResponseReturnValue:
    """Make the first part of the other."""
    form = MergeForm()
    if not form.validate():
        return _preview(idea_id, other_id, form), 422
    try:
        actions.merge_ideas(current_actor(), other_id, idea_id, form.reason.data)
    except (Conflict, Invalid) as refusal:
        form.refuse(refusal if isinstance(refusal, Invalid) else Invalid("", refusal.message))
        return _preview(idea_id, other_id, form), refusal.status
    flash(_("Ideene er slått sammen. Begge forfatterne får vite det."), "success")
    return redirect(url_for(".merges"), 303)


@bp.post("/sammenslatte/<int:merge_id>/angre")
@requires(Role.IDEA_MANAGER)
def undo(merge_id: int) -> ResponseReturnValue:
    """Undo it."""
    actions.undo_merge(current_actor(), merge_id)
    flash(_("Sammenslåingen er angret. Begge ideene er som de var."), "success")
    return redirect(url_for(".merges"), 303)


def _preview(idea_id: int, other_id: int, form: MergeForm) -> str:
    page = queries.preview(current_actor(), other_id, idea_id)
    return render_template("ideas/merging/preview.html", page=page, form=form)

"""The pages where staff enter paper forms, and where somebody else looks them over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.observatorium.actions import paper as actions
from portal.observatorium.forms import paper as forms
from portal.observatorium.queries import paper as queries
from portal.observatorium.queries.paper import BatchPage

bp = Blueprint(
    "observatorium_paper",
    __name__,
    url_prefix="/observatorium/styring/runder/<slug>/papir",
    template_folder="../templates",
)


@bp.get("/")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def index(slug: str) -> str:
    """Show the batches of a round."""
    return render_template("observatorium/paper/index.html", page=queries.batches_page(current_actor(), slug))


@bp.route("/ny", methods=["GET", "POST"])
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def begin(slug: str) -> ResponseReturnValue:
    """Ask what the pile is, and begin on it."""
    page = queries.batches_page(current_actor(), slug)
    form = forms.BatchForm(queries.organisations())
    if form.validate_on_submit():
        try:
            batch = actions.begin_batch(current_actor(), slug, form.draft())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for(".enter", slug=slug, batch_id=batch.id), 303)
    return _shown("begin", form, page=page)


@bp.get("/<int:batch_id>/")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def show(slug: str, batch_id: int) -> ResponseReturnValue:
    """Show a batch with every form in it."""
    page = queries.batch_page(current_actor(), slug, batch_id)
    return _batch(page, forms.DecisionForm(formdata=None, version=page.batch.version))


@bp.route("/<int:batch_id>/skjema/", methods=["GET", "POST"])
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def enter(slug: str, batch_id: int) -> ResponseReturnValue:
    """Enter one form, or with `?rett=` enter one anew."""
    page = queries.batch_page(current_actor(), slug, batch_id)
    asked = request.args.get("rett", "")
    stands = page.form(int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else None
    form = forms.entry_form([each.number for each in page.catalogue.indicators], stands, page.following)
    if form.validate_on_submit():
        try:
            actions.enter_form(current_actor(), slug, batch_id, form.draft(stands.number if stands else None))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            flash(_("Skjema %(number)s er lagret.", number=form.number.data), "success")
            after = ".show" if stands or request.form.get("etter") == "bunten" else ".enter"
            return redirect(url_for(after, slug=slug, batch_id=batch_id), 303)
    return _shown("enter", form, page=page, stands=stands)


@bp.post("/<int:batch_id>/skjema/fjern")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def remove(slug: str, batch_id: int) -> ResponseReturnValue:
    """Take a form out of a batch."""
    asked = request.form.get("number", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
    actions.remove_form(current_actor(), slug, batch_id, number)
    flash(_("Skjema %(number)s er fjernet.", number=number), "success")
    return redirect(url_for(".show", slug=slug, batch_id=batch_id), 303)


@bp.post("/<int:batch_id>/send")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def send(slug: str, batch_id: int) -> ResponseReturnValue:
    """Let somebody else look the batch over."""
    try:
        actions.send_batch(current_actor(), slug, batch_id)
    except Invalid as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(_("Bunten er sendt. En annen må se over den før svarene teller."), "success")
    return redirect(url_for(".show", slug=slug, batch_id=batch_id), 303)


@bp.post("/<int:batch_id>/forkast")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def discard(slug: str, batch_id: int) -> ResponseReturnValue:
    """Throw a batch away."""
    actions.discard_batch(current_actor(), slug, batch_id)
    flash(_("Bunten er forkastet. Ingen av skjemaene teller."), "success")
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/<int:batch_id>/")
@requires(Role.COORDINATOR, Role.EMPLOYEE)
def decide(slug: str, batch_id: int) -> ResponseReturnValue:
    """Approve or reject a batch."""
    form = forms.DecisionForm()
    if form.validate():
        work = actions.approve_batch if form.approves else actions.reject_batch
        try:
            decided = work(current_actor(), slug, batch_id, form.told())
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            said = _("Bunten er godkjent, og %(count)s svar teller med.", count=decided.count)
            flash(said if form.approves else _("Bunten er sendt tilbake."), "success")
            return redirect(url_for(".index", slug=slug), 303)
    return _batch(queries.batch_page(current_actor(), slug, batch_id), form)


def _batch(page: BatchPage, form: forms.DecisionForm) -> ResponseReturnValue:
    return _shown("batch", form, page=page)


def _shown(template: str, form: Any, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/paper/{template}.html", form=form, words=_words(), **values)
    return shown, 422 if form.errors else 200


def _words() -> dict[str, Any]:
    return {str(value): word for value, word in (*forms.ANSWERS, *forms.TIES)}

"""Taking a solution in use: the form, one adopter's account, one's own overview, and how a solution has spread."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel import fields
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import NATIVE_NAMES, _, _l
from portal.solutions.actions import adopting as actions
from portal.solutions.adoption import ADOPTER_KINDS, STEPS, WAYS
from portal.solutions.forms.adopting import BeginForm, ChangeForm, step_hints
from portal.solutions.models.adoptions import Adoption
from portal.solutions.queries import adoptions as queries
from portal.solutions.queries.spread import spread_page
from portal.solutions.views.answering import attempt

bp = Blueprint("solutions_adopting", __name__, url_prefix="/losninger", template_folder="../templates")

WORDS = {"steps": STEPS, "ways": WAYS, "kinds": ADOPTER_KINDS}
"""What templates call the facts."""


@bp.route("/<int:solution_id>/ta-i-bruk", methods=["GET", "POST"])
@requires()
def new(solution_id: int) -> ResponseReturnValue:
    """Tell that somebody one acts for considers, tries or uses a solution."""
    actor = current_actor()
    page = queries.begin_page(actor, solution_id)
    form = BeginForm(page)
    made: list[Adoption] = []

    def begin() -> None:
        who = form.who()
        if who is None:
            raise Invalid("adopter", _l("Velg hvem som tar løsningen i bruk."))
        made.append(actions.begin_adoption(actor, solution_id, who, form.draft(), key=form.form_key()))

    status = attempt(form, begin)
    if status == 303:
        flash(_("Takk. De som delte løsningen, får vite det."), "success")
        return redirect(url_for(".adoption", adoption_id=made[0].id), status)
    shown = render_template("solutions/adopt.html", page=page, form=form, hints=step_hints(), change=None, words=WORDS)
    return shown, status


@bp.get("/bruk/")
@requires()
def mine() -> str:
    """Show what those one acts for take in use, and who takes in use what one looks after."""
    page = queries.own_page(current_actor(), request.args.get("fra"))
    return render_template(
        "solutions/adoptions.html",
        page=page,
        words=WORDS,
        next=url_for(".mine", fra=page.rows.next) if page.rows.next else None,
        first=url_for(".mine") if request.args.get("fra") else None,
    )


@bp.get("/bruk/<int:adoption_id>")
@public
def adoption(adoption_id: int) -> str:
    """Show one adopter's account of a solution."""
    page = queries.adoption_page(current_actor(), adoption_id)
    return render_template("solutions/adoption.html", page=page, words=WORDS, language_names=NATIVE_NAMES)


@bp.route("/bruk/<int:adoption_id>/endre", methods=["GET", "POST"])
@requires()
def edit(adoption_id: int) -> ResponseReturnValue:
    """Tell that one has come further, has stopped, or how it goes."""
    actor = current_actor()
    page = queries.change_page(actor, adoption_id)
    form = ChangeForm(page)
    status = attempt(
        form,
        lambda: actions.change_adoption(
            actor, adoption_id, form.draft(), version=form.form_version(), follows=form.takes_newest()
        ),
    )
    if status == 303:
        flash(_("Det nye er lagret."), "success")
        return redirect(url_for(".adoption", adoption_id=adoption_id), status)
    if status == 409:
        page = queries.change_page(actor, adoption_id)
        form.see(page.row.adoption)
    shown = render_template(
        "solutions/adopt.html", page=page, form=form, hints=step_hints(), change=page.row.adoption, words=WORDS
    )
    return shown, status


@bp.route("/bruk/<int:adoption_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(adoption_id: int) -> ResponseReturnValue:
    """Take back that one ever told, after saying what it means."""
    actor = current_actor()
    page = queries.withdraw_page(actor, adoption_id)
    form = fields.Form()
    status = attempt(form, lambda: actions.withdraw_adoption(actor, adoption_id))
    if status == 303:
        flash(_("Meldingen om bruk er trukket."), "success")
        return redirect(url_for(".mine"), status)
    return render_template("solutions/adoption_withdraw.html", page=page, form=form), status


@bp.get("/<int:solution_id>/spredning")
@public
def spread(solution_id: int) -> str:
    """Show who took the solution from whom, in words and on a map."""
    page = spread_page(current_actor(), solution_id)
    return render_template("solutions/spread.html", page=page, words=WORDS)

"""The method library: what everybody reads, and what staff add to it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import methods as actions
from portal.cocreation.forms.methods import MethodForm
from portal.cocreation.methods import LANGUAGES, Level
from portal.cocreation.models.finding import MethodCard
from portal.cocreation.phases import PHASES, Phase
from portal.cocreation.queries import methods as queries
from portal.cocreation.queries.methods import HOUR, LEVELS, LEVELS_MEAN, OWN, WEEK, Asked
from portal.cocreation.typology import ProjectType
from portal.cocreation.typology_words import TYPES
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("cocreation_methods", __name__, url_prefix="/samskaping/metoder", template_folder="../templates")

E = TypeVar("E", bound=StrEnum)
TIMES = (HOUR, 3 * HOUR, 8 * HOUR, WEEK)
"""What one may have, in minutes; with more, everything fits."""
WORDS = {
    "levels": LEVELS,
    "levels_mean": LEVELS_MEAN,
    "types_named": [(each, words.name) for each, words in TYPES.items()],
    "phases": PHASES,
}


@bp.get("/")
@public
def index() -> str:
    """Show the methods that fit what is asked for."""
    asked = _asked()
    page = queries.methods_page(current_actor(), asked, _number("prosjekt"))
    times = [(each, queries.duration((each, each))) for each in TIMES]
    return render_template("cocreation/methods.html", page=page, asked=asked, times=times, **WORDS)


@bp.get("/<key>")
@public
def show(key: str) -> str:
    """Show one method."""
    return render_template("cocreation/method.html", page=queries.method_page(current_actor(), key), **WORDS)


@bp.route("/ny", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def new() -> ResponseReturnValue:
    """Add a card."""
    form = MethodForm()
    return _written(form, None, lambda: actions.add_method(current_actor(), form.draft(), key=form.form_key()))


@bp.route("/<int:method_id>/endre", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def edit(method_id: int) -> ResponseReturnValue:
    """Change a card."""
    card = queries.own_card(current_actor(), method_id)
    form = MethodForm(card)

    def change() -> MethodCard:
        return actions.change_method(current_actor(), method_id, form.draft(), version=form.form_version())

    return _written(form, card, change)


@bp.post("/<int:method_id>/bruk")
@requires(Role.IDEA_MANAGER)
def retire(method_id: int) -> ResponseReturnValue:
    """Take a card out of use, or bring it back."""
    retired = request.form.get("ut") == "ja"
    actions.retire_method(current_actor(), method_id, retired=retired)
    flash(_("Metoden er tatt ut av bruk.") if retired else _("Metoden er i bruk igjen."), "success")
    return redirect(url_for(".show", key=f"{OWN}{method_id}"), 303)


def _written(form: Any, card: MethodCard | None, work: Callable[[], MethodCard]) -> ResponseReturnValue:
    """Do what a form that was sent asks for; what is refused is told in it, and what was typed is kept."""
    if form.validate_on_submit():
        try:
            done = work()
            flash(_("Metoden er lagret."), "success")
            return redirect(url_for(".show", key=f"{OWN}{done.id}"), 303)
        except Invalid as refusal:
            form.refuse(refusal)
        except Conflict as refusal:
            form.form_errors.append(refusal.message)
            form.version.data = str(queries.own_card(current_actor(), card.id).version) if card else ""
    status = 422 if form.is_submitted() else 200
    return render_template("cocreation/method_form.html", form=form, card=card, others=LANGUAGES[1:], **WORDS), status


def _asked() -> Asked:
    return Asked(
        type=_one_of(ProjectType, "type"),
        phase=_one_of(Phase, "fase"),
        minutes=next((each for each in TIMES if each == _number("tid")), None),
        persons=_number("personer"),
        level=_one_of(Level, "niva"),
    )


def _one_of(kind: type[E], name: str) -> E | None:
    return next((each for each in kind if each.value == request.args.get(name)), None)


def _number(name: str) -> int | None:
    written = request.args.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 8 and int(written) else None

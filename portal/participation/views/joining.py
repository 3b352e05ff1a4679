"""Supporting and following: buttons on a thing's page, and pages of their own for those who come by a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.content import Ref
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.actions import joining as actions
from portal.participation.forms import ButtonForm
from portal.participation.queries import pages
from portal.participation.views.addresses import back

bp = Blueprint("joining", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Step:
    """One of the four things that a button does."""

    act: Callable[[Actor, Ref], bool]
    verb: str | None
    """What one must be allowed; nothing, to take back what one did."""
    question: Any
    explained: Any
    button: Any
    done: Any


SUPPORT = Step(
    actions.support,
    "support",
    _l("Vil du støtte dette?"),
    _l("Andre ser hvor mange som støtter det, men ikke hvem. Du kan trekke støtten når du vil."),
    _l("Støtt"),
    _l("Du støtter dette nå."),
)
UNSUPPORT = Step(
    actions.withdraw_support,
    None,
    _l("Vil du trekke støtten din?"),
    _l("Støtten din teller ikke med lenger. Du kan støtte igjen senere."),
    _l("Trekk støtten"),
    _l("Støtten din er trukket."),
)
FOLLOW = Step(
    actions.follow,
    "follow",
    _l("Vil du følge dette?"),
    _l("Vi sier fra til deg når det skjer noe. Andre ser ikke at du følger det."),
    _l("Følg"),
    _l("Du følger dette nå."),
)
UNFOLLOW = Step(
    actions.unfollow,
    None,
    _l("Vil du slutte å følge dette?"),
    _l("Vi sier ikke fra til deg lenger når det skjer noe."),
    _l("Slutt å følge"),
    _l("Du følger ikke dette lenger."),
)


@bp.route("/delta/<kind>/<int:target_id>/stott", methods=["GET", "POST"])
@requires()
def support(kind: str, target_id: int) -> ResponseReturnValue:
    """Support a thing."""
    return _step(SUPPORT, Ref(kind, target_id))


@bp.route("/delta/<kind>/<int:target_id>/trekk-stotte", methods=["GET", "POST"])
@requires()
def withdraw_support(kind: str, target_id: int) -> ResponseReturnValue:
    """Take one's support back."""
    return _step(UNSUPPORT, Ref(kind, target_id))


@bp.route("/delta/<kind>/<int:target_id>/folg", methods=["GET", "POST"])
@requires()
def follow(kind: str, target_id: int) -> ResponseReturnValue:
    """Follow a thing."""
    return _step(FOLLOW, Ref(kind, target_id))


@bp.route("/delta/<kind>/<int:target_id>/slutt-a-folge", methods=["GET", "POST"])
@requires()
def unfollow(kind: str, target_id: int) -> ResponseReturnValue:
    """Follow a thing no longer."""
    return _step(UNFOLLOW, Ref(kind, target_id))


@bp.get("/konto/folger/")
@requires()
def following() -> str:
    """List what one follows."""
    return render_template("participation/following.html", rows=pages.following(current_actor()))


def _step(step: Step, ref: Ref) -> ResponseReturnValue:
    form = ButtonForm()
    if form.validate_on_submit():
        step.act(current_actor(), ref)
        flash(str(step.done), "success")
        return redirect(back(ref), 303)
    card = pages.thing(current_actor(), ref, step.verb)
    return render_template("participation/step.html", card=card, step=step, form=form, onward=back(ref, card))

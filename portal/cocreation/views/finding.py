"""Finding each other: the directory of actors, and what they offer and seek."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.words import GROUPS
from portal.cocreation import matching
from portal.cocreation.actions import offers as actions
from portal.cocreation.forms.offers import OfferForm
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.together import NeedKind
from portal.cocreation.phases import PHASES
from portal.cocreation.queries import actors as actor_queries
from portal.cocreation.queries import offers as queries
from portal.cocreation.queries.actors import Filters
from portal.cocreation.queries.measures import NEED_KINDS
from portal.cocreation.queries.offers import DIRECTIONS
from portal.cocreation.views.answering import attempt
from portal.goals.events import GOAL
from portal.goals.queries import choices as goal_choices
from portal.kernel import fields
from portal.kernel.access import current_actor, public, requires
from portal.kernel.content import PublicationState
from portal.kernel.i18n import _, language
from portal.kernel.identity import StakeholderGroup

bp = Blueprint("cocreation_finding", __name__, url_prefix="/samskaping", template_folder="../templates")

E = TypeVar("E", bound=StrEnum)
CURSOR = "side"


@bp.get("/aktorer/")
@public
def actors() -> str:
    """Show the actors that are asked for."""
    asked, cursor = _asked(), request.args.get(CURSOR)
    page = actor_queries.actors_page(current_actor(), asked, cursor)
    now = _values(asked)
    return render_template(
        "cocreation/actors.html",
        page=page,
        picks=_picks(page),
        now=now,
        next=url_for(".actors", side=page.next, **now) if page.next else None,
        first=url_for(".actors", **now) if cursor else None,
        groups=GROUPS,
        kinds=NEED_KINDS,
    )


@bp.get("/aktorer/<int:organisation_id>")
@public
def actor(organisation_id: int) -> str:
    """Show one actor: what it offers and seeks, and what it is part of."""
    page = actor_queries.actor_page(current_actor(), organisation_id)
    return render_template("cocreation/actor.html", page=page, groups=GROUPS, kinds=NEED_KINDS, phases=PHASES)


@bp.get("/tilbud/<int:offer_id>")
@public
def offer(offer_id: int) -> str:
    """Show an offer or a wish, and what fits it."""
    page = queries.offer_page(current_actor(), offer_id)
    return render_template(
        "cocreation/offer.html", page=page, kinds=NEED_KINDS, directions=DIRECTIONS, least=matching.LEAST
    )


@bp.route("/tilbud/nytt", methods=["GET", "POST"])
@requires()
def new_offer() -> ResponseReturnValue:
    """Write what an organisation offers or seeks."""
    who = current_actor()
    page = queries.new_page(who)
    form = OfferForm(page)
    made: list[Offer] = []
    status = attempt(form, lambda: made.append(actions.write_offer(who, form.draft(), key=form.sent_key)))
    if status == 303:
        _tell(made[0])
        return redirect(url_for(".offer", offer_id=made[0].id), status)
    return render_template("cocreation/offer_form.html", page=page, form=form), status


@bp.route("/tilbud/<int:offer_id>/endre", methods=["GET", "POST"])
@requires()
def edit_offer(offer_id: int) -> ResponseReturnValue:
    """Change an offer."""
    who = current_actor()
    page = queries.edit_page(who, offer_id)
    form = OfferForm(page)
    made: list[Offer] = []
    status = attempt(
        form, lambda: made.append(actions.edit_offer(who, offer_id, form.draft(), version=form.sent_version))
    )
    if status == 303:
        _tell(made[0])
        return redirect(url_for(".offer", offer_id=offer_id), status)
    if status == 409:
        page = queries.edit_page(who, offer_id)
        form.rebase(page.offer.version if page.offer else 0)
    return render_template("cocreation/offer_form.html", page=page, form=form), status


@bp.route("/tilbud/<int:offer_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer back, after saying what that means."""
    who = current_actor()
    page = queries.withdraw_page(who, offer_id)
    form = fields.Form()
    status = attempt(form, lambda: actions.withdraw_offer(who, offer_id))
    if status == 303:
        flash(_("Det er trukket."), "success")
        return redirect(url_for(".actors"), status)
    return render_template("cocreation/offer_withdraw.html", page=page, form=form), status


@bp.post("/tilbud/<int:offer_id>/lukk")
@requires()
def close_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer out of the lists."""
    actions.close_offer(current_actor(), offer_id)
    flash(_("Det er lukket, og står ikke lenger i listene."), "success")
    return redirect(url_for(".offer", offer_id=offer_id), 303)


@bp.post("/tilbud/<int:offer_id>/apne")
@requires()
def reopen_offer(offer_id: int) -> ResponseReturnValue:
    """Put an offer back into the lists."""
    actions.reopen_offer(current_actor(), offer_id)
    flash(_("Det er åpent igjen."), "success")
    return redirect(url_for(".offer", offer_id=offer_id), 303)


def _tell(offer: Offer) -> None:
    if offer.state is PublicationState.PUBLISHED:
        flash(_("Takk! Nå kan alle se det."), "success")
    else:
        flash(_("Takk! En moderator leser det først. Så blir det synlig for alle."), "success")


def _asked() -> Filters:
    return Filters(
        group=_one_of(StakeholderGroup, "gruppe"),
        goal=_number("mal"),
        direction=_one_of(Direction, "retning"),
        kind=_one_of(NeedKind, "slags"),
        neighbourhood=_number("sted"),
    )


def _values(asked: Filters) -> dict[str, Any]:
    """Return what stands after the question mark for these filters."""
    every = {
        "gruppe": asked.group,
        "mal": asked.goal,
        "retning": asked.direction,
        "slags": asked.kind,
        "sted": asked.neighbourhood,
    }
    return {name: str(value) for name, value in every.items() if value}


def _picks(page: actor_queries.ActorsPage) -> list[tuple[str, str, list[tuple[str, Any]]]]:
    """Return the selects of the form: name, label, and (value, text)."""
    return [
        ("gruppe", _("Hvem"), [(group, name) for group, name in GROUPS.items() if group != StakeholderGroup.RESIDENT]),
        ("retning", _("Tilbyr eller leter etter"), [(each.value, name) for each, name in DIRECTIONS.items()]),
        ("slags", _("Hva slags"), [(kind.value, name) for kind, name in NEED_KINDS.items()]),
        ("mal", _("Bærekraftsmål"), [(str(each.id), each.label) for each in goal_choices(GOAL, language())]),
        ("sted", _("Lokalsamfunn"), [(str(each.id), each.name) for each in page.neighbourhoods]),
    ]


def _one_of(kind: type[E], name: str) -> E | None:
    return next((each for each in kind if each.value == request.args.get(name)), None)


def _number(name: str) -> int | None:
    written = request.args.get(name, "")
    return int(written) or None if written.isascii() and written.isdecimal() and len(written) < 10 else None

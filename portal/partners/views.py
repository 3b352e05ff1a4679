"""The administration's pages about partners: who they are, what passed between us, and the keys on both sides."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.fields import Form
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Role
from portal.kernel.outgoing import OutgoingError
from portal.partners import fetching, policy, words
from portal.partners.actions import keys as own_keys
from portal.partners.actions import partners as actions
from portal.partners.actions import trust
from portal.partners.forms import STOLEN, AddForm, ConfirmForm, KeeperForm, RotateForm, SuspendForm
from portal.partners.keys import spelled
from portal.partners.models.partners import PartnerKey
from portal.partners.queries import partners as queries
from portal.partners.queries.partners import PartnerPage
from portal.partners.wire import PortalItem

bp = Blueprint("partners", __name__, url_prefix="/administrasjon/partnere", template_folder="templates")

bp.add_app_template_filter(spelled, "fingerprint")


@bp.get("")
@requires(Role.ADMIN)
def index() -> str:
    """List partners."""
    return render_template("partners/index.html", page=queries.list_page(current_actor()), states=words.STATES)


@bp.route("/ny", methods=["GET", "POST"])
@requires(Role.ADMIN)
def add() -> ResponseReturnValue:
    """Let a portal in: first it is asked who it is, then a person compares its keys."""
    form, found, added = AddForm(), list[PortalItem](), list[int]()
    people = queries.keepers()
    form.offer(people)
    if not form.is_submitted():
        form.keeper.data = current_actor().id
    status = _attempt(form, lambda: _let_in(form, found, added))
    if added:
        return _done(_("Partneren er lagt inn. Vi henter det de deler, om noen minutter."), added[0])
    page = render_template("partners/add.html", form=form, found=found[0] if found else None)
    return page, 200 if status == 303 else status


@bp.get("/<int:partner_id>")
@requires(Role.ADMIN)
def show(partner_id: int) -> str:
    """Show one partner with its keys and its log."""
    page = queries.partner_page(current_actor(), partner_id, request.args.get("etter"))
    said = {
        "states": words.STATES,
        "trust": words.TRUST,
        "tones": words.TONES,
        "why": words.reason,
        "failure": words.failure,
    }
    return render_template("partners/show.html", page=page, lines=words.lines(page.log.items), **said)


@bp.route("/<int:partner_id>/stans", methods=["GET", "POST"])
@requires(Role.ADMIN)
def suspend(partner_id: int) -> ResponseReturnValue:
    """Stop the exchange, after saying what it means."""
    form = SuspendForm()
    status = _attempt(form, lambda: actions.suspend_partner(current_actor(), partner_id, str(form.reason.data or "")))
    if status == 303:
        return _done(_("Utvekslingen er stanset."), partner_id)
    return render_template("partners/suspend.html", form=form, page=_page(partner_id)), status


@bp.route("/<int:partner_id>/gjenoppta", methods=["GET", "POST"])
@requires(Role.ADMIN)
def resume(partner_id: int) -> ResponseReturnValue:
    """Take the exchange up again, after saying what it means."""
    form = ConfirmForm()
    status = _attempt(form, lambda: actions.resume_partner(current_actor(), partner_id))
    if status == 303:
        return _done(_("Utvekslingen er i gang igjen."), partner_id)
    return render_template("partners/resume.html", form=form, page=_page(partner_id)), status


@bp.route("/<int:partner_id>/ansvarlig", methods=["GET", "POST"])
@requires(Role.ADMIN)
def change_keeper(partner_id: int) -> ResponseReturnValue:
    """Let somebody else look after the partner."""
    form = KeeperForm()
    form.offer(queries.keepers())
    status = _attempt(form, lambda: actions.change_keeper(current_actor(), partner_id, int(form.keeper.data)))
    if status == 303:
        return _done(_("En annen følger nå opp partneren."), partner_id)
    page = _page(partner_id)
    if not form.is_submitted():
        form.keeper.data = page.partner.keeper_id
    return render_template("partners/keeper.html", form=form, page=page), status


@bp.route("/<int:partner_id>/nokler/<int:key_id>/godkjenn", methods=["GET", "POST"])
@requires(Role.ADMIN)
def confirm_key(partner_id: int, key_id: int) -> ResponseReturnValue:
    """Believe a key that nobody vouches for, after comparing its fingerprint."""
    form, (page, key) = ConfirmForm(), _key(partner_id, key_id)
    status = _attempt(form, lambda: trust.confirm_key(current_actor(), partner_id, key_id))
    if status == 303:
        return _done(_("Nøkkelen er godkjent."), partner_id)
    return render_template("partners/confirm_key.html", form=form, page=page, key=key), status


@bp.route("/<int:partner_id>/nokler/<int:key_id>/trekk", methods=["GET", "POST"])
@requires(Role.ADMIN)
def revoke_key(partner_id: int, key_id: int) -> ResponseReturnValue:
    """No longer believe a key, after saying what it means."""
    form, (page, key) = ConfirmForm(), _key(partner_id, key_id)
    status = _attempt(form, lambda: trust.revoke_key(current_actor(), partner_id, key_id))
    if status == 303:
        return _done(_("Nøkkelen er trukket tilbake."), partner_id)
    return render_template("partners/revoke_key.html", form=form, page=page, key=key), status


@bp.route("/ny-nokkel", methods=["GET", "POST"])
@requires(Role.ADMIN)
def rotate() -> ResponseReturnValue:
    """Make a new key for this portal."""
    form = RotateForm()
    status = _attempt(form, lambda: own_keys.rotate_key(current_actor(), stolen=form.why.data == STOLEN))
    if status == 303:
        flash(_("Den nye nøkkelen er laget."), "success")
        return redirect(url_for("partners.index"), 303)
    days = own_keys.OVERLAP.days
    return render_template("partners/rotate.html", form=form, days=days), status


def _let_in(form: AddForm, found: list[PortalItem], added: list[int]) -> None:
    """Ask the portal who it is; let it in when the person has seen just these keys and says that they are right."""
    address = form.address()
    policy.check_address(address)
    try:
        portal = fetching.portal(address).item
    except OutgoingError as error:
        refusal = _l("%(reason)s Teknisk forklaring: %(why)s", reason=words.FAILURES[error.code], why=error)
        raise Invalid("base_url", refusal) from error
    policy.check_portal(portal)
    found.append(portal)
    was_seen = form.seen.data == _seen(portal)
    form.seen.data = _seen(portal)
    if not was_seen:
        form.compared.data = False
    elif not form.compared.data:
        raise Invalid("compared", _l("Sammenlign fingeravtrykket først. Ellers kan noen gi seg ut for å være dem."))
    else:
        added.append(actions.add_partner(current_actor(), portal, keeper_id=form.keeper.data).id)


def _seen(portal: PortalItem) -> str:
    return " ".join(sorted(key.public_key for key in portal.keys))


def _page(partner_id: int) -> PartnerPage:
    return queries.partner_page(current_actor(), partner_id)


def _key(partner_id: int, key_id: int) -> tuple[PartnerPage, PartnerKey]:
    page = _page(partner_id)
    key = next((each for each in page.keys if each.id == key_id), None)
    if key is None:
        raise NotFound
    return page, key


def _done(message: str, partner_id: int) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("partners.show", partner_id=partner_id), 303)


def _attempt(form: Form, work: Callable[[], object]) -> int:
    """Do the work of a form that was sent: 200 when nothing was, 303 when done, 409 or 422 with the refusal in it."""
    if not form.is_submitted():
        return 200
    if not form.validate():
        return 422
    try:
        work()
    except Invalid as refusal:
        form.refuse(refusal)
        return 422
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return 409
    return 303

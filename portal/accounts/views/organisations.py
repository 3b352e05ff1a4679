"""The administration's pages for organisations and those who speak for them."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from portal.accounts import organisation_number
from portal.accounts.actions import organisations as actions
from portal.accounts.forms.administration import (
    ConfirmForm,
    OrganisationChangeForm,
    OrganisationForm,
    OrganisationsForm,
    SpokespersonForm,
)
from portal.accounts.queries import organisations as queries
from portal.accounts.queries.organisations import Standing
from portal.accounts.views.administration import wanted
from portal.accounts.views.answers import DONE, Answer, attempt, done, fill, shown
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _
from portal.kernel.identity import Role, StakeholderGroup

bp = Blueprint("organisations", __name__, url_prefix="/administrasjon/organisasjoner", template_folder="../templates")

bp.add_app_template_filter(organisation_number.spaced, "organisation_number")


@bp.get("")
@requires(Role.ADMIN)
def index() -> str:
    """List organisations."""
    form = OrganisationsForm(formdata=request.args)
    page = queries.organisations_page(
        where=wanted(Standing, "status"),
        group=wanted(StakeholderGroup, "gruppe"),
        cursor=request.args.get("etter"),
    )
    return render_template("accounts/administration/organisations.html", form=form, page=page)


@bp.route("/ny", methods=["GET", "POST"])
@requires(Role.ADMIN)
def add() -> Answer:
    """Add an organisation."""
    form = OrganisationForm()
    added: list[int] = []
    status = attempt(form, lambda: added.append(actions.add_organisation(current_actor(), form.draft()).id))
    if status is DONE:
        message = _("Organisasjonen er lagt inn. Godkjenn den når du har sett at den er den den sier.")
        return done(message, "organisations.show", organisation_id=added[0])
    return shown("organisation_add.html", status, form=form)


@bp.get("/<int:organisation_id>")
@requires(Role.ADMIN)
def show(organisation_id: int) -> str:
    """Show one organisation and those who speak for it."""
    page = queries.organisation_page(organisation_id)
    return render_template("accounts/administration/organisation.html", page=page)


@bp.route("/<int:organisation_id>/endre", methods=["GET", "POST"])
@requires(Role.ADMIN)
def change(organisation_id: int) -> Answer:
    """Mend name or group."""
    form = OrganisationChangeForm()
    status = attempt(form, lambda: actions.change_organisation(current_actor(), organisation_id, form.draft()))
    if status is DONE:
        return done(_("Organisasjonen er endret."), "organisations.show", organisation_id=organisation_id)
    organisation = queries.organisation_page(organisation_id).organisation
    fill(form, status, name=organisation.name, group=organisation.group, version=organisation.version)
    return shown("organisation_change.html", status, form=form, organisation=organisation)


@bp.route("/<int:organisation_id>/godkjenn", methods=["GET", "POST"])
@requires(Role.ADMIN)
def verify(organisation_id: int) -> Answer:
    """Verify, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.verify_organisation(current_actor(), organisation_id))
    if status is DONE:
        return done(_("Organisasjonen er godkjent."), "organisations.show", organisation_id=organisation_id)
    return shown("organisation_verify.html", status, form=form, page=queries.organisation_page(organisation_id))


@bp.route("/<int:organisation_id>/steng", methods=["GET", "POST"])
@requires(Role.ADMIN)
def close(organisation_id: int) -> Answer:
    """Close, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.close_organisation(current_actor(), organisation_id))
    if status is DONE:
        return done(_("Organisasjonen er stengt."), "organisations.show", organisation_id=organisation_id)
    return shown("organisation_close.html", status, form=form, page=queries.organisation_page(organisation_id))


@bp.route("/<int:organisation_id>/apne", methods=["GET", "POST"])
@requires(Role.ADMIN)
def reopen(organisation_id: int) -> Answer:
    """Open again, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.reopen_organisation(current_actor(), organisation_id))
    if status is DONE:
        return done(_("Organisasjonen er åpen igjen."), "organisations.show", organisation_id=organisation_id)
    return shown("organisation_reopen.html", status, form=form, page=queries.organisation_page(organisation_id))


@bp.route("/<int:organisation_id>/talspersoner/ny", methods=["GET", "POST"])
@requires(Role.ADMIN)
def add_spokesperson(organisation_id: int) -> Answer:
    """Add somebody who speaks for the organisation."""
    form = SpokespersonForm()
    status = attempt(form, lambda: actions.add_spokesperson(current_actor(), organisation_id, form.draft()))
    if status is DONE:
        return done(_("Talspersonen er lagt til."), "organisations.show", organisation_id=organisation_id)
    return shown("spokesperson_add.html", status, form=form, page=queries.organisation_page(organisation_id))


@bp.route("/<int:organisation_id>/talspersoner/<int:spokesperson_id>/godkjenn", methods=["GET", "POST"])
@requires(Role.ADMIN)
def verify_spokesperson(organisation_id: int, spokesperson_id: int) -> Answer:
    """Verify a spokesperson, after saying what it means."""
    form = ConfirmForm()
    page, row = _spokesperson(organisation_id, spokesperson_id)
    status = attempt(form, lambda: actions.verify_spokesperson(current_actor(), spokesperson_id))
    if status is DONE:
        return done(_("Talspersonen er godkjent."), "organisations.show", organisation_id=organisation_id)
    return shown("spokesperson_verify.html", status, form=form, page=page, row=row)


@bp.route("/<int:organisation_id>/talspersoner/<int:spokesperson_id>/fjern", methods=["GET", "POST"])
@requires(Role.ADMIN)
def remove_spokesperson(organisation_id: int, spokesperson_id: int) -> Answer:
    """Remove a spokesperson, after saying what it means."""
    form = ConfirmForm()
    page, row = _spokesperson(organisation_id, spokesperson_id)
    status = attempt(form, lambda: actions.remove_spokesperson(current_actor(), spokesperson_id))
    if status is DONE:
        return done(_("Talspersonen er fjernet."), "organisations.show", organisation_id=organisation_id)
    return shown("spokesperson_remove.html", status, form=form, page=page, row=row)


def _spokesperson(
    organisation_id: int, spokesperson_id: int
) -> tuple[queries.OrganisationPage, queries.SpokespersonRow]:
    page = queries.organisation_page(organisation_id)
    row = next((each for each in page.spokespersons if each.id == spokesperson_id), None)
    if row is None:
        raise NotFound
    return page, row

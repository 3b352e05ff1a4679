"""The administration: what needs attention, people and their roles, and what has happened."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request

from portal import config
from portal.accounts import words
from portal.accounts.actions import administration as actions
from portal.accounts.forms.administration import (
    ConfirmForm,
    GrantRoleForm,
    HappeningsForm,
    MunicipalityForm,
    PeopleForm,
    ServiceAreasForm,
)
from portal.accounts.queries import administration as queries
from portal.accounts.views.answers import DONE, SHOWN, Answer, attempt, done, fill, shown
from portal.kernel import municipalities
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("administration", __name__, url_prefix="/administrasjon", template_folder="../templates")

bp.add_app_template_global(words.role_word)
bp.add_app_template_global(words.group_word)
bp.add_app_template_global(words.thing_word)

E = TypeVar("E", bound=StrEnum)


def wanted(kind: type[E], parameter: str) -> E | None:
    """Return what the address asks for; what it can't mean is as if it weren't there."""
    value = request.args.get(parameter, "")
    return kind(value) if value in set(kind) else None


@bp.get("/")
@requires(Role.ADMIN)
def overview() -> str:
    """Show what needs attention and the ways in."""
    return render_template(
        "accounts/administration/overview.html",
        overview=queries.overview(),
        waiting=queries.waiting_spokespersons(),
    )


@bp.get("/personer")
@requires(Role.ADMIN)
def people() -> str:
    """Find people."""
    form = PeopleForm(formdata=request.args)
    alone = "uten-to-trinn" in request.args
    page = queries.people_page(
        search=(form.q.data or "").strip(),
        role=wanted(Role, "rolle"),
        without_second_factor=alone,
        cursor=request.args.get("etter"),
    )
    return render_template("accounts/administration/people.html", form=form, page=page, alone=alone)


@bp.get("/personer/<int:account_id>")
@requires(Role.ADMIN)
def person(account_id: int) -> str:
    """Show one person."""
    page = queries.person_page(current_actor(), account_id)
    issuers = config.current().oidc
    addresses = {issuer.issuer: issuer.title for issuer in issuers}
    return render_template(
        "accounts/administration/person.html",
        page=page,
        municipality=municipalities.find(page.account.municipality_number or ""),
        issuers={issuer.name: issuer.title for issuer in issuers},
        issuers_used=[addresses.get(identity.issuer, identity.issuer) for identity in page.identities],
        methods=words.METHODS,
    )


@bp.route("/personer/<int:account_id>/roller/ny", methods=["GET", "POST"])
@requires(Role.ADMIN)
def grant_role(account_id: int) -> Answer:
    """Give a role."""
    form = GrantRoleForm()
    form.offer(list(queries.person_page(current_actor(), account_id).may.grant))
    status = attempt(form, lambda: actions.grant_role(current_actor(), account_id, form.draft()))
    if status is DONE:
        role = words.ROLES[form.draft()]
        return done(_("Rollen %(role)s er gitt.", role=role), "administration.person", account_id=account_id)
    account = queries.find_account(account_id)
    return shown("grant_role.html", status, form=form, account=account, meanings=words.ROLE_MEANINGS)


@bp.route("/personer/<int:account_id>/roller/<role>/fjern", methods=["GET", "POST"])
@requires(Role.ADMIN)
def revoke_role(account_id: int, role: str) -> Answer:
    """Take back a role, after saying what it means."""
    if role not in set(Role):
        raise NotFound
    form, chosen = ConfirmForm(), Role(role)
    status = attempt(form, lambda: actions.revoke_role(current_actor(), account_id, chosen))
    name = words.ROLES[chosen]
    if status is DONE:
        return done(_("Rollen %(role)s er fjernet.", role=name), "administration.person", account_id=account_id)
    page = queries.person_page(current_actor(), account_id)
    if status is SHOWN and chosen not in page.may.revoke:
        raise NotFound
    return shown("revoke_role.html", status, form=form, page=page, role=chosen, meaning=words.ROLE_MEANINGS[chosen])


@bp.route("/personer/<int:account_id>/tjenesteomrader", methods=["GET", "POST"])
@requires(Role.ADMIN)
def service_areas_of(account_id: int) -> Answer:
    """Say which service areas somebody works in."""
    form = ServiceAreasForm()
    form.offer(queries.service_area_choices(account_id))
    status = attempt(form, lambda: actions.change_service_areas(current_actor(), account_id, form.draft()))
    if status is DONE:
        return done(_("Tjenesteområdene er endret."), "administration.person", account_id=account_id)
    account, choices = queries.find_account(account_id), queries.service_area_choices(account_id)
    chosen = [choice.area for choice in choices if choice.chosen]
    form.offer(choices)
    fill(form, status, service_areas=[area.id for area in chosen], version=account.version)
    form.offer(choices)
    return shown("service_areas_of.html", status, form=form, account=account, choices=choices, chosen=chosen)


@bp.route("/personer/<int:account_id>/kommune", methods=["GET", "POST"])
@requires(Role.ADMIN)
def municipality_of(account_id: int) -> Answer:
    """Say which municipality partner staff come from."""
    form = MunicipalityForm()
    form.offer(config.current().municipality_number)
    status = attempt(form, lambda: actions.change_municipality(current_actor(), account_id, form.draft()))
    if status is DONE:
        return done(_("Kommunen er endret."), "administration.person", account_id=account_id)
    account = queries.find_account(account_id)
    fill(form, status, number=account.municipality_number or "", version=account.version)
    now = municipalities.find(account.municipality_number or "")
    return shown("municipality_of.html", status, form=form, account=account, now=now)


@bp.route("/personer/<int:account_id>/steng", methods=["GET", "POST"])
@requires(Role.ADMIN)
def deactivate(account_id: int) -> Answer:
    """Close an account, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.deactivate_account(current_actor(), account_id))
    if status is DONE:
        return done(_("Brukeren er stengt."), "administration.person", account_id=account_id)
    return shown("deactivate.html", status, form=form, page=queries.person_page(current_actor(), account_id))


@bp.route("/personer/<int:account_id>/apne", methods=["GET", "POST"])
@requires(Role.ADMIN)
def reactivate(account_id: int) -> Answer:
    """Open a closed account, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.reactivate_account(current_actor(), account_id))
    if status is DONE:
        return done(_("Brukeren er åpen igjen."), "administration.person", account_id=account_id)
    return shown("reactivate.html", status, form=form, page=queries.person_page(current_actor(), account_id))


@bp.route("/personer/<int:account_id>/to-trinn", methods=["GET", "POST"])
@requires(Role.ADMIN)
def reset_second_factor(account_id: int) -> Answer:
    """Forget a lost second factor, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.reset_second_factor(current_actor(), account_id))
    if status is DONE:
        return done(_("To-trinns innlogging er nullstilt."), "administration.person", account_id=account_id)
    return shown("reset_second_factor.html", status, form=form, page=queries.person_page(current_actor(), account_id))


@bp.get("/hendelser")
@requires(Role.ADMIN)
def happenings() -> str:
    """Show what has happened, newest first."""
    labels = queries.event_labels()
    form = HappeningsForm(formdata=request.args)
    form.offer(labels)
    account_id = _person_asked_for()
    page = queries.happenings_page(
        account_id=account_id,
        name=form.hendelse.data if form.hendelse.data in labels else None,
        cursor=request.args.get("etter"),
    )
    return render_template(
        "accounts/administration/happenings.html",
        form=form,
        page=page,
        labels=labels,
        facts=words.facts,
        chain=queries.chain_state(),
        about=queries.find_account(account_id) if account_id else None,
    )


def _person_asked_for() -> int | None:
    number = request.args.get("person", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None

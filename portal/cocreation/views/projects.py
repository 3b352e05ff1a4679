"""Starting a project, changing it and taking it back; its parties, and who is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import joining
from portal.cocreation.actions import parties as party_actions
from portal.cocreation.actions import projects as actions
from portal.cocreation.forms.projects import ButtonForm, JoinForm, MemberForm, PartyForm, ProjectForm, StartForm
from portal.cocreation.queries import parties as queries
from portal.cocreation.queries import starting
from portal.cocreation.queries.words import MEMBER_ROLES, PARTS, PARTY_KINDS, STEPS
from portal.kernel.access import current_actor, public, requires
from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.i18n import _

bp = Blueprint("cocreation_projects", __name__, url_prefix="/samskaping", template_folder="../templates")

ORIGIN = re.compile(r"([a-z_]{1,40}):([0-9]{1,9})")


@bp.route("/ny", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Start a project, from scratch or from what the address says."""
    actor, asked, status = current_actor(), _asked(), 200
    page = starting.new_page(actor, asked)
    form = StartForm(page)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                origin = asked if page.origin else None
                title = form.contact_title.data or ""
                project = actions.start_project(
                    actor, form.draft(), form.starter(), origin=origin, key=form.form_key(), title=title
                )
                return redirect(url_for(".receipt", project_id=project.id), 303)
            except Invalid as refusal:
                form.refuse(refusal)
    return render_template("cocreation/start.html", page=page, form=form, stale=False), status


@bp.get("/<int:project_id>/startet")
@requires()
def receipt(project_id: int) -> str:
    """Say what happens next with what was sent in."""
    return render_template("cocreation/receipt.html", page=starting.receipt_page(current_actor(), project_id))


@bp.get("/mine")
@requires()
def mine() -> str:
    """Show the projects one is in."""
    return render_template("cocreation/mine.html", rows=starting.own_page(current_actor()), roles=MEMBER_ROLES)


@bp.route("/<int:project_id>/endre", methods=["GET", "POST"])
@requires()
def edit(project_id: int) -> ResponseReturnValue:
    """Change what a project says."""
    actor, status, stale = current_actor(), 200, False
    page = starting.edit_page(actor, project_id)
    form = ProjectForm(page)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                project = actions.edit_project(actor, project_id, form.draft(), form.form_version())
                _tell_of_change(project.state)
                return redirect(url_for("cocreation.permanent", project_id=project_id), 303)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status, stale = 409, True
                page = starting.edit_page(actor, project_id)
                form.version.data = str(page.project.version) if page.project else ""
    return render_template("cocreation/start.html", page=page, form=form, stale=stale), status


@bp.route("/<int:project_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(project_id: int) -> ResponseReturnValue:
    """Take back a project that nobody else is in, after saying what it means."""
    form = ButtonForm()
    if form.validate_on_submit():
        actions.withdraw_project(current_actor(), project_id)
        flash(_("Prosjektet er trukket."), "success")
        return redirect(url_for(".mine"), 303)
    page = starting.withdraw_page(current_actor(), project_id)
    return render_template("cocreation/withdraw.html", page=page, form=form)


@bp.get("/<int:project_id>/partene")
@public
def parties(project_id: int) -> str:
    """Show who makes the project together, and what each does in the four steps."""
    page = queries.parties_page(current_actor(), project_id)
    words = {"kinds": PARTY_KINDS, "part_words": PARTS, "steps": STEPS, "roles": MEMBER_ROLES}
    return render_template("cocreation/parties.html", page=page, frame=page.frame, **words)


@bp.route("/<int:project_id>/partene/ny", methods=["GET", "POST"])
@requires()
def add_party(project_id: int) -> ResponseReturnValue:
    """Let a party in."""
    actor = current_actor()
    page = _owned(project_id)
    form = PartyForm(queries.party_choices())
    done = _("Parten er med. Fortell dem det, så kan noen tale for dem her.")
    values = {"page": page, "party": None}
    return _answer(form, lambda: party_actions.add_party(actor, project_id, form.draft()), project_id, done, values)


@bp.route("/<int:project_id>/partene/<int:party_id>", methods=["GET", "POST"])
@requires()
def change_party(project_id: int, party_id: int) -> ResponseReturnValue:
    """Change what is told of a party."""
    actor = current_actor()
    page = _owned(project_id)
    party = queries.party_of(page, party_id)
    form = PartyForm(queries.party_choices(), party)

    def change() -> object:
        return party_actions.change_party(actor, project_id, party_id, form.draft(), form.form_version())

    return _answer(form, change, project_id, _("Endringen er lagret."), {"page": page, "party": party})


@bp.route("/<int:project_id>/partene/<int:party_id>/ut", methods=["GET", "POST"])
@requires()
def take_out_party(project_id: int, party_id: int) -> ResponseReturnValue:
    """Take a party out, after saying what it means."""
    form, page = ButtonForm(), _owned(project_id)
    party = queries.party_of(page, party_id)
    if form.validate_on_submit():
        party_actions.take_out_party(current_actor(), project_id, party_id)
        flash(_("%(name)s er ikke lenger part i prosjektet.", name=party.name), "success")
        return _to_parties(project_id)
    return render_template("cocreation/party_out.html", frame=page.frame, party=party, form=form)


@bp.route("/<int:project_id>/bli-med", methods=["GET", "POST"])
@requires()
def join(project_id: int) -> ResponseReturnValue:
    """Become a member, or ask to."""
    actor = current_actor()
    page = queries.parties_page(actor, project_id)
    form = JoinForm(page.parties)
    if form.validate_on_submit():
        member = joining.join_project(actor, project_id, party_id=form.party_id(), title=form.title.data or "")
        is_in = member.joined_at is not None
        flash(
            _("Du er med.") if is_in else _("Forespørselen er sendt. En eier svarer deg, og du får beskjed."), "success"
        )
        return _to_parties(project_id)
    if page.frame.member is not None:
        return _to_parties(project_id)
    if not page.frame.may.join:
        raise Forbidden(_("Prosjektet tar ikke imot flere nå."))
    status = 422 if form.is_submitted() else 200
    return render_template("cocreation/join.html", page=page, frame=page.frame, form=form), status


@bp.route("/<int:project_id>/ga-ut", methods=["GET", "POST"])
@requires()
def leave(project_id: int) -> ResponseReturnValue:
    """Go out of a project, or take back that one has asked."""
    form, actor = ButtonForm(), current_actor()
    page = queries.parties_page(actor, project_id)
    if form.validate_on_submit():
        joining.leave_project(actor, project_id)
        flash(_("Du er ikke lenger med i prosjektet."), "success")
        return redirect(url_for(".mine"), 303)
    if page.frame.member is None:
        return _to_parties(project_id)
    return render_template("cocreation/leave.html", page=page, frame=page.frame, form=form)


@bp.post("/<int:project_id>/medlemmer/<int:account_id>/slipp-inn")
@requires()
def accept(project_id: int, account_id: int) -> ResponseReturnValue:
    """Let somebody in who has asked."""
    joining.accept_member(current_actor(), project_id, account_id)
    flash(_("Nå er de med."), "success")
    return _to_parties(project_id)


@bp.post("/<int:project_id>/medlemmer/<int:account_id>/ut")
@requires()
def remove(project_id: int, account_id: int) -> ResponseReturnValue:
    """Say no to somebody who has asked, or take a member out."""
    joining.remove_member(current_actor(), project_id, account_id)
    flash(_("De er ikke med i prosjektet."), "success")
    return _to_parties(project_id)


@bp.post("/<int:project_id>/medlemmer/<int:account_id>/eier")
@requires()
def appoint(project_id: int, account_id: int) -> ResponseReturnValue:
    """Make a member the owner of a project that nobody is left to own."""
    joining.appoint_owner(current_actor(), project_id, account_id)
    flash(_("Prosjektet har en eier igjen."), "success")
    return _to_parties(project_id)


@bp.route("/<int:project_id>/medlemmer/<int:account_id>", methods=["GET", "POST"])
@requires()
def member(project_id: int, account_id: int) -> ResponseReturnValue:
    """Change what a member is in the project."""
    actor, page = current_actor(), _owned(project_id)
    row = queries.member_of(page, account_id)
    form, status = MemberForm(page.parties, row), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                joining.change_member(actor, project_id, account_id, **form.chosen())
                flash(_("Endringen er lagret."), "success")
                return _to_parties(project_id)
            except Invalid as refusal:
                form.refuse(refusal)
    return render_template("cocreation/member.html", page=page, frame=page.frame, row=row, form=form), status


def _answer(
    form: Any, do: Callable[[], object], project_id: int, done: str, values: dict[str, Any]
) -> ResponseReturnValue:
    """Do what a party's form says, and go to the parties; or show it with what must be mended, and nothing lost."""
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                do()
                flash(done, "success")
                return _to_parties(project_id)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status = 409
                fresh = queries.party_of(_owned(project_id), values["party"].id)
                form.version.data, values["party"] = str(fresh.version), fresh
    stale = status == 409
    return render_template(
        "cocreation/party.html", form=form, frame=values["page"].frame, stale=stale, **values
    ), status


def _owned(project_id: int) -> queries.PartiesPage:
    page = queries.parties_page(current_actor(), project_id)
    if not page.frame.may.run:
        raise Forbidden(_("Det kan bare de som eier prosjektet, gjøre."))
    return page


def _to_parties(project_id: int) -> ResponseReturnValue:
    return redirect(url_for(".parties", project_id=project_id), 303)


def _tell_of_change(state: PublicationState) -> None:
    if state is PublicationState.PENDING:
        flash(_("Endringen er sendt inn. En moderator leser den før andre ser den."), "success")
    else:
        flash(_("Endringen er lagret."), "success")


def _asked() -> Ref | None:
    """Read what the address says that the project is to be started from."""
    found = ORIGIN.fullmatch(request.args.get("fra", ""))
    return Ref(found[1], int(found[2])) if found else None

"""Campaigns: the pages that everybody reads, and those where innovation advisers make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas import dugnad
from portal.ideas.actions import campaigns as actions
from portal.ideas.actions.campaigns import Part
from portal.ideas.forms.campaigns import (
    AUDIENCES,
    AXES,
    ROW_FORMS,
    CampaignForm,
    InviteForm,
    ResultForm,
    version_of,
)
from portal.ideas.queries import campaigns as queries
from portal.ideas.queries.campaigns import ManagePage, Phase
from portal.ideas.questions import KINDS
from portal.ideas.trilingual import told
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("ideas_campaigns", __name__, url_prefix="/kampanjer", template_folder="../templates")

PARTS = {"sporsmal": Part.QUESTIONS, "kriterier": Part.CRITERIA, "gevinsttyper": Part.BENEFIT_TYPES}
MOVES = {"opp": -1, "ned": 1}
PART = "<any(sporsmal, kriterier, gevinsttyper):part>"


@bp.get("/")
@public
def index() -> str:
    """Show the campaigns: open, coming and over."""
    return render_template("ideas/campaigns/index.html", page=queries.index_page(current_actor()), phases=Phase)


@bp.get("/<slug>/")
@public
def show(slug: str) -> str:
    """Show one campaign with its ideas, and what came of it."""
    page = queries.campaign_page(current_actor(), slug, request.args.get("fra"))
    return render_template("ideas/campaigns/show.html", page=page, phases=Phase)


@bp.get("/styring/")
@requires(Role.IDEA_MANAGER)
def control() -> str:
    """Show all campaigns to those who make them."""
    return render_template("ideas/campaigns/control.html", page=queries.index_page(current_actor()), phases=Phase)


@bp.route("/styring/ny", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def make() -> ResponseReturnValue:
    """Make a campaign, from nothing or from the spring dugnad against tidstyver."""
    form, is_dugnad = CampaignForm(), request.args.get("mal") == "dugnad"
    if not form.is_submitted():
        fill = form.fill_dugnad if is_dugnad else lambda: form.fill(None)
        fill()
    asked = dugnad.QUESTIONS if is_dugnad else ()
    made = _attempt(form, lambda: actions.make_campaign(current_actor(), form.draft(), form.form_key(), asked))
    if made is not None:
        flash(_("Kampanjen er laget. Bare innovasjonsrådgivere ser den til du kunngjør den."), "success")
        return redirect(url_for(".manage", campaign_id=made.id), 303)
    return render_template("ideas/campaigns/form.html", form=form, page=None), _status(form)


@bp.get("/styring/<int:campaign_id>/")
@requires(Role.IDEA_MANAGER)
def manage(campaign_id: int) -> str:
    """Show a campaign with all that can be changed in it."""
    page = queries.manage_page(current_actor(), campaign_id, members=True)
    return _managed(page, InviteForm())


@bp.route("/styring/<int:campaign_id>/endre", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def change(campaign_id: int) -> ResponseReturnValue:
    """Change what a campaign says."""
    page = queries.manage_page(current_actor(), campaign_id)
    form = CampaignForm()
    if not form.is_submitted():
        form.fill(page.campaign)

    def save() -> Any:
        return actions.change_campaign(current_actor(), campaign_id, form.draft(), version_of(form))

    if _attempt(form, save, campaign_id) is not None:
        flash(_("Kampanjen er endret."), "success")
        return redirect(url_for(".manage", campaign_id=campaign_id), 303)
    return render_template("ideas/campaigns/form.html", form=form, page=page), _status(form)


@bp.route("/styring/<int:campaign_id>/resultat", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def result(campaign_id: int) -> ResponseReturnValue:
    """Tell what came of a campaign."""
    page = queries.manage_page(current_actor(), campaign_id)
    form = ResultForm()
    if not form.is_submitted():
        form.put("result", page.campaign.result)
        form.version.data = str(page.campaign.version)

    def tell() -> Any:
        return actions.tell_result(current_actor(), campaign_id, form.texts("result"), version_of(form))

    if _attempt(form, tell, campaign_id) is not None:
        flash(_("Resultatet er lagret. Det vises når kampanjen er over."), "success")
        return redirect(url_for(".manage", campaign_id=campaign_id), 303)
    return render_template("ideas/campaigns/result.html", form=form, page=page), _status(form)


@bp.post("/styring/<int:campaign_id>/kunngjor")
@requires(Role.IDEA_MANAGER)
def announce(campaign_id: int) -> ResponseReturnValue:
    """Let those it is for see it."""
    actions.announce(current_actor(), campaign_id)
    flash(_("Kampanjen er kunngjort."), "success")
    return redirect(url_for(".manage", campaign_id=campaign_id), 303)


@bp.post("/styring/<int:campaign_id>/ta-tilbake")
@requires(Role.IDEA_MANAGER)
def unannounce(campaign_id: int) -> ResponseReturnValue:
    """Take it back to be worked on, while nothing has come in."""
    _at_once(lambda: actions.unannounce(current_actor(), campaign_id), _("Kampanjen er tatt tilbake."))
    return redirect(url_for(".manage", campaign_id=campaign_id), 303)


@bp.post("/styring/<int:campaign_id>/inviterte")
@requires(Role.IDEA_MANAGER)
def invite(campaign_id: int) -> ResponseReturnValue:
    """Invite somebody to a closed campaign."""
    form = InviteForm()
    done = _attempt(form, lambda: (actions.invite(current_actor(), campaign_id, form.email.data),))
    if done is not None:
        flash(_("%(email)s er invitert.", email=form.email.data), "success")
        return redirect(url_for(".manage", campaign_id=campaign_id, _anchor="inviterte"), 303)
    page = queries.manage_page(current_actor(), campaign_id, members=True)
    return _managed(page, form), 422


@bp.post("/styring/<int:campaign_id>/inviterte/<int:account_id>/fjern")
@requires(Role.IDEA_MANAGER)
def uninvite(campaign_id: int, account_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    actions.uninvite(current_actor(), campaign_id, account_id)
    return redirect(url_for(".manage", campaign_id=campaign_id, _anchor="inviterte"), 303)


@bp.route(f"/styring/<int:campaign_id>/{PART}/ny", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def add_row(campaign_id: int, part: str) -> ResponseReturnValue:
    """Add a question, a criterion or a benefit type."""
    return _row(campaign_id, part, None)


@bp.route(f"/styring/<int:campaign_id>/{PART}/<key>", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def change_row(campaign_id: int, part: str, key: str) -> ResponseReturnValue:
    """Change one of them."""
    return _row(campaign_id, part, key)


@bp.post(f"/styring/<int:campaign_id>/{PART}/<key>/flytt")
@requires(Role.IDEA_MANAGER)
def move_row(campaign_id: int, part: str, key: str) -> ResponseReturnValue:
    """Move one of them up or down."""
    steps = MOVES.get(request.form.get("vei", ""), 0)
    actions.move_row(current_actor(), campaign_id, PARTS[part], key, steps)
    return redirect(url_for(".manage", campaign_id=campaign_id, _anchor=part), 303)


@bp.post(f"/styring/<int:campaign_id>/{PART}/<key>/fjern")
@requires(Role.IDEA_MANAGER)
def remove_row(campaign_id: int, part: str, key: str) -> ResponseReturnValue:
    """Take one of them out."""
    _at_once(lambda: actions.remove_row(current_actor(), campaign_id, PARTS[part], key), _("Det er fjernet."))
    return redirect(url_for(".manage", campaign_id=campaign_id, _anchor=part), 303)


def _row(campaign_id: int, part: str, key: str | None) -> ResponseReturnValue:
    page, form = queries.manage_page(current_actor(), campaign_id), ROW_FORMS[PARTS[part]]()
    if key is not None and not form.is_submitted():
        rows = getattr(page.campaign, PARTS[part].value)
        row = next((each for each in rows if each["key"] == key), None)
        if row is None:
            raise NotFound(_("Dette er fjernet av noen andre."))
        form.fill(row)
    if _attempt(form, lambda: actions.put_row(current_actor(), campaign_id, PARTS[part], form.row(), key)) is not None:
        return redirect(url_for(".manage", campaign_id=campaign_id, _anchor=part), 303)
    return render_template("ideas/campaigns/row.html", form=form, page=page, part=part, key=key), _status(form)


def _managed(page: ManagePage, form: InviteForm) -> str:
    words = {"audiences": AUDIENCES, "axes": AXES, "kinds": KINDS, "phases": Phase, "told": told}
    return render_template("ideas/campaigns/manage.html", page=page, form=form, **words)


def _attempt(form: Any, work: Callable[[], Any], campaign_id: int | None = None) -> Any:
    """Do the work of a form that was sent and return what it made; what is refused is put in the form.

    After a conflict the form is of the version that stands now, so that it can be sent again as it is.
    """
    if not form.is_submitted() or not form.validate():
        return None
    try:
        return work()
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        if campaign_id is not None:
            form.version.data = str(queries.manage_page(current_actor(), campaign_id).campaign.version)
    return None


def _at_once(work: Callable[[], object], done: str) -> None:
    """Do what a button says, and tell how it went."""
    try:
        work()
        flash(done, "success")
    except Conflict as refusal:
        flash(str(refusal.message), "warning")


def _status(form: Any) -> int:
    return 422 if form.is_submitted() else 200

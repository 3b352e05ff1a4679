"""Pages about a case and the municipality's archive: what the package holds, the file, and sending it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.actions import archiving as actions
from portal.ideas.events.ideas import CAMPAIGN, IDEA
from portal.ideas.forms.archiving import NumberForm
from portal.ideas.queries import archiving as queries
from portal.ideas.queries.casework import Doing
from portal.kernel.access import current_actor, requires
from portal.kernel.content import Ref
from portal.kernel.errors import Conflict
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("ideas_archive", __name__, template_folder="../templates")


@bp.get("/ideer/styring/<int:idea_id>/arkivpakke")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def idea(idea_id: int) -> str:
    """Show how the case of an idea stands with the archive."""
    return _page(Ref(IDEA, idea_id))


@bp.get("/ideer/styring/<int:idea_id>/arkiv.zip")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def idea_package(idea_id: int) -> Response:
    """Give the package of an idea's case."""
    return _package(Ref(IDEA, idea_id))


@bp.post("/ideer/styring/<int:idea_id>/arkivpakke/send")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def send_idea(idea_id: int) -> ResponseReturnValue:
    """Send the case of an idea to the archive."""
    return _send(Ref(IDEA, idea_id), url_for(".idea", idea_id=idea_id))


@bp.get("/kampanjer/styring/<int:campaign_id>/arkivpakke")
@requires(Role.IDEA_MANAGER)
def campaign(campaign_id: int) -> str:
    """Show how the case of a campaign stands with the archive."""
    return _page(Ref(CAMPAIGN, campaign_id), NumberForm())


@bp.get("/kampanjer/styring/<int:campaign_id>/arkiv.zip")
@requires(Role.IDEA_MANAGER)
def campaign_package(campaign_id: int) -> Response:
    """Give the package of a campaign's case."""
    return _package(Ref(CAMPAIGN, campaign_id))


@bp.post("/kampanjer/styring/<int:campaign_id>/arkivpakke/send")
@requires(Role.IDEA_MANAGER)
def send_campaign(campaign_id: int) -> ResponseReturnValue:
    """Send the case of a campaign to the archive."""
    return _send(Ref(CAMPAIGN, campaign_id), url_for(".campaign", campaign_id=campaign_id))


@bp.post("/kampanjer/styring/<int:campaign_id>/arkivpakke/nummer")
@requires(Role.IDEA_MANAGER)
def file_campaign(campaign_id: int) -> ResponseReturnValue:
    """Write down the number of a campaign's case in the archive."""
    form = NumberForm()
    if not form.validate():
        return _page(Ref(CAMPAIGN, campaign_id), form), 422
    actions.file_campaign(current_actor(), campaign_id, form.journal_number.data or "")
    flash(_("Arkivnummeret er lagret."))
    return redirect(url_for(".campaign", campaign_id=campaign_id), 303)


def _page(ref: Ref, form: NumberForm | None = None) -> str:
    page = queries.archive_page(current_actor(), ref)
    if form is not None and not form.is_submitted():
        form.journal_number.data = page.journal_number
    return render_template(
        "ideas/archive/show.html", page=page, form=form, is_idea=ref.kind == IDEA, number_page=Doing.FILE
    )


def _package(ref: Ref) -> Response:
    package = queries.package_of(current_actor(), ref)
    answer = Response(package.content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{package.name}"'
    return answer


def _send(ref: Ref, back: str) -> ResponseReturnValue:
    try:
        actions.send_to_archive(current_actor(), ref)
    except Conflict as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(_("Saken er på vei til arkivet."))
    return redirect(back, 303)

"""The pages that reach people: invitations and their posters, how many take part, and reminders."""

from __future__ import annotations

from datetime import UTC, datetime, time
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts.queries.settings import branding
from portal.kernel.access import current_actor, public, requires
from portal.kernel.i18n import LANGUAGES, _, in_language, language
from portal.kernel.identity import Role
from portal.observatorium.actions import outreach as actions
from portal.observatorium.forms.outreach import InvitationForm
from portal.observatorium.poster import rendering
from portal.observatorium.poster.rendering import Poster
from portal.observatorium.queries import outreach as queries
from portal.observatorium.queries.outreach import PosterPage
from portal.observatorium.queries.rounds import find_current
from portal.observatorium.views.rating import INVITATION
from portal.ui.filters import date

bp = Blueprint("observatorium_outreach", __name__, url_prefix="/observatorium", template_folder="../templates")


@bp.get("/runder/<slug>/deltakelse/")
@public
def participation(slug: str) -> str:
    """Show how many take part, how long is left, and how to join."""
    page = queries.participation_page(current_actor(), slug)
    return render_template("observatorium/outreach/participation.html", page=page)


@bp.get("/vurder/invitasjon/<token>/")
@public
def welcome(token: str) -> str:
    """Say what somebody is invited to. Nothing is remembered before they press the button."""
    page = queries.welcome_page(current_actor(), token)
    return render_template("observatorium/outreach/welcome.html", page=page)


@bp.post("/vurder/invitasjon/<token>/")
@requires()
def accept(token: str) -> ResponseReturnValue:
    """Remember in this browser's session which link somebody came by, until they have given their first answer."""
    page = queries.welcome_page(current_actor(), token)
    session[INVITATION] = {"round": page.round.id, "account": current_actor().id, "token": token}
    return redirect(url_for("rating.overview"), 303)


@bp.post("/vurder/paminnelse/be")
@requires()
def remind() -> ResponseReturnValue:
    """Promise one mail before the round closes."""
    round_ = find_current()
    if round_ is not None:
        actions.ask_for_reminder(current_actor(), round_.slug)
        flash(_("Du får en e-post tre dager før runden lukker."), "success")
    return redirect(url_for("rating.overview"), 303)


@bp.post("/vurder/paminnelse/trekk")
@requires()
def withdraw_reminder() -> ResponseReturnValue:
    """Take the promise back."""
    round_ = find_current()
    if round_ is not None:
        actions.withdraw_reminder(current_actor(), round_.slug)
        flash(_("Du får ingen påminnelse."), "success")
    return redirect(url_for("rating.overview"), 303)


@bp.route("/styring/runder/<slug>/invitasjoner/", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def invitations(slug: str) -> ResponseReturnValue:
    """Show the invitations of a round, and make one more."""
    form = InvitationForm()
    if form.validate_on_submit():
        made = actions.make_invitation(current_actor(), slug, form.draft())
        flash(_("Invitasjonen er laget. Skriv ut plakaten, eller del lenken."), "success")
        return redirect(url_for(".poster", slug=slug, invitation_id=made.id), 303)
    page = queries.invitations_page(current_actor(), slug)
    shown = render_template("observatorium/outreach/invitations.html", page=page, form=form)
    return shown, 422 if form.errors else 200


@bp.post("/styring/runder/<slug>/invitasjoner/<int:invitation_id>/lukk")
@requires(Role.COORDINATOR)
def close_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Count nobody more by a link."""
    actions.close_invitation(current_actor(), slug, invitation_id)
    flash(_("Invitasjonen er lukket. Lenken virker fortsatt, men teller ingen flere."), "success")
    return redirect(url_for(".invitations", slug=slug), 303)


@bp.get("/styring/runder/<slug>/invitasjoner/<int:invitation_id>/plakat/")
@requires(Role.COORDINATOR)
def poster(slug: str, invitation_id: int) -> str:
    """Show the poster as a page that can be printed, and lead to the PDF in each language."""
    page = queries.poster_page(current_actor(), slug, invitation_id)
    told = _poster(page)
    values = {"page": page, "poster": told, "code": rendering.code_source(told.address), "codes": LANGUAGES}
    return render_template("observatorium/outreach/poster.html", **values)


@bp.get("/styring/runder/<slug>/invitasjoner/<int:invitation_id>/plakat.pdf")
@requires(Role.COORDINATOR)
def poster_pdf(slug: str, invitation_id: int) -> Response:
    """Send the poster as PDF, in the language that `?plakat=` asks for, else the reader's."""
    page = queries.poster_page(current_actor(), slug, invitation_id)
    code = request.args.get("plakat", "")
    with in_language(code if code in LANGUAGES else language()):
        told = _poster(page)
    made = datetime.combine(page.invitation.made_at.date(), time(12), UTC)
    response = current_app.response_class(rendering.pdf(told, made), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="plakat-{slug}-{invitation_id}-{told.language}.pdf"'
    return response


def _poster(page: PosterPage) -> Poster:
    """Write the poster in the language that is in use."""
    address = config.current().base_url + url_for(".welcome", token=page.invitation.token)
    parts = urlsplit(address)
    return Poster(
        language=language(),
        municipality=branding().name,
        heading=_("Hvordan gjør kommunen det?"),
        lead=_("Si hva du mener om skole, buss, sentrum, natur og mye annet."),
        points=(
            _("39 korte spørsmål. Du svarer på dem du vil."),
            _("Ingen får se hva akkurat du svarer, heller ikke kommunen."),
            _("Alle kan lese resultatet når runden er over."),
        ),
        when=_(
            "Åpen fra %(opens)s til og med %(closes)s",
            opens=date(page.round.opens_at),
            closes=date(page.round.last_day),
        ),
        scan=_("Skann koden med mobilen, eller skriv adressen:"),
        shown=parts.netloc + parts.path.rstrip("/"),
        address=address,
        code_told=_("QR-kode med adressen som står under"),
    )

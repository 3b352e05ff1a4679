"""The notices of whoever is signed in, what they choose, and the page behind the link that stops mail."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import NotFound
from portal.kernel.extensions import csrf
from portal.kernel.fields import Form
from portal.kernel.i18n import _, _l
from portal.notifications import actions, links, queries, words
from portal.notifications.forms import ChoicesForm, MarkReadForm

bp = Blueprint("notifications", __name__, template_folder="templates")


@bp.app_context_processor
def told() -> dict[str, Any]:
    """Give pages how many notices wait, asked for once and only when it is shown, and the mails what notices say."""
    return {"unread_notices": cache(lambda: queries.unread(current_actor())), "notice_sentences": words.SENTENCES}


@bp.get("/konto/varsler/")
@requires()
def index() -> str:
    """List the notices, the newest first."""
    page = queries.notices_page(current_actor(), request.args.get("cursor"))
    form = MarkReadForm(up_to=page.rows[0].notice.id if page.rows else 0)
    return render_template("notifications/index.html", page=page, form=form, words=words)


@bp.post("/konto/varsler/lest")
@requires()
def mark_read() -> ResponseReturnValue:
    """Mark what was shown as read."""
    form = MarkReadForm()
    if form.validate():
        actions.mark_read(current_actor(), form.up_to.data)
    return redirect(url_for(".index"), 303)


@bp.route("/konto/varsler/valg", methods=["GET", "POST"])
@requires()
def choices() -> ResponseReturnValue:
    """Choose how often one wants mail."""
    form = ChoicesForm()
    if not current_actor().is_staff:
        del form.work
    if form.validate_on_submit():
        actions.choose(current_actor(), form.draft())
        flash(_("Valgene dine er lagret."), "success")
        return redirect(url_for(".index"), 303)
    if not form.is_submitted():
        form.show(queries.chosen(int(current_actor().id or 0)))
    return render_template("notifications/choices.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/varsler/avmeld/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop the mail of the kinds that a link is for; reading the page stops nothing, mail scanners open links."""
    read = links.read(token)
    if read is None:
        raise NotFound(_l("Lenken virker ikke. Åpne den på nytt fra e-posten, eller logg inn og endre valgene dine."))
    account_id, kinds = read
    if request.method == "POST":
        actions.unsubscribe(current_actor(), account_id, kinds)
    page = {"token": token, "kinds": [words.KINDS[kind] for kind in kinds], "done": request.method == "POST"}
    return render_template("notifications/unsubscribe.html", page=page, form=Form())


csrf.exempt(unsubscribe)  # the link is the proof, and a mail program that presses the button has no token (RFC 8058)

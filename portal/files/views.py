"""The pages for sending files, and the files themselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from portal.files import actions, queries
from portal.files.checking import DOCUMENT_BYTES, MEGABYTE, PICTURE_BYTES
from portal.files.forms import EditForm, RemoveForm, UploadForm
from portal.files.intake import receive
from portal.files.names import disposition
from portal.files.store import WHOLE, pieces, store
from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.extensions import limiter
from portal.kernel.fields import Form
from portal.kernel.i18n import _, language

log = logging.getLogger(__name__)

bp = Blueprint("files", __name__, url_prefix="/filer", template_folder="templates")

Answer = str | Redirect | tuple[str, int]

MOST_SENT = max(PICTURE_BYTES, DOCUMENT_BYTES) + 2 * MEGABYTE
"""Bytes of a form with a file: a little more than the largest, so that one just too large gets a kind answer."""
MOST_PARTS = 20
SANDBOX = "default-src 'none'; sandbox"
PICTURE_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A browser styles the page that it makes around a picture, and reports itself when it may not."""


@bp.url_value_preprocessor
def allow_files(endpoint: str | None, _values: object) -> None:
    """Let the form with a file be larger than others; this runs before anybody reads it. Files go to disk meanwhile."""
    if endpoint == "files.upload":
        request.max_content_length = MOST_SENT
        request.max_form_parts = MOST_PARTS


@bp.route("/last-opp", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@requires()
def upload() -> Answer:
    """Send a file to a thing."""
    actor, to = current_actor(), _ref(request.args.get("til", ""))
    page = queries.upload_page(actor, to)
    form = UploadForm()

    def send() -> None:
        file = actions.upload(actor, receive(actor, *form.sent_file(), form.draft()), to)
        flash(_told(file.state), "success")

    status = _attempt(form, send)
    if status == 303:
        return redirect(url_for("files.upload", til=to), status)
    if status == 200:
        form.language.data = language()
    else:
        form.ask_for_file_again()
    return render_template("files/upload.html", form=form, page=page, to=to), status


@bp.route("/<int:file_id>/endre", methods=["GET", "POST"])
@requires()
def edit(file_id: int) -> Answer:
    """Change what is said of a picture."""
    file = queries.own_file(current_actor(), file_id)
    form = EditForm(obj=file)
    status = _attempt(form, lambda: actions.edit(current_actor(), file_id, form.draft()))
    if status == 303:
        flash(_("Endringen er lagret."), "success")
        return redirect(_after(file.target), status)
    return render_template("files/edit.html", form=form, file=file), status


@bp.route("/<int:file_id>/fjern", methods=["GET", "POST"])
@requires()
def remove(file_id: int) -> Answer:
    """Remove a file, after saying what it means."""
    file = queries.own_file(current_actor(), file_id)
    back, form = _after(file.target), RemoveForm()
    status = _attempt(form, lambda: actions.remove(current_actor(), file_id))
    if status == 303:
        flash(_("Fila er fjernet."), "success")
        return redirect(back, status)
    return render_template("files/remove.html", form=form, file=file, back=back), status


@bp.get("/<int:file_id>/<name>")
@bp.get("/<int:file_id>/<any(liten, middels):size>/<name>")
@fresh
@public
def show(file_id: int, name: str, size: str = WHOLE) -> Response:
    """Send a file, or a smaller copy of a picture.

    Everybody's copies are asked about each time, by the hash: what moderation hides is gone at once, everywhere.
    """
    found = queries.sent(current_actor(), file_id, name)
    file = found.file
    if size != WHOLE and not file.is_picture:
        raise NotFound
    try:
        opened = store().open(file.address, size)
    except FileNotFoundError as error:
        log.error("File %s has a row, but lies not in the store", file_id)
        raise NotFound(_("Fila er borte hos oss. Det er vår feil.")) from error
    response = Response(pieces(opened), mimetype=file.media_type)
    response.call_on_close(opened.close)  # also when nothing is sent of it
    headers = response.headers
    headers["Content-Security-Policy"] = PICTURE_SANDBOX if file.is_picture else SANDBOX
    headers["Content-Disposition"] = disposition(file.name, inline=file.is_picture)
    if size == WHOLE:
        response.content_length = file.size
    if not found.is_public:
        headers["Cache-Control"] = "private, no-store"
        return response
    headers["Cache-Control"] = "public, no-cache"
    headers["X-Accel-Expires"] = "1"  # as for pages: a proxy in front may answer for a second before it asks
    headers["Vary"] = "Cookie"
    response.set_etag(f"{file.sha256}-{size}")
    response.make_conditional(request)
    return response


def _ref(text: str) -> Ref:
    found = re.fullmatch(r"([a-z_]{1,40}):([1-9][0-9]{0,8})", text)
    if found is None:
        raise NotFound
    return Ref(found[1], int(found[2]))


def _told(state: PublicationState) -> Any:
    if state is PublicationState.PUBLISHED:
        return _("Fila er lagt ved.")
    if state is PublicationState.DRAFT:
        return _("Fila er lagt ved utkastet. Den sendes inn sammen med det.")
    return _("Vi har tatt imot fila. En moderator ser på den før andre får se den.")


def _after(target: Ref | None) -> str:
    return url_for("files.upload", til=target) if target else url_for("profile.index")


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

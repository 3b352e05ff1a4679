"""Messages through the portal: one's threads, one thread, and writing to a project or an actor."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.cocreation.actions import messages as actions
from portal.cocreation.forms.messages import MessageForm
from portal.cocreation.models.finding import Message
from portal.cocreation.queries import messages as queries
from portal.cocreation.views.answering import attempt
from portal.kernel.access import current_actor, requires
from portal.kernel.content import Ref
from portal.kernel.i18n import _

bp = Blueprint("cocreation_messages", __name__, url_prefix="/samskaping/meldinger", template_folder="../templates")

CURSOR = "side"


@bp.get("/")
@requires()
def index() -> str:
    """Show the threads somebody is in."""
    cursor = request.args.get(CURSOR)
    page = queries.threads(current_actor(), cursor)
    return render_template(
        "cocreation/messages.html",
        page=page,
        next=url_for(".index", side=page.next) if page.next else None,
        first=url_for(".index") if cursor else None,
    )


@bp.route("/<int:thread_id>", methods=["GET", "POST"])
@requires()
def thread(thread_id: int) -> ResponseReturnValue:
    """Show a thread, and answer in it."""
    actor, form = current_actor(), MessageForm()
    form.begin()
    status = attempt(form, lambda: actions.answer_message(actor, thread_id, form.text.data or "", key=form.sent_key))
    if status == 303:
        flash(_("Meldingen er sendt."), "success")
        return redirect(url_for(".thread", thread_id=thread_id, _anchor="sist"), status)
    page = queries.thread(actor, thread_id, request.args.get(CURSOR))
    older = url_for(".thread", thread_id=thread_id, side=page.older) if page.older else None
    return render_template("cocreation/message.html", page=page, form=form, older=older), status


@bp.route("/til/<kind>/<int:target_id>", methods=["GET", "POST"])
@requires()
def new(kind: str, target_id: int) -> ResponseReturnValue:
    """Write to those who run a project or speak for an organisation."""
    actor, form, about = current_actor(), MessageForm(), Ref(kind, target_id)
    page = queries.write_page(actor, about)
    form.begin()
    sent: list[Message] = []
    status = attempt(
        form, lambda: sent.append(actions.send_message(actor, about, form.text.data or "", key=form.sent_key))
    )
    if status == 303:
        flash(_("Meldingen er sendt. Svaret kommer her."), "success")
        return redirect(url_for(".thread", thread_id=sent[0].answers_id or sent[0].id), status)
    return render_template("cocreation/message_new.html", page=page, form=form), status


@bp.post("/<int:thread_id>/avslutt")
@requires()
def end(thread_id: int) -> ResponseReturnValue:
    """Hear no more from somebody, or let them write again."""
    ended = request.form.get("apne") != "ja"
    actions.end_conversation(current_actor(), thread_id, ended=ended)
    flash(_("Samtalen er avsluttet.") if ended else _("Samtalen er åpen igjen."), "success")
    return redirect(url_for(".thread", thread_id=thread_id), 303)

"""Proposing an idea: writing, comparing, looking over, sending in, changing and taking back. Tidstyver use the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.actions import proposing as actions
from portal.ideas.events.ideas import IDEA
from portal.ideas.forms.proposing import ButtonForm, IdeaForm, SendForm, idea_form
from portal.ideas.models.ideas import Idea, Lineage, Similarity
from portal.ideas.queries import drafting, similar
from portal.ideas.queries.drafting import Asked, DraftPage
from portal.ideas.stages import IdeaKind
from portal.kernel import clock
from portal.kernel.access import current_actor, requires
from portal.kernel.content import PublicationState, Ref
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug

bp = Blueprint("ideas_propose", __name__, url_prefix="/ideer", template_folder="../templates")

COMPARED = "compared"
"""Where the browser's session keeps which similar ideas somebody has said something of, for the last draft."""
LINEAGES = {"inspirert": Lineage.INSPIRED, "ogsa": Lineage.ALSO_WANTED}


@dataclass(frozen=True, kw_only=True)
class Desk:
    """How one kind is written: its form and page, the views for new, draft and edit, and what is kept beside it."""

    kind: IdeaKind
    form: type[IdeaForm]
    template: str
    new: str
    draft: str
    edit: str
    keep: Callable[[Actor, int, Any], object] | None = None
    """Keep what this kind has beside an idea's fields, from the form; may raise Invalid or Conflict."""


INNOVATION = Desk(
    kind=IdeaKind.INNOVATION,
    form=IdeaForm,
    template="ideas/propose.html",
    new="ideas_propose.new",
    draft="ideas_propose.draft",
    edit="ideas_propose.edit",
)
THIEF_VIEWS = {"ideas_propose.draft": "thieves.draft", "ideas_propose.edit": "thieves.edit"}
"""Where a tidstyv is written instead."""


@bp.route("/ny", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Begin on an idea."""
    return begin_at(INNOVATION)


@bp.route("/utkast/<int:idea_id>", methods=["GET", "POST"])
@requires()
def draft(idea_id: int) -> ResponseReturnValue:
    """Go on with a draft."""
    return write_at(INNOVATION, idea_id)


@bp.route("/<int:idea_id>/endre", methods=["GET", "POST"])
@requires()
def edit(idea_id: int) -> ResponseReturnValue:
    """Change what one has sent in."""
    return edit_at(INNOVATION, idea_id)


@bp.get("/utkast/<int:idea_id>/ligner")
@requires()
def compare(idea_id: int) -> ResponseReturnValue:
    """Show what resembles a draft, before it is sent in; go on when nothing does."""
    page = similar.page(current_actor(), idea_id, _compared(idea_id))
    if not page.ideas or page.idea.state is not PublicationState.DRAFT:
        return redirect(url_for(".review", idea_id=idea_id), 303)
    return render_template("ideas/compare.html", page=page)


@bp.get("/utkast/<int:idea_id>/ligner/liste")
@requires()
def alike(idea_id: int) -> ResponseReturnValue:
    """Return what resembles a draft as a piece of its page, while it is written."""
    page = similar.page(current_actor(), idea_id, _compared(idea_id))
    return jsonify(number=len(page.ideas), html=render_template("ideas/_alike.html", page=page))


@bp.post("/utkast/<int:idea_id>/ligner/<int:other_id>")
@requires()
def answer(idea_id: int, other_id: int) -> ResponseReturnValue:
    """Say whether a draft is the same as another idea, and go where that leads."""
    said = next((each for each in Similarity if each.value == request.form.get("svar")), Similarity.DIFFERENT)
    actions.answer_similarity(current_actor(), idea_id, other_id, said)
    _remember(idea_id, other_id)
    if said is Similarity.SAME:
        flash(_("Takk! Nå støtter du ideen."), "success")
        return redirect(url_for(".discard", idea_id=idea_id, stotter=other_id), 303)
    if said is Similarity.ADDS:
        own = Ref(IDEA, idea_id)
        return redirect(url_for("participation.write", kind=IDEA, target_id=other_id, form="for", tekst=own), 303)
    return redirect(url_for(".compare", idea_id=idea_id), 303)


@bp.route("/utkast/<int:idea_id>/se-over", methods=["GET", "POST"])
@requires()
def review(idea_id: int) -> ResponseReturnValue:
    """Look over what will be sent in, and send it."""
    actor, form, status = current_actor(), SendForm(), 200
    if form.validate_on_submit():
        try:
            actions.send_idea(actor, idea_id, internally=bool(form.internally.data))
            return redirect(url_for(".receipt", idea_id=idea_id), 303)
        except Invalid as refusal:
            flash(str(refusal.message), "warning")
            return redirect(_write_url(drafting.own_idea(actor, idea_id), mangler=1), 303)
    page = drafting.review_page(actor, idea_id)
    if page.idea.state is not PublicationState.DRAFT:
        return redirect(url_for(".receipt", idea_id=idea_id), 303)
    may_keep_internal = actor.is_staff and page.idea.kind is IdeaKind.TIME_THIEF and not page.stays_internal
    values = {"may_keep_internal": may_keep_internal, "write_url": _write_url(page.idea)}
    return render_template("ideas/review.html", page=page, form=form, **values), status


@bp.get("/<int:idea_id>/sendt")
@requires()
def receipt(idea_id: int) -> ResponseReturnValue:
    """Say what happens next with what was sent in, and by when."""
    page = drafting.review_page(current_actor(), idea_id)
    drafting.must_be_sent(page.idea)
    return render_template("ideas/receipt.html", page=page)


@bp.get("/mine")
@requires()
def mine() -> ResponseReturnValue:
    """Show all that is one's own: drafts, what waits, what is to be changed, and what is shown."""
    page = drafting.own_page(current_actor())
    return render_template("ideas/mine.html", page=page, write_url=_write_url, places=drafting.Place)


@bp.route("/utkast/<int:idea_id>/kast", methods=["GET", "POST"])
@requires()
def discard(idea_id: int) -> ResponseReturnValue:
    """Throw a draft away, after asking."""
    form = ButtonForm()
    if form.validate_on_submit():
        actions.discard_draft(current_actor(), idea_id)
        flash(_("Utkastet er kastet."), "success")
        return redirect(url_for(".mine"), 303)
    idea = drafting.own_idea(current_actor(), idea_id)
    if idea.state is not PublicationState.DRAFT:
        return redirect(url_for(".withdraw", idea_id=idea_id), 303)
    values = {"write_url": _write_url(idea), "supports": request.args.get("stotter", type=int)}
    return render_template("ideas/discard.html", idea=idea, form=form, **values)


@bp.route("/<int:idea_id>/trekk", methods=["GET", "POST"])
@requires()
def withdraw(idea_id: int) -> ResponseReturnValue:
    """Take back what one has sent in, after saying what it means."""
    form = ButtonForm()
    if form.validate_on_submit():
        actions.withdraw_idea(current_actor(), idea_id)
        flash(_("Ideen er trukket."), "success")
        return redirect(url_for(".mine"), 303)
    idea = drafting.own_idea(current_actor(), idea_id)
    return render_template("ideas/withdraw.html", idea=idea, slug=slug(idea.title), form=form)


@bp.route("/<int:idea_id>/publiser", methods=["GET", "POST"])
@requires()
def consent(idea_id: int) -> ResponseReturnValue:
    """Agree that one's own internal idea is published, after saying what it means."""
    form, actor = ButtonForm(), current_actor()
    if form.validate_on_submit():
        actions.consent_to_publishing(actor, idea_id)
        return redirect(url_for(".receipt", idea_id=idea_id), 303)
    idea = drafting.own_idea(actor, idea_id)
    if idea.state is not PublicationState.INTERNAL:
        raise Conflict(_("Denne ideen er ikke intern."))
    return render_template("ideas/consent.html", idea=idea, slug=slug(idea.title), form=form)


def begin_at(desk: Desk) -> ResponseReturnValue:
    """Show an empty form, and begin the draft with what is sent."""
    page = drafting.new_page(current_actor(), desk.kind, _asked())
    return _write(desk, page)


def write_at(desk: Desk, idea_id: int) -> ResponseReturnValue:
    """Show a draft in its form, and save what is sent."""
    page = drafting.draft_page(current_actor(), idea_id, _asked())
    if page.is_sent:
        if request.method == "POST":
            raise Conflict(_("Ideen er sendt inn. Endringer gjør du fra siden til ideen."))
        return redirect(url_for("ideas_propose.receipt", idea_id=idea_id), 303)
    if page.kind is not desk.kind and page.idea:
        return redirect(_write_url(page.idea), 303)
    return _write(desk, page)


def edit_at(desk: Desk, idea_id: int) -> ResponseReturnValue:
    """Show what was sent in, in its form, and change it to what is sent."""
    actor = current_actor()
    page = drafting.draft_page(actor, idea_id)
    if page.kind is not desk.kind or not page.is_sent:
        return redirect(_edit_url(page.idea), 303)
    form, status, stale = idea_form(page, desk.form), 200, False
    if form.is_submitted():
        status = 422
        whole = form.is_whole() if form.validate() else False
        if whole:
            try:
                idea = actions.edit_idea(actor, idea_id, form.draft(), form.form_version(), form.around())
                _keep(desk, idea_id, form)
                return redirect(_told_of(idea), 303)
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status, stale = 409, True
                page = drafting.draft_page(actor, idea_id)
                form.version.data = str(page.idea.version) if page.idea else ""
    return render_template(desk.template, page=page, form=form, desk=desk, stale=stale, is_edit=True), status


def _write(desk: Desk, page: DraftPage) -> ResponseReturnValue:
    """Show the form, or keep what was sent: everything is kept as far as it can be, and nothing else is asked yet."""
    form, status = idea_form(page, desk.form), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                return _kept(desk, page, form, _save(desk, page, form))
            except Invalid as refusal:
                form.refuse(refusal)
            except Conflict as refusal:
                form.form_errors.append(refusal.message)
                status = 409
                if page.idea is not None:
                    fresh = drafting.draft_page(current_actor(), page.idea.id)
                    form.version.data = str(fresh.idea.version) if fresh.idea else ""
        if _by_script():
            return jsonify(message=_first_error(form)), status
    elif request.args.get("mangler"):
        form.is_whole()
    return render_template(desk.template, page=page, form=form, desk=desk, stale=False, is_edit=False), status


def _save(desk: Desk, page: DraftPage, form: Any) -> Idea:
    actor = current_actor()
    if page.idea is None:
        idea = actions.begin_idea(actor, form.draft(), form.form_key(), form.around())
    else:
        idea = actions.save_draft(actor, page.idea.id, form.draft(), form.around(), form.form_version())
    if idea.state is PublicationState.DRAFT:
        _keep(desk, idea.id, form)
    return idea


def _keep(desk: Desk, idea_id: int, form: Any) -> None:
    if desk.keep is not None:
        desk.keep(current_actor(), idea_id, form)


def _kept(desk: Desk, page: DraftPage, form: Any, idea: Idea) -> ResponseReturnValue:
    """Go where the button that was pressed leads; a script is told what was kept."""
    before = page.campaign.id if page.campaign else None
    changed = idea.campaign_id != before or (page.idea is not None and page.asked.is_told != idea.is_told)
    url = url_for(desk.draft, idea_id=idea.id)
    if _by_script():
        saved = clock.local(clock.now()).strftime("%H.%M")
        alike_url = url_for("ideas_propose.alike", idea_id=idea.id)
        return jsonify(version=idea.version, url=url, alike=alike_url, saved=_("Lagret %(time)s", time=saved))
    if idea.state is not PublicationState.DRAFT:
        return redirect(url_for("ideas_propose.receipt", idea_id=idea.id), 303)
    pressed = request.form.get("gjor")
    if pressed == "filer":
        return redirect(url_for("files.upload", til=Ref(IDEA, idea.id)), 303)
    if pressed == "lagre" or (idea.campaign_id != before and changed):
        flash(_("Utkastet er lagret. Bare du ser det."), "success")
        return redirect(url, 303)
    if not form.is_whole():
        return redirect(url_for(desk.draft, idea_id=idea.id, mangler=1), 303)
    return redirect(url_for("ideas_propose.compare", idea_id=idea.id), 303)


def _told_of(idea: Idea) -> str:
    """Say what happens to the change, and return where to go."""
    if idea.state is PublicationState.PENDING:
        flash(_("Endringen er sendt inn. En moderator leser den før andre ser den."), "success")
        return url_for("ideas_propose.receipt", idea_id=idea.id)
    flash(_("Endringen er lagret."), "success")
    return url_for("ideas.show", idea_id=idea.id, slug=slug(idea.title))


def _asked() -> Asked:
    """Return what the address asks to have filled in."""
    return Asked(
        campaign=request.args.get("kampanje"),
        indicator=request.args.get("indikator"),
        goal=request.args.get("mal", type=int),
        parent_id=request.args.get("fra", type=int),
        lineage=LINEAGES.get(request.args.get("som", ""), Lineage.INSPIRED),
        is_told=bool(request.args.get("fortid")),
    )


def _write_url(idea: Idea, **values: Any) -> str:
    return url_for(_view("ideas_propose.draft", idea), idea_id=idea.id, **values)


def _edit_url(idea: Idea | None) -> str:
    if idea is None:
        raise Forbidden
    if idea.state is PublicationState.DRAFT:
        return _write_url(idea)
    return url_for(_view("ideas_propose.edit", idea), idea_id=idea.id)


def _view(endpoint: str, idea: Idea) -> str:
    """Return the view that writes ideas of this kind."""
    other = THIEF_VIEWS[endpoint]
    is_there = other in current_app.view_functions
    return other if idea.kind is IdeaKind.TIME_THIEF and is_there else endpoint


def _by_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _first_error(form: Any) -> str:
    return next((str(message) for messages in form.errors.values() for message in messages), "")


def _compared(idea_id: int) -> list[int]:
    kept = session.get(COMPARED) or [0, []]
    return list(kept[1]) if kept[0] == idea_id else []


def _remember(idea_id: int, other_id: int) -> None:
    session[COMPARED] = [idea_id, [*_compared(idea_id), other_id][-20:]]

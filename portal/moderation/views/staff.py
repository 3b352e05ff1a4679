"""The pages of moderators: the dashboard, the queue, a case, and spam in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.content import Ref
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _, in_language, ngettext
from portal.kernel.identity import Role
from portal.moderation import words
from portal.moderation.actions import claims, decisions, insight, queueing
from portal.moderation.actions.decisions import DecisionDraft
from portal.moderation.forms.staff import BulkForm, DecisionForm, QueueForm, ReasonForm
from portal.moderation.house_rules import BY_KEY
from portal.moderation.models import Verdict
from portal.moderation.queries import cases, queue

bp = Blueprint("moderation", __name__, url_prefix="/moderering", template_folder="../templates")


@bp.get("/")
@requires(Role.MODERATOR, Role.ADMIN)
def dashboard() -> str:
    """Show what waits."""
    return render_template("moderation/dashboard.html", page=queue.dashboard(current_actor()))


@bp.get("/ko/", endpoint="queue")
@requires(Role.MODERATOR)
def queue_() -> ResponseReturnValue:
    """Show the cases that wait, those that are due first on top."""
    form = QueueForm(request.args)
    form.offer(queue.kinds())
    page = queue.queue_page(current_actor(), form.wanted(), request.args.get("etter"))
    return render_template("moderation/queue.html", page=page, form=form, bulk=BulkForm(), words=words)


@bp.post("/neste")
@requires(Role.MODERATOR)
def next_case() -> ResponseReturnValue:
    """Take the case that is due first."""
    return _next(request.form.get("etter", type=int))


@bp.get("/saker/<int:case_id>/")
@requires(Role.MODERATOR)
def case(case_id: int) -> ResponseReturnValue:
    """Show a case."""
    return _case(case_id)


@bp.post("/saker/<int:case_id>/ta")
@requires(Role.MODERATOR)
def claim(case_id: int) -> ResponseReturnValue:
    """Take a case."""
    claims.claim(current_actor(), case_id)
    return redirect(url_for(".case", case_id=case_id), 303)


@bp.post("/saker/<int:case_id>/slipp")
@requires(Role.MODERATOR)
def release(case_id: int) -> ResponseReturnValue:
    """Let others take a case."""
    claims.release(current_actor(), case_id)
    flash(_("Du har sluppet saken. Andre kan ta den nå."), "success")
    return redirect(url_for(".queue"), 303)


@bp.post("/saker/<int:case_id>/avgjor")
@requires(Role.MODERATOR)
def decide(case_id: int) -> ResponseReturnValue:
    """Show what the author will be told; when that is confirmed, decide."""
    page = cases.case_page(current_actor(), case_id)
    form = DecisionForm()
    form.offer(page)
    if request.form.get("steg") == "endre" or not form.validate():
        return _case(case_id, form, mends=request.form.get("steg") != "endre")
    try:
        draft = form.draft()
        if request.form.get("steg") == "se" and draft.verdict is not Verdict.APPROVE:
            return _preview(page, form, draft)
        decisions.decide(current_actor(), case_id, draft)
    except Invalid as refusal:
        form.refuse(refusal)
        return _case(case_id, form)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _case(case_id, form, stale=True)
    flash(_("Avgjort: %(verdict)s.", verdict=words.VERDICTS[draft.verdict]), "success")
    return _next(case_id)


@bp.post("/saker/<int:case_id>/forfatter")
@requires(Role.MODERATOR)
def reveal(case_id: int) -> ResponseReturnValue:
    """Show who wrote a text, for a reason that is logged."""
    form = ReasonForm()
    if form.validate():
        insight.reveal_author(current_actor(), case_id, form.reason.data)
        return redirect(url_for(".case", case_id=case_id, _anchor="forfatter"), 303)
    return _case(case_id, reason=form)


@bp.post("/originaler/<int:decision_id>")
@requires(Role.MODERATOR, Role.ADMIN)
def original(decision_id: int) -> ResponseReturnValue:
    """Show what stood there before a decision, for a reason that is logged."""
    form = ReasonForm()
    if form.validate():
        insight.read_original(current_actor(), decision_id, form.reason.data)
    else:
        flash(_("Skriv hvorfor du trenger å se originalen."), "warning")
    back, at = request.form.get("tilbake", ""), request.form.get("nummer", 0, int)
    if back == "klage":
        return redirect(url_for("appeals.show", appeal_id=at, _anchor="originalen"), 303)
    return redirect(url_for(".case", case_id=at, _anchor="tidligere"), 303)


@bp.post("/soppel")
@requires(Role.MODERATOR)
def bulk() -> ResponseReturnValue:
    """Show which texts will be kept from being shown, and why; when that is confirmed, do it."""
    ids = [int(value.split(":")[0]) for value in request.form.getlist("case") if value.split(":")[0].isdigit()]
    rows = queue.chosen(current_actor(), ids)
    if not rows:
        flash(_("Kryss av for sakene du vil avgjøre."), "warning")
        return redirect(url_for(".queue"), 303)
    if request.form.get("steg") != "send":
        form = BulkForm(formdata=None, rule="spam")
        form.offer(rows)
        form.case.data = [choice.value for choice in form.case.choices]
        return _bulk(form, rows)
    form = BulkForm()
    form.accept(request.form.getlist("case"))
    if not form.validate():
        return _bulk(form, rows, HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = len(form.case.data or ())
    left = decisions.decide_many(current_actor(), form.draft())
    done = chosen - len(left)
    flash(ngettext("%(num)s tekst vises ikke.", "%(num)s tekster vises ikke.", done), "success")
    if left:
        words_ = ngettext(
            "%(num)s var endret, og venter fortsatt.", "%(num)s var endret, og venter fortsatt.", len(left)
        )
        flash(words_, "warning")
    return redirect(url_for(".queue"), 303)


@bp.post("/apne/<kind>/<int:target_id>")
@requires(Role.MODERATOR)
def open_case(kind: str, target_id: int) -> ResponseReturnValue:
    """Open a case of one's own initiative."""
    made = queueing.open_case(current_actor(), Ref(kind, target_id))
    return redirect(url_for(".case", case_id=made.id), 303)


def _bulk(form: BulkForm, rows: Sequence[queue.QueueRow], status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    """Show the texts, and the reasons as the author of the first will get them."""
    first = rows[0]
    draft = DecisionDraft(
        verdict=Verdict.HIDE if first.is_shown else Verdict.REJECT,
        rule=form.rule.data or "spam",
        facts=form.facts.data or "",
        version=first.case.version,
        fingerprint=first.fingerprint,
    )
    parts = cases.preview_statement(current_actor(), first.case.id, draft)
    return render_template("moderation/bulk.html", form=form, rows=rows, parts=parts), status


def _next(after: int | None) -> ResponseReturnValue:
    found = claims.claim_next(current_actor(), after)
    if found is None:
        flash(_("Ingenting mer venter på deg."), "info")
        return redirect(url_for(".queue"), 303)
    return redirect(url_for(".case", case_id=found.id), 303)


def _case(
    case_id: int,
    form: DecisionForm | None = None,
    *,
    reason: ReasonForm | None = None,
    stale: bool = False,
    mends: bool = True,
) -> ResponseReturnValue:
    page = cases.case_page(current_actor(), case_id)
    if form is None:
        form = DecisionForm(formdata=None)
        form.offer(page)
    form.version.data, form.fingerprint.data = page.case.version, page.fingerprint
    shown = render_template(
        "moderation/case.html",
        page=page,
        form=form,
        reason=reason or ReasonForm(formdata=None),
        stale=stale,
        words=words,
        rules=BY_KEY,
    )
    return shown, _status(form, reason, stale=stale, mends=mends)


def _status(form: DecisionForm, reason: ReasonForm | None, *, stale: bool, mends: bool) -> HTTPStatus:
    if stale:
        return HTTPStatus.CONFLICT
    wrong = bool(form.errors) or bool(reason and reason.errors)
    return HTTPStatus.UNPROCESSABLE_ENTITY if wrong and mends else HTTPStatus.OK


def _preview(page: cases.CasePage, form: DecisionForm, draft: Any) -> ResponseReturnValue:
    language = decisions.check(current_actor(), page.case.id, draft)
    with in_language(language):
        parts = cases.preview_statement(current_actor(), page.case.id, draft)
    return render_template(
        "moderation/preview.html",
        page=page,
        form=form,
        parts=parts,
        language=language,
        masked=cases.masked(page.written, draft) if page.written else {},
        verdict=words.CHOICES[draft.verdict],
    )

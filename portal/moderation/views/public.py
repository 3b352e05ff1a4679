"""The pages for everybody: report something, follow a report, read a decision about one's own text, and complain."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, fresh, public, requires
from portal.kernel.content import Ref
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.extensions import limiter
from portal.kernel.fields import Form
from portal.kernel.i18n import _
from portal.moderation import links, policy
from portal.moderation.actions import appeals, reports
from portal.moderation.forms.public import AppealForm, ReportForm
from portal.moderation.house_rules import BY_KEY, RULES, THRESHOLD
from portal.moderation.queries import received, reporting
from portal.ui import errors

bp = Blueprint("moderation_public", __name__, template_folder="../templates")


def _is_signed_in() -> bool:
    return current_actor().is_signed_in


@bp.route("/moderering/meld/<kind>/<int:target_id>", methods=["GET", "POST"])
@limiter.limit("10 per minute; 60 per hour", methods=["POST"], exempt_when=_is_signed_in)
@public
def report_thing(kind: str, target_id: int) -> ResponseReturnValue:
    """Report something. Whoever is signed in has a bound of their own, so a busy network shuts nobody out."""
    actor, ref, form = current_actor(), Ref(kind, target_id), ReportForm()
    if actor.is_signed_in:
        del form.email
    card = reporting.reportable(actor, ref)
    made: list[reports.Receipt] = []
    status = _tried(form, lambda: made.append(reports.report(actor, form.draft(ref))))
    if made:
        return redirect(url_for(".receipt", token=made[0].token), HTTPStatus.SEE_OTHER)
    page = render_template(
        "moderation/public/report.html",
        form=form,
        card=card,
        ref=ref,
        rules={rule.key: rule.text for rule in RULES},
        threshold=THRESHOLD,
        hours=reporting.hours_to_answer(),
        may_open=policy.may_moderate(actor),
    )
    return page, status


@bp.get("/moderering/meldinger/<token>")
@public
@fresh
def receipt(token: str) -> ResponseReturnValue:
    """Show how a report stands, by the link on its receipt."""
    page = received.report_page(token)
    return render_template("moderation/public/receipt.html", page=page, token=token, rules=BY_KEY, threshold=THRESHOLD)


@bp.route("/moderering/meldinger/<token>/klag", methods=["GET", "POST"])
@public
@fresh
def complain_of_answer(token: str) -> ResponseReturnValue:
    """Complain as the reporter."""
    page = received.report_page(token)
    if page.standing is None:  # nothing to complain of yet; the receipt says so
        return redirect(url_for(".receipt", token=token), HTTPStatus.SEE_OTHER)
    return _complaint(
        page.standing,
        lambda form: appeals.appeal_as_reporter(current_actor(), form.draft(token)),
        back=url_for(".receipt", token=token),
        title=page.title,
    )


@bp.get("/moderering/avgjorelser/<token>")
@public
@fresh
def decision(token: str) -> ResponseReturnValue:
    """Show a decision to its author, by the link in the statement of reasons."""
    page = received.decision_page(current_actor(), token=token)
    return render_template("moderation/public/decision.html", page=page, token=token)


@bp.route("/moderering/avgjorelser/<token>/klag", methods=["GET", "POST"])
@public
@fresh
def complain(token: str) -> ResponseReturnValue:
    """Complain as the author."""
    page = received.decision_page(current_actor(), token=token)
    return _complaint(
        page.standing,
        lambda form: appeals.appeal(current_actor(), form.draft(token)),
        back=url_for(".decision", token=token),
        title=page.title,
    )


@bp.get("/konto/avgjorelser/")
@requires()
def own_decisions() -> str:
    """List the decisions about one's own texts; each has the same page as the link in the mail."""
    rows = [(row, links.token(links.DECISION, row.decision.id)) for row in received.own_decisions(current_actor())]
    return render_template("moderation/public/own_decisions.html", rows=rows)


@bp.errorhandler(NotFound)
def _missing(refusal: NotFound) -> ResponseReturnValue:
    """Say what may be wrong with a link that leads nowhere."""
    if "token" not in (request.view_args or {}):
        return errors.refused(refusal)
    advice = _("Se om du fikk med hele lenken, helt til slutten. Står den i en e-post fra oss, så åpne den derfra.")
    return errors.answer(refusal.status, str(refusal.message), advice=advice)


def _complaint(
    standing: received.Standing, work: Callable[[AppealForm], object], *, back: str, title: str
) -> ResponseReturnValue:
    form = AppealForm()
    if not standing.may_appeal and not form.is_submitted():  # the page before says why
        return redirect(back, HTTPStatus.SEE_OTHER)
    status = _tried(form, lambda: work(form))
    if status is HTTPStatus.SEE_OTHER:
        return redirect(back, status)
    page = render_template(
        "moderation/public/complain.html",
        form=form,
        standing=standing,
        back=back,
        about=title,
        days=reporting.days_to_answer_complaint(),
    )
    return page, status


def _tried(form: Form, work: Callable[[], object]) -> HTTPStatus:
    """Do the work of a form that was sent; what is refused is told in the form, which keeps what was written."""
    if not form.is_submitted():
        return HTTPStatus.OK
    if not form.validate():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        work()
    except Invalid as refusal:
        form.refuse(refusal)
        return HTTPStatus.UNPROCESSABLE_ENTITY
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return HTTPStatus.CONFLICT
    return HTTPStatus.SEE_OTHER

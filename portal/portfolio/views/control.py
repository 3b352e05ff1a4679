"""Running the portfolio: the applications that wait, decisions, payments, frames, and benefits nobody has measured."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kernel import clock
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Conflict
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Role
from portal.portfolio import words
from portal.portfolio.actions import funds as actions
from portal.portfolio.forms import DecisionForm, FundForm, PaymentForm, SummaryForm
from portal.portfolio.models import ApplicationState
from portal.portfolio.queries import applications, benefits, funds
from portal.portfolio.queries.applications import ApplicationPage
from portal.portfolio.queries.funds import FundRow
from portal.portfolio.views.answering import attempt, card_url

bp = Blueprint("portfolio_control", __name__, url_prefix="/portefolje/styring", template_folder="../templates")


@bp.get("/")
@requires(Role.IDEA_MANAGER)
def index() -> str:
    """Show what waits: applications, and benefits that should have been measured."""
    actor = current_actor()
    asked = request.args.get("status")
    state = next((each for each in ApplicationState if each.value == asked), None)
    return render_template(
        "portfolio/control/index.html",
        page=applications.applications_page(actor, state, request.args.get("etter")),
        counts=applications.counts(actor),
        overdue=benefits.count_overdue(),
        state=state,
        words=words,
    )


@bp.get("/gevinster")
@requires(Role.IDEA_MANAGER)
def overdue() -> str:
    """List the benefits whose day has passed without a measurement."""
    page = benefits.overdue_page(current_actor(), request.args.get("etter"))
    return render_template("portfolio/control/overdue.html", page=page, words=words)


@bp.route("/soknader/<int:application_id>/avgjor", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def decide(application_id: int) -> ResponseReturnValue:
    """Grant or decline an application."""
    actor = current_actor()
    page = applications.application_page(actor, application_id)
    form = DecisionForm()
    status = attempt(form, lambda: actions.decide(actor, application_id, form.draft()))
    if status == 303:
        flash(_("Avgjørelsen er lagret. Søkeren får vite det nå."), "success")
        return _to(application_id)
    if not page.may.decide:
        raise Conflict(_l("Denne søknaden kan du ikke avgjøre: den er avgjort, trukket eller din egen."))
    if status == 200:
        form.granted.data = page.application.asked_ore
        form.decided_by_title.data = _("Innovasjonsrådgiver")
    if status == 409:
        page = applications.application_page(actor, application_id)
    return _form("decide", page, form), status


@bp.route("/soknader/<int:application_id>/betal", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def pay(application_id: int) -> ResponseReturnValue:
    """Write down a payment."""
    actor = current_actor()
    page = applications.application_page(actor, application_id)
    form = PaymentForm()
    status = attempt(form, lambda: actions.pay(actor, application_id, form.draft()))
    if status == 303:
        flash(_("Utbetalingen er ført."), "success")
        return _to(application_id)
    if not page.may.pay:
        raise Conflict(_l("Her er det ikke noe du kan betale ut."))
    if status == 200:
        form.ore.data, form.paid_on.data = page.application.unpaid_ore, clock.today()
    return _form("pay", page, form), status


@bp.route("/soknader/<int:application_id>/publiser", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def summarise(application_id: int) -> ResponseReturnValue:
    """Publish what was learnt from a grant."""
    actor = current_actor()
    page = applications.application_page(actor, application_id)
    form = SummaryForm(obj=page.report)
    status = attempt(form, lambda: actions.summarise_report(actor, application_id, form.summary.data))
    if status == 303:
        flash(_("Lærdommen er publisert."), "success")
        return _to(application_id)
    if not page.may.summarise:
        raise Conflict(_l("Det er ikke rapportert om dette ennå."))
    return _form("summarise", page, form), status


@bp.get("/midler/")
@requires(Role.IDEA_MANAGER)
def funds_index() -> str:
    """List the funds of all years, to set them."""
    return render_template("portfolio/control/funds.html", rows=funds.funds_page(), words=words)


@bp.route("/midler/ny", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def new_fund() -> ResponseReturnValue:
    """Set the frame of a year."""
    form = FundForm()
    status = attempt(form, lambda: actions.set_fund(current_actor(), form.draft()))
    return _fund_answer(form, None, status)


@bp.route("/midler/<int:year>/endre", methods=["GET", "POST"])
@requires(Role.IDEA_MANAGER)
def change_fund(year: int) -> ResponseReturnValue:
    """Change the frame of a year."""
    row = funds.fund_to_set(current_actor(), year)
    form = FundForm(obj=row.fund)
    form.year.data = year
    if not form.is_submitted():
        form.frame.data = row.fund.frame_ore
        for purpose in row.purposes:
            form[purpose.purpose.value].data = purpose.planned_ore
    status = attempt(form, lambda: actions.set_fund(current_actor(), form.draft()))
    return _fund_answer(form, row, status)


def _fund_answer(form: FundForm, row: FundRow | None, status: int) -> ResponseReturnValue:
    if status == 303:
        flash(_("Rammen er satt."), "success")
        return redirect(url_for(".funds_index"), status)
    return render_template("portfolio/control/fund.html", form=form, row=row), status


def _form(name: str, page: ApplicationPage, form: DecisionForm | PaymentForm | SummaryForm) -> str:
    return render_template(
        f"portfolio/control/{name}.html", page=page, form=form, words=words, thing_url=card_url(page.row.card)
    )


def _to(application_id: int) -> ResponseReturnValue:
    return redirect(url_for("applications.show", application_id=application_id), 303)

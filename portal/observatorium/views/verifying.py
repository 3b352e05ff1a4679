"""The pages of verification: the coordinator's, and the verifiers' own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, requires
from portal.kernel.fields import Form
from portal.kernel.i18n import _, ngettext
from portal.kernel.identity import Role
from portal.observatorium.actions import appointing, verifying
from portal.observatorium.forms import verifying as forms
from portal.observatorium.queries import verifying_pages as queries
from portal.observatorium.views.sending import did

bp = Blueprint(
    "observatorium_verifying", __name__, url_prefix="/observatorium/verifisering", template_folder="../templates"
)
control = Blueprint(
    "observatorium_verification",
    __name__,
    url_prefix="/observatorium/styring/runder/<slug>/verifisering",
    template_folder="../templates",
)


@control.route("/", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def show(slug: str) -> ResponseReturnValue:
    """Show who verifies what and what is missing, and appoint."""
    page = queries.verification_page(current_actor(), slug)
    form = forms.AppointForm(page.candidates, [row.indicator for row in page.rows])
    made = 0

    def appoint() -> None:
        nonlocal made
        made = appointing.appoint_verifiers(current_actor(), slug, form.draft())

    if did(form, appoint):
        flash(ngettext("Én ny oppnevning.", "%(num)s nye oppnevninger.", made), "success")
        return redirect(url_for(".show", slug=slug), 303)
    return _form("verification", form, page=page)


@control.route("/frister", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def dates(slug: str) -> ResponseReturnValue:
    """Set until when verifiers answer and the municipality replies."""
    page = queries.dates_page(current_actor(), slug)
    form = forms.DatesForm(data=forms.dates_values(page.dates))
    if did(form, lambda: appointing.set_verifying_dates(current_actor(), slug, form.draft())):
        flash(_("Fristene er lagret."), "success")
        return redirect(url_for(".show", slug=slug), 303)
    return _form("dates", form, page=page)


@control.post("/<int:appointment_id>/frita")
@requires(Role.COORDINATOR)
def release(slug: str, appointment_id: int) -> ResponseReturnValue:
    """Take somebody off an indicator that they haven't answered."""
    appointing.release_verifier(current_actor(), slug, appointment_id)
    flash(_("Verifikatøren er fritatt."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@control.route("/<number>/", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def reply(slug: str, number: str) -> ResponseReturnValue:
    """Show what the verifiers said of an indicator, and write the municipality's reply."""
    page = queries.reply_page(current_actor(), slug, number)
    form = forms.ReplyForm(data=forms.reply_values(page.reply))
    if did(form, lambda: appointing.reply_to_verifiers(current_actor(), slug, number, form.draft())):
        flash(_("Tilsvaret er lagret."), "success")
        return redirect(url_for(".reply", slug=slug, number=number), 303)
    if form.errors:  # somebody else may have come first: the page shows theirs, and the next try goes on top of it
        page = queries.reply_page(current_actor(), slug, number)
        form.version.data = page.reply.version if page.reply else 0
    return _form("reply", form, page=page)


@control.post("/<number>/trekk")
@requires(Role.COORDINATOR)
def withdraw(slug: str, number: str) -> ResponseReturnValue:
    """Take the municipality's reply back."""
    appointing.withdraw_reply(current_actor(), slug, number)
    flash(_("Tilsvaret er trukket."), "success")
    return redirect(url_for(".reply", slug=slug, number=number), 303)


@bp.get("/")
@requires(Role.VERIFIER)
def index() -> str:
    """Show a verifier what they are appointed to."""
    return render_template("observatorium/verifying/index.html", page=queries.tasks_page(current_actor()))


@bp.route("/<slug>/<number>/", methods=["GET", "POST"])
@requires(Role.VERIFIER)
def task(slug: str, number: str) -> ResponseReturnValue:
    """Judge the evidence of an indicator and set a level, when it is stated that one has no conflict of interest."""
    page = queries.task_page(current_actor(), slug, number)
    if page.is_unstated:
        return redirect(url_for(".statement", slug=slug, number=number), 303)
    form = forms.judgement_form(page.mine, page.assessed.versions, page.verdicts, page.outdated)
    done = False

    def judge() -> None:
        nonlocal done
        done = verifying.judge(current_actor(), slug, number, form.draft())

    if did(form, judge):
        return _judged(page, done)
    if form.errors:
        page = queries.task_page(current_actor(), slug, number)
        form.see_again(page.assessed.versions)
    return _form("task", form, page=page)


@bp.route("/<slug>/<number>/habilitet", methods=["GET", "POST"])
@requires(Role.VERIFIER)
def statement(slug: str, number: str) -> ResponseReturnValue:
    """Ask a verifier about conflicts of interest, before they see anything."""
    page = queries.statement_page(current_actor(), slug, number)
    form = forms.ConflictForm()
    if did(form, lambda: verifying.state_conflict(current_actor(), slug, number, form.draft())):
        if form.draft().has_conflict:
            flash(_("Takk for at du sa fra. Koordinatoren oppnevner en annen."), "success")
            return redirect(url_for(".index"), 303)
        return redirect(url_for(".task", slug=slug, number=number), 303)
    return _form("statement", form, page=page)


@bp.route("/<slug>/<number>/belegg", methods=["GET", "POST"])
@requires(Role.VERIFIER)
def criteria(slug: str, number: str) -> ResponseReturnValue:
    """Say what one would accept as evidence, and read what the others would."""
    page = queries.task_page(current_actor(), slug, number)
    if page.is_unstated:
        return redirect(url_for(".statement", slug=slug, number=number), 303)
    form = forms.CriteriaForm(data={"criteria": page.mine.criteria})
    if did(form, lambda: verifying.note_criteria(current_actor(), slug, number, form.criteria.data or "")):
        flash(_("Lagret. De andre verifikatørene ser det nå."), "success")
        return redirect(url_for(".task", slug=slug, number=number), 303)
    return _form("criteria", form, page=page)


def _judged(page: queries.TaskPage, done: bool) -> ResponseReturnValue:
    slug, number = page.round.slug, page.indicator.number
    if not done:
        flash(_("Lagret. Du er ferdig når alle beleggene er vurdert og du har satt et nivå."), "success")
        return redirect(url_for(".task", slug=slug, number=number), 303)
    flash(_("Du er ferdig med indikator %(number)s.", number=number), "success")
    if page.following:
        return redirect(url_for(".task", slug=slug, number=page.following), 303)
    return redirect(url_for(".index"), 303)


def _form(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/verifying/{template}.html", form=form, **values)
    return shown, 422 if form.errors else 200

"""The pages where coordinators run rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.kernel import clock
from portal.kernel.access import current_actor, requires
from portal.kernel.fields import Form
from portal.kernel.i18n import _
from portal.kernel.identity import Role
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.catalogue import Dimension
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.forms import control as forms
from portal.observatorium.queries import assessing_pages
from portal.observatorium.queries import control as queries
from portal.observatorium.views import stages
from portal.observatorium.views.sending import did

bp = Blueprint("observatorium_control", __name__, url_prefix="/observatorium/styring", template_folder="../templates")


@bp.get("/")
@requires(Role.COORDINATOR)
def index() -> str:
    """Show every round, where it stands and what is next."""
    return render_template("observatorium/control/index.html", rounds=queries.rounds_page(current_actor()))


@bp.route("/runder/ny", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def make() -> ResponseReturnValue:
    """Make a round as a draft."""
    form = forms.RoundForm()
    if did(form, lambda: rounds.make_round(current_actor(), form.draft())):
        return _done(_("Runden er laget som utkast."), form.slug.data)
    return _form("make", form)


@bp.get("/runder/<slug>/")
@requires(Role.COORDINATOR)
def show(slug: str) -> str:
    """Show one round and what can be done with it."""
    page = queries.round_page(current_actor(), slug)
    return render_template("observatorium/control/round.html", page=page, stages=stages.stage_rows(page))


@bp.route("/runder/<slug>/endre", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def change(slug: str) -> ResponseReturnValue:
    """Change a draft."""
    page = queries.round_page(current_actor(), slug)
    form = forms.RoundForm(data=forms.round_values(page.round))

    def save() -> None:
        rounds.change_round(current_actor(), slug, form.draft(), version=form.version.data)

    if did(form, save):
        return _done(_("Runden er endret."), form.slug.data)
    if form.form_errors:  # somebody else came first, and is told of: the next try goes on top of theirs
        form.version.data = page.round.version
    return _form("change", form, page=page)


@bp.route("/runder/<slug>/apne", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def open_round(slug: str) -> ResponseReturnValue:
    """Say what opening means, and open."""
    return _confirmed("open", slug, rounds.open_round, _("Runden er åpnet."))


@bp.route("/runder/<slug>/lukk", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def close(slug: str) -> ResponseReturnValue:
    """Say what closing means, and close."""
    return _confirmed("close", slug, rounds.close_round, _("Runden er lukket."))


@bp.route("/runder/<slug>/publiser", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def publish(slug: str) -> ResponseReturnValue:
    """Say what publishing means, and ask the worker to do it."""
    page = queries.round_page(current_actor(), slug)
    form = forms.ConfirmForm()
    if did(form, lambda: publishing.publish_round(current_actor(), slug)):
        return _done(_("Resultatet regnes ut nå."), slug)
    return _form("publish", form, page=page, lacks=stages.lacking(page))


@bp.route("/runder/<slug>/forleng", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def extend(slug: str) -> ResponseReturnValue:
    """Let people rate for longer."""
    page = queries.round_page(current_actor(), slug)
    form = forms.ExtendForm()

    def save() -> None:
        rounds.extend_round(current_actor(), slug, clock.end_of_day(form.closes_on.data))

    if did(form, save):
        return _done(_("Runden er forlenget."), slug)
    return _form("extend", form, page=page)


@bp.route("/runder/<slug>/trekk", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def withdraw(slug: str) -> ResponseReturnValue:
    """Say what withdrawing means, ask why, and withdraw."""
    page = queries.round_page(current_actor(), slug)
    form = forms.ReasonForm()
    if did(form, lambda: rounds.withdraw_round(current_actor(), slug, form.reason.data)):
        return _done(_("Runden er trukket."), slug)
    return _form("withdraw", form, page=page)


@bp.route("/runder/<slug>/rett", methods=["GET", "POST"])
@requires(Role.COORDINATOR)
def correct(slug: str) -> ResponseReturnValue:
    """Ask what was wrong, and have a corrected result made."""
    page = queries.correction_page(current_actor(), slug)
    form = forms.CorrectionForm(page.catalogue)
    if did(form, lambda: publishing.correct_round(current_actor(), slug, form.draft(page.stands))):
        return _done(_("Det rettede resultatet regnes ut nå."), slug)
    return _form("correct", form, page=page)


@bp.get("/runder/<slug>/egenvurdering/<int:number>/")
@requires(Role.COORDINATOR)
def own_levels(slug: str, number: int) -> str:
    """Show how the municipality's own assessment of one dimension stands."""
    page = assessing_pages.dimension_page(current_actor(), slug, number)
    return render_template("observatorium/assessing/dimension.html", page=page, dimensions=Dimension)


@bp.get("/kommentarer/")
@requires(Role.MODERATOR)
def comments() -> ResponseReturnValue:
    """Send moderators on: comments wait in the queue of moderation now."""
    return redirect(url_for("moderation.queue", slag=COMMENT), 303)


def _confirmed(template: str, slug: str, work: Callable[..., object], message: str) -> ResponseReturnValue:
    """Show what will happen; when it is confirmed, do it."""
    page = queries.round_page(current_actor(), slug)
    form = forms.ConfirmForm()
    if did(form, lambda: work(current_actor(), slug)):
        return _done(message, slug)
    return _form(template, form, page=page)


def _done(message: str, slug: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for(".show", slug=slug), 303)


def _form(template: str, form: Form, **values: Any) -> ResponseReturnValue:
    shown = render_template(f"observatorium/control/{template}.html", form=form, **values)
    return shown, 422 if form.errors else 200

"""The pages of tidstyver: all of them, the spreadsheet, one's time and owner, measures, and those who had it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas.actions import measures, thieves
from portal.ideas.forms import thieves as forms
from portal.ideas.hours import Cause, Hit, Owner
from portal.ideas.queries import thief_pages as pages
from portal.ideas.queries import thief_totals as totals
from portal.ideas.stages import IdeaKind, Stage, ThiefStatus
from portal.ideas.views.proposing import Desk, begin_at, edit_at, write_at
from portal.ideas.views.thief_charts import Narrowing, charts
from portal.ideas.views.thief_file import workbook
from portal.kernel import clock
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.extensions import limiter
from portal.kernel.fields import Form
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("thieves", __name__, url_prefix="/tidstyver", template_folder="../templates")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
THIEF = Desk(
    kind=IdeaKind.TIME_THIEF,
    form=forms.ThiefForm,
    template="ideas/thieves/propose.html",
    new="thieves.new",
    draft="thieves.draft",
    edit="thieves.edit",
    keep=lambda actor, idea_id, form: thieves.save_thief(actor, idea_id, form.thief_draft()),
)
Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/")
@public
def index() -> str:
    """Show the tidstyver: the largest, what they take, what was freed, and the list."""
    page = totals.page(current_actor(), filters(), request.args.get("fra"))
    return render_template("ideas/thieves/index.html", page=page, charts=charts(page), narrow=Narrowing(page.filters))


@bp.route("/ny", methods=["GET", "POST"])
@requires()
def new() -> ResponseReturnValue:
    """Begin on a tidstyv."""
    return begin_at(THIEF)


@bp.route("/utkast/<int:idea_id>", methods=["GET", "POST"])
@requires()
def draft(idea_id: int) -> ResponseReturnValue:
    """Go on with a draft."""
    return write_at(THIEF, idea_id)


@bp.route("/<int:idea_id>/endre", methods=["GET", "POST"])
@requires()
def edit(idea_id: int) -> ResponseReturnValue:
    """Change what one has sent in."""
    return edit_at(THIEF, idea_id)


@bp.get("/eksport.xlsx")
@limiter.limit("20 per minute")
@public
def spreadsheet() -> Response:
    """Send the tidstyver that the reader sees as an Excel file, with the formulas in it."""
    rows = totals.all_rows(current_actor(), filters())
    content = workbook(rows, totals.service_areas(), clock.today())
    response = current_app.response_class(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="tidstyver-{clock.today().isoformat()}.xlsx"'
    return response


@bp.get("/tiltak/<int:measure_id>/")
@public
def measure(measure_id: int) -> str:
    """Show one measure, its tidstyver and what came of it."""
    return render_template("ideas/thieves/measure.html", page=pages.measure_page(current_actor(), measure_id))


@bp.route("/tiltak/ny", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def make_measure() -> ResponseReturnValue:
    """Make a measure, perhaps for a tidstyv."""
    asked = request.args.get("tidstyv", "")
    page = pages.handle_page(current_actor(), int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    form = forms.MeasureForm(data={"version": page.thief.version if page else 0})
    form.offer(totals.service_areas())
    made: list[int] = []

    def make() -> None:
        draft, of = form.draft(), page.idea.id if page else None
        version = form.version.data or 0
        made.append(measures.make_measure(current_actor(), draft, key=form.key.data, idea_id=of, version=version).id)

    if _did(form, make, latest=page.thief.version if page else 0):
        flash(_("Tiltaket er laget."), "success")
        return redirect(url_for("thieves.measure", measure_id=made[0]), 303)
    return _form("measure_form", form, page=page, measure=None)


@bp.route("/tiltak/<int:measure_id>/endre", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def change_measure(measure_id: int) -> ResponseReturnValue:
    """Change what a measure says."""
    page = pages.measure_page(current_actor(), measure_id)
    form = forms.MeasureForm(data=forms.measure_values(page.measure))
    form.offer(totals.service_areas())

    def save() -> None:
        measures.change_measure(current_actor(), measure_id, form.draft(), version=form.version.data or 0)

    if _did(form, save, latest=page.measure.version):
        flash(_("Tiltaket er endret."), "success")
        return redirect(url_for("thieves.measure", measure_id=measure_id), 303)
    return _form("measure_form", form, page=None, measure=page.measure)


@bp.route("/tiltak/<int:measure_id>/maling", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def measure_together(measure_id: int) -> ResponseReturnValue:
    """Keep what a measure freed for all of its tidstyver as one."""
    page = pages.measure_page(current_actor(), measure_id)
    form = forms.TogetherForm(data=forms.together_values(page.measure))

    def save() -> None:
        measures.measure_together(current_actor(), measure_id, form.draft(), version=form.version.data or 0)

    if _did(form, save, latest=page.measure.version):
        flash(_("Målingen er lagret."), "success")
        return redirect(url_for("thieves.measure", measure_id=measure_id), 303)
    return _form("together", form, page=page)


@bp.get("/<int:idea_id>/styring")
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def handle(idea_id: int) -> str:
    """Show those who handle it what can be done: owner, measure, and the time afterwards."""
    return render_template("ideas/thieves/handle.html", page=pages.handle_page(current_actor(), idea_id))


@bp.route("/<int:idea_id>/eier", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def transfer(idea_id: int) -> ResponseReturnValue:
    """Place the responsibility."""
    page = pages.handle_page(current_actor(), idea_id)
    form = forms.TransferForm(data=forms.transfer_values(page.thief))

    def save() -> None:
        thieves.transfer_thief(
            current_actor(), idea_id, form.draft(), version=form.version.data or 0, key=form.key.data
        )

    if _did(form, save, latest=page.thief.version):
        flash(_("Ansvaret er plassert. Steget står nå på siden til tidstyven."), "success")
        return redirect(url_for("thieves.handle", idea_id=idea_id), 303)
    return _form("transfer", form, page=page)


@bp.route("/<int:idea_id>/tiltak", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def attach(idea_id: int) -> ResponseReturnValue:
    """Put it on a measure, or take it off."""
    page = pages.handle_page(current_actor(), idea_id)
    form = forms.AttachForm(data={"version": page.thief.version, "measure": str(page.thief.measure_id or "")})
    form.offer(page.measures or {})

    def save() -> None:
        thieves.attach_thief(current_actor(), idea_id, form.measure_id, version=form.version.data or 0)

    if _did(form, save, latest=page.thief.version):
        flash(_("Lagret."), "success")
        return redirect(url_for("thieves.handle", idea_id=idea_id), 303)
    return _form("attach", form, page=page)


@bp.route("/<int:idea_id>/maling", methods=["GET", "POST"])
@requires(Role.EMPLOYEE, Role.IDEA_MANAGER)
def after(idea_id: int) -> ResponseReturnValue:
    """Keep what it takes now, and what became of the time."""
    page = pages.handle_page(current_actor(), idea_id)
    form = forms.AfterForm(data=forms.after_values(page.thief))
    if page.idea.stage is not Stage.REALISED:
        del form.degree

    def save() -> None:
        thieves.measure_thief(current_actor(), idea_id, form.draft(), version=form.version.data or 0)

    if _did(form, save, latest=page.thief.version):
        flash(_("Målingen er lagret."), "success")
        return redirect(url_for("thieves.handle", idea_id=idea_id), 303)
    return _form("after", form, page=page)


@bp.route("/<int:idea_id>/bekreft", methods=["GET", "POST"])
@requires()
def confirm(idea_id: int) -> ResponseReturnValue:
    """Ask somebody who had it whether the time came back."""
    page = pages.confirm_page(current_actor(), idea_id)
    form = forms.ConfirmForm()
    if _did(form, lambda: thieves.confirm_thief(current_actor(), idea_id, agrees=form.agrees.data == "yes")):
        flash(_("Takk for svaret!"), "success")
        return redirect(url_for("ideas.show", **page.values), 303)
    return _form("confirm", form, page=page)


def filters() -> totals.Filters:
    """Read what the reader asked for; anything unknown is as if it weren't there."""
    asked = request.args
    calculated = {"ja": True, "nei": False}.get(asked.get("beregnet", ""))
    return totals.Filters(
        cause=_one_of(Cause, "arsak"),
        owner=_one_of(Owner, "eier"),
        hit=_one_of(Hit, "hvem"),
        status=_one_of(ThiefStatus, "status"),
        service_area=_number("omrade"),
        year=_number("ar"),
        is_calculated=calculated,
        sort=asked["sorter"] if asked.get("sorter") in totals.SORTS else totals.SORTS[0],
    )


def _one_of(kind: type[Choice], name: str) -> Choice | None:
    return next((each for each in kind if each.value == request.args.get(name)), None)


def _number(name: str) -> int | None:
    asked = request.args.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def _did(form: Form, action: Callable[[], Any], *, latest: int | None = None) -> bool:
    """Do what a form asks for; what is refused stands at its field, and what was typed stays.

    When somebody else came first, the next try goes on top of theirs: `latest` is their version.
    """
    if not form.validate_on_submit():
        return False
    try:
        action()
    except Invalid as refusal:
        form.refuse(refusal)
    except Conflict as refusal:
        if latest is None:
            raise
        form.refuse(Invalid("", refusal.message))
        form.came_second = True  # read below, for the status
        form["version"].data = latest
        form["version"].raw_data = None
    else:
        return True
    return False


def _form(name: str, form: Form, **values: Any) -> ResponseReturnValue:
    refused = 409 if getattr(form, "came_second", False) else 422
    return render_template(f"ideas/thieves/{name}.html", form=form, **values), refused if form.errors else 200

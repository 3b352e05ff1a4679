"""Pages where staff assess ideas, each blind to the others, and see them as a portfolio."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.ideas import plotting
from portal.ideas.actions import assessing as actions
from portal.ideas.assessing import band
from portal.ideas.forms.assessing import PREFIX, assessment_form
from portal.ideas.queries import assessing as queries
from portal.ideas.queries.assessing import AssessmentPage
from portal.kernel.access import current_actor, requires
from portal.kernel.errors import Invalid
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("ideas_assess", __name__, url_prefix="/ideer/styring", template_folder="../templates")
FORMULA = ("=", "+", "-", "@", "\t")


@bp.get("/<int:idea_id>/vurdering")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def assess(idea_id: int) -> str:
    """Show one's own assessment, and the others' when it is given."""
    page = queries.assessment_page(current_actor(), idea_id)
    return _page(page, assessment_form(page.criteria, data=_given(page)))


@bp.post("/<int:idea_id>/vurdering")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def give(idea_id: int) -> ResponseReturnValue:
    """Give one's assessment."""
    page = queries.assessment_page(current_actor(), idea_id)
    form = assessment_form(page.criteria)
    if not form.validate():
        return _page(page, form), 422
    try:
        actions.assess_idea(current_actor(), idea_id, form.draft())
    except Invalid as refusal:
        of_criterion = f"{PREFIX}{refusal.field}"
        form.refuse(Invalid(of_criterion, refusal.message) if of_criterion in form else refusal)
        return _page(page, form), 422
    flash(_("Vurderingen din er lagret. Nå ser du hva de andre mener."), "success")
    return redirect(url_for(".assess", idea_id=idea_id, _anchor="alle"), 303)


@bp.get("/vurderinger/")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def portfolio() -> str:
    """Show value against feasibility."""
    page = queries.portfolio_page(current_actor(), request.args.get("kampanje"))
    return render_template("ideas/assessment/portfolio.html", page=page, plotting=plotting)


@bp.get("/vurderinger.csv")
@requires(Role.IDEA_MANAGER, Role.EMPLOYEE)
def portfolio_csv() -> Response:
    """Give the portfolio as a file."""
    page = queries.portfolio_page(current_actor(), request.args.get("kampanje"))
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    headings = _("Nummer"), _("Tittel"), _("Status"), _("Vurderinger"), _("Verdi"), _("Gjennomførbarhet"), _("Risiko")
    writer.writerow(headings)
    for row in page.rows:
        # What begins like a formula would be one in a spreadsheet.
        title = f"'{row.title}" if row.title.startswith(FORMULA) else row.title
        figures = _figure(row.value), _figure(row.feasibility)
        writer.writerow([row.id, title, row.status, row.n, *figures, row.risk or ""])
    answer = Response("\ufeff" + file.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="vurderinger.csv"'
    return answer


def _figure(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}".replace(".", ",")


def _page(page: AssessmentPage, form: Any) -> str:
    return render_template("ideas/assessment/assess.html", page=page, form=form, band=band, prefix=PREFIX)


def _given(page: AssessmentPage) -> dict[str, Any]:
    mine = page.mine
    if mine is None:
        return {}
    return {
        **{f"{PREFIX}{key}": str(score) for key, score in mine.scores.items()},
        "likelihood": str(mine.likelihood or ""),
        "consequence": str(mine.consequence or ""),
        "is_required_by_law": mine.is_required_by_law,
        "has_several_actors": mine.has_several_actors,
        "comment": mine.comment,
    }

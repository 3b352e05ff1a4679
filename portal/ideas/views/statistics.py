"""How the municipality keeps its promise to answer, open to everybody: a page and a file."""

from __future__ import annotations

from datetime import date as date_

from flask import Blueprint, Response, current_app, render_template, request

from portal.accounts.queries import settings
from portal.ideas.queries import statistics
from portal.ideas.queries.statistics import Figures
from portal.ideas.stages import DECISIONS
from portal.kernel.access import public
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _, _l
from portal.ui.charts import BarRow, bar_chart
from portal.ui.filters import date, percent

bp = Blueprint("ideas_statistics", __name__, url_prefix="/ideer", template_folder="../templates")

MONTH = "LLLL y"
"""As Unicode writes it: «oktober 2026»."""


@bp.get("/statistikk")
@public
def index() -> str:
    """Show the figures of the last months, of one service area when asked."""
    area_id = request.args.get("omrade", type=int)
    page = statistics.statistics(area_id)
    if area_id and page.area is None:
        raise NotFound(_l("Vi finner ikke dette tjenesteområdet."))
    chart = bar_chart(
        [
            BarRow(label=_label(start, each), value=each.share_in_time or 0, text=percent(each.share_in_time or 0))
            for start, each in page.months
            if each.share_in_time is not None
        ],
        maximum=1,
    )
    return render_template(
        "ideas/cases/statistics.html",
        page=page,
        area_id=area_id,
        chart=chart,
        decisions=DECISIONS,
        days=settings.value("first_answer_days"),
        month=MONTH,
    )


@bp.get("/statistikk.csv")
@public
def csv() -> Response:
    """Send the figures as CSV, one row for each month and service area."""
    response = current_app.response_class(statistics.as_csv(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="ideer-statistikk.csv"'
    return response


def _label(month: date_, figures: Figures) -> str:
    of = _("%(number)d av %(all)d", number=figures.in_time, all=figures.due)
    return f"{date(month, MONTH)} · {of}"

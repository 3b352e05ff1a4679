"""How moderation works and what it has done, open to everybody: the page, each month, and the file."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, render_template

from portal.accounts.queries import settings
from portal.kernel.access import public
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _, _l, ngettext
from portal.moderation import words
from portal.moderation.house_rules import BY_KEY, THRESHOLD
from portal.moderation.queries import figures
from portal.moderation.queries.figures import MonthFigures
from portal.ui.charts import Bar, BarRow, bar_chart
from portal.ui.filters import date

bp = Blueprint("transparency", __name__, url_prefix="/apenhet", template_folder="../templates")

MONTH = "LLLL y"
"""As Unicode writes it: «oktober 2026»."""
HOUR, DAY = 60, 24 * 60


@bp.get("/")
@public
def index() -> str:
    """Show how moderation works, and the newest figures."""
    found = figures.months()
    return render_template(
        "moderation/figures/index.html",
        months=found,
        chart=_chart(found),
        heads=figures.heads(),
        lasting=_lasting,
        threshold=THRESHOLD,
        terms={key: settings.value(key) for key in ("moderation_report_hours", "appeal_days", "appeal_answer_days")},
    )


@bp.get("/<month>/")
@public
def month(month: str) -> str:
    """Show what was done in one month."""
    found = next((each for each in figures.months() if each.name == month), None)
    if found is None:
        raise NotFound(_l("Vi har ingen tall for denne måneden."))
    return render_template(
        "moderation/figures/month.html",
        month=found,
        lasting=_lasting,
        verdicts=words.VERDICTS,
        kinds=figures.KINDS,
        rules=BY_KEY,
    )


@bp.get("/tall.csv")
@public
def csv() -> Response:
    """Send the figures as CSV, one row a month."""
    response = current_app.response_class(figures.as_csv(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="moderering.csv"'
    return response


def _chart(months: Sequence[MonthFigures]) -> Sequence[Bar]:
    return bar_chart(
        BarRow(
            label=date(each.month, MONTH),
            value=each.cases or 0,
            text=figures.HIDDEN if each.cases is None else str(each.cases),
        )
        for each in months[:12]
    )


def _lasting(minutes: int | None) -> str | None:
    """Return a time as people say it; None when it isn't told."""
    if minutes is None:
        return None
    if minutes < HOUR:
        return str(ngettext("%(num)d minutt", "%(num)d minutter", minutes))
    if minutes < 2 * DAY:
        return str(ngettext("%(num)d time", "%(num)d timer", round(minutes / HOUR)))
    return str(_("%(num)d dager", num=round(minutes / DAY)))

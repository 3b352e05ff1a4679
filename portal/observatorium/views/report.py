"""What is told of a whole round beside its result: the report for the council, and the log of its revisions."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template

from portal.accounts.queries import settings
from portal.kernel.access import public
from portal.kernel.i18n import language
from portal.observatorium.queries.change_log import change_log
from portal.observatorium.queries.report import report_page
from portal.observatorium.report import rendering
from portal.observatorium.report.drawing import svg
from portal.observatorium.views import wheel
from portal.observatorium.views.report_words import report as in_words

bp = Blueprint(
    "observatorium_report", __name__, url_prefix="/observatorium/runder/<slug>", template_folder="../templates"
)


@bp.get("/endringer/")
@public
def changes(slug: str) -> str:
    """Show every revision of a round: when, why, what it changed, and its hash."""
    return render_template("observatorium/changes.html", page=change_log(slug))


@bp.get("/rapport")
@public
def report(slug: str) -> str:
    """Show the report of a round, to be read or printed."""
    page = report_page(slug)
    return render_template("observatorium/report.html", page=page.result, report=in_words(page))


@bp.get("/rapport.pdf")
@public
def report_pdf(slug: str) -> Response:
    """Send the report as PDF, in the reader's language."""
    page = report_page(slug)
    picture = svg(wheel.picture(page.result, settings.branding().short_name).full)
    content = rendering.pdf(in_words(page), picture, page.result.revision.published_at)
    response = current_app.response_class(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="observatorium-{slug}-{language()}.pdf"'
    return response

"""The pages for everybody: report something, follow a report, read a decision about one's own text, and complain."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.kernel.access import current_actor, fresh, public
from portal.moderation.queries import received

bp = Blueprint("moderation_public", __name__, url_prefix="/moderering", template_folder="../templates")


@bp.get("/avgjorelser/<token>")
@public
@fresh
def decision(token: str) -> ResponseReturnValue:
    """Show a decision to its author, by the link in the statement of reasons."""
    page = received.decision_page(current_actor(), token=token)
    return render_template("moderation/public/decision.html", page=page)


@bp.get("/meldinger/<token>")
@public
@fresh
def receipt(token: str) -> ResponseReturnValue:
    """Show how a report stands, by the link on its receipt."""
    return render_template("moderation/public/receipt.html", page=received.report_page(token))

"""The front page, help and the legal pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from portal import config
from portal.home import navigation
from portal.kernel import i18n
from portal.kernel.access import current_actor, public

bp = Blueprint("home", __name__, template_folder="templates")


@bp.app_context_processor
def frame() -> dict[str, Any]:
    """Give every template what the layout shows: who is reading, in which language, and where one can go."""
    actor = current_actor()
    views = current_app.view_functions
    return {
        "actor": actor,
        "lang": i18n.language(),
        "languages": [(code, i18n.NATIVE_NAMES[code]) for code in i18n.LANGUAGES],
        "demo": config.current().demo,
        "navigation": navigation.main_entries(),
        "staff_links": navigation.staff_entries(actor),
        "footer_navigation": navigation.footer_entries(),
        "sign_in_url": url_for("accounts.sign_in") if "accounts.sign_in" in views else None,
        "sign_out_url": url_for("accounts.sign_out") if "accounts.sign_out" in views else None,
        "account_url": url_for("profile.index") if "profile.index" in views else None,
    }


@bp.get("/")
@public
def front() -> str:
    """Show what the portal is for and the way in."""
    return render_template("home/front.html")

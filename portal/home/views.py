"""The front page, help and the legal pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from portal import config
from portal.accounts.actions import retention
from portal.accounts.queries import settings
from portal.home import navigation
from portal.kernel import i18n
from portal.kernel.access import current_actor, public
from portal.observatorium.queries import pages
from portal.observatorium.queries.rounds import key_kept

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
        "search_url": url_for("search.results") if "search.results" in views else None,
        "sign_in_url": url_for("accounts.sign_in") if "accounts.sign_in" in views else None,
        "sign_out_url": url_for("accounts.sign_out") if "accounts.sign_out" in views else None,
        "account_url": url_for("profile.index") if "profile.index" in views else None,
        "notices_url": url_for("notifications.index") if "notifications.index" in views else None,
    }


@bp.get("/")
@public
def front() -> str:
    """Show what the portal is for, how the municipality does, and the way in."""
    page = pages.overview(pages.Filters())
    return render_template("home/front.html", page=page, published=isinstance(page, pages.ResultPage))


@bp.get("/om/")
@public
def about() -> str:
    """Say what the portal is, who runs it and what it builds on."""
    return render_template("home/about.html")


@bp.get("/hjelp/")
@public
def help_page() -> str:
    """Answer what people ask."""
    return render_template("home/help.html")


@bp.get("/regler/")
@public
def rules() -> str:
    """Say what is not allowed, and that the threshold is high."""
    return render_template("home/rules.html")


@bp.get("/personvern/")
@public
def privacy() -> str:
    """Say what is kept about people, why, how long, and what they can ask for."""
    return render_template(
        "home/privacy.html",
        keep={
            "key": key_kept().days,
            "sessions": retention.SESSIONS.days,
            "attempts": retention.ATTEMPTS.days,
            "unconfirmed": retention.UNCONFIRMED.days,
            "tokens": retention.TOKENS.days,
        },
        cookie_prefix="__Host-" if config.current().https else "",
        minimum_age=settings.value("minimum_age"),
    )


@bp.get("/tilgjengelighet/")
@public
def accessibility() -> str:
    """Declare how accessible the portal is, and how to tell about faults."""
    return render_template("home/accessibility.html")

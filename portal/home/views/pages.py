"""The front page, help and the legal pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import config
from portal.accounts.queries import settings
from portal.home import actions, navigation, policy, promises
from portal.home.forms import AccessibilityForm
from portal.home.help_texts import HEADINGS, TOPICS, Audience, matches
from portal.home.queries import reports
from portal.home.queries.front import front_page
from portal.kernel import i18n
from portal.kernel.access import current_actor, public, requires
from portal.kernel.errors import Invalid
from portal.kernel.extensions import content, limiter, personal_data
from portal.kernel.identity import Role
from portal.kernel.richtext import clean_line
from portal.moderation import house_rules
from portal.observatorium.queries.rounds import key_kept

MOST_ASKED = 100
"""Letters of what is looked for in the help."""

bp = Blueprint("home", __name__, template_folder="../templates")


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
        "following_url": url_for("joining.following"),
        "own_decisions_url": url_for("moderation_public.own_decisions"),
    }


@bp.get("/")
@public
def front() -> str:
    """Show how the municipality does, what there is to do about it, and what needs the reader now."""
    return render_template(
        "home/front.html", page=front_page(current_actor()), kinds={kind.name: kind for kind in content()}
    )


@bp.get("/om/")
@public
def about() -> str:
    """Say what the portal is, who runs it and what it builds on."""
    return render_template("home/about.html")


@bp.get("/hjelp/")
@public
def help_page() -> str:
    """Answer what people ask, all of it or what holds the words that are asked for."""
    asked = clean_line(request.args.get("q", ""))[:MOST_ASKED]
    found = {
        audience: [topic for topic in TOPICS.values() if topic.audience is audience and matches(topic, asked)]
        for audience in Audience
    }
    return render_template("home/help.html", asked=asked, found=found, headings=HEADINGS)


@bp.get("/regler/")
@public
def rules() -> str:
    """Say what is not allowed, and that the threshold is high."""
    deadlines = {key: settings.value(key) for key in ("appeal_days", "appeal_answer_days", "moderation_report_hours")}
    return render_template(
        "home/rules.html", rules=house_rules.RULES, threshold=house_rules.THRESHOLD, deadlines=deadlines
    )


@bp.get("/personvern/")
@public
def privacy() -> str:
    """Say what is kept about people, why, how long, and what they can ask for."""
    return render_template(
        "home/privacy.html",
        kept=promises.KEPT,
        key_days=key_kept().days,
        limits=[(label, limit.days) for package in personal_data() for label, limit in package.kept],
        backup_days=settings.value("backup_days"),
        minimum_age=settings.value("minimum_age"),
    )


@bp.get("/informasjonskapsler/")
@public
def cookies() -> str:
    """Say which cookies the portal sets, what for, and for how long."""
    bound = "__Host-" if config.current().https else ""
    return render_template("home/cookies.html", cookies=promises.COOKIES, bound=bound)


# -- accessibility -----------------------------------------------------------------------------------------------------


@bp.get("/tilgjengelighet/")
@public
def accessibility() -> str:
    """Declare how accessible the portal is, and how to tell about faults."""
    return render_template("home/accessibility.html", may_read=policy.may_read_reports(current_actor()))


@bp.route("/tilgjengelighet/si-fra", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
@public
def report_accessibility() -> ResponseReturnValue:
    """Take in what somebody tells of a page they can't use: on a page of its own, so that the others set no cookie."""
    form, status = AccessibilityForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                number = actions.report(current_actor(), form.draft())
                return redirect(url_for("home.accessibility_reported", number=number), 303)
            except Invalid as refusal:
                form.refuse(refusal)
    return render_template("home/report_accessibility.html", form=form), status


@bp.get("/tilgjengelighet/mottatt/<int:number>")
@public
def accessibility_reported(number: int) -> str:
    """Give the receipt."""
    reports.check_received(number)
    return render_template("home/accessibility_reported.html", number=number)


@bp.get("/tilgjengelighet/meldinger")
@requires(Role.ADMIN, Role.COORDINATOR)
def accessibility_reports() -> str:
    """Show staff what people have told."""
    return render_template("home/accessibility_reports.html", reports=reports.reports(current_actor()))

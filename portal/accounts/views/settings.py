"""The administration's pages for settings, branding and service areas, and the branding of every page."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, has_request_context, make_response, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.actions import settings as actions
from portal.accounts.forms.administration import BrandingForm, ConfirmForm, LogoForm, ServiceAreaForm, setting_form
from portal.accounts.queries import administration as people
from portal.accounts.queries import settings as queries
from portal.accounts.settings_catalogue import GOALS, THEMES
from portal.accounts.views.answers import DONE, Answer, attempt, done, fill, shown
from portal.kernel.access import current_actor, public, requires
from portal.kernel.i18n import _
from portal.kernel.identity import Role

bp = Blueprint("settings", __name__, url_prefix="/administrasjon", template_folder="../templates")
brand = Blueprint("brand", __name__)


@brand.app_context_processor
def branding() -> dict[str, queries.Branding]:
    """Give every template the name, colour, contact and logo of this installation."""
    try:
        found = queries.branding()
    except SQLAlchemyError:  # the page that says the database is away must come out too
        return {"branding": queries.standard_branding()}
    if found.logo and has_request_context():
        found = replace(found, logo_url=url_for("brand.logo", v=found.logo.hash))
    return {"branding": found}


@brand.get("/merke/logo")
@public
def logo() -> Response:
    """Send the logo; its address carries a hash of the picture, so it may be kept for ever."""
    png, mark = queries.logo_file()
    response = make_response(png)
    response.content_type = "image/png"
    kept = "public, max-age=31536000, immutable" if request.args.get("v") == mark else "public, no-cache"
    response.headers["Cache-Control"] = kept
    return response


@bp.get("/innstillinger")
@requires(Role.ADMIN)
def index() -> str:
    """List every setting with its value."""
    return render_template("accounts/administration/settings.html", rows=queries.settings_page(), goals=GOALS)


@bp.route("/innstillinger/<key>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def change(key: str) -> Answer:
    """Change one setting."""
    form = setting_form(queries.setting(key).definition)
    status = attempt(form, lambda: actions.change_setting(current_actor(), key, form.draft()))
    if status is DONE:
        return done(_("Innstillingen er endret."), "settings.index")
    row = queries.setting(key)
    fill(form, status, value=row.value, version=row.version)
    return shown("setting.html", status, form=form, row=row, goals=GOALS)


@bp.route("/utseende", methods=["GET", "POST"])
@requires(Role.ADMIN)
def change_branding() -> Answer:
    """Change name, colour and contact."""
    form = BrandingForm()
    status = attempt(form, lambda: actions.change_branding(current_actor(), form.draft()))
    if status is DONE:
        return done(_("Endringen vises på alle sider nå."), "settings.change_branding")
    now = queries.branding()
    fill(
        form,
        status,
        name=now.name,
        short_name=now.short_name,
        theme=now.theme,
        contact_email=now.contact_email,
        contact_text=now.contact_text,
        version=now.version,
    )
    return shown("branding.html", status, form=form, now=now, themes=THEMES)


@bp.route("/utseende/logo", methods=["GET", "POST"])
@requires(Role.ADMIN)
def change_logo() -> Answer:
    """Put in a logo."""
    form = LogoForm()
    status = attempt(form, lambda: actions.change_logo(current_actor(), form.draft()))
    if status is DONE:
        return done(_("Logoen vises på alle sider nå."), "settings.change_branding")
    now = queries.branding()
    fill(form, status, alt=now.logo.alt if now.logo else now.municipality_name, version=now.version)
    return shown("logo.html", status, form=form, now=now)


@bp.route("/utseende/logo/fjern", methods=["GET", "POST"])
@requires(Role.ADMIN)
def remove_logo() -> Answer:
    """Remove the logo, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.remove_logo(current_actor()))
    if status is DONE:
        return done(_("Logoen er fjernet."), "settings.change_branding")
    return shown("logo_remove.html", status, form=form)


@bp.route("/tjenesteomrader", methods=["GET", "POST"])
@requires(Role.ADMIN)
def service_areas() -> Answer:
    """List the service areas, and add one."""
    form = ServiceAreaForm()
    status = attempt(form, lambda: actions.add_service_area(current_actor(), form.draft()))
    if status is DONE:
        return done(_("Tjenesteområdet er lagt til."), "settings.service_areas")
    fill(form, status, name="", version=0)
    return shown("service_areas.html", status, form=form, rows=people.service_areas_page())


@bp.route("/tjenesteomrader/<int:service_area_id>", methods=["GET", "POST"])
@requires(Role.ADMIN)
def rename_service_area(service_area_id: int) -> Answer:
    """Give a service area a new name."""
    form = ServiceAreaForm()
    status = attempt(form, lambda: actions.rename_service_area(current_actor(), service_area_id, form.draft()))
    if status is DONE:
        return done(_("Tjenesteområdet har fått nytt navn."), "settings.service_areas")
    area = people.find_service_area(service_area_id)
    fill(form, status, name=area.name, version=area.version)
    return shown("service_area_rename.html", status, form=form, area=area)


@bp.route("/tjenesteomrader/<int:service_area_id>/legg-ned", methods=["GET", "POST"])
@requires(Role.ADMIN)
def deactivate_service_area(service_area_id: int) -> Answer:
    """Lay down a service area, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.deactivate_service_area(current_actor(), service_area_id))
    if status is DONE:
        return done(_("Tjenesteområdet er lagt ned."), "settings.service_areas")
    area = people.find_service_area(service_area_id)
    return shown("service_area_deactivate.html", status, form=form, area=area)


@bp.route("/tjenesteomrader/<int:service_area_id>/ta-i-bruk", methods=["GET", "POST"])
@requires(Role.ADMIN)
def reactivate_service_area(service_area_id: int) -> Answer:
    """Take a service area into use again, after saying what it means."""
    form = ConfirmForm()
    status = attempt(form, lambda: actions.reactivate_service_area(current_actor(), service_area_id))
    if status is DONE:
        return done(_("Tjenesteområdet er i bruk igjen."), "settings.service_areas")
    area = people.find_service_area(service_area_id)
    return shown("service_area_reactivate.html", status, form=form, area=area)

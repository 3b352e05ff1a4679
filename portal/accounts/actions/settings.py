"""What an administrator sets for the whole portal: settings, branding, logo and service areas."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts import logo, policy
from portal.accounts.actions.administration import STALE
from portal.accounts.events.administration import (
    BrandingChanged,
    LogoChanged,
    ServiceAreaAdded,
    ServiceAreaDeactivated,
    ServiceAreaReactivated,
    ServiceAreaRenamed,
    SettingChanged,
)
from portal.accounts.models import ServiceArea, Setting
from portal.accounts.queries import settings as stored
from portal.accounts.settings_catalogue import BY_KEY, THEMES
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

TEXTS = ("name", "short_name", "theme", "contact_email", "contact_text")


@dataclass(frozen=True, kw_only=True)
class SettingDraft:
    """A new value for a setting, and the version the form was made from (0 when it was never changed)."""

    value: Any
    version: int


@dataclass(frozen=True, kw_only=True)
class BrandingDraft:
    """How the portal is to name and show itself, and the version the form was made from."""

    name: str
    short_name: str
    theme: str
    contact_email: str
    contact_text: str
    version: int


@dataclass(frozen=True, kw_only=True)
class LogoDraft:
    """A picture file as it was sent (None: keep the picture) and what it shows, in words."""

    content: bytes | None
    alt: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ServiceAreaDraft:
    """The name of a service area, and the version the form was made from (0 for a new one)."""

    name: str
    version: int = 0


@atomic
def change_setting(actor: Actor, key: str, draft: SettingDraft) -> None:
    """Give a setting of the catalogue a new value. Invalid at `value` when it is outside the limits."""
    _administers(actor)
    definition = BY_KEY.get(key)
    if definition is None:
        raise NotFound
    fault = definition.fault(draft.value)
    if fault:
        raise Invalid("value", fault)
    before = stored.value(key)
    if draft.value != before:
        _store(key, {"value": draft.value}, draft.version)
        publish(SettingChanged(actor=actor, setting=key, before=before, after=draft.value))


@atomic
def change_branding(actor: Actor, draft: BrandingDraft) -> None:
    """Change name, theme or contact. Invalid at the field that is wrong."""
    _administers(actor)
    if draft.theme not in THEMES:
        raise Invalid("theme", _l("Velg et av alternativene."))
    for field in ("name", "short_name"):
        if not getattr(draft, field):
            raise Invalid(field, _l("Fyll ut dette feltet."))
    now = stored.branding()
    changed = [key for key in TEXTS if getattr(now, key) != getattr(draft, key)]
    if not changed:
        return
    _store_branding(now, {key: getattr(draft, key) for key in TEXTS}, draft.version)
    publish(
        BrandingChanged(
            actor=actor,
            before={key: getattr(now, key) for key in changed},
            after={key: getattr(draft, key) for key in changed},
        )
    )


@atomic
def change_logo(actor: Actor, draft: LogoDraft) -> None:
    """Put in a new logo, or say in other words what it shows. Invalid at `file` or `alt`."""
    _administers(actor)
    if not draft.alt:
        raise Invalid("alt", _l("Skriv hva logoen viser, for dem som ikke ser den."))
    now = stored.branding()
    if draft.content is None:
        if now.logo is None:
            raise Invalid("file", _l("Velg en bildefil."))
        facts: dict[str, Any] = {"hash": now.logo.hash, "width": now.logo.width, "height": now.logo.height}
    else:
        picture = _redrawn(draft.content)
        facts = {"hash": _hash(picture.png), "width": picture.width, "height": picture.height}
        _store(stored.LOGO, {"png": base64.b64encode(picture.png).decode(), "hash": facts["hash"]}, None)
    _store_branding(now, {"logo": {**facts, "alt": draft.alt}}, draft.version)
    publish(LogoChanged(actor=actor, before=_logo_facts(now), after={"hash": facts["hash"], "alt": draft.alt}))


@atomic
def remove_logo(actor: Actor) -> None:
    """Go back to the municipality's name in plain text."""
    _administers(actor)
    now = stored.branding()
    if now.logo is None:
        raise Conflict(_l("Portalen har ingen logo å fjerne."))
    _store_branding(now, {"logo": None}, now.version)
    db.session.delete(db.session.get_one(Setting, stored.LOGO))
    publish(LogoChanged(actor=actor, before=_logo_facts(now), after=None))


@atomic
def add_service_area(actor: Actor, draft: ServiceAreaDraft) -> ServiceArea:
    """Add a service area. Invalid at `name` when there is one of that name."""
    _administers(actor)
    _check_name(draft.name)
    area = ServiceArea(name=draft.name)
    db.session.add(area)
    db.session.flush()
    publish(ServiceAreaAdded(actor=actor, service_area_id=area.id, after=area.name))
    return area


@atomic
def rename_service_area(actor: Actor, service_area_id: int, draft: ServiceAreaDraft) -> None:
    """Give a service area a new name. Invalid at `name` when another has it."""
    area = _service_area(actor, service_area_id)
    if area.version != draft.version:
        raise Conflict(STALE)
    before = area.name
    if draft.name == before:
        return
    _check_name(draft.name)
    area.name = draft.name
    db.session.flush()
    publish(ServiceAreaRenamed(actor=actor, service_area_id=area.id, before=before, after=area.name))


@atomic
def deactivate_service_area(actor: Actor, service_area_id: int) -> None:
    """Let nobody choose the area any more; those who are in it stay until they are moved."""
    area = _service_area(actor, service_area_id)
    if not area.active:
        raise Conflict(_l("Tjenesteområdet er lagt ned fra før."))
    area.active = False
    db.session.flush()
    publish(ServiceAreaDeactivated(actor=actor, service_area_id=area.id))


@atomic
def reactivate_service_area(actor: Actor, service_area_id: int) -> None:
    """Take an area into use again."""
    area = _service_area(actor, service_area_id)
    if area.active:
        raise Conflict(_l("Tjenesteområdet er i bruk fra før."))
    area.active = True
    db.session.flush()
    publish(ServiceAreaReactivated(actor=actor, service_area_id=area.id))


def _administers(actor: Actor) -> None:
    if not policy.may_administer(actor):
        raise Forbidden(_l("Bare administratorer kan gjøre dette."))


def _store(key: str, value: Mapping[str, Any], version: int | None) -> None:
    """Write a row of settings; with a version, only when nobody has changed it since."""
    row = db.session.get(Setting, key)
    if version is not None and version != (row.version if row else 0):
        raise Conflict(STALE)
    if row is None:
        db.session.add(Setting(key=key, value=dict(value)))
    else:
        row.value = dict(value)
    db.session.flush()
    stored.forget_cached()


def _store_branding(now: stored.Branding, changes: Mapping[str, Any], version: int) -> None:
    facts: dict[str, Any] = {key: getattr(now, key) for key in TEXTS}
    facts["logo"] = now.logo and {
        "hash": now.logo.hash,
        "width": now.logo.width,
        "height": now.logo.height,
        "alt": now.logo.alt,
    }
    _store(stored.BRANDING, {"value": {**facts, **changes}}, version)


def _redrawn(content: bytes) -> logo.Logo:
    try:
        return logo.redraw(content)
    except logo.NotALogo as refusal:
        words = (
            _l("Bildet har for mange piksler. Lag en mindre utgave, for eksempel 640 piksler bred.")
            if refusal.too_large
            else _l("Filen må være et bilde i PNG, JPEG eller WebP. SVG kan ikke brukes.")
        )
        raise Invalid("file", words) from refusal


def _hash(png: bytes) -> str:
    return hashlib.sha256(png).hexdigest()[:16]


def _logo_facts(branding: stored.Branding) -> dict[str, str] | None:
    return {"hash": branding.logo.hash, "alt": branding.logo.alt} if branding.logo else None


def _service_area(actor: Actor, service_area_id: int) -> ServiceArea:
    _administers(actor)
    area = db.session.get(ServiceArea, service_area_id)
    if area is None:
        raise NotFound
    return area


def _check_name(name: str) -> None:
    if not name:
        raise Invalid("name", _l("Fyll ut dette feltet."))
    if db.session.scalar(sa.select(ServiceArea.id).where(ServiceArea.name == name)):
        raise Invalid("name", _l("Det finnes et tjenesteområde med dette navnet fra før."))

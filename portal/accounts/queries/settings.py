"""Reading the settings and the branding: one statement for all of them, once in each transaction."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal import config
from portal.accounts.models import Setting
from portal.accounts.settings_catalogue import BY_KEY, DEFINITIONS, Definition
from portal.kernel import municipalities
from portal.kernel.db import db
from portal.kernel.errors import NotFound

BRANDING = "branding"
LOGO = "branding.logo"
"""The picture itself lies in a row of its own, so that no page but its own address reads it."""


@dataclass(frozen=True)
class StoredValue:
    """A value as it is kept, and the version a form must give back to change it. Version 0: never changed."""

    value: Any
    version: int = 0


@dataclass(frozen=True)
class SettingRow:
    """A setting as the administration shows it."""

    definition: Definition
    value: Any
    version: int


@dataclass(frozen=True, kw_only=True)
class LogoFacts:
    """What a page must know of the logo: the rest is fetched from its own address."""

    hash: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, kw_only=True)
class Branding:
    """How this installation names and shows itself."""

    municipality_number: str
    municipality_name: str
    """As the register has it: «Asker kommune»."""
    name: str
    short_name: str
    theme: str = "asker"
    contact_email: str = ""
    contact_text: str = ""
    logo: LogoFacts | None = None
    logo_url: str | None = None
    """Given by the views, which know addresses."""
    version: int = 0


def value(key: str) -> Any:
    """Return the value of one setting of the catalogue. Raises KeyError for a key that isn't in it."""
    definition = BY_KEY[key]
    stored = _stored().get(key)
    return definition.default if stored is None else stored.value


def settings_page() -> list[SettingRow]:
    """Return every setting, in the order of the catalogue."""
    return [setting(definition.key) for definition in DEFINITIONS]


def setting(key: str) -> SettingRow:
    """Return one setting. Raises NotFound for a key that isn't in the catalogue."""
    if key not in BY_KEY:
        raise NotFound
    stored = _stored().get(key, StoredValue(BY_KEY[key].default))
    return SettingRow(BY_KEY[key], stored.value, stored.version)


def branding() -> Branding:
    """Return name, theme, contact and logo; what nobody has set is as standard."""
    stored = _stored().get(BRANDING)
    if stored is None:
        return standard_branding()
    facts = dict(stored.value)
    logo = facts.pop("logo", None)
    return replace(standard_branding(), **facts, logo=LogoFacts(**logo) if logo else None, version=stored.version)


def standard_branding() -> Branding:
    """Return the branding of an installation where nobody has changed it; asks no database."""
    number = config.current().municipality_number
    home = municipalities.find(number)
    place = home.name if home else number
    name = f"{place} kommune"
    return Branding(municipality_number=number, municipality_name=name, name=name, short_name=place)


def logo_file() -> tuple[bytes, str]:
    """Return the logo as PNG and its hash. Raises NotFound when there is none."""
    stored = db.session.scalar(sa.select(Setting.value).where(Setting.key == LOGO))
    if stored is None:
        raise NotFound
    return base64.b64decode(stored["png"]), stored["hash"]


def forget_cached() -> None:
    """Read the settings anew the next time; called by what has just changed one."""
    db.session().info.pop("settings", None)


def _stored() -> Mapping[str, StoredValue]:
    """Return every stored value but the logo's picture.

    They are kept as long as the transaction lasts: a page asks once, and a worker sees a change at its next task.
    """
    session = db.session()
    transaction = session.get_transaction()
    kept = session.info.get("settings")
    if kept is not None and transaction is not None and kept[0] is transaction:
        found: Mapping[str, StoredValue] = kept[1]
        return found
    rows = session.execute(sa.select(Setting.key, Setting.value, Setting.version).where(Setting.key != LOGO))
    found = {key: StoredValue(_thawed(stored["value"]), version) for key, stored, version in rows}
    session.info["settings"] = (session.get_transaction(), found)
    return found


def _thawed(stored: Any) -> Any:
    return tuple(stored) if isinstance(stored, list) else stored

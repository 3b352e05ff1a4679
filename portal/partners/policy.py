"""Who may let partners in, stop them and judge their keys."""

from __future__ import annotations

import re

from portal import config
from portal.accounts.organisation_number import is_valid
from portal.kernel import municipalities
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor, Role
from portal.partners.wire import PortalItem

BASE_URL = re.compile(r"https?://[a-z0-9.-]{1,150}(:[1-9][0-9]{0,4})?|https?://\[[0-9a-f:.]{2,45}\](:[1-9][0-9]{0,4})?")
"""What comes before the first slash: nothing else is an address of a portal."""


def may_administer(actor: Actor) -> bool:
    """Say whether somebody may let partners in, stop them and judge keys: administrators, and the command line."""
    return (actor.has(Role.ADMIN) and not actor.is_limited) or actor.is_system


def must_administer(actor: Actor) -> None:
    """Raises Forbidden for those who may not administer partners."""
    if not may_administer(actor):
        raise Forbidden(_l("Bare administratorer kan gjøre dette."))


def works_here(roles: frozenset[Role]) -> bool:
    """Say whether these are the roles of somebody who works here, and so may look after a partner."""
    return bool(roles & STAFF)


def check_address(base_url: str) -> None:
    """Raise Invalid for what can't be the address of a portal."""
    if not BASE_URL.fullmatch(base_url):
        raise Invalid("base_url", _l("Skriv adressen slik: https://portal.kommune.no"))


def check_portal(portal: PortalItem) -> None:
    """Raise Invalid when a portal can't be a partner, whatever it says of itself."""
    check_address(portal.base_url)
    home = config.current()
    if portal.base_url == home.base_url or portal.municipality_number == home.municipality_number:
        raise Invalid("base_url", _l("Dette er vår egen portal."))
    if municipalities.find(portal.municipality_number) is None:
        raise Invalid("base_url", _l("Portalen sier at den tilhører en kommune som ikke finnes."))
    if portal.organisation_number and not is_valid(portal.organisation_number):
        raise Invalid("base_url", _l("Portalen oppgir et organisasjonsnummer som ikke er gyldig."))

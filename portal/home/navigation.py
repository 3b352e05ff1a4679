"""What the header and the footer offer: five entries at most, and the doors of staff by their roles."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor, Role


@dataclass(frozen=True)
class Entry:
    """A link in the header or footer."""

    label: object
    endpoint: str
    url: str
    active: bool


MAIN = (
    (_l("Observatorium"), "observatorium.overview"),
    (_l("Ideer"), "ideas.index"),
    (_l("Samskaping"), "cocreation.index"),
    (_l("Løsninger"), "solutions.index"),
    (_l("Kart"), "places.index"),
)
STAFF_DOORS: tuple[tuple[object, str, frozenset[Role]], ...] = (
    (_l("Styr observatoriet"), "observatorium_control.index", frozenset({Role.COORDINATOR})),
    (_l("Egenvurdering"), "observatorium_assessing.mine", frozenset({Role.EMPLOYEE})),
    (_l("Verifiser"), "observatorium_verifying.index", frozenset({Role.VERIFIER})),
    (_l("Saker om ideer"), "ideas_cases.desk", frozenset({Role.IDEA_MANAGER, Role.EMPLOYEE})),
    (_l("Samskapingsprosjekter"), "cocreation_overview.index", frozenset({Role.IDEA_MANAGER, Role.EMPLOYEE})),
    (_l("Portefølje"), "portfolio_control.index", frozenset({Role.IDEA_MANAGER})),
    (_l("Moderering"), "moderation.dashboard", frozenset({Role.MODERATOR, Role.ADMIN})),
    (_l("Administrasjon"), "administration.overview", frozenset({Role.ADMIN})),
)
FOOTER = (
    (_l("Om portalen"), "home.about"),
    (_l("Bærekraftsmål"), "goals.index"),
    (_l("Kampanjer"), "ideas_campaigns.index"),
    (_l("Tidstyver"), "thieves.index"),
    (_l("Gevinster og innovasjonsmidler"), "portfolio.index"),
    (_l("Svarer kommunen?"), "ideas_statistics.index"),
    (_l("Hjelp"), "home.help_page"),
    (_l("Regler"), "home.rules"),
    (_l("Åpenhet"), "transparency.index"),
    (_l("Personvern"), "home.privacy"),
    (_l("Tilgjengelighet"), "home.accessibility"),
    (_l("Metoden"), "observatorium.method"),
    (_l("Åpne data"), "open_data.index"),
    (_l("API for utviklere"), "api.docs"),
)


def main_entries() -> list[Entry]:
    """Return the entries of the main menu that exist in this installation."""
    return [_entry(label, endpoint) for label, endpoint in MAIN if _exists(endpoint)]


def staff_entries(actor: Actor) -> list[Entry]:
    """Return the doors that the actor's roles open."""
    if not actor.roles & (STAFF | {Role.VERIFIER}):
        return []
    return [_entry(label, name) for label, name, roles in STAFF_DOORS if _exists(name) and actor.roles & roles]


def footer_entries() -> list[Entry]:
    """Return the links of the footer."""
    return [_entry(label, endpoint) for label, endpoint in FOOTER if _exists(endpoint)]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _entry(label: object, endpoint: str) -> Entry:
    url = url_for(endpoint)
    active = request.path == url or (url != "/" and request.path.startswith(url))
    return Entry(label, endpoint, url, active)

"""The Flask extensions, and what the wiring hangs up in the application."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

if TYPE_CHECKING:
    from portal.kernel.content import Registry
    from portal.kernel.jobs import Recurring
    from portal.kernel.parts import Part
    from portal.kernel.personal import PersonalData

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, headers_enabled=True, default_limits=[])
login_manager = LoginManager()
migrate = Migrate()

Sender = Callable[[Mapping[str, Any]], None]


def reactions() -> Mapping[type[Any], tuple[Callable[[Any], None], ...]]:
    """Return the table from event to reactions that the wiring made."""
    table: Mapping[type[Any], tuple[Callable[[Any], None], ...]] = current_app.extensions["portal_reactions"]
    return table


def senders() -> Mapping[str, Sender]:
    """Return the table from outbox topic to the function that delivers it."""
    table: Mapping[str, Sender] = current_app.extensions["portal_senders"]
    return table


def patient() -> Collection[str]:
    """Return the outbox topics that many at once are asked for, and nobody waits for."""
    topics: Collection[str] = current_app.extensions["portal_patient"]
    return topics


def recurring() -> Sequence[Recurring]:
    """Return what the worker does by the clock."""
    found: Sequence[Recurring] = current_app.extensions["portal_recurring"]
    return found


def content() -> Registry:
    """Return the registry of kinds of content."""
    found: Registry = current_app.extensions["portal_content"]
    return found


def personal_data() -> Sequence[PersonalData]:
    """Return what every package keeps about people."""
    found: Sequence[PersonalData] = current_app.extensions["portal_personal"]
    return found


def parts() -> Sequence[Part]:
    """Return what packages add to the pages of others."""
    found: Sequence[Part] = current_app.extensions["portal_parts"]
    return found

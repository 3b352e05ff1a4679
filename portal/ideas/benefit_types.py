"""What an idea is good for: the standard types, which a campaign may replace by its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.i18n import _l

STANDARD: Mapping[str, Any] = {
    "efficiency": _l("Effektivisering"),
    "working_environment": _l("Arbeidsmiljø"),
    "service_development": _l("Tjenesteutvikling"),
    "cocreation": _l("Samskaping"),
    "other": _l("Annet"),
}

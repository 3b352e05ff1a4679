"""What can happen at the front door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class AccessibilityReported(Event):
    """Somebody told of a page that isn't accessible to them; what they wrote is not in the trail."""

    name: ClassVar[str] = "accessibility.reported"
    label: ClassVar[Any] = _l("Meldte fra om tilgjengelighet")
    report_id: int

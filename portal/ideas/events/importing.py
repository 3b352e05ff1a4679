"""What happens to ideas that come from another portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class IdeasImported(Event):
    """Ideas were taken in from a file: published, as they were where they came from."""

    name: ClassVar[str] = "idea.imported"
    label: ClassVar[Any] = _l("Hentet inn ideer fra en annen portal")
    sources: tuple[str, ...]
    ideas: int
    """How many."""
    first_id: int
    last_id: int

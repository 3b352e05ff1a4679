"""What can happen to the municipality's lokalsamfunn. Where a thing is, is told by the thing's own events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class NeighbourhoodsImported(Event):
    """Lokalsamfunn were read from a file: new ones, and ones that lie elsewhere now."""

    name: ClassVar[str] = "places.neighbourhoods_imported"
    label: ClassVar[Any] = _l("Leste inn lokalsamfunn")
    added: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class NeighbourhoodSwitched(Event):
    """A lokalsamfunn was taken out of use, or into use again."""

    name: ClassVar[str] = "places.neighbourhood_switched"
    label: ClassVar[Any] = _l("Tok et lokalsamfunn ut av eller i bruk")
    neighbourhood_id: int
    active: bool

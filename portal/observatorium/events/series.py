"""What can happen with figures over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.catalogue import row_number
from portal.observatorium.events.rounds import INDICATOR


@dataclass(frozen=True, kw_only=True)
class _OfSeries:
    """Something that happened to a figure beside an indicator."""

    series_id: int
    indicator: str
    title: str

    def subject(self) -> Ref:
        return Ref(INDICATOR, row_number(self.indicator))


@dataclass(frozen=True, kw_only=True)
class SeriesMade(_OfSeries, Event):
    """A coordinator made a figure over time."""

    name: ClassVar[str] = "observatory.series_made"
    label: ClassVar[Any] = _l("Laget en tallrekke")
    query: str


@dataclass(frozen=True, kw_only=True)
class SeriesChanged(_OfSeries, Event):
    """A coordinator changed what a figure is called, where it comes from, or whether it is shown."""

    name: ClassVar[str] = "observatory.series_changed"
    label: ClassVar[Any] = _l("Endret en tallrekke")
    query: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class SeriesFilled(_OfSeries, Event):
    """New points stand: fetched by the worker, or uploaded by a coordinator. Told only when some are new or changed."""

    name: ClassVar[str] = "observatory.series_filled"
    label: ClassVar[Any] = _l("Nye tall i en tallrekke")
    added: int
    """How many periods are new."""
    changed: tuple[str, ...]
    """The periods whose earlier value was changed: «2024: 12.1 → 12.3»."""
    removed: int

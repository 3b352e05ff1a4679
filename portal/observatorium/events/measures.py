"""What can happen to the municipality's answers and measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.catalogue import row_number
from portal.observatorium.events.rounds import INDICATOR
from portal.observatorium.following_up import MeasureStatus

MEASURE = "observatory_measure"


@dataclass(frozen=True, kw_only=True)
class _OfMeasure:
    """Something that happened to a measure."""

    measure_id: int
    indicator: str

    def subject(self) -> Ref:
        return Ref(MEASURE, self.measure_id)


@dataclass(frozen=True, kw_only=True)
class MeasureMade(_OfMeasure, Event):
    """A coordinator said what is done about a judgement, and by when."""

    name: ClassVar[str] = "observatory.measure_made"
    label: ClassVar[Any] = _l("La inn et tiltak for en indikator")
    round_id: int
    title: str
    deadline: date


@dataclass(frozen=True, kw_only=True)
class MeasureChanged(_OfMeasure, Event):
    """A coordinator changed what a measure says."""

    name: ClassVar[str] = "observatory.measure_changed"
    label: ClassVar[Any] = _l("Endret et tiltak for en indikator")
    title: str
    deadline: date


@dataclass(frozen=True, kw_only=True)
class MeasureLogged(_OfMeasure, Event):
    """Somebody told how a measure is going; the status is the one it has now."""

    name: ClassVar[str] = "observatory.measure_logged"
    label: ClassVar[Any] = _l("Fortalte hvordan det går med et tiltak")
    measure_status: MeasureStatus


@dataclass(frozen=True, kw_only=True)
class MeasureLinked(_OfMeasure, Event):
    """A measure was tied to an idea, a project or a solution."""

    name: ClassVar[str] = "observatory.measure_linked"
    label: ClassVar[Any] = _l("Koblet et tiltak til noe annet")
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class MeasureUnlinked(_OfMeasure, Event):
    """The tie was taken away."""

    name: ClassVar[str] = "observatory.measure_unlinked"
    label: ClassVar[Any] = _l("Fjernet en kobling fra et tiltak")
    kind: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class IndicatorAnswered(Event):
    """The municipality said in public what it thinks of the judgement of an indicator, or took the words back."""

    name: ClassVar[str] = "observatory.indicator_answered"
    label: ClassVar[Any] = _l("Svarte på vurderingen av en indikator")
    round_id: int
    indicator: str

    def subject(self) -> Ref:
        return Ref(INDICATOR, row_number(self.indicator))

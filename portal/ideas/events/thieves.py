"""What happens to tidstyver, and to the measures against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.events.cases import OfCase
from portal.ideas.hours import Owner
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class ThiefChanged(OfCase, Event):
    """The author changed what is said of the time: whose, why and how much."""

    hides_actor: ClassVar[bool] = True
    name: ClassVar[str] = "thief.changed"
    label: ClassVar[Any] = _l("Endret tallene i en tidstyv")


@dataclass(frozen=True, kw_only=True)
class ThiefTransferred(OfCase, Event):
    """The responsibility went to somebody else, or was placed for the first time."""

    name: ClassVar[str] = "thief.transferred"
    label: ClassVar[Any] = _l("Overførte ansvaret for en tidstyv")
    to_owner: Owner


@dataclass(frozen=True, kw_only=True)
class ThiefAttached(OfCase, Event):
    """It was put on a measure, or taken off: then there is no measure."""

    name: ClassVar[str] = "thief.attached"
    label: ClassVar[Any] = _l("Koblet en tidstyv til et tiltak")
    measure_id: int | None


@dataclass(frozen=True, kw_only=True)
class ThiefMeasured(OfCase, Event):
    """Its time was measured afterwards."""

    name: ClassVar[str] = "thief.measured"
    label: ClassVar[Any] = _l("Målte tiden til en tidstyv på nytt")


@dataclass(frozen=True, kw_only=True)
class ThiefConfirmed(OfCase, Event):
    """Somebody who had it said whether the time came back. The trail doesn't keep what they said."""

    hides_actor: ClassVar[bool] = True
    name: ClassVar[str] = "thief.confirmed"
    label: ClassVar[Any] = _l("Sa om tiden kom tilbake")


@dataclass(frozen=True, kw_only=True)
class MeasureMade(Event):
    """Staff made a measure against tidstyver."""

    name: ClassVar[str] = "thief_measure.made"
    label: ClassVar[Any] = _l("Laget et tiltak mot tidstyver")
    measure_id: int


@dataclass(frozen=True, kw_only=True)
class MeasureChanged(Event):
    """Staff changed what a measure says."""

    name: ClassVar[str] = "thief_measure.changed"
    label: ClassVar[Any] = _l("Endret et tiltak mot tidstyver")
    measure_id: int


@dataclass(frozen=True, kw_only=True)
class MeasureMeasured(Event):
    """What a measure freed was measured for all of its tidstyver as one, or that was taken back."""

    name: ClassVar[str] = "thief_measure.measured"
    label: ClassVar[Any] = _l("Målte hva et tiltak mot tidstyver frigjorde")
    measure_id: int

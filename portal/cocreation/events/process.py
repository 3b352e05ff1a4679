"""What happens on the way: agreement, gates, risk, ending."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.events.projects import OfProject
from portal.cocreation.models.projects import Ending
from portal.cocreation.phases import Phase
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class AgreementConfirmed(OfProject, Event):
    """A party confirmed a version of the agreement."""

    name: ClassVar[str] = "project.agreement_confirmed"
    label: ClassVar[Any] = _l("Bekreftet en avtale")
    agreement_id: int
    party_id: int


@dataclass(frozen=True, kw_only=True)
class GateAnswered(OfProject, Event):
    """A question at a gate was answered."""

    name: ClassVar[str] = "project.gate_answered"
    label: ClassVar[Any] = _l("Svarte på et spørsmål ved en port")
    phase: Phase
    question: str
    is_yes: bool


@dataclass(frozen=True, kw_only=True)
class PhaseMoved(OfProject, Event):
    """A gate was passed, or the project went back, with a reason."""

    name: ClassVar[str] = "project.phase_moved"
    label: ClassVar[Any] = _l("Flyttet et prosjekt til en annen fase")
    came_from: Phase
    came_to: Phase


@dataclass(frozen=True, kw_only=True)
class RiskEntered(OfProject, Event):
    """A risk was entered."""

    name: ClassVar[str] = "project.risk_entered"
    label: ClassVar[Any] = _l("La inn en risiko")
    risk_id: int


@dataclass(frozen=True, kw_only=True)
class RiskChanged(OfProject, Event):
    """A risk was changed or closed."""

    name: ClassVar[str] = "project.risk_changed"
    label: ClassVar[Any] = _l("Endret en risiko")
    risk_id: int


@dataclass(frozen=True, kw_only=True)
class EvaluationGiven(OfProject, Event):
    """A party evaluated how it went."""

    name: ClassVar[str] = "project.evaluated"
    label: ClassVar[Any] = _l("Vurderte hvordan et prosjekt gikk")
    party_id: int


@dataclass(frozen=True, kw_only=True)
class ProjectEnded(OfProject, Event):
    """The project is over; what was learnt is told."""

    name: ClassVar[str] = "project.ended"
    label: ClassVar[Any] = _l("Avsluttet et prosjekt")
    ending: Ending

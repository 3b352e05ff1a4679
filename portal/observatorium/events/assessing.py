"""What can happen when the municipality assesses itself: parts, levels, evidence, signatures and who owes what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.events.rounds import ROUND

EVIDENCE = "observatory_evidence"
ASSESSING = "observatory_assessing"
"""The list of what somebody is to assess; there is one, and it is everybody's own."""


@dataclass(frozen=True, kw_only=True)
class _InRound:
    """Something that happened to the self-assessment of a round."""

    round_id: int
    slug: str

    def subject(self) -> Ref:
        return Ref(ROUND, self.round_id)


@dataclass(frozen=True, kw_only=True)
class PartChanged(_InRound, Event):
    """A coordinator added, reworded, hid or showed a sub-indicator in the draft of a round."""

    name: ClassVar[str] = "observatory.part_changed"
    label: ClassVar[Any] = _l("Endret en delindikator i en runde")
    part: str
    title: str
    shown: bool


@dataclass(frozen=True, kw_only=True)
class PartAssessed(_InRound, Event):
    """The municipality assessed a sub-indicator, or confirmed what was copied from an earlier round."""

    name: ClassVar[str] = "observatory.part_assessed"
    label: ClassVar[Any] = _l("Vurderte en delindikator")
    part: str
    part_level: PartLevel


@dataclass(frozen=True, kw_only=True)
class AssessmentsCopied(_InRound, Event):
    """The assessments of an earlier round were copied, to be confirmed one by one."""

    name: ClassVar[str] = "observatory.assessments_copied"
    label: ClassVar[Any] = _l("Kopierte egenvurderingen fra en tidligere runde")
    copied_from: str
    number: int


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(_InRound, Event):
    """A piece of evidence was added to a sub-indicator."""

    name: ClassVar[str] = "observatory.evidence_added"
    label: ClassVar[Any] = _l("La til belegg")
    part: str
    evidence_id: int


@dataclass(frozen=True, kw_only=True)
class EvidenceRemoved(_InRound, Event):
    """A piece of evidence was taken back before the round was published."""

    name: ClassVar[str] = "observatory.evidence_removed"
    label: ClassVar[Any] = _l("Tok bort belegg")
    part: str
    evidence_id: int


@dataclass(frozen=True, kw_only=True)
class OwnSummaryWritten(_InRound, Event):
    """The municipality summed up its assessment of an indicator."""

    name: ClassVar[str] = "observatory.own_summary_written"
    label: ClassVar[Any] = _l("Oppsummerte egenvurderingen av en indikator")
    indicator: str


@dataclass(frozen=True, kw_only=True)
class OwnAssessmentSigned(_InRound, Event):
    """A coordinator signed the municipality's assessment of an indicator."""

    name: ClassVar[str] = "observatory.own_assessment_signed"
    label: ClassVar[Any] = _l("Signerte egenvurderingen av en indikator")
    indicator: str


@dataclass(frozen=True, kw_only=True)
class IndicatorAssigned(_InRound, Event):
    """A service area was asked to assess an indicator by a day."""

    name: ClassVar[str] = "observatory.indicator_assigned"
    label: ClassVar[Any] = _l("Fordelte en indikator til et tjenesteområde")
    indicator: str
    service_area_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AssignmentRemoved(_InRound, Event):
    """A service area no longer owes the assessment of an indicator."""

    name: ClassVar[str] = "observatory.assignment_removed"
    label: ClassVar[Any] = _l("Tok bort fordelingen av en indikator")
    indicator: str
    service_area_id: int


@dataclass(frozen=True, kw_only=True)
class AssigneesReminded(_InRound, Event):
    """The employees of a service area were reminded of what they are to assess."""

    name: ClassVar[str] = "observatory.assignees_reminded"
    label: ClassVar[Any] = _l("Minnet om egenvurderinger som venter")
    service_area_id: int
    indicators: tuple[str, ...]

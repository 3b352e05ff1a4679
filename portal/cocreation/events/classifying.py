"""What happens when parties answer who decides what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.events.projects import OfProject
from portal.cocreation.phases import Phase
from portal.cocreation.typology import ProjectType
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class ClassificationAnswered(OfProject, Event):
    """A party answered the questionnaire."""

    name: ClassVar[str] = "project.classified"
    label: ClassVar[Any] = _l("Svarte på hvem som bestemmer hva")
    party_id: int
    phase: Phase
    rule_version: str


@dataclass(frozen=True, kw_only=True)
class TypeChosen(OfProject, Event):
    """The owner chose a type, with a reason in public."""

    name: ClassVar[str] = "project.type_chosen"
    label: ClassVar[Any] = _l("Valgte type for et prosjekt")
    project_type: ProjectType
    phase: Phase

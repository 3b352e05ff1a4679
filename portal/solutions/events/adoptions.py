"""What happens as somebody takes a solution in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.solutions.adoption import Step

ADOPTION = "adoption"


@dataclass(frozen=True, kw_only=True)
class OfAdoption:
    """Something that happened as somebody takes a solution in use."""

    adoption_id: int
    solution_id: int

    def subject(self) -> Ref:
        return Ref(ADOPTION, self.adoption_id)


@dataclass(frozen=True, kw_only=True)
class AdoptionBegun(OfAdoption, Event):
    """Somebody told that they consider, try or use a solution."""

    name: ClassVar[str] = "adoption.begun"
    label: ClassVar[Any] = _l("Meldte fra om bruk av en løsning")
    step: Step


@dataclass(frozen=True, kw_only=True)
class AdoptionMoved(OfAdoption, Event):
    """They came a step further, or stopped."""

    name: ClassVar[str] = "adoption.moved"
    label: ClassVar[Any] = _l("Kom et steg videre med en løsning")
    step: Step


@dataclass(frozen=True, kw_only=True)
class AdoptionEdited(OfAdoption, Event):
    """They changed what they tell; it waits for moderation."""

    name: ClassVar[str] = "adoption.edited"
    label: ClassVar[Any] = _l("Endret det de forteller om bruken")


@dataclass(frozen=True, kw_only=True)
class AdoptionWithdrawn(OfAdoption, Event):
    """They took back that they ever told."""

    name: ClassVar[str] = "adoption.withdrawn"
    label: ClassVar[Any] = _l("Trakk meldingen om bruk")

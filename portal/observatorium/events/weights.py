"""What can happen with the weighting of a round, and with what is taken out of it. Never whose answers they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.events.rounds import ROUND


@dataclass(frozen=True, kw_only=True)
class _OfRound:
    """Something that happened to a round."""

    round_id: int
    slug: str

    def subject(self) -> Ref:
        return Ref(ROUND, self.round_id)


@dataclass(frozen=True, kw_only=True)
class PopulationUploaded(_OfRound, Event):
    """A coordinator uploaded the table that residents are weighted by."""

    name: ClassVar[str] = "observatory.population_uploaded"
    label: ClassVar[Any] = _l("La inn befolkningstall")
    source: str
    total: int


@dataclass(frozen=True, kw_only=True)
class AnswersExcluded(_OfRound, Event):
    """A coordinator took answers that have something in common out of the result. Counted in fives."""

    name: ClassVar[str] = "observatory.answers_excluded"
    label: ClassVar[Any] = _l("Tok svar ut av resultatet")
    alike: str
    count: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ExclusionLifted(_OfRound, Event):
    """A coordinator took answers back into the result before it was published."""

    name: ClassVar[str] = "observatory.exclusion_lifted"
    label: ClassVar[Any] = _l("Tok svar inn igjen i resultatet")
    alike: str
    count: int | None

"""What happens to a solution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

SOLUTION = "solution"
TRANSLATION = "solution_translation"


@dataclass(frozen=True, kw_only=True)
class OfSolution:
    """Something that happened to a solution."""

    solution_id: int

    def subject(self) -> Ref:
        return Ref(SOLUTION, self.solution_id)


@dataclass(frozen=True, kw_only=True)
class SolutionShared(OfSolution, Event):
    """Somebody told of a solution: it waits for moderation."""

    name: ClassVar[str] = "solution.shared"
    label: ClassVar[Any] = _l("Delte en løsning")
    origin: str = ""
    """What it came of, as kind:id."""


@dataclass(frozen=True, kw_only=True)
class SolutionEdited(OfSolution, Event):
    """Its owner changed it; new words wait for moderation again."""

    name: ClassVar[str] = "solution.edited"
    label: ClassVar[Any] = _l("Endret en løsning")
    edition: int


@dataclass(frozen=True, kw_only=True)
class SolutionTranslated(Event):
    """Its owner said it in another language, or changed how; that waits for moderation."""

    name: ClassVar[str] = "solution.translated"
    label: ClassVar[Any] = _l("Oversatte en løsning")
    translation_id: int
    solution_id: int

    def subject(self) -> Ref:
        return Ref(TRANSLATION, self.translation_id)


@dataclass(frozen=True, kw_only=True)
class TranslationWithdrawn(Event):
    """Its owner took a translation back, or withdrew the solution it was of."""

    name: ClassVar[str] = "solution.translation_withdrawn"
    label: ClassVar[Any] = _l("Trakk en oversettelse")
    translation_id: int
    solution_id: int

    def subject(self) -> Ref:
        return Ref(TRANSLATION, self.translation_id)


@dataclass(frozen=True, kw_only=True)
class SolutionWithdrawn(OfSolution, Event):
    """Its owner no longer stands for it: it is gone from lists, and other portals are told."""

    name: ClassVar[str] = "solution.withdrawn"
    label: ClassVar[Any] = _l("Trakk en løsning")


@dataclass(frozen=True, kw_only=True)
class SolutionNoted(OfSolution, Event):
    """Staff here wrote a note beside a solution from another portal."""

    name: ClassVar[str] = "solution.noted"
    label: ClassVar[Any] = _l("Skrev et notat til en løsning")

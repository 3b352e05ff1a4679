"""What can happen to the municipality's delmål."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

GOAL = "goal"
"""The kind of content that the 17 are: `Ref("goal", 1)` to `Ref("goal", 17)`."""
SUBGOAL = "subgoal"
"""The kind of content that delmål are."""


@dataclass(frozen=True, kw_only=True)
class SubgoalsImported(Event):
    """Delmål under a goal came from a file, or were changed by one: told by their codes."""

    name: ClassVar[str] = "goals.subgoals_imported"
    label: ClassVar[Any] = _l("Leste inn delmål fra en fil")
    goal: int
    added: tuple[str, ...]
    changed: tuple[str, ...]

    def subject(self) -> Ref:
        return Ref(GOAL, self.goal)

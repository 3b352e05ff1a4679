"""What happens when ideas turn out to be the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.events.ideas import IDEA
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class _OfMerge:
    """Something that happened to two ideas. The subject is the one that was made part of the other."""

    merge_id: int
    kept_id: int
    merged_id: int

    def subject(self) -> Ref:
        return Ref(IDEA, self.merged_id)


@dataclass(frozen=True, kw_only=True)
class IdeasMerged(_OfMerge, Event):
    """One idea was made part of another: its page points on, and its supporters support the other too."""

    name: ClassVar[str] = "idea.merged"
    label: ClassVar[Any] = _l("Slo sammen to ideer")


@dataclass(frozen=True, kw_only=True)
class MergeUndone(_OfMerge, Event):
    """They were not the same after all: both are as they were."""

    name: ClassVar[str] = "idea.merge_undone"
    label: ClassVar[Any] = _l("Angret at to ideer ble slått sammen")

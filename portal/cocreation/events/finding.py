"""What happens as actors find each other, and as methods are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.events.posts import OfPost
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class OfferClosed(OfPost, Event):
    """An offer is no longer open."""

    name: ClassVar[str] = "offer.closed"
    label: ClassVar[Any] = _l("Lukket et tilbud")


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """Somebody wrote through the portal."""

    name: ClassVar[str] = "actor.message_sent"
    label: ClassVar[Any] = _l("Skrev til et prosjekt eller en aktør")
    message_id: int
    kind: str
    target_id: int

    def subject(self) -> Ref:
        return Ref(self.kind, self.target_id)


@dataclass(frozen=True, kw_only=True)
class MethodAdded(Event):
    """Staff added a method card."""

    name: ClassVar[str] = "method.added"
    label: ClassVar[Any] = _l("La til en metode")
    method_id: int


@dataclass(frozen=True, kw_only=True)
class MethodChanged(Event):
    """Staff changed or retired a method card."""

    name: ClassVar[str] = "method.changed"
    label: ClassVar[Any] = _l("Endret en metode")
    method_id: int

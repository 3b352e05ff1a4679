"""What happens as actors find each other, and as methods are added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.events.posts import OfPost
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

MESSAGE = "actor_message"
ORGANISATION = "organisation"
"""What one can write to besides projects, needs and offers."""


@dataclass(frozen=True, kw_only=True)
class OfferClosed(OfPost, Event):
    """An offer is no longer open."""

    name: ClassVar[str] = "offer.closed"
    label: ClassVar[Any] = _l("Lukket et tilbud")


@dataclass(frozen=True, kw_only=True)
class OfferReopened(OfPost, Event):
    """An offer is open again."""

    name: ClassVar[str] = "offer.reopened"
    label: ClassVar[Any] = _l("Åpnet et tilbud igjen")


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
class ConversationEnded(Event):
    """Those who were written to want no more messages from the one who wrote; or `reopened`: they do after all."""

    name: ClassVar[str] = "actor.conversation_ended"
    label: ClassVar[Any] = _l("Avsluttet en samtale, eller åpnet den igjen")
    reopened: bool
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

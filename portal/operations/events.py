"""What can happen in operations: somebody steps in where something is stuck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class _OfRow:
    """Something that happened to a row of the outbox."""

    row_id: int
    topic: str
    attempts: int

    def subject(self) -> Ref:
        return Ref("outbox", self.row_id)


@dataclass(frozen=True, kw_only=True)
class SendingRetried(_OfRow, Event):
    """An administrator asked for a stuck sending to be tried again at once."""

    name: ClassVar[str] = "outbox.retried"
    label: ClassVar[Any] = _l("Prøvde en sending på nytt")


@dataclass(frozen=True, kw_only=True)
class SendingGivenUp(_OfRow, Event):
    """An administrator decided that a stuck sending is never to be sent."""

    name: ClassVar[str] = "outbox.given_up"
    label: ClassVar[Any] = _l("Ga opp en sending")
    reason: str

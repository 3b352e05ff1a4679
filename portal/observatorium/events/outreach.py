"""What can happen to invitations and to paper forms. Of answers nothing is told: not which, not by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.events.rounds import ROUND


@dataclass(frozen=True, kw_only=True)
class _InRound:
    """Something that happened around a round."""

    round_id: int
    slug: str

    def subject(self) -> Ref:
        return Ref(ROUND, self.round_id)


@dataclass(frozen=True, kw_only=True)
class InvitationMade(_InRound, Event):
    """A coordinator made a link for one place, group or organisation."""

    name: ClassVar[str] = "observatory.invitation_made"
    label: ClassVar[Any] = _l("Laget en invitasjon")
    invitation_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class InvitationClosed(_InRound, Event):
    """From now on nobody is counted as having come by the link."""

    name: ClassVar[str] = "observatory.invitation_closed"
    label: ClassVar[Any] = _l("Lukket en invitasjon")
    invitation_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class _OfBatch(_InRound):
    """Something that happened to a batch of paper forms."""

    batch_id: int
    title: str


@dataclass(frozen=True, kw_only=True)
class PaperBatchBegun(_OfBatch, Event):
    """Somebody began to enter a pile of paper forms."""

    name: ClassVar[str] = "observatory.paper_batch_begun"
    label: ClassVar[Any] = _l("Begynte på en bunt papirskjemaer")


@dataclass(frozen=True, kw_only=True)
class PaperFormEntered(_OfBatch, Event):
    """One form was entered, or entered anew."""

    name: ClassVar[str] = "observatory.paper_form_entered"
    label: ClassVar[Any] = _l("Førte inn et papirskjema")
    number: int


@dataclass(frozen=True, kw_only=True)
class PaperFormRemoved(_OfBatch, Event):
    """One form was taken out of a batch that isn't approved."""

    name: ClassVar[str] = "observatory.paper_form_removed"
    label: ClassVar[Any] = _l("Fjernet et papirskjema")
    number: int


@dataclass(frozen=True, kw_only=True)
class PaperBatchSent(_OfBatch, Event):
    """The batch waits for a second pair of eyes."""

    name: ClassVar[str] = "observatory.paper_batch_sent"
    label: ClassVar[Any] = _l("Sendte en bunt papirskjemaer til godkjenning")
    count: int


@dataclass(frozen=True, kw_only=True)
class PaperBatchApproved(_OfBatch, Event):
    """The forms became ratings like all others, and what was entered is gone."""

    name: ClassVar[str] = "observatory.paper_batch_approved"
    label: ClassVar[Any] = _l("Godkjente en bunt papirskjemaer")
    count: int


@dataclass(frozen=True, kw_only=True)
class PaperBatchRejected(_OfBatch, Event):
    """The batch went back to whoever entered it."""

    name: ClassVar[str] = "observatory.paper_batch_rejected"
    label: ClassVar[Any] = _l("Avviste en bunt papirskjemaer")
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaperBatchDiscarded(_OfBatch, Event):
    """A batch that was never approved is gone, with its forms."""

    name: ClassVar[str] = "observatory.paper_batch_discarded"
    label: ClassVar[Any] = _l("Forkastet en bunt papirskjemaer")

"""What can happen in the observatory. Of rating there is one event only: that somebody joined a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.observatorium.catalogue import Level

ROUND = "observatory_round"
COMMENT = "observatory_comment"
INDICATOR = "indicator"


@dataclass(frozen=True, kw_only=True)
class _OfRound:
    """Something that happened to a round."""

    round_id: int
    slug: str

    def subject(self) -> Ref:
        return Ref(ROUND, self.round_id)


@dataclass(frozen=True, kw_only=True)
class RoundCreated(_OfRound, Event):
    """A coordinator made a round, as a draft."""

    name: ClassVar[str] = "observatory.round_created"
    label: ClassVar[Any] = _l("Laget en runde")
    title: str
    opens_at: datetime
    closes_at: datetime
    sign_in_methods: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoundChanged(_OfRound, Event):
    """A coordinator changed the draft of a round."""

    name: ClassVar[str] = "observatory.round_changed"
    label: ClassVar[Any] = _l("Endret utkastet til en runde")
    title: str
    opens_at: datetime
    closes_at: datetime
    sign_in_methods: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RoundOpened(_OfRound, Event):
    """The catalogue was frozen and the key made: from the opening time people may rate."""

    name: ClassVar[str] = "observatory.round_opened"
    label: ClassVar[Any] = _l("Åpnet en runde")
    catalogue_version: str


@dataclass(frozen=True, kw_only=True)
class RoundExtended(_OfRound, Event):
    """The closing time was moved."""

    name: ClassVar[str] = "observatory.round_extended"
    label: ClassVar[Any] = _l("Forlenget en runde")
    closed_before: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class RoundClosed(_OfRound, Event):
    """Nobody can rate any more."""

    name: ClassVar[str] = "observatory.round_closed"
    label: ClassVar[Any] = _l("Lukket en runde")


@dataclass(frozen=True, kw_only=True)
class PublishingStarted(_OfRound, Event):
    """The worker was asked to compute the result."""

    name: ClassVar[str] = "observatory.publishing_started"
    label: ClassVar[Any] = _l("Begynte å publisere et resultat")
    revision: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RoundPublished(_OfRound, Event):
    """The first result is there for everybody."""

    name: ClassVar[str] = "observatory.round_published"
    label: ClassVar[Any] = _l("Publiserte et resultat")
    revision: int
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class RoundCorrected(_OfRound, Event):
    """A corrected result stands beside the earlier ones."""

    name: ClassVar[str] = "observatory.round_corrected"
    label: ClassVar[Any] = _l("Publiserte et rettet resultat")
    revision: int
    content_hash: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RoundWithdrawn(_OfRound, Event):
    """The round no longer counts."""

    name: ClassVar[str] = "observatory.round_withdrawn"
    label: ClassVar[Any] = _l("Trakk en runde")
    reason: str


@dataclass(frozen=True, kw_only=True)
class RoundKeyDestroyed(_OfRound, Event):
    """From now on nobody can find a person's answers in this round."""

    name: ClassVar[str] = "observatory.round_key_destroyed"
    label: ClassVar[Any] = _l("Ødela nøkkelen til en runde")


@dataclass(frozen=True, kw_only=True)
class OwnLevelSet(_OfRound, Event):
    """The municipality said where it stands itself; no level is «not assessed»."""

    name: ClassVar[str] = "observatory.own_level_set"
    label: ClassVar[Any] = _l("Satte kommunens eget nivå")
    indicator: str
    level: Level | None


@dataclass(frozen=True, kw_only=True)
class RoundJoined(_OfRound, Event):
    """Somebody gave their first answer in a round. The only event of rating: never which group, indicator or answer."""

    name: ClassVar[str] = "observatory.round_joined"
    label: ClassVar[Any] = _l("Ble med i en runde")


@dataclass(frozen=True, kw_only=True)
class _OfComment:
    """Something that happened to a comment on an indicator. Comments are shown without a name."""

    hides_actor: ClassVar[bool] = True
    comment_id: int
    round_id: int
    indicator: str

    def subject(self) -> Ref:
        return Ref(COMMENT, self.comment_id)


@dataclass(frozen=True, kw_only=True)
class CommentWritten(_OfComment, Event):
    """Somebody wrote a comment; it waits for a moderator."""

    name: ClassVar[str] = "observatory.comment_written"
    label: ClassVar[Any] = _l("Skrev en kommentar")


@dataclass(frozen=True, kw_only=True)
class CommentChanged(_OfComment, Event):
    """The author rewrote the comment; it waits for a moderator again."""

    name: ClassVar[str] = "observatory.comment_changed"
    label: ClassVar[Any] = _l("Endret en kommentar")


@dataclass(frozen=True, kw_only=True)
class CommentWithdrawn(_OfComment, Event):
    """The author took the comment back."""

    name: ClassVar[str] = "observatory.comment_withdrawn"
    label: ClassVar[Any] = _l("Trakk en kommentar")

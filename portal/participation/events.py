"""What can happen when people take part: support, follow, and what they write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l
from portal.participation.models import Form

CONTRIBUTION = "contribution"
"""The kind of content that contributions are."""


@dataclass(frozen=True, kw_only=True)
class _OnThing:
    """Something a person did with a thing. Who supports and follows what, is nobody else's business."""

    hides_actor: ClassVar[bool] = True
    on_kind: str
    on_id: int

    def subject(self) -> Ref:
        return Ref(self.on_kind, self.on_id)


@dataclass(frozen=True, kw_only=True)
class SupportGiven(_OnThing, Event):
    """Somebody supports the thing."""

    name: ClassVar[str] = "participation.support_given"
    label: ClassVar[Any] = _l("Støttet noe")


@dataclass(frozen=True, kw_only=True)
class SupportWithdrawn(_OnThing, Event):
    """Somebody took their support back."""

    name: ClassVar[str] = "participation.support_withdrawn"
    label: ClassVar[Any] = _l("Trakk støtten til noe")


@dataclass(frozen=True, kw_only=True)
class FollowBegun(_OnThing, Event):
    """Somebody wants to be told what happens to the thing."""

    name: ClassVar[str] = "participation.follow_begun"
    label: ClassVar[Any] = _l("Begynte å følge noe")


@dataclass(frozen=True, kw_only=True)
class FollowEnded(_OnThing, Event):
    """Somebody doesn't want to be told any more."""

    name: ClassVar[str] = "participation.follow_ended"
    label: ClassVar[Any] = _l("Sluttet å følge noe")


@dataclass(frozen=True, kw_only=True)
class _OfContribution:
    """Something that happened to a contribution. Its subject is the contribution; what it is on is told beside.

    Nobody is to see through a pseudonym by way of the list of what has happened.
    """

    hides_actor: ClassVar[bool] = True
    contribution_id: int
    on_kind: str
    on_id: int
    form: Form
    parent_id: int | None
    """What it replies to."""
    is_official: bool
    """The municipality's answer."""

    def subject(self) -> Ref:
        return Ref(CONTRIBUTION, self.contribution_id)

    def target(self) -> Ref:
        """Return the thing that it was written on."""
        return Ref(self.on_kind, self.on_id)


@dataclass(frozen=True, kw_only=True)
class ContributionWritten(_OfContribution, Event):
    """Somebody wrote an argument, a question, a comment or a reply; it waits for moderation."""

    name: ClassVar[str] = "participation.contribution_written"
    label: ClassVar[Any] = _l("Skrev et innlegg")


@dataclass(frozen=True, kw_only=True)
class ContributionEdited(_OfContribution, Event):
    """The author changed the text; it waits for moderation again."""

    name: ClassVar[str] = "participation.contribution_edited"
    label: ClassVar[Any] = _l("Endret et innlegg")


@dataclass(frozen=True, kw_only=True)
class ContributionWithdrawn(_OfContribution, Event):
    """The author took it back: its text and its earlier wordings are gone."""

    name: ClassVar[str] = "participation.contribution_withdrawn"
    label: ClassVar[Any] = _l("Trakk et innlegg")

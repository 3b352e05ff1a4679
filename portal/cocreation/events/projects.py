"""What happens to a project, its parties and its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.models.projects import MemberRole
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

PROJECT = "project"


@dataclass(frozen=True, kw_only=True)
class OfProject:
    """Something that happened in a project."""

    project_id: int

    def subject(self) -> Ref:
        return Ref(PROJECT, self.project_id)


@dataclass(frozen=True, kw_only=True)
class ProjectStarted(OfProject, Event):
    """Somebody started a project: it waits for moderation."""

    name: ClassVar[str] = "project.started"
    label: ClassVar[Any] = _l("Startet et samskapingsprosjekt")
    origin: str = ""
    """What it was started from, as kind:id."""


@dataclass(frozen=True, kw_only=True)
class ProjectEdited(OfProject, Event):
    """An owner changed the wording; it waits for moderation again."""

    name: ClassVar[str] = "project.edited"
    label: ClassVar[Any] = _l("Endret et samskapingsprosjekt")


@dataclass(frozen=True, kw_only=True)
class ProjectWithdrawn(OfProject, Event):
    """The one who started it took it back, before others had joined."""

    name: ClassVar[str] = "project.withdrawn"
    label: ClassVar[Any] = _l("Trakk et samskapingsprosjekt")


@dataclass(frozen=True, kw_only=True)
class PartyAdded(OfProject, Event):
    """A party came into a project."""

    name: ClassVar[str] = "project.party_added"
    label: ClassVar[Any] = _l("La til en part")
    party_id: int


@dataclass(frozen=True, kw_only=True)
class PartyChanged(OfProject, Event):
    """A party's name, contact or part in the steps was changed."""

    name: ClassVar[str] = "project.party_changed"
    label: ClassVar[Any] = _l("Endret en part")
    party_id: int


@dataclass(frozen=True, kw_only=True)
class PartyLeft(OfProject, Event):
    """A party is no longer in the project."""

    name: ClassVar[str] = "project.party_left"
    label: ClassVar[Any] = _l("Tok en part ut av prosjektet")
    party_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipAsked(OfProject, Event):
    """Somebody asked to join; an owner answers."""

    name: ClassVar[str] = "project.membership_asked"
    label: ClassVar[Any] = _l("Ba om å bli med i et prosjekt")
    account_id: int
    role: MemberRole


@dataclass(frozen=True, kw_only=True)
class MemberJoined(OfProject, Event):
    """Somebody is a member now: accepted by an owner, or entitled to represent a party."""

    name: ClassVar[str] = "project.member_joined"
    label: ClassVar[Any] = _l("Ble med i et prosjekt")
    account_id: int
    role: MemberRole
    party_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class MemberChanged(OfProject, Event):
    """A member's role was changed."""

    name: ClassVar[str] = "project.member_changed"
    label: ClassVar[Any] = _l("Endret rollen til et medlem")
    account_id: int
    before: MemberRole
    after: MemberRole


@dataclass(frozen=True, kw_only=True)
class MemberLeft(OfProject, Event):
    """Somebody left, was taken out, or was not let in."""

    name: ClassVar[str] = "project.member_left"
    label: ClassVar[Any] = _l("Gikk ut av et prosjekt")
    account_id: int

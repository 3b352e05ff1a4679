"""What happens as people do it together: needs, hours, meetings, tasks, input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.cocreation.events.posts import OfPost
from portal.cocreation.events.projects import OfProject
from portal.cocreation.models.together import TaskState, Use
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class SignedUp(OfPost, Event):
    """Somebody took places of a need."""

    name: ClassVar[str] = "project.signed_up"
    label: ClassVar[Any] = _l("Meldte seg til noe et prosjekt trenger")
    amount: int


@dataclass(frozen=True, kw_only=True)
class SignedOff(OfPost, Event):
    """Somebody gave the places back, or was taken off."""

    name: ClassVar[str] = "project.signed_off"
    label: ClassVar[Any] = _l("Meldte seg av noe et prosjekt trenger")
    amount: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class NeedChanged(OfPost, Event):
    """How much is needed, of what or when was changed."""

    name: ClassVar[str] = "project.need_changed"
    label: ClassVar[Any] = _l("Endret hva et prosjekt trenger")
    capacity: int


@dataclass(frozen=True, kw_only=True)
class NeedClosed(OfPost, Event):
    """A need is no longer open."""

    name: ClassVar[str] = "project.need_closed"
    label: ClassVar[Any] = _l("Lukket et behov")


@dataclass(frozen=True, kw_only=True)
class NeedReopened(OfPost, Event):
    """A need is open again."""

    name: ClassVar[str] = "project.need_reopened"
    label: ClassVar[Any] = _l("Åpnet et behov igjen")


@dataclass(frozen=True, kw_only=True)
class HelpThanked(OfPost, Event):
    """Those who helped with a need got a thank-you."""

    name: ClassVar[str] = "project.thanked"
    label: ClassVar[Any] = _l("Takket for hjelpen")
    accounts: int


@dataclass(frozen=True, kw_only=True)
class HoursReported(OfProject, Event):
    """Somebody told how many hours they gave."""

    name: ClassVar[str] = "project.hours_told"
    label: ClassVar[Any] = _l("Fortalte om timer")
    hours_id: int


@dataclass(frozen=True, kw_only=True)
class HoursConfirmed(OfProject, Event):
    """The project confirmed hours somebody told."""

    name: ClassVar[str] = "project.hours_confirmed"
    label: ClassVar[Any] = _l("Bekreftet timer")
    hours_id: int


@dataclass(frozen=True, kw_only=True)
class HoursRefused(OfProject, Event):
    """Hours were taken away, by whoever told them or by the project."""

    name: ClassVar[str] = "project.hours_refused"
    label: ClassVar[Any] = _l("Fjernet timer")
    hours_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingJoined(OfPost, Event):
    """Somebody comes to a meeting."""

    name: ClassVar[str] = "project.meeting_joined"
    label: ClassVar[Any] = _l("Meldte seg på et møte")


@dataclass(frozen=True, kw_only=True)
class MeetingLeft(OfPost, Event):
    """Somebody doesn't come after all."""

    name: ClassVar[str] = "project.meeting_left"
    label: ClassVar[Any] = _l("Meldte seg av et møte")


@dataclass(frozen=True, kw_only=True)
class MeetingChanged(OfPost, Event):
    """A meeting got another time, place or number of places."""

    name: ClassVar[str] = "project.meeting_changed"
    label: ClassVar[Any] = _l("Endret når eller hvor et møte er")
    sequence: int
    moved: bool
    """The time or the place: those who come must know."""


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(OfPost, Event):
    """A meeting is cancelled."""

    name: ClassVar[str] = "project.meeting_cancelled"
    label: ClassVar[Any] = _l("Avlyste et møte")


@dataclass(frozen=True, kw_only=True)
class TaskMade(OfProject, Event):
    """A task was put on the board."""

    name: ClassVar[str] = "project.task_made"
    label: ClassVar[Any] = _l("La til en oppgave")
    task_id: int


@dataclass(frozen=True, kw_only=True)
class TaskChanged(OfProject, Event):
    """A task was moved, changed or taken away."""

    name: ClassVar[str] = "project.task_changed"
    label: ClassVar[Any] = _l("Endret en oppgave")
    task_id: int
    state: TaskState | None = None


@dataclass(frozen=True, kw_only=True)
class InputAnswered(OfPost, Event):
    """An input got its answer: used, partly or not, and why."""

    name: ClassVar[str] = "project.input_answered"
    label: ClassVar[Any] = _l("Svarte på et innspill")
    use: Use

"""What happens to the case of an idea: done by staff, told by title, and mostly in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.events.ideas import IDEA
from portal.ideas.stages import Decision, Stage
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l


@dataclass(frozen=True, kw_only=True)
class OfCase:
    """Something that happened to the case of an idea."""

    idea_id: int

    def subject(self) -> Ref:
        return Ref(IDEA, self.idea_id)


@dataclass(frozen=True, kw_only=True)
class IdeaAssigned(OfCase, Event):
    """The case was given to a service area or a person."""

    name: ClassVar[str] = "idea.assigned"
    label: ClassVar[Any] = _l("Fordelte en idé")
    service_area_id: int | None
    responsible_id: int | None


@dataclass(frozen=True, kw_only=True)
class IdeaAnswered(OfCase, Event):
    """The municipality answered the author in public."""

    name: ClassVar[str] = "idea.answered"
    label: ClassVar[Any] = _l("Svarte på en idé")
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class IdeaMoved(OfCase, Event):
    """The case came to another stage, with a public reason."""

    name: ClassVar[str] = "idea.moved"
    label: ClassVar[Any] = _l("Flyttet en idé til et nytt trinn")
    before: Stage
    after: Stage
    decision: Decision | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaProgressed(OfCase, Event):
    """Staff told what has come of it so far."""

    name: ClassVar[str] = "idea.progressed"
    label: ClassVar[Any] = _l("Fortalte hvordan det går med en idé")


@dataclass(frozen=True, kw_only=True)
class IdeaNoted(OfCase, Event):
    """Staff wrote a note among themselves."""

    name: ClassVar[str] = "idea.noted"
    label: ClassVar[Any] = _l("Skrev et internt notat om en idé")


@dataclass(frozen=True, kw_only=True)
class IdeaAsked(OfCase, Event):
    """Author and supporters are asked whether it helped."""

    name: ClassVar[str] = "idea.asked"
    label: ClassVar[Any] = _l("Spurte om en idé hjalp")


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(OfCase, Event):
    """Somebody said whether it helped."""

    hides_actor: ClassVar[bool] = True
    name: ClassVar[str] = "idea.verdict_given"
    label: ClassVar[Any] = _l("Sa om en idé hjalp")

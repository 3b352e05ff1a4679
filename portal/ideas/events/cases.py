"""What happens to the case of an idea: done by staff, told by title, and mostly in public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.ideas.events.ideas import IDEA
from portal.ideas.stages import Decision, Stage
from portal.kernel.content import Ref
from portal.kernel.events import Event
from portal.kernel.i18n import _l

STEP, VERDICT, CASE, DESK = "idea_step", "idea_verdict", "idea_case", "idea_desk"
"""Kinds of what notices point to: a step, the question whether it helped, the staff's page of one case, and of all."""


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
    to_another: bool
    """The one who is responsible is another than before."""


@dataclass(frozen=True, kw_only=True)
class IdeaAnswered(OfCase, Event):
    """The municipality answered the author in public."""

    name: ClassVar[str] = "idea.answered"
    label: ClassVar[Any] = _l("Svarte på en idé")
    is_first: bool
    step_id: int | None = None
    """The step that tells it."""


@dataclass(frozen=True, kw_only=True)
class IdeaMoved(OfCase, Event):
    """The case came to another stage, with a public reason."""

    name: ClassVar[str] = "idea.moved"
    label: ClassVar[Any] = _l("Flyttet en idé til et nytt trinn")
    before: Stage
    after: Stage
    decision: Decision | None = None
    step_id: int | None = None
    """The step that tells it."""


@dataclass(frozen=True, kw_only=True)
class IdeaProgressed(OfCase, Event):
    """Staff told what has come of it so far."""

    name: ClassVar[str] = "idea.progressed"
    label: ClassVar[Any] = _l("Fortalte hvordan det går med en idé")
    step_id: int | None = None


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


@dataclass(frozen=True, kw_only=True)
class IdeaFiled(OfCase, Event):
    """Staff wrote down the number that the case has in the municipality's archive."""

    name: ClassVar[str] = "idea.filed"
    label: ClassVar[Any] = _l("Førte opp arkivnummeret til en idé")
    journal_number: str


@dataclass(frozen=True, kw_only=True)
class CasesReminded(Event):
    """Somebody of the staff was reminded of cases: of an answer that is due, or of news that people wait for."""

    name: ClassVar[str] = "idea.reminded"
    label: ClassVar[Any] = _l("Minnet om saker som venter")
    account_id: int
    soon_ids: list[int]
    """Ideas whose first answer is due in a few days."""
    late_ids: list[int]
    untold_ids: list[int]
    """Ideas that nothing has been told of for long."""

    def subject(self) -> Ref:
        return Ref("account", self.account_id)

    def personal_account_id(self) -> int | None:
        return self.account_id


@dataclass(frozen=True, kw_only=True)
class IdeaAssessed(OfCase, Event):
    """One of the staff assessed it. What they gave is not told here: others are blind until they have given theirs."""

    name: ClassVar[str] = "idea.assessed"
    label: ClassVar[Any] = _l("Vurderte en idé")

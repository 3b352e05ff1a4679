"""What one pillar's page shows of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.cocreation.queries.serving import ServingProject, started_from
from portal.cocreation.queries.serving import serving as projects_serving
from portal.ideas.queries.serving import ServingIdea, serving
from portal.kernel.content import Ref
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import catalogue, number_of
from portal.observatorium.events import INDICATOR
from portal.observatorium.queries.colours import RoundColour, colours

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class IdeasForIndicator:
    """The ideas that want to change an indicator's colour, the most supported first."""

    number: str
    ideas: Sequence[ServingIdea]
    has_more: bool


def ideas_for_indicator(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> IdeasForIndicator:
    """Return what an indicator's page shows of the idea bank: an invitation when there is nothing yet."""
    found = serving(actor, ref, limit=SHOWN + 1)
    return IdeasForIndicator(number=number_of(ref.id), ideas=found[:SHOWN], has_more=len(found) > SHOWN)


@dataclass(frozen=True, kw_only=True)
class ProjectsOf:
    """The projects that came of an idea or want to move an indicator, the one with the newest sign of life first."""

    ref: Ref
    projects: Sequence[ServingProject]
    may_start: bool
    """Whoever is signed out is led to the form too, and signs in on the way."""


def projects_of_idea(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> ProjectsOf:
    """Return what an idea's page shows of samskaping: the projects it led to, and the way to start one."""
    return ProjectsOf(ref=ref, projects=started_from(ref, limit=SHOWN), may_start=not actor.is_limited)


def projects_for_indicator(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> ProjectsOf:
    """Return what an indicator's page shows of samskaping."""
    return ProjectsOf(ref=ref, projects=projects_serving(ref, limit=SHOWN), may_start=not actor.is_limited)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An indicator that a project wants to move, and its colour in each published round, oldest first."""

    number: str
    name: str
    colours: Sequence[RoundColour]


def indicators_of_project(_actor: Actor, _ref: Ref, served: Sequence[Ref]) -> Sequence[Moved] | None:
    """Return the indicators a project wants to move, with their colours over the rounds; None when it names none."""
    numbers = [number_of(each.id) for each in served if each.kind == INDICATOR]
    if not numbers:
        return None
    told, code = colours(numbers), language()
    named = {each.number: each.name.in_(code) for each in catalogue().indicators}
    return [Moved(number=each, name=named[each], colours=told.get(each, ())) for each in numbers if each in named]

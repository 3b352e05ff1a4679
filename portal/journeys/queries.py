"""What one pillar's page shows of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.cocreation.queries import serving as projects
from portal.cocreation.queries.serving import ServingProject
from portal.ideas.queries import serving as ideas
from portal.ideas.queries.serving import ServingIdea
from portal.kernel.content import Ref
from portal.kernel.db import db
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


@dataclass(frozen=True, kw_only=True)
class ProjectsOf:
    """The projects that came of an idea or want to move an indicator, the one with the newest sign of life first."""

    ref: Ref
    projects: Sequence[ServingProject]
    may_start: bool
    """Whoever is signed out is led to the form too, and signs in on the way."""


def projects_of_idea(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> ProjectsOf:
    """Return what an idea's page shows of samskaping: the projects it led to, and the way to start one."""
    return ProjectsOf(ref=ref, projects=projects.started_from(ref, limit=SHOWN), may_start=not actor.is_limited)


@dataclass(frozen=True, kw_only=True)
class NextForIndicator:
    """What people propose, and do together, to change an indicator's colour."""

    ideas: IdeasForIndicator
    projects: ProjectsOf


def next_for_indicator(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> NextForIndicator:
    """Return what an indicator's page shows of the other pillars, in one statement: invitations when it is nothing."""
    of_ideas = ideas.serving(actor, ref, limit=SHOWN + 1).add_columns(sa.literal(0).label("which"))
    of_projects = projects.serving(ref, limit=SHOWN).add_columns(sa.literal(1).label("which"))
    rows = sorted(db.session.execute(sa.union_all(of_ideas, of_projects)), key=lambda row: row[0])
    proposed = [ideas.read(row[:-1]) for row in rows if row[-1] == 0]
    started = [projects.read(row[:-1]) for row in rows if row[-1] == 1]
    return NextForIndicator(
        ideas=IdeasForIndicator(number=number_of(ref.id), ideas=proposed[:SHOWN], has_more=len(proposed) > SHOWN),
        projects=ProjectsOf(ref=ref, projects=started, may_start=not actor.is_limited),
    )


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

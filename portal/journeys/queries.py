"""What one pillar's page shows of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.queries import serving as projects
from portal.cocreation.queries.serving import ServingProject
from portal.ideas.models.ideas import Idea
from portal.ideas.queries import serving as ideas
from portal.ideas.queries.serving import ServingIdea
from portal.ideas.stages import Stage
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import catalogue, number_of
from portal.observatorium.events.rounds import INDICATOR
from portal.observatorium.queries import colours
from portal.observatorium.queries.colours import RoundColour
from portal.solutions.queries import serving as solutions
from portal.solutions.queries.serving import ServingSolution

SHOWN = 3
WORKED = frozenset({Ending.SUCCEEDED, Ending.PARTLY})
"""How a project ended when others can learn to do the same."""


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


@dataclass(frozen=True, kw_only=True)
class SolutionsFor:
    """The solutions that came of a thing or help with the same, the ones most others use first."""

    ref: Ref
    solutions: Sequence[ServingSolution]
    number: str = ""
    """Of the indicator, when the thing is one."""
    has_more: bool = False
    may_share: bool = False
    """The reader may share a solution for their municipality."""
    may_make: bool = False
    """It worked, and the reader may make a solution of it."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An indicator that a project or a solution wants to move, and its colour in each published round, oldest first."""

    number: str
    name: str
    colours: Sequence[RoundColour]


@dataclass(frozen=True, kw_only=True)
class NextForIdea:
    """What an idea leads to: projects, and solutions."""

    projects: ProjectsOf
    solutions: SolutionsFor | None
    """None: there is nothing to show, and nothing to do."""


def next_for_idea(actor: Actor, ref: Ref, served: Sequence[Ref]) -> NextForIdea:
    """Return what an idea's page shows of samskaping and of solutions, in one statement."""
    started, solved = _side_by_side(
        projects.serving(ref, limit=SHOWN), solutions.solving(ref, _indicators(served), limit=SHOWN)
    )
    idea = db.session.get(Idea, ref.id)
    worked = idea is not None and idea.stage is Stage.REALISED
    return NextForIdea(
        projects=_projects(actor, ref, started),
        solutions=_solved(actor, ref, solved, worked=worked),
    )


@dataclass(frozen=True, kw_only=True)
class NextForProject:
    """The colours that a project wants to change, and the solutions; None for what there is nothing to show of."""

    colours: Sequence[Moved] | None
    solutions: SolutionsFor | None


def next_for_project(actor: Actor, ref: Ref, served: Sequence[Ref]) -> NextForProject:
    """Return what a project's page shows of the observatory and of solutions, in one statement."""
    numbers = _numbers(served)
    solved, told = _side_by_side(solutions.solving(ref, _indicators(served), limit=SHOWN), colours.telling(numbers))
    return NextForProject(
        colours=_moved(numbers, colours.read(told)),
        solutions=_solved(actor, ref, solved, worked=_worked(ref)),
    )


def solutions_of_ended(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> SolutionsFor | None:
    """Return the solutions that came of a project, for the page that tells how it went."""
    project = Ref(PROJECT, ref.id)
    (solved,) = _side_by_side(solutions.solving(project, (), limit=SHOWN))
    return _solved(actor, project, solved, worked=_worked(project))


@dataclass(frozen=True, kw_only=True)
class NextForIndicator:
    """What people propose, and do together, to change an indicator's colour, and who has solved it already."""

    ideas: IdeasForIndicator
    projects: ProjectsOf
    solutions: SolutionsFor


def next_for_indicator(actor: Actor, ref: Ref, _served: Sequence[Ref]) -> NextForIndicator:
    """Return what an indicator's page shows of the other pillars, in one statement: invitations when it is nothing."""
    proposed, started, solved = _side_by_side(
        ideas.serving(actor, ref, limit=SHOWN + 1),
        projects.serving(ref, limit=SHOWN),
        solutions.serving(ref, limit=SHOWN + 1),
    )
    number = number_of(ref.id)
    return NextForIndicator(
        ideas=IdeasForIndicator(
            number=number, ideas=[ideas.read(row) for row in proposed[:SHOWN]], has_more=len(proposed) > SHOWN
        ),
        projects=_projects(actor, ref, started),
        solutions=SolutionsFor(
            ref=ref,
            solutions=[solutions.read(row) for row in solved[:SHOWN]],
            number=number,
            has_more=len(solved) > SHOWN,
            may_share=solutions.may_share(actor),
        ),
    )


def colours_of_served(_actor: Actor, _ref: Ref, served: Sequence[Ref]) -> Sequence[Moved] | None:
    """Return the indicators a thing wants to move, with their colours over the rounds; None when it names none."""
    numbers = _numbers(served)
    if not numbers:
        return None
    (told,) = _side_by_side(colours.telling(numbers))
    return _moved(numbers, colours.read(told))


def _side_by_side(*wanted: sa.Select[*tuple[Any, ...]]) -> list[list[Sequence[Any]]]:
    """Read what several pillars have for a thing in one statement: the rows of each, in its own order."""
    every = sa.union_all(*(each.add_columns(sa.literal(which).label("which")) for which, each in enumerate(wanted)))
    found: list[list[Sequence[Any]]] = [[] for _each in wanted]
    for *row, which in sorted(db.session.execute(every), key=lambda row: row[0]):
        found[which].append(row)
    return found


def _indicators(served: Sequence[Ref]) -> list[Ref]:
    return [each for each in served if each.kind == INDICATOR]


def _numbers(served: Sequence[Ref]) -> list[str]:
    return [number_of(each.id) for each in _indicators(served)]


def _projects(actor: Actor, ref: Ref, rows: Sequence[Sequence[Any]]) -> ProjectsOf:
    return ProjectsOf(ref=ref, projects=[projects.read(row) for row in rows], may_start=not actor.is_limited)


def _worked(ref: Ref) -> bool:
    project = db.session.get(Project, ref.id)
    return project is not None and project.ending in WORKED


def _solved(actor: Actor, ref: Ref, rows: Sequence[Sequence[Any]], *, worked: bool) -> SolutionsFor | None:
    found, may_make = [solutions.read(row) for row in rows], worked and solutions.may_share(actor)
    return SolutionsFor(ref=ref, solutions=found, may_make=may_make) if found or may_make else None


def _moved(numbers: Sequence[str], told: Mapping[str, Sequence[RoundColour]]) -> Sequence[Moved]:
    code = language()
    named = {each.number: each.name.in_(code) for each in catalogue().indicators}
    return [Moved(number=each, name=named[each], colours=told.get(each, ())) for each in numbers if each in named]

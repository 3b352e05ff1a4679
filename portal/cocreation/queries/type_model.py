"""Every public project where it lies among the four types, gathered into cells, and the list of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.models.projects import Project
from portal.cocreation.typology import ANSWERS, Answers, Outcome, Reading, classify
from portal.kernel.db import db
from portal.kernel.paging import Page, paginate

ACROSS, DOWN = 0.5, 1.0
"""The sides of a cell, in steps: projects nearer each other than that are drawn as one, with their number."""
LAST = 4
"""The outermost cell on civil society's side takes in its edge, 2.5."""
PAGE = 25
EXAMPLE = Answers(problem=1, goals=1, design=2, carry_out=2)
"""Worked through on the page; one step more in `goals` and it is likeverdig."""
FLIPPED = Answers(problem=1, goals=2, design=2, carry_out=2)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Projects that lie in the same place; `id` and `title` of the one, where there is one."""

    across: int
    down: int
    number: int
    id: int
    title: str

    @property
    def central_actor(self) -> float:
        """Its middle: never on the limit between the types."""
        return (self.across + 0.5) * ACROSS

    @property
    def predictability(self) -> float:
        """Its middle: what one party's answers may give."""
        return (self.down - 0.5) * DOWN


@dataclass(frozen=True, kw_only=True)
class Example:
    """A set of answers, and what the rule makes of it."""

    answers: Answers
    reading: Reading


@dataclass(frozen=True, kw_only=True)
class ModelPage:
    """The four types and the projects among them."""

    cells: Sequence[Cell]
    projects: Page[Any]
    chosen: Cell | None
    """The cell that the list is narrowed to."""
    example: Example
    flipped: Example

    @property
    def number(self) -> int:
        return sum(each.number for each in self.cells)


def model_page(cursor: str | None, cell: tuple[int, int] | None) -> ModelPage:
    """Return the four types and the public projects that have been answered for. Two statements."""
    across, down = _cell()
    is_placed = sa.and_(policy.visible(), Project.central_actor.is_not(None), Project.predictability.is_not(None))
    gathered = (
        sa.select(across, down, sa.func.count(), sa.func.min(Project.id), sa.func.min(Project.title))
        .where(is_placed)
        .group_by(across, down)
        .order_by(down.desc(), across)
    )
    cells = [
        Cell(across=x, down=y, number=number, id=id_, title=title)
        for x, y, number, id_, title in db.session.execute(gathered)
    ]
    chosen = next((each for each in cells if (each.across, each.down) == cell), None)
    found = sa.select(
        Project.id,
        Project.title,
        Project.language,
        Project.type,
        Project.phase,
        Project.ended_at,
        Project.central_actor,
        Project.predictability,
    ).where(is_placed)
    if chosen is not None:
        found = found.where(across == chosen.across, down == chosen.down)
    return ModelPage(
        cells=cells,
        projects=paginate(found, Project.shown_at.desc(), Project.id.desc(), cursor=cursor, limit=PAGE),
        chosen=chosen,
        example=Example(answers=EXAMPLE, reading=classify(EXAMPLE)),
        flipped=Example(answers=FLIPPED, reading=classify(FLIPPED)),
    )


@cache
def between() -> tuple[int, int]:
    """Return how many of the sets of answers lie between two types by the steps alone, and how many there are."""
    every = [
        classify(Answers(problem=problem, goals=goals, design=design, carry_out=carry_out))
        for problem, goals, design, carry_out in product(ANSWERS, repeat=4)
    ]
    return sum(each.outcome is Outcome.BETWEEN for each in every), len(every)


def _cell() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Return which cell a project lies in. As by the rule, 0 is civil society's side, and low predictability."""
    across = sa.cast(sa.func.floor(Project.central_actor / ACROSS), sa.Integer)
    down = sa.cast(sa.func.floor(-Project.predictability / DOWN), sa.Integer)
    return sa.case((across > LAST, LAST), else_=across), -down

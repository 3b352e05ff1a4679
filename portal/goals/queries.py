"""What serves what: for pages, filters and forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.queries.settings import value
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Link, Subgoal
from portal.kernel.content import Option, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content


def links(refs: Sequence[Ref]) -> dict[Ref, list[Ref]]:
    """Return what each of many things serves, by kind and number, in one statement."""
    found: dict[Ref, list[Ref]] = {ref: [] for ref in refs}
    if not found:
        return found
    by_kind: dict[str, list[int]] = {}
    for ref in found:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    mine = sa.or_(*(sa.and_(Link.kind == kind, Link.target_id.in_(ids)) for kind, ids in by_kind.items()))
    rows = db.session.execute(
        sa.select(Link.kind, Link.target_id, Link.to_kind, Link.to_id)
        .where(mine)
        .order_by(Link.kind, Link.target_id, Link.to_kind, Link.to_id)
    )
    for kind, target_id, to_kind, to_id in rows:
        found[Ref(kind, target_id)].append(Ref(to_kind, to_id))
    return found


def linked(kind: str, to: Ref) -> sa.Select[int]:
    """Select the numbers of the things of a kind that serve something: `Idea.id.in_(linked("idea", Ref("goal", 3)))`.

    What serves a delmål serves the goal it stands under.
    """
    return sa.select(Link.target_id).where(Link.kind == kind, serves(to))


def serves(to: Ref) -> sa.ColumnElement[bool]:
    """Return the condition that a link leads to something; to a goal also by way of its delmål."""
    straight = sa.and_(Link.to_kind == to.kind, Link.to_id == to.id)
    if to.kind != GOAL:
        return straight
    under = sa.select(Subgoal.id).where(Subgoal.goal == to.id)
    return sa.or_(straight, sa.and_(Link.to_kind == SUBGOAL, Link.to_id.in_(under)))


def choices(to_kind: str, language: str) -> Sequence[Option]:
    """Return what a form can offer of a kind, in a language; nothing when nothing of that kind can be chosen."""
    kind = content().find(to_kind)
    return kind.options(language) if kind and kind.options else ()


def prioritised() -> tuple[int, ...]:
    """Return the numbers of the goals that the municipality has chosen, in order."""
    chosen: Sequence[int] = value("prioritised_goals")
    return tuple(sorted(chosen))


def subgoals(ids: Sequence[int] | None = None) -> Mapping[int, Subgoal]:
    """Return delmål by their numbers, or all of them, in the order of goal and code."""
    statement = sa.select(Subgoal)
    if ids is not None:
        statement = statement.where(Subgoal.id.in_(ids))
    return {each.id: each for each in sorted(db.session.scalars(statement), key=place)}


def place(subgoal: Subgoal) -> tuple[int, list[tuple[int, int | str]]]:
    """Return what puts delmål in order: by goal, and 3.2 before 3.10."""
    parts = subgoal.code.replace("-", ".").split(".")
    return subgoal.goal, [(0, int(part)) if part.isdecimal() else (1, part) for part in parts]

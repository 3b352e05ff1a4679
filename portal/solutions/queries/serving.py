"""Solutions that serve a goal, help with an indicator or came of a thing: those most others have in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.goals.queries import linked
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.listing import EMPTY, owner


@dataclass(frozen=True, kw_only=True)
class ServingSolution:
    """A solution as another thing's page shows it."""

    id: int
    slug: str
    title: str
    language: str
    municipality: str
    """The name of the one it belongs to."""
    in_use: int
    """How many others have it in use."""


def came_of(origin: Ref, *, limit: int) -> Sequence[ServingSolution]:
    """Return the solutions that came of a thing and everybody can see, in one statement."""
    which = sa.and_(Solution.origin_kind == origin.kind, Solution.origin_id == origin.id)
    return [read(row) for row in db.session.execute(_ranked(which, limit).order_by("place"))]


def serving(to: Ref, *, limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    """Select the solutions that point to a thing or came of it, and everybody can see.

    In plain columns, so that a page can read it in one statement with what others have: place (from 1), number, title,
    language, municipality, nothing, and how many have it in use. `read` makes them what is shown.
    """
    came = sa.and_(Solution.origin_kind == to.kind, Solution.origin_id == to.id)
    return _ranked(sa.or_(Solution.id.in_(linked(SOLUTION, to)), came), limit)


def solving(origin: Ref, served: Sequence[Ref], *, limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    """Select the solutions that came of a thing, or point to any that it serves, in the columns of `serving`."""
    came = sa.and_(Solution.origin_kind == origin.kind, Solution.origin_id == origin.id)
    return _ranked(sa.or_(came, *(Solution.id.in_(linked(SOLUTION, to)) for to in served)), limit)


def may_share(actor: Actor) -> bool:
    """Say whether somebody may share a solution, so that other pages can lead them to it."""
    return policy.may_share(actor)


def read(row: Sequence[Any]) -> ServingSolution:
    """Return a solution of `serving` as it is shown."""
    _place, id_, title, language, number, _nothing, in_use = row
    return ServingSolution(
        id=id_,
        slug=slug(title, EMPTY),
        title=title,
        language=language,
        municipality=owner(number),
        in_use=in_use,
    )


def _ranked(which: sa.ColumnElement[bool], limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    place = sa.func.row_number().over(order_by=(Solution.in_use.desc(), Solution.shown_at.desc(), Solution.id.desc()))
    ranked = (
        sa.select(
            place.label("place"),
            Solution.id,
            Solution.title,
            Solution.language,
            Solution.municipality_number.label("standing"),
            sa.cast(sa.null(), sa.String).label("also"),
            Solution.in_use.label("number"),
        )
        .where(which, policy.visible())
        .subquery()
    )
    return sa.select(*ranked.c).where(ranked.c.place <= limit)

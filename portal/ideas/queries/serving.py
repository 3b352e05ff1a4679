"""Ideas that serve a goal or want to change an indicator's colour: the most supported of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.goals.queries import linked
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.rows import standing
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel.content import Ref
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.participation.models import Tally


@dataclass(frozen=True, kw_only=True)
class ServingIdea:
    """An idea as another thing's page shows it."""

    id: int
    slug: str
    title: str
    language: str
    status: str
    """In words: how far the case has come, or what was decided."""
    supports: int


def serving(actor: Actor, to: Ref, *, limit: int) -> sa.Select[int, int, str, str, str, str | None, int]:
    """Select the most supported ideas that point to a thing and the reader can see.

    In plain columns, so that a page can read it in one statement with what others have: place (from 1), number, title,
    language, stage, decision and how many support it. `read` makes them what is shown.
    """
    supports = sa.func.coalesce(Tally.supports, 0)
    place = sa.func.row_number().over(order_by=(supports.desc(), Idea.id.desc()))
    ranked = (
        sa.select(
            place.label("place"),
            Idea.id,
            Idea.title,
            Idea.language,
            sa.cast(Idea.stage, sa.String).label("standing"),
            sa.cast(Idea.decision, sa.String).label("also"),
            supports.label("number"),
        )
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .where(Idea.id.in_(linked(IDEA, to)), policy.visible(actor))
        .subquery()
    )
    return sa.select(*ranked.c).where(ranked.c.place <= limit)


def read(row: Sequence[Any]) -> ServingIdea:
    """Return an idea of `serving` as it is shown."""
    _place, id_, title, language, stage, decision, supports = row
    stands = standing(IdeaKind.INNOVATION, Stage(stage), Decision(decision) if decision else None, None)
    return ServingIdea(id=id_, slug=slug(title), title=title, language=language, status=stands[0], supports=supports)

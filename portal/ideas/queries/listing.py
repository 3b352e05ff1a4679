"""The list of ideas: one page at a time in an order, as a board with a column for each stage, and on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.filters import Choices, Filters, Sort, choices, conditions, inside
from portal.ideas.queries.rows import IdeaRow, row, rows
from portal.ideas.stages import Stage
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate
from portal.participation.models import Tally
from portal.places.gathering import Cluster
from portal.places.geometry import Box
from portal.places.models import Location
from portal.places.queries import MapView, clusters, map_view

ON_A_PAGE = 20
IN_A_COLUMN = 10
IN_THE_FEED = 30

ORDERS: Mapping[Sort, tuple[Any, Any]] = {
    Sort.NEWEST: (Idea.shown_at.desc(), Idea.id.desc()),
    Sort.SUPPORTS: (Tally.supports.desc(), Tally.target_id.desc()),
    Sort.DISCUSSED: (Tally.discussed.desc(), Tally.target_id.desc()),
    Sort.DUE: (Idea.answer_due_at, Idea.id),
}
BY_COUNTER = frozenset({Sort.SUPPORTS, Sort.DISCUSSED})


@dataclass(frozen=True, kw_only=True)
class Column:
    """The newest ideas at a stage, and whether there are more."""

    stage: Stage
    rows: Sequence[IdeaRow]
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The list as it was asked for: `rows`, `board` or `rows` beside a `map`."""

    rows: Sequence[IdeaRow] = ()
    next: str | None = None
    board: Sequence[Column] = ()
    map: MapView | None = None
    choices: Choices


def list_page(actor: Actor, asked: Filters, cursor: str | None) -> ListPage:
    """Return one page of the list: two statements, and one when there are words to look for."""
    found, following = _page(conditions(actor, asked) + inside(asked), asked.sort, cursor)
    return ListPage(rows=found, next=following, choices=choices(actor))


def map_page(actor: Actor, asked: Filters, cursor: str | None) -> ListPage:
    """Return one page of what has a place, beside a map of the whole of it: two statements more than the list."""
    anywhere = conditions(actor, asked)
    placed = sa.exists().where(Location.kind == IDEA, Location.target_id == Idea.id).correlate(Idea)
    found, following = _page([*anywhere, placed, *inside(asked)], asked.sort, cursor)
    shown = map_view(box=asked.box, within=_ids(asked, anywhere), kind=IDEA)
    return ListPage(rows=found, next=following, map=shown, choices=choices(actor))


def board_page(actor: Actor, asked: Filters) -> ListPage:
    """Return a column for each stage with the newest in it: a short walk along the index for each, in one statement."""
    shown = conditions(actor, replace(asked, status=None, sort=Sort.NEWEST)) + inside(asked)
    stages = [asked.status] if isinstance(asked.status, Stage) else list(Stage)
    if asked.status and asked.status not in stages:
        shown.append(Idea.decision == asked.status)
    walks = [_newest(shown, stage) for stage in stages]
    statement = rows().where(Idea.id.in_(sa.union_all(*walks))).order_by(*ORDERS[Sort.NEWEST])
    by_stage: dict[Stage, list[IdeaRow]] = {stage: [] for stage in stages}
    for each in db.session.execute(statement):
        by_stage[each.stage].append(row(each))
    board = [
        Column(stage=stage, rows=found[:IN_A_COLUMN], has_more=len(found) > IN_A_COLUMN)
        for stage, found in by_stage.items()
    ]
    return ListPage(board=board, choices=choices(actor))


def clusters_in(actor: Actor, asked: Filters, box: Box, zoom: int) -> Sequence[Cluster]:
    """Return what of the list stands in a part of the map, gathered for a zoom."""
    return clusters(box, zoom, within=_ids(asked, conditions(actor, asked)), kind=IDEA)


def newest(actor: Actor, asked: Filters | None = None, limit: int = IN_THE_FEED) -> Sequence[IdeaRow]:
    """Return the newest of what is asked for: for the feed and the front page, in one statement."""
    wanted = replace(asked or Filters(), sort=Sort.NEWEST)
    statement = rows().where(*conditions(actor, wanted), *inside(wanted)).order_by(*ORDERS[Sort.NEWEST]).limit(limit)
    return [row(each) for each in db.session.execute(statement)]


def _page(
    shown: Sequence[sa.ColumnElement[bool]], sort: Sort, cursor: str | None
) -> tuple[Sequence[IdeaRow], str | None]:
    statement = rows(counted=sort in BY_COUNTER).where(*shown)
    found = paginate(statement, *ORDERS[sort], cursor=cursor, limit=ON_A_PAGE, unique=True)
    return [row(each) for each in found.items], found.next


def _ids(asked: Filters, shown: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any] | None:
    """Select the numbers of what is asked for; None for all that everybody may see, which the map knows itself."""
    everything = replace(asked, box=None, sort=Sort.NEWEST) == Filters() and asked.sort is not Sort.DUE
    return None if everything else sa.select(Idea.id).where(*shown)


def _newest(shown: Sequence[sa.ColumnElement[bool]], stage: Stage) -> sa.Select[int]:
    walk = sa.select(Idea.id).where(*shown, Idea.stage == stage).order_by(*ORDERS[Sort.NEWEST]).limit(IN_A_COLUMN + 1)
    each = walk.subquery()
    return sa.select(each.c.id)

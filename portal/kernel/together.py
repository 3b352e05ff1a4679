"""Many small selects as one statement: a page that shows ten kinds of rows asks the database once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db


def together(*wanted: sa.Select[Any]) -> list[Sequence[Any]]:
    """Return what each select gives, in the order of their keys: rows of a model with a key of one column, or numbers.

    A spine of (which select, key) is made of all of them, and each model is joined to it by its key. The selects may
    have no order and no limit of their own.
    """
    spine = sa.union_all(*(_keys(number, select) for number, select in enumerate(wanted))).subquery("spine")
    statement = sa.select(spine.c.number, spine.c.key).select_from(spine)
    places: dict[int, int] = {}
    for number, select in enumerate(wanted):
        entity = select.column_descriptions[0]["entity"]
        if _is_whole(select):
            model = sa.orm.aliased(entity)
            places[number] = 2 + len(places)
            key = sa.inspect(model).mapper.primary_key[0]
            here = sa.and_(spine.c.number == number, getattr(model, key.name) == spine.c.key)
            statement = statement.add_columns(model).outerjoin(model, here)
    found: list[list[Any]] = [[] for _each in wanted]
    for row in db.session.execute(statement.order_by(spine.c.number, spine.c.key)):
        found[row[0]].append(row[places[row[0]]] if row[0] in places else row[1])
    return [*found]


def _keys(number: int, select: sa.Select[Any]) -> sa.Select[Any]:
    described = select.column_descriptions[0]
    key = sa.inspect(described["entity"]).primary_key[0] if _is_whole(select) else described["expr"]
    return select.with_only_columns(sa.literal(number).label("number"), key.label("key"), maintain_column_froms=True)


def _is_whole(select: sa.Select[Any]) -> bool:
    described = select.column_descriptions[0]
    return described["expr"] is described["entity"]

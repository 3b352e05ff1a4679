"""When two things are made one: those who took part in either take part in the one that is kept, and nobody twice."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.identity import Actor
from portal.participation.models import Follow, Support
from portal.participation.visibility import count

COUNTED = ((Support, "supports"), (Follow, "followers"))


@atomic
def unite(actor: Actor, kept: Ref, merged: Ref, *, leave_out: Collection[int] = ()) -> int:
    """Let those who support and follow a thing do the same with the one it is made part of; return the new supporters.

    `leave_out`: accounts that can't support the kept one, as its author. What stands on the merged one stays there.
    """
    new = {counter: _copy(model, kept, merged, leave_out) for model, counter in COUNTED}
    for counter, number in new.items():
        if number:
            count(kept, counter, number)
    return new["supports"]


@atomic
def separate(actor: Actor, kept: Ref, merged: Ref) -> None:
    """Undo it: those who came with the merged thing go from the kept one, and everybody else stays."""
    for model, counter in COUNTED:
        gone = delete_rows(
            sa.delete(model).where(model.kind == kept.kind, model.target_id == kept.id, model.moved_from == merged.id)
        )
        if gone:
            count(kept, counter, -gone)


def _copy(model: type[Support | Follow], kept: Ref, merged: Ref, leave_out: Collection[int]) -> int:
    there = sa.orm.aliased(model)
    already = sa.exists().where(
        there.kind == kept.kind, there.target_id == kept.id, there.account_id == model.account_id
    )
    rows = sa.select(
        sa.literal(kept.kind), sa.literal(kept.id), model.account_id, model.created_at, sa.literal(merged.id)
    ).where(
        model.kind == merged.kind, model.target_id == merged.id, model.account_id.not_in(leave_out), sa.not_(already)
    )
    columns = ["kind", "target_id", "account_id", "created_at", "moved_from"]
    # psycopg closes the result of an INSERT at once; without the option the count is -1.
    options = {"preserve_rowcount": True}
    copied = db.session.execute(sa.insert(model).from_select(columns, rows), execution_options=options)
    return cast("sa.CursorResult[Any]", copied).rowcount

"""The map of the site for search engines: every public page by its address, in parts of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.search.models import Document

IN_A_PART = 5_000
"""Numbers of a kind in one part, half a megabyte: the standard allows 50,000 addresses in a file."""
READ_AT_ONCE = 500


@dataclass(frozen=True)
class Part:
    """The things of a kind whose numbers lie in one range."""

    kind: str
    number: int
    changed_at: datetime


@dataclass(frozen=True)
class Place:
    """One page and when it was changed last."""

    endpoint: str
    values: Mapping[str, Any]
    changed_at: datetime


def parts() -> Sequence[Part]:
    """Return the parts that hold anything, in one statement."""
    number = (Document.target_id // IN_A_PART).label("number")
    newest = sa.func.max(Document.updated_at, type_=Document.updated_at.type)
    found = db.session.execute(
        sa.select(Document.kind, number, newest)
        .where(_is_page())
        .group_by(Document.kind, number)
        .order_by(Document.kind, number)
    )
    return [Part(kind, number, changed_at) for kind, number, changed_at in found]


def places(kind: str, number: int) -> Iterator[Place]:
    """Return the pages of a part, in the order of their numbers, read some at a time. Raises NotFound for an empty one.

    What is there in several languages is one page all the same.
    """
    batch = _batch(kind, number, after=number * IN_A_PART - 1)
    if not batch:
        raise NotFound
    return _walk(kind, number, batch)


def _walk(kind: str, number: int, batch: Sequence[Any]) -> Iterator[Place]:
    while batch:
        for row in batch:
            yield Place(row.endpoint, row.address, row.changed_at)
        batch = _batch(kind, number, after=batch[-1].target_id)


def _batch(kind: str, number: int, *, after: int) -> Sequence[Any]:
    """Read the next things; each in the language it was indexed in first."""
    first = sa.func.min(Document.id)
    ids = (
        sa.select(first)
        .where(
            Document.kind == kind, Document.target_id > after, Document.target_id < (number + 1) * IN_A_PART, _is_page()
        )
        .group_by(Document.target_id)
        .order_by(Document.target_id)
        .limit(READ_AT_ONCE)
    )
    rows = sa.select(
        Document.target_id,
        Document.endpoint,
        Document.values.label("address"),
        Document.updated_at.label("changed_at"),
    )
    return db.session.execute(rows.where(Document.id.in_(ids)).order_by(Document.target_id)).all()


def _is_page() -> sa.ColumnElement[bool]:
    """Return the condition for what has a page of its own: what stands on another's is found with that."""
    return sa.cast(Document.values, sa.Text).not_like('%"_anchor"%')

"""Building the index anew part by part: readers find all of it meanwhile, and writers wait for moments only."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.identity import SYSTEM, Actor
from portal.search import actions
from portal.search.models import Document

PART = 200
"""Things that are indexed in one transaction."""

Progress = Callable[[str, int], None]


def rebuild(actor: Actor = SYSTEM, tell: Progress = lambda _kind, _done: None) -> int:
    """Build the index anew from what every kind of content says is public; return how many documents it holds.

    `tell` is given the name of a kind, and how many of it have been indexed, after each part.
    """
    for kind in content():
        if kind.entries is None or kind.all_ids is None:
            continue
        after: int | None = 0
        done = 0
        while after is not None:
            after = actions.index_range(actor, kind.name, after, PART)
            done += PART
            tell(kind.name, done)
    return actions.finish_rebuilding(actor)


def build_if_empty() -> None:
    """Build the index when there is none, as after an upgrade: the worker asks."""
    if db.session.scalar(sa.select(Document.id).limit(1)) is None:
        rebuild()


def count_trigrams() -> None:
    """Count the trigrams anew: the worker asks, since each text that comes changes which are rare."""
    actions.count_trigrams(SYSTEM)

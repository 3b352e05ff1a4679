"""What has been published of a round, revision by revision, and what each correction changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.observatorium.catalogue import Indicator, sort_key
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.pages import NO_SUCH_ROUND
from portal.observatorium.queries.publishing import is_intact
from portal.observatorium.queries.rounds import catalogue_of

VIEWS = ("own", "verified", "level")


@dataclass(frozen=True, kw_only=True)
class LevelChange:
    """One view of one indicator that a correction changed. `view` is own, verified or level (people's)."""

    indicator: Indicator
    view: str
    was: str | None
    now: str | None


@dataclass(frozen=True, kw_only=True)
class RevisionEntry:
    """One revision in the log."""

    revision: Revision
    changes: Sequence[LevelChange]
    replies: Sequence[Indicator]
    """The indicators that got a reply in this revision."""
    excluded: Sequence[Mapping[str, Any]]
    """What is left out of the counting from this revision on: kind, count in fives (none under five), reason."""
    is_intact: bool
    """Whether what is stored still is what the hash was made of."""


@dataclass(frozen=True, kw_only=True)
class ChangeLog:
    """All that has been published of a round, the newest first; of a withdrawn one, not what its figures were."""

    round: Round
    entries: Sequence[RevisionEntry]


def change_log(slug: str) -> ChangeLog:
    """Return what has been published of a round; raises NotFound when nothing has."""
    statement = (
        sa.select(Round, Revision)
        .join(Revision, Revision.round_id == Round.id)
        .where(Round.slug == slug, Round.state.in_((RoundState.PUBLISHED, RoundState.WITHDRAWN)))
        .order_by(Revision.number)
    )
    # PostgreSQL takes no NUL.
    rows = db.session.execute(statement).all() if slug.isprintable() else []
    if not rows:
        raise NotFound(NO_SUCH_ROUND)
    round_: Round = rows[0][0]
    stored = _stored([revision.id for _round, revision in rows])
    befores: list[list[RevisionResult]] = [[], *(stored[revision.id] for _round, revision in rows[:-1])]
    entries = [
        _entry(round_, revision, before, stored[revision.id])
        for (_round, revision), before in zip(rows, befores, strict=True)
    ]
    return ChangeLog(round=round_, entries=entries[::-1])


def _stored(revision_ids: Sequence[int]) -> dict[int, list[RevisionResult]]:
    found: dict[int, list[RevisionResult]] = {each: [] for each in revision_ids}
    for row in db.session.scalars(sa.select(RevisionResult).where(RevisionResult.revision_id.in_(revision_ids))):
        found[row.revision_id].append(row)
    return {each: sorted(rows, key=lambda row: sort_key(row.indicator)) for each, rows in found.items()}


def _entry(
    round_: Round, revision: Revision, before: Sequence[RevisionResult], now: Sequence[RevisionResult]
) -> RevisionEntry:
    indicators = {each.number: each for each in catalogue_of(round_).indicators}
    told = before and round_.state is RoundState.PUBLISHED
    pairs = list(zip(before, now, strict=True)) if told else []
    return RevisionEntry(
        revision=revision,
        changes=[
            LevelChange(indicator=indicators[new.indicator], view=view, was=old.body[view], now=new.body[view])
            for old, new in pairs
            for view in VIEWS
            if old.body[view] != new.body[view]
        ],
        replies=[indicators[new.indicator] for old, new in pairs if _replies(old) != _replies(new)],
        excluded=[each for each in revision.summary.get("exclusions", []) if each["from"] == revision.number],
        is_intact=is_intact(round_, revision, now),
    )


def _replies(result: RevisionResult) -> Sequence[Any]:
    return result.record["replies"] if result.record else []

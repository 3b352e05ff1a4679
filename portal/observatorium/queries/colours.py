"""The published colours of some indicators over the rounds, for pages that tell what somebody does about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from portal.kernel.db import db
from portal.observatorium.catalogue import Level
from portal.observatorium.models import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.rounds import newest_revision
from portal.observatorium.results import IndicatorResult


@dataclass(frozen=True, kw_only=True)
class RoundColour:
    """What one published round says of one indicator; None: hidden, or too few answers."""

    slug: str
    title: str
    level: Level | None


def colours(numbers: Collection[str]) -> Mapping[str, Sequence[RoundColour]]:
    """Return the level that people gave each of some indicators in every published round, oldest first.

    One statement. An indicator that no round has asked about is left out.
    """
    statement = (
        sa.select(RevisionResult.indicator, Round.slug, Round.title, RevisionResult.body)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .join(Round, Round.id == Revision.round_id)
        .where(
            Round.state == RoundState.PUBLISHED,
            Revision.number == newest_revision(),
            RevisionResult.indicator.in_(numbers),
        )
        .order_by(Round.opens_at, Round.id)
    )
    found: dict[str, list[RoundColour]] = {}
    for number, slug, title, body in db.session.execute(statement):
        level = msgspec.convert(body, IndicatorResult).level
        found.setdefault(number, []).append(RoundColour(slug=slug, title=title, level=level))
    return found

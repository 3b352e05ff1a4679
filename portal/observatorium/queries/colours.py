"""The published colours of some indicators over the rounds, for pages that tell what somebody does about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.observatorium.catalogue import Level
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.rounds import newest_revision
from portal.observatorium.results import IndicatorResult


@dataclass(frozen=True, kw_only=True)
class RoundColour:
    """What one published round says of one indicator; None: hidden, or too few answers."""

    slug: str
    title: str
    level: Level | None


def telling(numbers: Collection[str]) -> sa.Select[int, int, str, str, str, str, int]:
    """Select what every published round says of some indicators.

    In plain columns, so that a page can read it in one statement with what others have: place (from 1, the oldest round
    first), the round's number and title, the indicator's number, the round's slug, the result, and nothing. `read`
    makes them what is shown.
    """
    place = sa.func.row_number().over(order_by=(Round.opens_at, Round.id))
    return (
        sa.select(
            place.label("place"),
            Round.id,
            Round.title,
            RevisionResult.indicator.label("language"),
            Round.slug.label("standing"),
            sa.cast(RevisionResult.body, sa.String).label("also"),
            sa.literal(0).label("number"),
        )
        .select_from(RevisionResult)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .join(Round, Round.id == Revision.round_id)
        .where(
            Round.state == RoundState.PUBLISHED,
            Revision.number == newest_revision(),
            RevisionResult.indicator.in_(numbers),
        )
    )


def read(rows: Iterable[Sequence[Any]]) -> Mapping[str, Sequence[RoundColour]]:
    """Return the level that people gave each indicator in every round of `telling`, oldest first.

    An indicator that no round has asked about is left out.
    """
    found: dict[str, list[RoundColour]] = {}
    for _place, _id, title, number, slug, body, _nothing in rows:
        level = msgspec.json.decode(body, type=IndicatorResult).level
        found.setdefault(number, []).append(RoundColour(slug=slug, title=title, level=level))
    return found

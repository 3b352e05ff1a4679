"""What the report of a round is made from: its published result, the rounds before it, and its measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.observatorium.catalogue import sort_key
from portal.observatorium.models.measures import IndicatorAnswer, IndicatorMeasure
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries import pages
from portal.observatorium.queries.rounds import newest_revision

ROUNDS_SHOWN = 5
"""How many rounds the history goes back: as many columns as a sheet has room for."""


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """A published round with all that its report tells."""

    result: pages.ResultPage
    records: Mapping[str, Mapping[str, Any]]
    """What the revision keeps beside the figures, by indicator; nothing of those without."""
    rounds: Sequence[tuple[str, Mapping[str, str | None]]]
    """Each round's title and people's levels by indicator, oldest first, this one last."""
    measures: Sequence[IndicatorMeasure]
    answers: Sequence[IndicatorAnswer]


def report_page(slug: str) -> ReportPage:
    """Return the report of a published round as everybody sees it; raises NotFound."""
    found = pages.front(slug)
    if not isinstance(found, pages.ResultPage):
        raise NotFound(pages.NO_SUCH_ROUND)
    round_id = found.round.id
    return ReportPage(
        result=found,
        records=_records(found.revision.id),
        rounds=_rounds(found.round),
        measures=_of_round(IndicatorMeasure, round_id),
        answers=_of_round(IndicatorAnswer, round_id),
    )


def _records(revision_id: int) -> dict[str, Mapping[str, Any]]:
    rows = db.session.execute(
        sa.select(RevisionResult.indicator, RevisionResult.record).where(RevisionResult.revision_id == revision_id)
    )
    return {indicator: record for indicator, record in rows if record is not None}


def _rounds(last: Round) -> Sequence[tuple[str, Mapping[str, str | None]]]:
    """Return the levels of the rounds until this one, of their newest revisions."""
    rows = db.session.execute(
        sa.select(Round.id, Round.title, RevisionResult.indicator, RevisionResult.body["level"].as_string())
        .select_from(Round)
        .join(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == newest_revision()))
        .join(RevisionResult, RevisionResult.revision_id == Revision.id)
        .where(Round.state == RoundState.PUBLISHED, Round.opens_at <= last.opens_at)
        .order_by(Round.opens_at, Round.id)
    )
    found: dict[int, tuple[str, dict[str, str | None]]] = {}
    for round_id, title, indicator, level in rows:
        found.setdefault(round_id, (title, {}))[1][indicator] = level
    return list(found.values())[-ROUNDS_SHOWN:]


def _of_round(model: Any, round_id: int) -> Sequence[Any]:
    rows = db.session.scalars(sa.select(model).where(model.round_id == round_id).order_by(model.id))
    return sorted(rows, key=lambda row: sort_key(row.indicator))

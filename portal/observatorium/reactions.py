"""What the worker does when it takes the observatory's work from the outbox, and what follows when a round moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.identity import SYSTEM
from portal.observatorium.actions import series as series_actions
from portal.observatorium.actions.assessing import judge_round
from portal.observatorium.actions.publishing import store_revision, tell_progress
from portal.observatorium.events.rounds import RoundChanged, RoundClosed, RoundExtended
from portal.observatorium.queries.publishing import compute
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.series_source import NoPoints, fetch

STRIDE = 5
"""How many indicators are computed between each time the control room is told how far it is."""


def publish_result(payload: Mapping[str, Any]) -> None:
    """Compute the result of a round and store it.

    The counting is done before the writing transaction begins, so that nobody waits for it: no rating of a closed
    round changes. A second try after a kill finds the revision stored, and does nothing.
    """
    slug, number, reason = payload["slug"], payload["revision"], payload["reason"]

    def tell(done: int) -> None:
        if done % STRIDE == 0:
            tell_progress(SYSTEM, slug, done)

    computed = compute(get_round(SYSTEM, slug), number, reason, tell=tell)
    store_revision(SYSTEM, slug, number, reason, computed)


def fetch_figures(payload: Mapping[str, Any]) -> None:
    """Ask for a figure over time, and store what came or why nothing did.

    Nobody's transaction waits meanwhile. A failure isn't tried again at once: the daily job asks anew, and so may the
    coordinator, who sees why.
    """
    series_id, query = payload["series_id"], payload["query"]
    try:
        points = fetch(query)
    except NoPoints as failure:
        series_actions.note_failure(SYSTEM, series_id, query, failure)
    else:
        series_actions.store_points(SYSTEM, series_id, query, points)


def judge_again(event: RoundChanged | RoundExtended | RoundClosed) -> None:
    """When the closing day of a round has moved, other evidence is valid: let the rule judge again."""
    judge_round(event.actor, event.slug)

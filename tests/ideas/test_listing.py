"""The list of ideas: what is in it, in which order, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.ideas import published


@pytest.mark.parametrize("reader", [None, "resident", "adviser"])
@pytest.mark.parametrize("view", ["liste", "kart", "tavle"])
def test_the_list_costs_at_most_eight_statements(
    view: str, reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    published(cast.actor("volunteer"))
    someone = visitor(reader)
    with count_queries(at_most=8):
        someone.get("ideas.index", visning=view, q="buss", sorter="supports")

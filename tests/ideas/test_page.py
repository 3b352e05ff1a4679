"""The page of one idea: what its author says, and all that has come of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.ideas import published


@pytest.mark.parametrize("reader", [None, "resident", "adviser"])
def test_the_page_costs_at_most_eight_statements(reader: str | None, cast: Any, visitor: Any, count_queries: Any) -> None:
    idea = published(cast.actor("volunteer"))
    someone = visitor(reader)
    with count_queries(at_most=8):
        someone.get("ideas.show", idea_id=idea.id, slug="nattbuss-til-heggedal")

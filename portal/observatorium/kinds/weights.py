"""What the observatory keeps about those who upload population tables and exclude ballots, and what it forgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.weights import Exclusion, PopulationTable


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the population tables somebody uploaded, and the ballots they took out of a result."""
    tables = db.session.execute(
        sa.select(Round.slug, PopulationTable.source, PopulationTable.source_date, PopulationTable.uploaded_at)
        .join(Round, Round.id == PopulationTable.round_id)
        .where(PopulationTable.uploaded_by_id == account_id)
        .order_by(PopulationTable.id)
    )
    exclusions = db.session.execute(
        sa.select(Round.slug, Exclusion.kind, Exclusion.reason, Exclusion.excluded_at)
        .join(Round, Round.id == Exclusion.round_id)
        .where(Exclusion.excluded_by_id == account_id)
        .order_by(Exclusion.id)
    )
    return {
        "population_tables": [dict(row) for row in tables.mappings()],
        "exclusions": [dict(row) for row in exclusions.mappings()],
    }


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Take a person's name off the tables and the exclusions; these stay, for the results rest on them."""
    for column in (PopulationTable.uploaded_by_id, Exclusion.excluded_by_id):
        db.session.execute(sa.update(column.class_).where(column == account_id).values({column.key: None}))


PERSONAL = PersonalData(
    name="observatorium_weights",
    tables=frozenset({"population_tables", "exclusions"}),
    export=export,
    erase=erase,
)

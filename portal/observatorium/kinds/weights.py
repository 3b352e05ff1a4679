"""What the observatory keeps about those who upload population tables and exclude ballots, and what it forgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.i18n import _l
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium.actions.rating import NETWORK_KEPT
from portal.observatorium.actions.weights import forget_networks
from portal.observatorium.models.rounds import Round
from portal.observatorium.models.weights import Exclusion, PopulationTable, SignalKind

KINDS: Mapping[SignalKind, Any] = {
    SignalKind.NETWORK: _l("mange skjemaer fra ett nettverk"),
    SignalKind.IDENTICAL: _l("helt like skjemaer"),
    SignalKind.STRAIGHT: _l("samme svar på nesten alt"),
}
"""What the forms that are taken out have in common, in words."""


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the population tables somebody uploaded, and the ballots they took out of a result."""
    tables = db.session.execute(
        sa.select(Round.slug, PopulationTable.source, PopulationTable.source_date, PopulationTable.uploaded_at)
        .join(Round, Round.id == PopulationTable.round_id)
        .where(PopulationTable.uploaded_by_id == account_id)
        .order_by(PopulationTable.id)
    )
    exclusions = db.session.execute(
        sa.select(Round.slug, Exclusion.kind.label("alike"), Exclusion.reason, Exclusion.excluded_at)
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


def retain() -> Mapping[str, int]:
    """Forget which network answers came from."""
    return {"networks_of_answers": forget_networks()}


PERSONAL = PersonalData(
    name="observatorium_weights",
    tables=frozenset({"population_tables", "exclusions"}),
    export=export,
    erase=erase,
    retain=retain,
    kept=((_l("Hvilket nettverk svar i en runde kom fra, som en nøkkel uten navn"), NETWORK_KEPT),),
    words={"alike": {kind.value: word for kind, word in KINDS.items()}},
)

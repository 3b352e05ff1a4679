"""What the exchange keeps about people, and what it adds to the pages of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.parts import Part
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium.events import INDICATOR
from portal.partners.models.partners import Partner
from portal.partners.queries.comparing import comparison


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the partners a person has let in."""
    kept = sa.select(Partner.name, Partner.base_url.label("address"), Partner.added_at.label("created_at")).where(
        Partner.keeper_id == account_id
    )
    return {"partners": [dict(row) for row in db.session.execute(kept).mappings()]}


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Change nothing: the partner stays the municipality's, on an account that no longer has a name."""


PERSONAL = PersonalData(name="partners", tables=frozenset({"partners"}), export=export, erase=erase)
PARTS = (Part(kind=INDICATOR, template="partners/_comparison.html", load=comparison),)
"""Our published result of an indicator beside partners'."""

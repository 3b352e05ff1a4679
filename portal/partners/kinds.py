"""Partners as links, what the exchange keeps about people, and what it adds to the pages of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Ref
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role
from portal.kernel.parts import Part
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium.events.rounds import INDICATOR
from portal.partners.events import PARTNER
from portal.partners.models.partners import Partner
from portal.partners.queries.comparing import comparison


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the links to what administrators see of partners."""
    return {
        each.id: Card(
            ref=Ref(PARTNER, each.id), title=each.name, endpoint="partners.show", values={"partner_id": each.id}
        )
        for each in by_ids(Partner, ids).values()
    }


def may(actor: Actor, _ref: Ref, verb: str) -> bool:
    """Administrators see partners; there is nothing else to do with one."""
    return verb == "read" and actor.has(Role.ADMIN)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the partners a person has let in."""
    kept = sa.select(Partner.name, Partner.base_url.label("address"), Partner.added_at.label("created_at")).where(
        Partner.keeper_id == account_id
    )
    return {"partners": [dict(row) for row in db.session.execute(kept).mappings()]}


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Change nothing: the partner stays the municipality's, on an account that no longer has a name."""


PARTNERS = ContentKind(name=PARTNER, label=_l("partner"), cards=cards, may=may)
PERSONAL = PersonalData(name="partners", tables=frozenset({"partners"}), export=export, erase=erase)
PARTS = (Part(kind=INDICATOR, template="partners/_comparison.html", load=comparison),)
"""Our published result of an indicator beside partners'."""

"""Reading where things are."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.places.models import Location, Neighbourhood


def location(ref: Ref) -> Location | None:
    """Return where a thing is, with its lokalsamfunn; None when it has no place."""
    return locations([ref]).get(ref)


def locations(refs: Sequence[Ref]) -> dict[Ref, Location]:
    """Return where things are, with their lokalsamfunn, in one statement; those without a place are left out."""
    if not refs:
        return {}
    ids: dict[str, set[int]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, set()).add(ref.id)
    found = db.session.scalars(
        sa.select(Location)
        .where(sa.or_(*(sa.and_(Location.kind == kind, Location.target_id.in_(some)) for kind, some in ids.items())))
        .options(joinedload(Location.neighbourhood))
    )
    return {each.ref: each for each in found}


def neighbourhoods() -> Sequence[Neighbourhood]:
    """Return the lokalsamfunn that are in use, by name: for forms, filters and maps."""
    return db.session.scalars(sa.select(Neighbourhood).where(Neighbourhood.active).order_by(Neighbourhood.name)).all()


def in_neighbourhood(kind: str, neighbourhood_id: int) -> sa.Select[int]:
    """Select the numbers of the things of a kind in a lokalsamfunn: a list says itself which of them may be seen."""
    return sa.select(Location.target_id).where(Location.kind == kind, Location.neighbourhood_id == neighbourhood_id)

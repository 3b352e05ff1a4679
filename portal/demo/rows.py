"""Rows put straight into the tables, in chunks, and what every kind of thing has: where it is, and what it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import Base, db
from portal.observatorium.catalogue import catalogue, row_number
from portal.observatorium.events.rounds import INDICATOR
from portal.places.geometry import Point, mercator
from portal.places.models import Neighbourhood

CHUNK = 2_000


def add(model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows of one table."""
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        db.session.execute(sa.insert(model), chunk)


def places(random: Random, now: datetime, kind: str, numbers: range) -> Iterator[dict[str, Any]]:
    """Put things near the middle of a lokalsamfunn each."""
    centres = db.session.scalars(sa.select(Neighbourhood).order_by(Neighbourhood.id)).all()
    for number in numbers if centres else ():
        centre = random.choice(centres)
        point = Point(centre.latitude + random.gauss(0, 0.01), centre.longitude + random.gauss(0, 0.02))
        x, y = mercator(point)
        yield {
            "kind": kind,
            "target_id": number,
            "latitude": point.latitude,
            "longitude": point.longitude,
            "address": "",
            "neighbourhood_id": centre.id,
            "x": x,
            "y": y,
            "is_public": True,
            "placed_at": now,
        }


def links(random: Random, kind: str, numbers: range) -> Iterator[dict[str, Any]]:
    """Let each thing serve one goal and one indicator."""
    indicators = [row_number(each.number) for each in catalogue().indicators]
    for number in numbers:
        row = {"kind": kind, "target_id": number, "is_public": True}
        yield {**row, "to_kind": "goal", "to_id": random.randint(1, 17)}
        yield {**row, "to_kind": INDICATOR, "to_id": random.choice(indicators)}

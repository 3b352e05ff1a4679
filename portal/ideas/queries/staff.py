"""Who in the municipality handles cases: the service areas, those who work in them, and the advisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, AccountServiceArea, Grant, ServiceArea
from portal.kernel.db import db
from portal.kernel.identity import Role


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who can be given a case."""

    id: int
    name: str
    is_adviser: bool


@dataclass(frozen=True, kw_only=True)
class Offered:
    """Where and to whom a case can be given."""

    areas: Sequence[tuple[int, str]]
    colleagues: Sequence[Colleague]


def find_area(area_id: int) -> ServiceArea | None:
    """Return a service area that a case can be given to."""
    area = db.session.get(ServiceArea, area_id)
    return area if area is not None and area.active else None


def offered(area_id: int | None) -> Offered:
    """Return the service areas, and who can be given a case in one of them, in one statement.

    Those who work in the area can, and the innovation advisers.
    """
    areas = sa.select(sa.literal("area").label("what"), ServiceArea.id, ServiceArea.name, sa.false())
    is_adviser = Account.id.in_(_holding(Role.IDEA_MANAGER))
    people = sa.select(sa.literal("person"), Account.id, Account.name, is_adviser).where(_can_work(), _handles(area_id))
    rows: Sequence[Any] = db.session.execute(sa.union_all(areas.where(ServiceArea.active), people)).all()
    found = sorted(rows, key=lambda row: (row[2], row[1]))
    return Offered(
        areas=[(id_, name) for what, id_, name, _adviser in found if what == "area"],
        colleagues=[
            Colleague(id=id_, name=name, is_adviser=bool(adviser))
            for what, id_, name, adviser in found
            if what == "person"
        ],
    )


def may_be_given(account_id: int, area_id: int | None) -> bool:
    """Say whether somebody can be given a case in a service area."""
    found = sa.select(Account.id).where(Account.id == account_id, _can_work(), _handles(area_id))
    return db.session.scalar(found) is not None


def to_remind() -> dict[int | None, list[int]]:
    """Return the advisers by service area, for cases nobody has been given; under None all of them."""
    rows = db.session.execute(
        sa.select(Account.id, AccountServiceArea.service_area_id)
        .outerjoin(AccountServiceArea, AccountServiceArea.account_id == Account.id)
        .where(_can_work(), Account.id.in_(_holding(Role.IDEA_MANAGER)))
        .order_by(Account.id)
    )
    found: dict[int | None, list[int]] = {None: []}
    for account_id, area_id in rows:
        found.setdefault(area_id, []).append(account_id)
        if account_id not in found[None]:
            found[None].append(account_id)
    return found


def working(account_ids: Sequence[int]) -> set[int]:
    """Return which of some people still work here: they can sign in, and are employees or advisers."""
    roles = sa.or_(Account.id.in_(_holding(Role.IDEA_MANAGER)), Account.id.in_(_holding(Role.EMPLOYEE)))
    return set(db.session.scalars(sa.select(Account.id).where(Account.id.in_(account_ids), _can_work(), roles)))


def _handles(area_id: int | None) -> sa.ColumnElement[bool]:
    adviser = Account.id.in_(_holding(Role.IDEA_MANAGER))
    if area_id is None:
        return adviser
    there = sa.select(AccountServiceArea.account_id).where(AccountServiceArea.service_area_id == area_id)
    return sa.or_(adviser, sa.and_(Account.id.in_(_holding(Role.EMPLOYEE)), Account.id.in_(there)))


def _can_work() -> sa.ColumnElement[bool]:
    return sa.and_(Account.deactivated_at.is_(None), Account.erased_at.is_(None))


def _holding(role: Role) -> sa.Select[int]:
    return sa.select(Grant.account_id).where(Grant.role == role)

"""Reading about partners: the list, one with its keys and its log, and what was set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Account, Grant
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor
from portal.kernel.paging import Page, paginate
from portal.partners import policy
from portal.partners.models.feed import OwnKey
from portal.partners.models.imports import Imported, SetAside
from portal.partners.models.partners import Partner, PartnerKey, SyncEntry, Trust
from portal.partners.queries import exchange
from portal.solutions.events.solutions import SOLUTION

NOT_FOUND = _l("Vi finner ikke denne partneren.")
LINES = 50
"""Of the log on a page."""


@dataclass(frozen=True)
class PartnerRow:
    """A partner in the list."""

    partner: Partner
    solutions: int
    """How many of its solutions are here now."""
    set_aside: int
    waiting_keys: int


@dataclass(frozen=True)
class ListPage:
    """All partners, by name, and the keys this portal signs with."""

    rows: Sequence[PartnerRow]
    own_keys: Sequence[OwnKey]


@dataclass(frozen=True)
class PartnerPage:
    """One partner: its keys, what was set aside, and its log, the newest first."""

    partner: Partner
    keeper: str
    solutions: int
    keys: Sequence[PartnerKey]
    set_aside: Sequence[SetAside]
    log: Page[SyncEntry]
    cards: Mapping[Ref, Card]
    """Of the solutions that the log names."""


def list_page(actor: Actor) -> ListPage:
    """Return all partners. Raises Forbidden."""
    policy.must_administer(actor)
    return ListPage(list_partners(), exchange.own_keys())


def list_partners() -> Sequence[PartnerRow]:
    """Return all partners by name, with how much each has here."""
    rows = sa.select(
        Partner,
        _count(Imported.partner_id, Imported.gone_at.is_(None)),
        _count(SetAside.partner_id),
        _count(PartnerKey.partner_id, PartnerKey.trust == Trust.WAITING),
    ).order_by(Partner.name, Partner.id)
    return [PartnerRow(*row) for row in db.session.execute(rows)]


def partner_page(actor: Actor, partner_id: int, cursor: str | None = None) -> PartnerPage:
    """Return everything about one partner. Raises NotFound, Forbidden."""
    policy.must_administer(actor)
    row = db.session.execute(
        sa.select(Partner, Account.name, _count(Imported.partner_id, Imported.gone_at.is_(None)))
        .join(Account, Account.id == Partner.keeper_id)
        .where(Partner.id == partner_id)
    ).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    keys = sa.select(PartnerKey).where(PartnerKey.partner_id == partner_id)
    aside = sa.select(SetAside).where(SetAside.partner_id == partner_id)
    lines = sa.select(SyncEntry).where(SyncEntry.partner_id == partner_id)
    log = paginate(lines, SyncEntry.at.desc(), SyncEntry.id.desc(), cursor=cursor, limit=LINES)
    named = [Ref(SOLUTION, line.solution_id) for line in log.items if line.solution_id]
    return PartnerPage(
        partner=row[0],
        keeper=row[1],
        solutions=row[2],
        keys=db.session.scalars(keys.order_by(PartnerKey.begins_at.desc(), PartnerKey.id.desc())).all(),
        set_aside=db.session.scalars(aside.order_by(SetAside.last_at.desc(), SetAside.id.desc()).limit(LINES)).all(),
        log=log,
        cards=content().cards(named),
    )


def find_partner(partner_id: int) -> Partner:
    """Return a partner. Raises NotFound."""
    partner = db.session.get(Partner, partner_id)
    if partner is None:
        raise NotFound(NOT_FOUND)
    return partner


def keepers() -> Sequence[tuple[int, str]]:
    """Return who may look after a partner: those who work here, by name."""
    alive = Account.deactivated_at.is_(None), Account.erased_at.is_(None)
    works_here = sa.select(Grant.account_id).where(Grant.role.in_(STAFF))
    people = sa.select(Account.id, Account.name).where(Account.id.in_(works_here), *alive)
    return [(id_, name) for id_, name in db.session.execute(people.order_by(Account.name, Account.id))]


def _count(of: sa.orm.InstrumentedAttribute[int], *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(of == Partner.id, *conditions).correlate(Partner).scalar_subquery()

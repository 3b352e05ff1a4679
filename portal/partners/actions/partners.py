"""Letting another municipality's portal in, stopping the exchange with it and taking it up again."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import Account, Grant
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.partners import keys, policy
from portal.partners.actions.logging import log
from portal.partners.events import KeeperChanged, PartnerAdded, PartnerResumed, PartnerSuspended
from portal.partners.models.partners import LogKind, Partner, PartnerKey, PartnerState, Trust
from portal.partners.wire import PortalItem

LONGEST_REASON = 500
NOT_FOUND = _l("Vi finner ikke denne partneren.")


@atomic
def add_partner(actor: Actor, portal: PortalItem, *, keeper_id: int | None = None) -> Partner:
    """Let a portal in, as it described itself; a person has seen the fingerprints of its keys.

    `keeper_id`: who looks after it, the actor unless said: what it tells stands on that account. Raises Invalid when
    it can't be a partner, Conflict when it is one already, Forbidden.
    """
    policy.must_administer(actor)
    policy.check_portal(portal)
    if not portal.keys:
        raise Invalid("base_url", _l("Portalen har ingen nøkkel å skrive under med."))
    known = sa.or_(Partner.base_url == portal.base_url, Partner.municipality_number == portal.municipality_number)
    if db.session.scalar(sa.select(Partner.id).where(known)) is not None:
        raise Conflict(_l("Denne kommunen eller adressen er partner fra før."))
    partner = Partner(
        name=portal.name[:200],
        municipality_number=portal.municipality_number,
        organisation_number=portal.organisation_number,
        base_url=portal.base_url,
        state=PartnerState.ACTIVE,
        keeper_id=_keeper(keeper_id or actor.id),
        added_at=clock.now(),
    )
    db.session.add(partner)
    db.session.flush()
    for key in portal.keys:
        values = {"key_id": key.id, "public_key": key.public_key, "begins_at": key.begins, "ends_at": key.ends}
        db.session.add(PartnerKey(partner_id=partner.id, **values, trust=Trust.FIRST, learnt_at=clock.now()))
    db.session.flush()
    log(actor, partner.id, LogKind.ADDED)
    publish(
        PartnerAdded(
            actor=actor,
            partner_id=partner.id,
            municipality_number=partner.municipality_number,
            base_url=partner.base_url,
            fingerprints=tuple(keys.fingerprint(key.public_key) for key in portal.keys),
        )
    )
    return partner


@atomic
def suspend_partner(actor: Actor, partner_id: int, reason: str) -> None:
    """Stop the exchange with a partner: nothing is fetched from it, told to it or taken in."""
    policy.must_administer(actor)
    partner = _lock(partner_id)
    reason = reason.strip()
    if not reason:
        raise Invalid("reason", _l("Skriv hvorfor. Det står i loggen, så andre forstår det senere."))
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", _l("Skriv høyst %(max)d tegn.", max=LONGEST_REASON))
    if partner.state is PartnerState.SUSPENDED:
        raise Conflict(_l("Utvekslingen er alt stanset."))
    partner.state, partner.suspended_at, partner.suspended_reason = PartnerState.SUSPENDED, clock.now(), reason
    db.session.flush()
    log(actor, partner_id, LogKind.SUSPENDED, reason=reason)
    publish(PartnerSuspended(actor=actor, partner_id=partner_id, reason=reason))


@atomic
def resume_partner(actor: Actor, partner_id: int) -> None:
    """Take the exchange with a partner up again. Raises Conflict, Forbidden."""
    policy.must_administer(actor)
    partner = _lock(partner_id)
    if partner.state is PartnerState.ACTIVE:
        raise Conflict(_l("Utvekslingen er i gang."))
    partner.state, partner.suspended_at, partner.suspended_reason = PartnerState.ACTIVE, None, ""
    partner.failures, partner.last_error = 0, ""
    db.session.flush()
    log(actor, partner_id, LogKind.RESUMED)
    publish(PartnerResumed(actor=actor, partner_id=partner_id))


@atomic
def change_keeper(actor: Actor, partner_id: int, keeper_id: int) -> None:
    """Let somebody else look after a partner. Raises Invalid, Forbidden."""
    policy.must_administer(actor)
    partner = _lock(partner_id)
    partner.keeper_id = _keeper(keeper_id)
    db.session.flush()
    publish(KeeperChanged(actor=actor, partner_id=partner_id, keeper_id=keeper_id))


def _lock(partner_id: int) -> Partner:
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None:
        raise NotFound(NOT_FOUND)
    return partner


def _keeper(account_id: int | None) -> int:
    """Return the account that may look after a partner: somebody who works here and can sign in."""
    roles = sa.select(Grant.role).join(Account, Account.id == Grant.account_id)
    alive = Account.deactivated_at.is_(None), Account.erased_at.is_(None)
    held = db.session.scalars(roles.where(Account.id == account_id, *alive)).all() if account_id else ()
    if account_id is None or not policy.works_here(frozenset(held)):
        raise Invalid("keeper", _l("Velg en som arbeider i kommunen, til å følge opp partneren."))
    return account_id

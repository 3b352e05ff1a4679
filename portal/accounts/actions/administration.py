"""What an administrator does with people: roles, service areas, partner municipality, closing and second factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from portal import config
from portal.accounts import policy, tokens
from portal.accounts.actions.sign_in import end_sessions
from portal.accounts.events.administration import (
    AccountDeactivated,
    AccountReactivated,
    AccountServiceAreasChanged,
    PartnerMunicipalityChanged,
    RoleGranted,
    RoleRevoked,
    SecondFactorReset,
)
from portal.accounts.models import Account, AccountServiceArea, Grant, ServiceArea
from portal.kernel import clock, municipalities
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor, Role

MANUAL = "manual"
STALE = _l("Noen andre endret dette mens du holdt på. Se hva som står nå, og send en gang til hvis du vil endre det.")


@dataclass(frozen=True, kw_only=True)
class ServiceAreasDraft:
    """The service areas an employee is to have, and the version of the account the form was made from."""

    service_area_ids: frozenset[int]
    version: int


@dataclass(frozen=True, kw_only=True)
class MunicipalityDraft:
    """The partner municipality of partner staff; empty for none."""

    number: str
    version: int


@atomic
def grant_role(actor: Actor, account_id: int, role: Role) -> None:
    """Give a role by hand. Invalid when the person has it so already."""
    account = _person(actor, account_id)
    if role not in policy.GRANTABLE:
        raise Invalid("role", _l("Denne rollen kan ikke gis for hånd."))
    if account.deactivated_at:
        raise Conflict(_l("Brukeren er stengt. Åpne den før du gir roller."))
    if db.session.scalar(_manual_grant(account_id, role)):
        raise Invalid("role", _l("Personen har denne rollen fra før."))
    db.session.add(Grant(account_id=account_id, role=role, granted_at=clock.now(), granted_by_id=actor.id))
    db.session.flush()
    publish(RoleGranted(actor=actor, account_id=account_id, role=role))


@atomic
def revoke_role(actor: Actor, account_id: int, role: Role) -> None:
    """Take back a role that was given by hand; those from an issuer go when the issuer takes them."""
    _person(actor, account_id)
    if not policy.may_revoke(actor, account_id, role):
        raise Forbidden(_l("Du kan ikke fjerne din egen administratorrolle. Be en annen administrator gjøre det."))
    grant = db.session.scalar(_manual_grant(account_id, role))
    if grant is None:
        raise NotFound
    if role is Role.ADMIN:
        _keep_an_administrator(without=account_id)
    db.session.delete(grant)
    db.session.flush()
    publish(RoleRevoked(actor=actor, account_id=account_id, role=role))


@atomic
def change_service_areas(actor: Actor, account_id: int, draft: ServiceAreasDraft) -> None:
    """Say which service areas an employee works in. Only areas in use can be added."""
    account = _person(actor, account_id)
    _expect(account, draft.version)
    known = {area.id: area for area in db.session.scalars(sa.select(ServiceArea))}
    had = set(
        db.session.scalars(
            sa.select(AccountServiceArea.service_area_id).where(AccountServiceArea.account_id == account_id)
        )
    )
    added = draft.service_area_ids - had
    if not added <= {area.id for area in known.values() if area.active}:
        raise Invalid("service_areas", _l("Velg et av alternativene."))
    if added and not db.session.scalar(_roles_of(account_id, STAFF)):
        raise Invalid("service_areas", _l("Bare ansatte har tjenesteområder. Gi personen en rolle i kommunen først."))
    if draft.service_area_ids == had:
        return
    mine = AccountServiceArea.account_id == account_id
    delete_rows(
        sa.delete(AccountServiceArea).where(mine, AccountServiceArea.service_area_id.not_in(draft.service_area_ids))
    )
    db.session.add_all(AccountServiceArea(account_id=account_id, service_area_id=id_) for id_ in added)
    _touch(account)
    publish(
        AccountServiceAreasChanged(
            actor=actor,
            account_id=account_id,
            before=_names(had, known),
            after=_names(draft.service_area_ids, known),
        )
    )


@atomic
def change_municipality(actor: Actor, account_id: int, draft: MunicipalityDraft) -> None:
    """Say which partner municipality a partner's staff belong to."""
    account = _person(actor, account_id)
    _expect(account, draft.version)
    number = draft.number or None
    if number and municipalities.find(number) is None:
        raise Invalid("number", _l("Velg en kommune fra lista."))
    if number == config.current().municipality_number:
        raise Invalid("number", _l("En partner hører til en annen kommune enn denne."))
    if number and not db.session.scalar(_roles_of(account_id, {Role.PARTNER})):
        raise Invalid("number", _l("Bare partnere hører til en annen kommune. Gi personen partnerrollen først."))
    before = account.municipality_number
    if number == before:
        return
    account.municipality_number = number
    db.session.flush()
    publish(PartnerMunicipalityChanged(actor=actor, account_id=account_id, before=before, after=number))


@atomic
def deactivate_account(actor: Actor, account_id: int) -> None:
    """Close an account: every session ends, and signing in is refused until it is opened again."""
    account = _person(actor, account_id)
    if not policy.may_deactivate(actor, account):
        raise Forbidden(_l("Du kan ikke stenge din egen bruker. Be en annen administrator gjøre det."))
    if account.deactivated_at:
        raise Conflict(_l("Brukeren er stengt fra før."))
    if db.session.scalar(_roles_of(account_id, {Role.ADMIN})):
        _keep_an_administrator(without=account_id)
    account.deactivated_at = clock.now()
    end_sessions(actor, account_id, reason="administrator")
    publish(AccountDeactivated(actor=actor, account_id=account_id))


@atomic
def reactivate_account(actor: Actor, account_id: int) -> None:
    """Open a closed account again, with the roles it had."""
    account = _person(actor, account_id)
    if account.deactivated_at is None:
        raise Conflict(_l("Brukeren er åpen fra før."))
    account.deactivated_at = None
    db.session.flush()
    publish(AccountReactivated(actor=actor, account_id=account_id))


@atomic
def reset_second_factor(actor: Actor, account_id: int) -> None:
    """Forget a lost second factor; every session ends, and the person sets up a new one at the next sign-in."""
    account = _person(actor, account_id)
    if account.totp_secret is None:
        raise Conflict(_l("Personen har ikke to-trinns innlogging å nullstille."))
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    tokens.void(account_id, tokens.RECOVERY_CODE)
    end_sessions(actor, account_id, reason="administrator")
    publish(SecondFactorReset(actor=actor, account_id=account_id))


def _person(actor: Actor, account_id: int) -> Account:
    if not policy.may_administer(actor):
        raise Forbidden(_l("Bare administratorer kan gjøre dette."))
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    if account.erased_at:
        raise Conflict(_l("Brukeren er slettet og kan ikke endres."))
    return account


def _expect(account: Account, version: int) -> None:
    if account.version != version:
        raise Conflict(STALE)


def _touch(account: Account) -> None:
    """Let the account have a new version though only its links changed: the next stale form is then seen."""
    flag_modified(account, "name")
    db.session.flush()


def _manual_grant(account_id: int, role: Role) -> sa.Select[Grant]:
    return sa.select(Grant).where(Grant.account_id == account_id, Grant.role == role, Grant.source == MANUAL)


def _roles_of(account_id: int, roles: frozenset[Role] | set[Role]) -> sa.Select[int]:
    return sa.select(Grant.id).where(Grant.account_id == account_id, Grant.role.in_(roles)).limit(1)


def _keep_an_administrator(*, without: int) -> None:
    """Refuse to leave the portal without an administrator, also when two are taken away at the same time.

    The rows are locked in the order of their numbers, so that the second of two waits and then counts anew.
    """
    administrators = db.session.scalars(
        sa.select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.ADMIN, Account.deactivated_at.is_(None), Account.erased_at.is_(None))
        .order_by(Grant.id)
        .with_for_update()
    ).all()
    if not set(administrators) - {without}:
        raise Conflict(_l("Portalen må ha minst én administrator. Gi rollen til en annen først."))


def _names(ids: Sequence[int] | set[int] | frozenset[int], known: dict[int, ServiceArea]) -> tuple[str, ...]:
    return tuple(sorted(known[id_].name for id_ in ids))

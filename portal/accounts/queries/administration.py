"""Reading for the administration: what needs attention, people, service areas and what has happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts import policy
from portal.accounts.models import (
    Account,
    AccountServiceArea,
    Grant,
    Identity,
    Organisation,
    ServiceArea,
    SignInSession,
    Spokesperson,
)
from portal.accounts.queries.organisations import SpokesmanshipRow, spoken_for
from portal.kernel import clock, outbox
from portal.kernel.audit import AuditEntry, AuditSeal
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import reactions
from portal.kernel.identity import STAFF, Actor, Role
from portal.kernel.paging import Page, paginate


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What waits for an administrator, in numbers."""

    organisations: int
    spokespersons: int
    staff_without_second_factor: int
    stuck: int


@dataclass(frozen=True)
class PersonRow:
    """A person in the list, with the roles they hold, each once."""

    account: Account
    roles: Sequence[Role]


@dataclass(frozen=True, kw_only=True)
class PersonAbilities:
    """What the administrator may do with this person."""

    change: bool
    deactivate: bool
    reactivate: bool
    reset_second_factor: bool
    belong_to_service_areas: bool
    belong_to_municipality: bool
    revoke: frozenset[Role]
    grant: Sequence[Role]


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """One person, and everything an administrator may know of them."""

    account: Account
    grants: Sequence[Grant]
    identities: Sequence[Identity]
    service_areas: Sequence[ServiceArea]
    sessions: Sequence[SignInSession]
    organisations: Sequence[SpokesmanshipRow]
    may: PersonAbilities


@dataclass(frozen=True)
class ServiceAreaRow:
    """A service area and how many work in it."""

    area: ServiceArea
    people: int


@dataclass(frozen=True)
class ServiceAreaChoice:
    """A service area that one person can be in, and whether they are."""

    area: ServiceArea
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class HappeningRow:
    """One entry of the audit trail, with the names that are still kept."""

    entry: AuditEntry
    actor_name: str | None
    subject_name: str | None
    other_name: str | None
    """The person it is about when the entry is about an organisation."""
    hides_actor: bool
    """Whether the list keeps to itself who did it: what people write may stand under another name."""


@dataclass(frozen=True, kw_only=True)
class ChainState:
    """How far the trail has been sealed, and the head of the chain."""

    sealed: int
    unsealed: int
    head: str
    sealed_at: datetime | None


def overview() -> Overview:
    """Return what waits, in one statement beside the outbox's own."""
    open_organisation = Organisation.closed_at.is_(None)
    counts = db.session.execute(
        sa.select(
            _count(Organisation, Organisation.verified_at.is_(None), open_organisation),
            _count(Spokesperson, Spokesperson.verified_at.is_(None)),
            _count(Account, _without_second_factor()),
        )
    ).one()
    return Overview(
        organisations=counts[0],
        spokespersons=counts[1],
        staff_without_second_factor=counts[2],
        stuck=len(outbox.stuck()),
    )


def waiting_spokespersons() -> Sequence[tuple[Spokesperson, str, Organisation]]:
    """Return who asks to speak for an organisation, oldest first, with the person's name and the organisation."""
    rows = db.session.execute(
        sa.select(Spokesperson, Account.name, Organisation)
        .join(Account, Account.id == Spokesperson.account_id)
        .join(Organisation, Organisation.id == Spokesperson.organisation_id)
        .where(Spokesperson.verified_at.is_(None))
        .order_by(Spokesperson.id)
        .limit(20)
    )
    return [(spokesperson, name, organisation) for spokesperson, name, organisation in rows]


def people_page(
    *, search: str = "", role: Role | None = None, without_second_factor: bool = False, cursor: str | None = None
) -> Page[PersonRow]:
    """Return people, newest first.

    `search` is the beginning of an e-mail address or of any of the names.
    """
    statement = sa.select(Account)
    if search:
        statement = statement.where(_begins(search))
    if role is not None:
        statement = statement.where(_holds([role]))
    if without_second_factor:
        statement = statement.where(_without_second_factor())
    page = paginate(statement, Account.id.desc(), cursor=cursor, limit=25)
    roles = _roles_of([account.id for account in page.items])
    return Page([PersonRow(account, roles.get(account.id, ())) for account in page.items], page.next)


def person_page(actor: Actor, account_id: int) -> PersonPage:
    """Return one person. Raises NotFound."""
    rows = db.session.execute(
        sa.select(Account, Grant, Identity)
        .outerjoin(Grant, Grant.account_id == Account.id)
        .outerjoin(Identity, Identity.account_id == Account.id)
        .where(Account.id == account_id)
        .order_by(Grant.id, Identity.id)
    ).all()
    if not rows:
        raise NotFound
    account = rows[0][0]
    grants = list(dict.fromkeys(filter(None, (grant for _account, grant, _identity in rows))))
    identities = list(dict.fromkeys(filter(None, (identity for _account, _grant, identity in rows))))
    return PersonPage(
        account=account,
        grants=grants,
        identities=identities,
        service_areas=db.session.scalars(
            sa.select(ServiceArea)
            .join(AccountServiceArea, AccountServiceArea.service_area_id == ServiceArea.id)
            .where(AccountServiceArea.account_id == account_id)
            .order_by(ServiceArea.name)
        ).all(),
        sessions=db.session.scalars(
            sa.select(SignInSession)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.ended_at.is_(None),
                SignInSession.expires_at > clock.now(),
            )
            .order_by(SignInSession.last_seen_at.desc())
            .limit(20)
        ).all(),
        organisations=spoken_for(account_id),
        may=_abilities(actor, account, grants),
    )


def find_account(account_id: int) -> Account:
    """Return one account. Raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def service_area_choices(account_id: int) -> list[ServiceAreaChoice]:
    """Return the areas in use, and those the person is in, also when they are laid down."""
    mine = sa.and_(AccountServiceArea.service_area_id == ServiceArea.id, AccountServiceArea.account_id == account_id)
    chosen = AccountServiceArea.account_id.is_not(None)
    rows = db.session.execute(
        sa.select(ServiceArea, chosen)
        .outerjoin(AccountServiceArea, mine)
        .where(sa.or_(ServiceArea.active, chosen))
        .order_by(ServiceArea.name)
    )
    return [ServiceAreaChoice(area, bool(is_chosen)) for area, is_chosen in rows]


def service_areas_page() -> list[ServiceAreaRow]:
    """Return every service area, those in use first, with how many people are in each."""
    rows = db.session.execute(
        sa.select(ServiceArea, sa.func.count(AccountServiceArea.account_id))
        .outerjoin(AccountServiceArea, AccountServiceArea.service_area_id == ServiceArea.id)
        .group_by(ServiceArea.id)
        .order_by(ServiceArea.active.desc(), ServiceArea.name)
    )
    return [ServiceAreaRow(area, people) for area, people in rows]


def find_service_area(service_area_id: int) -> ServiceArea:
    """Return one service area. Raises NotFound."""
    area = db.session.get(ServiceArea, service_area_id)
    if area is None:
        raise NotFound
    return area


def happenings_page(
    *, account_id: int | None = None, name: str | None = None, cursor: str | None = None
) -> Page[HappeningRow]:
    """Return the audit trail, newest first: what one person did or what was done to them, or one kind of event."""
    statement = sa.select(AuditEntry)
    hidden = {event.name for event in reactions() if getattr(event, "hides_actor", False)}
    if account_id is not None:
        about = sa.and_(AuditEntry.subject_kind == "account", AuditEntry.subject_id == account_id)
        done = sa.and_(AuditEntry.actor_id == account_id, AuditEntry.name.not_in(hidden))
        statement = statement.where(sa.or_(done, about))
    if name is not None:
        statement = statement.where(AuditEntry.name == name)
    page = paginate(statement, AuditEntry.id.desc(), cursor=cursor, limit=50)
    names = _names(page.items)
    rows = [
        HappeningRow(
            entry=entry,
            actor_name=None if entry.name in hidden else names.get(("account", entry.actor_id)),
            hides_actor=entry.name in hidden,
            subject_name=names.get((entry.subject_kind, entry.subject_id)),
            other_name=names.get(("account", entry.body.get("account_id")))
            if entry.subject_kind != "account"
            else None,
        )
        for entry in page.items
    ]
    return Page(rows, page.next)


def event_labels() -> Mapping[str, Any]:
    """Return every kind of event by its name, with what the list calls it."""
    return {event.name: event.label for event in reactions()}


def chain_state() -> ChainState:
    """Return how far the trail is sealed. The chain itself is walked by `portal audit verify`."""
    head = db.session.execute(
        sa.select(AuditSeal.seq, AuditSeal.hash, AuditSeal.sealed_at, AuditSeal.entry_id)
        .order_by(AuditSeal.seq.desc())
        .limit(1)
    ).first()
    newer = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.id > (head.entry_id if head else 0))
    unsealed = db.session.scalar(newer) or 0
    if head is None:
        return ChainState(sealed=0, unsealed=unsealed, head="", sealed_at=None)
    return ChainState(sealed=head.seq, unsealed=unsealed, head=head.hash, sealed_at=head.sealed_at)


def _count(model: type[Any], *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(model).where(*conditions).scalar_subquery()


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(Account.deactivated_at.is_(None), Account.erased_at.is_(None))


def _holds(roles: Collection[Role]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Grant.account_id == Account.id, Grant.role.in_(roles))


def _without_second_factor() -> sa.ColumnElement[bool]:
    """Return who among the staff gets in with a password alone; who comes by OIDC has the issuer's second factor."""
    alone = sa.and_(Account.password_hash.is_not(None), Account.totp_confirmed_at.is_(None))
    return sa.and_(_open(), alone, _holds(STAFF))


def _begins(search: str) -> sa.ColumnElement[bool]:
    """Match the beginning of the address or of any name.

    SQLite folds only a–z, so a search for «åse» is also tried as «Åse».
    """
    written = {search, search.title()}
    names = [Account.name.istartswith(each, autoescape=True) for each in written]
    later = [Account.name.icontains(f" {each}", autoescape=True) for each in written]
    return sa.or_(Account.email.startswith(search.lower(), autoescape=True), *names, *later)


def _roles_of(ids: Sequence[int]) -> dict[int, list[Role]]:
    found: dict[int, list[Role]] = {}
    rows = db.session.execute(
        sa.select(Grant.account_id, Grant.role).where(Grant.account_id.in_(ids)).order_by(Grant.id)
    )
    for account_id, role in rows:
        if role not in found.setdefault(account_id, []):
            found[account_id].append(role)
    return found


def _abilities(actor: Actor, account: Account, grants: Sequence[Grant]) -> PersonAbilities:
    roles = {grant.role for grant in grants}
    by_hand = {grant.role for grant in grants if grant.source == "manual" and grant.role is not Role.MEMBER}
    change = policy.may_administer(actor) and account.erased_at is None
    closed = account.deactivated_at is not None
    return PersonAbilities(
        change=change,
        deactivate=change and not closed and policy.may_deactivate(actor, account),
        reactivate=change and closed,
        reset_second_factor=change and account.totp_secret is not None,
        belong_to_service_areas=bool(roles & STAFF),
        belong_to_municipality=Role.PARTNER in roles,
        revoke=frozenset(role for role in by_hand if change and policy.may_revoke(actor, account.id, role)),
        grant=[role for role in policy.GRANTABLE if change and not closed and role not in by_hand],
    )


def _names(entries: Sequence[AuditEntry]) -> dict[tuple[str | None, Any], str]:
    """Return the names of people, organisations and service areas in the entries, with one statement."""
    accounts = {entry.actor_id for entry in entries} | {entry.body.get("account_id") for entry in entries}
    accounts |= {entry.subject_id for entry in entries if entry.subject_kind == "account"}
    organisations = {entry.subject_id for entry in entries if entry.subject_kind == "organisation"}
    areas = {entry.subject_id for entry in entries if entry.subject_kind == "service_area"}
    parts = (
        _named("account", Account, accounts).where(Account.erased_at.is_(None)),
        _named("organisation", Organisation, organisations),
        _named("service_area", ServiceArea, areas),
    )
    return {(kind, id_): name for kind, id_, name in db.session.execute(sa.union_all(*parts))}


def _named(kind: str, model: Any, ids: set[Any]) -> sa.Select[Any]:
    wanted = [id_ for id_ in ids if isinstance(id_, int)]
    return sa.select(sa.literal(kind), model.id, model.name).where(model.id.in_(wanted))

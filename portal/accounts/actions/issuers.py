"""People who come by an OpenID provider: known again by a hash, with the roles that their groups give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from portal import config
from portal.accounts import hashing
from portal.accounts.actions.sign_in import end_sessions
from portal.accounts.events.account import AccountSignedUp, RolesSynchronised
from portal.accounts.models import Account, Grant, Identity, SeenLogoutToken, SignInSession
from portal.accounts.queries import account as queries
from portal.kernel import clock
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role, SignInMethod


@dataclass(frozen=True, kw_only=True)
class PersonDraft:
    """A person as an OpenID provider presents them. `name` is empty when the provider gives none."""

    issuer: config.OidcIssuer
    subject: str
    name: str
    language: str
    groups: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class LogoutDraft:
    """What an issuer says is over: one sign-in there (`sid`), or all of a person's (`subject`)."""

    issuer: config.OidcIssuer
    sid: str | None
    subject: str | None
    jti: str


@atomic
def accept_person(actor: Actor, draft: PersonDraft) -> int:
    """Return the account of a person, made at the first visit; the roles follow the groups each time.

    Nobody is joined with an account that exists by e-mail address: whoever held the address at the provider would take
    it over.
    """
    account = queries.find_by_identity(draft.issuer.issuer, draft.subject) or _new_account(draft)
    _follow_groups(account, draft)
    return account.id


@atomic
def end_issuer_sessions(actor: Actor, draft: LogoutDraft) -> int:
    """End the sign-ins that an issuer says are over; return how many. Invalid when the same message came before."""
    issuer = draft.issuer.issuer
    seen = {"jti_hash": hashing.keyed("jti", f"{issuer}|{draft.jti}"), "seen_at": clock.now()}
    if not insert_once(SeenLogoutToken, seen):
        raise Invalid("", _l("Denne meldingen er brukt før."))
    where = [SignInSession.issuer == draft.issuer.name, SignInSession.ended_at.is_(None)]
    if draft.sid is not None:
        where.append(SignInSession.issuer_session == hashing.issuer_session(issuer, draft.sid))
    if draft.subject is not None:
        person = queries.find_by_identity(issuer, draft.subject)
        where.append(SignInSession.account_id == (person.id if person else None))
    found = db.session.execute(sa.select(SignInSession.account_id, SignInSession.id).where(*where)).all()
    by_account = {row.account_id: [other.id for other in found if other.account_id == row.account_id] for row in found}
    for account_id, session_ids in by_account.items():
        end_sessions(actor, account_id, reason="issuer", only=session_ids)
    return len(found)


def _new_account(draft: PersonDraft) -> Account:
    moment = clock.now()
    account = Account(name=draft.name[:200], language=draft.language, created_at=moment)
    db.session.add(account)
    db.session.flush()
    db.session.add(
        Identity(
            account_id=account.id,
            issuer=draft.issuer.issuer,
            subject_hash=hashing.subject(draft.issuer.issuer, draft.subject),
            created_at=moment,
        )
    )
    db.session.flush()
    publish(
        AccountSignedUp(
            actor=Actor(id=account.id, name=account.name),
            account_id=account.id,
            method=SignInMethod.OIDC,
            issuer=draft.issuer.name,
            email=None,
            shown_name=account.name,
        )
    )
    return account


def _follow_groups(account: Account, draft: PersonDraft) -> None:
    """Give the roles that the groups stand for, and take those from this issuer that no group gives any more."""
    source = draft.issuer.name
    wanted = {Role(role) for group, role in draft.issuer.role_mapping.items() if group in draft.groups}
    mine = (Grant.account_id == account.id, Grant.source == source)
    had = set(db.session.scalars(sa.select(Grant.role).where(*mine)))
    given, taken = wanted - had, had - wanted
    if not given and not taken:
        return
    delete_rows(sa.delete(Grant).where(*mine, Grant.role.in_(taken)))
    moment = clock.now()
    db.session.add_all(Grant(account_id=account.id, role=role, source=source, granted_at=moment) for role in given)
    db.session.flush()
    publish(
        RolesSynchronised(
            actor=Actor(id=account.id, name=account.name),
            account_id=account.id,
            issuer=source,
            given=_in_order(given),
            taken=_in_order(taken),
        )
    )


def _in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(sorted(roles))

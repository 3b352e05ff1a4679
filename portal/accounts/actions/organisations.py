"""Organisations and those who speak for them: asked for by anyone, verified by an administrator."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts import organisation_number, policy
from portal.accounts.actions.administration import STALE
from portal.accounts.events.administration import (
    OrganisationAdded,
    OrganisationChanged,
    OrganisationClosed,
    OrganisationReopened,
    OrganisationVerified,
    SpokespersonAdded,
    SpokespersonAsked,
    SpokespersonRemoved,
    SpokespersonVerified,
)
from portal.accounts.models import Account, Organisation, Spokesperson
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup

MOST_WAITING = 5
"""So many organisations one person may have asked to speak for without an answer."""


@dataclass(frozen=True, kw_only=True)
class OrganisationDraft:
    """An organisation as it is written in a form; the number as people write it."""

    number: str
    name: str
    group: StakeholderGroup


@dataclass(frozen=True, kw_only=True)
class OrganisationChange:
    """What can be mended in an organisation, and the version the form was made from."""

    name: str
    group: StakeholderGroup
    version: int


@dataclass(frozen=True, kw_only=True)
class SpokespersonDraft:
    """Somebody with an account here, and what they are in the organisation."""

    email: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class SpeakForDraft:
    """The organisation a person says they speak for; name and group count only when we don't know it yet."""

    organisation: OrganisationDraft
    title: str = ""


@atomic
def add_organisation(actor: Actor, draft: OrganisationDraft) -> Organisation:
    """Add an organisation, not yet verified. Invalid at number, name or group."""
    _administers(actor)
    number = _checked_number(draft.number)
    if _by_number(number):
        raise Invalid("number", _l("Organisasjonen er lagt inn fra før."))
    return _add(actor, number, draft)


@atomic
def change_organisation(actor: Actor, organisation_id: int, change: OrganisationChange) -> None:
    """Mend name or group. The number never changes: another number is another organisation."""
    organisation = _organisation(actor, organisation_id)
    if organisation.version != change.version:
        raise Conflict(STALE)
    _check_group(change.group)
    before = {"name": organisation.name, "group": organisation.group}
    after = {"name": change.name, "group": change.group}
    changed = [key for key in before if before[key] != after[key]]
    if not changed:
        return
    organisation.name, organisation.group = change.name, change.group
    db.session.flush()
    publish(
        OrganisationChanged(
            actor=actor,
            organisation_id=organisation_id,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    )


@atomic
def verify_organisation(actor: Actor, organisation_id: int) -> None:
    """Say that the organisation is real and in the right group: its verified spokespersons may then rate for it."""
    organisation = _organisation(actor, organisation_id)
    if organisation.closed_at:
        raise Conflict(_l("Organisasjonen er stengt. Åpne den først."))
    if organisation.verified_at:
        raise Conflict(_l("Organisasjonen er godkjent fra før."))
    organisation.verified_at, organisation.verified_by_id = clock.now(), actor.id
    db.session.flush()
    publish(OrganisationVerified(actor=actor, organisation_id=organisation_id))


@atomic
def close_organisation(actor: Actor, organisation_id: int) -> None:
    """Stop anyone from rating for the organisation from now on; what is given stays."""
    organisation = _organisation(actor, organisation_id)
    if organisation.closed_at:
        raise Conflict(_l("Organisasjonen er stengt fra før."))
    organisation.closed_at = clock.now()
    db.session.flush()
    publish(OrganisationClosed(actor=actor, organisation_id=organisation_id))


@atomic
def reopen_organisation(actor: Actor, organisation_id: int) -> None:
    """Take a closed organisation back, as verified or not as it was."""
    organisation = _organisation(actor, organisation_id)
    if organisation.closed_at is None:
        raise Conflict(_l("Organisasjonen er åpen fra før."))
    organisation.closed_at = None
    db.session.flush()
    publish(OrganisationReopened(actor=actor, organisation_id=organisation_id))


@atomic
def add_spokesperson(actor: Actor, organisation_id: int, draft: SpokespersonDraft) -> Spokesperson:
    """Let a person speak for the organisation; the administrator who adds them vouches for them. Invalid at email."""
    organisation = _organisation(actor, organisation_id)
    account = db.session.scalar(sa.select(Account).where(Account.email == draft.email.lower()))
    if account is None or account.deactivated_at or account.erased_at:
        raise Invalid("email", _l("Ingen åpen bruker har denne e-postadressen. Be personen lage bruker først."))
    if _spokesperson_of(organisation.id, account.id):
        raise Invalid("email", _l("Personen står på lista fra før."))
    spokesperson = Spokesperson(
        organisation_id=organisation.id,
        account_id=account.id,
        title=draft.title,
        created_at=clock.now(),
        verified_at=clock.now(),
        verified_by_id=actor.id,
    )
    db.session.add(spokesperson)
    db.session.flush()
    publish(SpokespersonAdded(actor=actor, organisation_id=organisation.id, account_id=account.id))
    return spokesperson


@atomic
def verify_spokesperson(actor: Actor, spokesperson_id: int) -> None:
    """Say that the person speaks for the organisation."""
    _administers(actor)
    spokesperson = _spokesperson(spokesperson_id)
    if spokesperson.verified_at:
        raise Conflict(_l("Talspersonen er godkjent fra før."))
    spokesperson.verified_at, spokesperson.verified_by_id = clock.now(), actor.id
    db.session.flush()
    publish(
        SpokespersonVerified(
            actor=actor, organisation_id=spokesperson.organisation_id, account_id=spokesperson.account_id
        )
    )


@atomic
def remove_spokesperson(actor: Actor, spokesperson_id: int) -> None:
    """Take a person off the list of those who speak for the organisation; a person may take off themselves."""
    spokesperson = _spokesperson(spokesperson_id)
    if not policy.may_remove_spokesperson(actor, spokesperson):
        raise NotFound
    event = SpokespersonRemoved(
        actor=actor, organisation_id=spokesperson.organisation_id, account_id=spokesperson.account_id
    )
    db.session.delete(spokesperson)
    db.session.flush()
    publish(event)


@atomic
def ask_to_speak_for(actor: Actor, draft: SpeakForDraft) -> Spokesperson:
    """Ask to speak for an organisation; it is added when we don't know it. An administrator then looks at both.

    Invalid at number, name or group of the organisation; Conflict when too many are waiting for an answer.
    """
    if actor.id is None or not policy.may_ask_to_speak(actor):
        raise Forbidden(_l("Du kan ikke be om å tale for en organisasjon nå."))
    if _waiting(actor.id) >= MOST_WAITING:
        raise Conflict(_l("Du har alt flere forespørsler som venter. Vi ser på dem først."))
    number = _checked_number(draft.organisation.number)
    organisation = _by_number(number) or _add(actor, number, draft.organisation)
    if organisation.closed_at:
        raise Invalid("number", _l("Denne organisasjonen er stengt i portalen. Ta kontakt med oss om det er feil."))
    if _spokesperson_of(organisation.id, actor.id):
        raise Invalid("number", _l("Du står som talsperson for denne organisasjonen fra før."))
    spokesperson = Spokesperson(
        organisation_id=organisation.id, account_id=actor.id, title=draft.title, created_at=clock.now()
    )
    db.session.add(spokesperson)
    db.session.flush()
    publish(SpokespersonAsked(actor=actor, organisation_id=organisation.id, account_id=actor.id))
    return spokesperson


def _administers(actor: Actor) -> None:
    if not policy.may_administer(actor):
        raise Forbidden(_l("Bare administratorer kan gjøre dette."))


def _organisation(actor: Actor, organisation_id: int) -> Organisation:
    _administers(actor)
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound
    return organisation


def _spokesperson(spokesperson_id: int) -> Spokesperson:
    spokesperson = db.session.get(Spokesperson, spokesperson_id)
    if spokesperson is None:
        raise NotFound
    return spokesperson


def _checked_number(written: str) -> str:
    number = organisation_number.normalise(written)
    if not organisation_number.is_valid(number):
        raise Invalid(
            "number",
            _l("Dette er ikke et gyldig organisasjonsnummer. Det har ni sifre, og du finner det i Enhetsregisteret."),
        )
    return number


def _check_group(group: StakeholderGroup) -> None:
    if group is StakeholderGroup.RESIDENT:
        raise Invalid("group", _l("En organisasjon hører til frivilligheten, næringslivet eller kunnskapsmiljøene."))


def _add(actor: Actor, number: str, draft: OrganisationDraft) -> Organisation:
    if not draft.name:
        raise Invalid("name", _l("Skriv navnet på organisasjonen."))
    _check_group(draft.group)
    organisation = Organisation(number=number, name=draft.name, group=draft.group, created_at=clock.now())
    db.session.add(organisation)
    db.session.flush()
    publish(OrganisationAdded(actor=actor, organisation_id=organisation.id, number=number, group=draft.group))
    return organisation


def _by_number(number: str) -> Organisation | None:
    return db.session.scalar(sa.select(Organisation).where(Organisation.number == number))


def _spokesperson_of(organisation_id: int, account_id: int) -> int | None:
    return db.session.scalar(
        sa.select(Spokesperson.id).where(
            Spokesperson.organisation_id == organisation_id, Spokesperson.account_id == account_id
        )
    )


def _waiting(account_id: int) -> int:
    mine = Spokesperson.account_id == account_id
    statement = sa.select(sa.func.count()).select_from(Spokesperson).where(mine, Spokesperson.verified_at.is_(None))
    return db.session.scalar(statement) or 0

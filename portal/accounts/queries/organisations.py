"""Reading organisations and those who speak for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Account, Organisation, Spokesperson
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.identity import StakeholderGroup
from portal.kernel.paging import Page, paginate


class Standing(StrEnum):
    """Where an organisation stands with the administrators."""

    WAITING = "waiting"
    VERIFIED = "verified"
    CLOSED = "closed"


@dataclass(frozen=True)
class Voice:
    """An organisation that somebody is verified to speak for."""

    id: int
    name: str
    group: StakeholderGroup


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in the list, with how many speak for it and how many of them wait."""

    organisation: Organisation
    spokespersons: int
    waiting: int

    @property
    def standing(self) -> Standing:
        return standing(self.organisation)


@dataclass(frozen=True)
class SpokespersonRow:
    """One who speaks, or asks to speak, for an organisation."""

    id: int
    account_id: int
    name: str
    email: str | None
    title: str
    asked_at: datetime
    verified_at: datetime | None
    verified_by: str | None
    deactivated: bool


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation and everybody who speaks for it."""

    organisation: Organisation
    verified_by: str | None
    spokespersons: Sequence[SpokespersonRow]

    @property
    def standing(self) -> Standing:
        return standing(self.organisation)


@dataclass(frozen=True)
class SpokesmanshipRow:
    """One of the organisations a person speaks or asks to speak for."""

    id: int
    title: str
    verified_at: datetime | None
    organisation: Organisation

    @property
    def standing(self) -> Standing:
        return standing(self.organisation)

    @property
    def counts(self) -> bool:
        """Whether the person may act for the organisation now."""
        return bool(self.verified_at and self.standing is Standing.VERIFIED)


def standing(organisation: Organisation) -> Standing:
    """Return where an organisation stands."""
    if organisation.closed_at:
        return Standing.CLOSED
    return Standing.VERIFIED if organisation.verified_at else Standing.WAITING


def spokesperson_organisations(account_id: int) -> list[Voice]:
    """Return the organisations a person may speak for: both the organisation and the person are verified."""
    rows = db.session.execute(speaks_for(account_id).order_by(Organisation.name, Organisation.id))
    return [Voice(*row) for row in rows]


def speaks_for(account_id: int) -> sa.Select[int, str, StakeholderGroup]:
    """Select number, name and group of those organisations, for a page that asks for more in the same statement."""
    return (
        sa.select(Organisation.id, Organisation.name, Organisation.group)
        .join(Spokesperson, Spokesperson.organisation_id == Organisation.id)
        .where(
            Spokesperson.account_id == account_id,
            Spokesperson.verified_at.is_not(None),
            Organisation.verified_at.is_not(None),
            Organisation.closed_at.is_(None),
        )
    )


def spoken_for(account_id: int) -> list[SpokesmanshipRow]:
    """Return every organisation a person speaks or asks to speak for, also those that wait or are closed."""
    rows = db.session.execute(
        sa.select(Spokesperson.id, Spokesperson.title, Spokesperson.verified_at, Organisation)
        .join(Organisation, Organisation.id == Spokesperson.organisation_id)
        .where(Spokesperson.account_id == account_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [SpokesmanshipRow(*row) for row in rows]


def organisations_page(
    *, where: Standing | None, group: StakeholderGroup | None, cursor: str | None
) -> Page[OrganisationRow]:
    """Return organisations, newest first, by standing and group."""
    statement = sa.select(Organisation)
    if where is not None:
        statement = statement.where(*_standing_is(where))
    if group is not None:
        statement = statement.where(Organisation.group == group)
    page = paginate(statement, Organisation.id.desc(), cursor=cursor, limit=25)
    counts = _spokespersons_of([organisation.id for organisation in page.items])
    rows = [OrganisationRow(each, *counts.get(each.id, (0, 0))) for each in page.items]
    return Page(rows, page.next)


def organisation_page(organisation_id: int) -> OrganisationPage:
    """Return one organisation with its spokespersons, those who wait first. Raises NotFound."""
    verifier = aliased(Account)
    found = db.session.execute(
        sa.select(Organisation, verifier.name)
        .outerjoin(verifier, verifier.id == Organisation.verified_by_id)
        .where(Organisation.id == organisation_id)
    ).first()
    if found is None:
        raise NotFound
    rows = db.session.execute(
        sa.select(
            Spokesperson.id,
            Account.id,
            Account.name,
            Account.email,
            Spokesperson.title,
            Spokesperson.created_at,
            Spokesperson.verified_at,
            verifier.name,
            Account.deactivated_at.is_not(None) | Account.erased_at.is_not(None),
        )
        .join(Account, Account.id == Spokesperson.account_id)
        .outerjoin(verifier, verifier.id == Spokesperson.verified_by_id)
        .where(Spokesperson.organisation_id == organisation_id)
        .order_by(Spokesperson.verified_at.is_not(None), Spokesperson.id)
    )
    return OrganisationPage(found[0], found[1], [SpokespersonRow(*row) for row in rows])


def _standing_is(where: Standing) -> tuple[sa.ColumnElement[bool], ...]:
    if where is Standing.CLOSED:
        return (Organisation.closed_at.is_not(None),)
    verified = Organisation.verified_at
    return (
        Organisation.closed_at.is_(None),
        verified.is_(None) if where is Standing.WAITING else verified.is_not(None),
    )


def _spokespersons_of(ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    waiting = sa.func.sum(sa.case((Spokesperson.verified_at.is_(None), 1), else_=0))
    rows = db.session.execute(
        sa.select(Spokesperson.organisation_id, sa.func.count(), waiting)
        .where(Spokesperson.organisation_id.in_(ids))
        .group_by(Spokesperson.organisation_id)
    )
    return {organisation_id: (count, wait) for organisation_id, count, wait in rows}

"""The page of a project's parties: what each does in the four steps, and, for those who are in it, the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, Organisation, ServiceArea
from portal.cocreation import membership, policy
from portal.cocreation.models.projects import Member, MemberRole, Party
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup

MOST = 200
"""Parties and members that a page shows."""


@dataclass(frozen=True, kw_only=True)
class PartyRow:
    """One party, and whether anybody speaks for it here."""

    party: Party
    has_somebody: bool
    is_mine: bool
    """The reader is entitled to speak for it."""


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """One who is in the project, or asks to be: shown to members, and to staff who follow it up when nobody owns it."""

    member: Member
    name: str
    party: str
    is_me: bool


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Whom an owner can choose as a party by what the portal knows."""

    organisations: Sequence[tuple[int, str, StakeholderGroup]]
    areas: Sequence[tuple[int, str]]


@dataclass(frozen=True, kw_only=True)
class PartiesPage:
    """Everything that the page of a project's parties shows."""

    frame: Frame
    parties: Sequence[PartyRow]
    members: Sequence[MemberRow]
    """Empty for those who may not see names."""
    asking: Sequence[MemberRow]
    """Those who wait for an answer, for the owners."""
    is_ownerless: bool
    """Nobody who can act owns it; known to those who follow it up."""

    @property
    def has_asked(self) -> bool:
        member = self.frame.member
        return member is not None and member.joined_at is None

    @property
    def may_appoint(self) -> bool:
        return self.is_ownerless and self.frame.may.follow_up


def parties_page(actor: Actor, project_id: int) -> PartiesPage:
    """Return the parties of a project, in at most four statements. Raises NotFound."""
    top = frame(actor, project_id)
    mine = membership.organisations_of(actor) if top.may.join or top.member is not None else frozenset()
    is_ownerless = top.may.follow_up and not membership.owners(project_id)
    people = _people(actor, project_id) if policy.is_member(top.member) or is_ownerless else []
    return PartiesPage(
        frame=top,
        parties=_parties(actor, project_id, mine),
        members=[each for each in people if each.member.joined_at is not None],
        asking=[each for each in people if each.member.joined_at is None] if top.may.run else [],
        is_ownerless=is_ownerless,
    )


def party_of(page: PartiesPage, party_id: int) -> Party:
    """Return a party on the page; raises NotFound."""
    found = next((each.party for each in page.parties if each.party.id == party_id), None)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne parten i prosjektet."))
    return found


def member_of(page: PartiesPage, account_id: int) -> MemberRow:
    """Return a member on the page; raises NotFound."""
    found = next((each for each in page.members if each.member.account_id == account_id), None)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne personen i prosjektet."))
    return found


def party_choices() -> Choices:
    """Return verified organisations and service areas to choose among, in one statement."""
    group = sa.cast(Organisation.group, sa.Text)
    verified = Organisation.verified_at.is_not(None), Organisation.closed_at.is_(None)
    nothing: Any = sa.cast(sa.null(), sa.Text)
    every = sa.union_all(
        sa.select(Organisation.id.label("id"), Organisation.name.label("name"), group.label("of")).where(*verified),
        sa.select(ServiceArea.id, ServiceArea.name, nothing).where(ServiceArea.active),
    ).subquery()
    rows = db.session.execute(
        sa.select(every.c.id, every.c.name, every.c["of"]).order_by(every.c.name, every.c.id)
    ).all()
    return Choices(
        organisations=[(id_, name, StakeholderGroup(of)) for id_, name, of in rows if of is not None],
        areas=[(id_, name) for id_, name, of in rows if of is None],
    )


def has_somebody() -> sa.ColumnElement[bool]:
    """Return the condition that somebody in the project speaks for a party."""
    speaking = Member.party_id == Party.id, Member.joined_at.is_not(None), Member.role != MemberRole.CONTRIBUTOR
    return sa.exists().where(*speaking).correlate(Party)


def _parties(actor: Actor, project_id: int, organisations: frozenset[int]) -> list[PartyRow]:
    rows = db.session.execute(
        sa.select(Party, has_somebody())
        .where(Party.project_id == project_id, Party.left_at.is_(None))
        .order_by(Party.id)
        .limit(MOST)
    )
    return [
        PartyRow(
            party=party,
            has_somebody=bool(spoken_for),
            is_mine=actor.is_signed_in and policy.speaks_for(actor, party, organisations),
        )
        for party, spoken_for in rows
    ]


def _people(actor: Actor, project_id: int) -> list[MemberRow]:
    order = sa.case({MemberRole.OWNER: 0, MemberRole.REPRESENTATIVE: 1}, value=Member.role, else_=2)
    rows = db.session.execute(
        sa.select(Member, Account.name, Party.name)
        .join(Account, Account.id == Member.account_id)
        .outerjoin(Party, Party.id == Member.party_id)
        .where(Member.project_id == project_id)
        .order_by(order, Account.name, Member.account_id)
        .limit(MOST)
    )
    return [
        MemberRow(member=member, name=name or "", party=party or "", is_me=member.account_id == actor.id)
        for member, name, party in rows
    ]

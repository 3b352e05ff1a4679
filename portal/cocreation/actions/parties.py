"""Who makes a project together: letting parties in, changing what is told of them, and taking them out."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.actions.classifying import settle
from portal.cocreation.events.projects import PartyAdded, PartyChanged, PartyLeft
from portal.cocreation.membership import alive, in_project, lock, must_point_at_nobody
from portal.cocreation.models.projects import Member, MemberRole, Part, Party, PartyKind, Project
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class PartyDraft:
    """A party as it is entered: who it is, its contact by title, and what it does in each of the four steps."""

    kind: PartyKind
    name: str
    contact_title: str = ""
    organisation_id: int | None = None
    service_area_id: int | None = None
    problem: Part = Part.NONE
    goals: Part = Part.NONE
    design: Part = Part.NONE
    carry_out: Part = Part.NONE


@atomic
def add_party(actor: Actor, project_id: int, draft: PartyDraft) -> Party:
    """Let a party in; one that has been in before comes back. Raises Invalid at the field, Forbidden."""
    project = _own(actor, project_id)
    there = _named(project, draft.name)
    if there is not None and there.left_at is None:
        raise Invalid("name", _l("Denne parten er med fra før."))
    if there is not None:
        _write(there, draft)
        there.left_at, there.joined_at = None, clock.now()
        db.session.flush()
    party = there or enter(actor, project, draft)
    settle(actor, project)
    publish(PartyAdded(actor=actor, project_id=project.id, party_id=party.id))
    return party


@atomic
def change_party(actor: Actor, project_id: int, party_id: int, draft: PartyDraft, version: int) -> Party:
    """Change what is told of a party.

    Raises Conflict when it was changed since the owner opened it, Invalid at the field, Forbidden, NotFound.
    """
    project = _own(actor, project_id)
    party = in_project(project, party_id)
    if party.version != version:
        raise Conflict(_l("Noen har endret parten siden du åpnet den. Se over det som står der nå, og lagre på nytt."))
    other = _named(project, draft.name)
    if other is not None and other.id != party.id:
        raise Invalid("name", _l("En annen part heter det samme."))
    _write(party, draft)
    db.session.flush()
    publish(PartyChanged(actor=actor, project_id=project.id, party_id=party.id))
    return party


@atomic
def take_out_party(actor: Actor, project_id: int, party_id: int) -> None:
    """Take a party out. What it answered stays; those who spoke for it are in the project as contributors.

    Raises Conflict for the last party, Forbidden, NotFound.
    """
    project = _own(actor, project_id)
    party = in_project(project, party_id)
    others = sa.select(Party.id).where(Party.project_id == project.id, Party.left_at.is_(None), Party.id != party.id)
    if db.session.scalar(others.limit(1)) is None:
        raise Conflict(_l("Et prosjekt har minst én part. Legg til en annen først."))
    for member in db.session.scalars(sa.select(Member).where(Member.party_id == party.id)):
        member.party_id = None
        if member.role is MemberRole.REPRESENTATIVE:
            member.role = MemberRole.CONTRIBUTOR
    party.left_at = clock.now()
    db.session.flush()
    settle(actor, project)
    publish(PartyLeft(actor=actor, project_id=project.id, party_id=party.id))


@atomic
def enter(actor: Actor, project: Project, draft: PartyDraft) -> Party:
    """Put a party into a project, in the caller's transaction, who tells of it. Raises Invalid at the field."""
    party = Party(project_id=project.id, joined_at=clock.now())
    _write(party, draft)
    db.session.add(party)
    db.session.flush()
    return party


def _own(actor: Actor, project_id: int) -> Project:
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    alive(project)
    return project


def _named(project: Project, name: str) -> Party | None:
    return db.session.scalar(sa.select(Party).where(Party.project_id == project.id, Party.name == name))


def _write(party: Party, draft: PartyDraft) -> None:
    if not draft.name.strip():
        raise Invalid("name", _l("Skriv hvem parten er."))
    must_point_at_nobody("name", draft.name)
    must_point_at_nobody("contact_title", draft.contact_title)
    for name, value in vars(draft).items():
        setattr(party, name, value)

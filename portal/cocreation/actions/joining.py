"""Who is in a project: asking, being let in, changing what one is in it, and leaving."""

from __future__ import annotations

from typing import Any

from portal.cocreation import policy
from portal.cocreation.events.projects import MemberChanged, MemberJoined, MemberLeft, MembershipAsked
from portal.cocreation.membership import alive, in_project, lock, organisations_of, owners
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LAST_OWNER = _l("Du er den eneste som eier prosjektet. Gjør en annen til eier først.")


@atomic
def join_project(actor: Actor, project_id: int, *, party_id: int | None = None, title: str = "") -> Member:
    """Become a member: for a party, or as a contributor. Who speaks for the party is in at once; others ask.

    Asked twice, it is asked once; a contributor who speaks for the party comes to represent it.
    Raises NotFound, Forbidden.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_take_part(actor, project), actor, policy.OVER)
    party = in_project(project, party_id) if party_id is not None else None
    entitled = party is not None and policy.speaks_for(actor, party, organisations_of(actor))
    waits_or_contributes = member is not None and (member.joined_at is None or member.role is MemberRole.CONTRIBUTOR)
    if member is not None and not (entitled and waits_or_contributes):
        return member
    now = clock.now()
    made = member or Member(project_id=project.id, account_id=actor.id, asked_at=now)
    made.role = MemberRole.REPRESENTATIVE if party else MemberRole.CONTRIBUTOR
    made.party_id, made.title = party.id if party else None, title
    made.joined_at = now if entitled else None
    db.session.add(made)
    if entitled:
        alive(project)
    db.session.flush()
    told: dict[str, Any] = {"actor": actor, "project_id": project.id, "account_id": actor.id, "role": made.role}
    publish(MemberJoined(**told, party_id=party_id) if entitled else MembershipAsked(**told))
    return made


@atomic
def accept_member(actor: Actor, project_id: int, account_id: int) -> Member:
    """Let somebody in who has asked. Twice is once. Raises NotFound, Forbidden."""
    project, asked = _run(actor, project_id, account_id)
    if asked.joined_at is None:
        asked.joined_at = clock.now()
        db.session.flush()
        alive(project)
        told: dict[str, Any] = {"account_id": account_id, "role": asked.role, "party_id": asked.party_id}
        publish(MemberJoined(actor=actor, project_id=project.id, **told))
    return asked


@atomic
def remove_member(actor: Actor, project_id: int, account_id: int) -> None:
    """Say no to somebody who has asked, or take a member out. Another owner isn't taken out, they leave.

    Raises NotFound, Forbidden.
    """
    project, member = _run(actor, project_id, account_id)
    if member.account_id == actor.id or policy.is_owner(member):
        raise Forbidden(_l("En eier kan bare gå ut selv."))
    _take_out(actor, project, member)


@atomic
def leave_project(actor: Actor, project_id: int) -> None:
    """Go out of a project, or take back that one has asked, at any time. Raises Conflict for the last owner."""
    project, member = lock(actor, project_id)
    if member is None:
        return
    if policy.is_owner(member):
        _must_have_another_owner(project, member)
    _take_out(actor, project, member)


@atomic
def change_member(
    actor: Actor, project_id: int, account_id: int, *, role: MemberRole, party_id: int | None = None, title: str = ""
) -> Member:
    """Change what a member is, whom they act for, and their title there.

    An owner steps down themselves, and not the last one. Raises Invalid at `party`, Conflict, Forbidden, NotFound.
    """
    project, member = _run(actor, project_id, account_id)
    if not policy.is_member(member):
        raise Conflict(_l("Ta stilling til forespørselen først."))
    before = member.role
    if policy.is_owner(member) and role is not MemberRole.OWNER:
        if member.account_id != actor.id:
            raise Forbidden(_l("En eier kan bare selv gi fra seg eierskapet."))
        _must_have_another_owner(project, member)
    if role is MemberRole.REPRESENTATIVE and party_id is None:
        raise Invalid("party", _l("Velg hvilken part de taler for."))
    member.party_id = in_project(project, party_id).id if party_id is not None else None
    member.role, member.title = role, title
    alive(project)
    db.session.flush()
    publish(MemberChanged(actor=actor, project_id=project.id, account_id=member.account_id, before=before, after=role))
    return member


@atomic
def appoint_owner(actor: Actor, project_id: int, account_id: int) -> Member:
    """Make a member the owner of a project that nobody is left to own: for those who follow it up.

    Raises Conflict when it has an owner, Forbidden, NotFound.
    """
    project, _member = lock(actor, project_id)
    policy.must(policy.may_follow_up(actor, project), actor, policy.NOT_THE_OWNER)
    if owners(project.id):
        raise Conflict(_l("Prosjektet har en eier."))
    member = _member_of(project, account_id)
    if not policy.is_member(member):
        raise Conflict(_l("Bare en som er med, kan bli eier."))
    before, member.role = member.role, MemberRole.OWNER
    alive(project)
    db.session.flush()
    told: dict[str, Any] = {"account_id": account_id, "before": before, "after": MemberRole.OWNER}
    publish(MemberChanged(actor=actor, project_id=project.id, **told))
    return member


def _run(actor: Actor, project_id: int, account_id: int) -> tuple[Project, Member]:
    project, mine = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, mine), actor, policy.NOT_THE_OWNER)
    return project, _member_of(project, account_id)


def _member_of(project: Project, account_id: int) -> Member:
    member = db.session.get(Member, (project.id, account_id))
    if member is None:
        raise NotFound(_l("Vi finner ikke denne personen i prosjektet."))
    return member


def _must_have_another_owner(project: Project, member: Member) -> None:
    if not set(owners(project.id)) - {member.account_id}:
        raise Conflict(LAST_OWNER)


def _take_out(actor: Actor, project: Project, member: Member) -> None:
    account_id = member.account_id
    if policy.is_member(member):
        alive(project)
    db.session.delete(member)
    db.session.flush()
    publish(MemberLeft(actor=actor, project_id=project.id, account_id=account_id))

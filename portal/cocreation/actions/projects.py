"""Starting a project, changing its words, its parties, and who is in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.cocreation import policy
from portal.cocreation.events.projects import (
    PROJECT,
    MemberJoined,
    MembershipAsked,
    PartyAdded,
    ProjectEdited,
    ProjectStarted,
)
from portal.cocreation.membership import lock
from portal.cocreation.models.projects import Member, MemberRole, Part, Party, PartyKind, Project, ProjectVersion
from portal.cocreation.phases import Phase
from portal.goals import actions as goals
from portal.goals.events import GOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.models import Tally
from portal.places.actions import PlaceDraft, locate

INDICATOR = "indicator"
SUBGOAL = "subgoal"
LONGEST = 5000
TEXTS = ("title", "summary", "challenge", "goal")


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


@dataclass(frozen=True, kw_only=True)
class ProjectDraft:
    """What a project says."""

    title: str
    challenge: str
    summary: str = ""
    goal: str = ""
    language: str = "nb"
    service_area_id: int | None = None
    place: PlaceDraft | None = None
    goals: tuple[int, ...] = field(default=())
    subgoals: tuple[int, ...] = ()
    indicators: tuple[int, ...] = ()


@atomic
def start_project(
    actor: Actor, draft: ProjectDraft, party: PartyDraft, *, origin: Ref | None = None, key: str = "", title: str = ""
) -> Project:
    """Start a project: whoever starts it owns it, and acts for the first party. The same form twice is one project.

    `title`: the starter's own, with the party. Raises Invalid at the field, Forbidden.
    """
    policy.must_start(actor)
    _must_be_whole(draft)
    _must_act_for(actor, party)
    now = clock.now()
    key = key or uuid.uuid4().hex
    organisation_id = party.organisation_id
    row = {
        **_words(draft),
        "author_id": actor.id,
        "byline": Byline.ORGANISATION if organisation_id else Byline.NAME,
        "organisation_id": organisation_id,
        "service_area_id": draft.service_area_id or party.service_area_id,
        "origin_kind": origin.kind if origin else None,
        "origin_id": origin.id if origin else None,
        "state": PublicationState.PENDING,
        "phase": Phase.NEED,
        "phase_since": now,
        "learning": "",
        "benefits_responsible": "",
        "alive_at": now,
        "key": key,
        "created_at": now,
        "shown_at": now,
        "version": 1,
    }
    is_new = insert_once(Project, row)
    project = db.session.scalars(sa.select(Project).where(Project.author_id == actor.id, Project.key == key)).one()
    if not is_new:
        return project
    first = _add(project, party)
    owner = Member(project_id=project.id, account_id=actor.id, role=MemberRole.OWNER, party_id=first.id, title=title)
    owner.asked_at = owner.joined_at = now
    db.session.add_all([owner, Tally(kind=PROJECT, target_id=project.id)])
    db.session.flush()
    _put(actor, project, draft)
    publish(ProjectStarted(actor=actor, project_id=project.id, origin=str(origin or "")))
    return project


@atomic
def edit_project(actor: Actor, project_id: int, draft: ProjectDraft, version: int) -> Project:
    """Change what a project says. What was shown is kept beside, and the new wording waits for moderation.

    Raises Conflict when it was changed since the owner opened it.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    if project.version != version:
        raise Conflict(_l("Prosjektet er endret siden du åpnet det. Se over det som står der nå, og lagre på nytt."))
    _must_be_whole(draft)
    words = _words(draft)
    reworded = any(words[name] != getattr(project, name) for name in (*TEXTS, "language"))
    if reworded and project.state is PublicationState.PUBLISHED:
        before = {name: getattr(project, name) for name in (*TEXTS, "language")}
        db.session.add(ProjectVersion(project_id=project.id, until=clock.now(), hidden=False, **before))
    for name, value in words.items():
        setattr(project, name, value)
    project.service_area_id = draft.service_area_id
    project.alive_at = clock.now()
    _put(actor, project, draft)
    if reworded:
        project.edited_at = clock.now()
        project.state = PublicationState.PENDING
    db.session.flush()
    if reworded:
        publish(ProjectEdited(actor=actor, project_id=project.id))
    return project


@atomic
def add_party(actor: Actor, project_id: int, draft: PartyDraft) -> Party:
    """Let a party in. Raises Invalid at the field, Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    if db.session.scalar(sa.select(Party.id).where(Party.project_id == project.id, Party.name == draft.name)):
        raise Invalid("name", _l("Denne parten er med fra før."))
    party = _add(project, draft)
    project.alive_at = clock.now()
    publish(PartyAdded(actor=actor, project_id=project.id, party_id=party.id))
    return party


@atomic
def join_project(actor: Actor, project_id: int, *, party_id: int | None = None, title: str = "") -> Member:
    """Become a member: for a party, or as a contributor. Who speaks for the party is in at once; others ask.

    Asked twice, it is asked once. Raises NotFound, Forbidden.
    """
    project, member = lock(actor, project_id)
    if member is not None:
        return member
    policy.must(policy.may_take_part(actor, project), actor, policy.OVER)
    party = _party(project, party_id) if party_id is not None else None
    now = clock.now()
    entitled = party is not None and policy.speaks_for(actor, party, _speaks_for(actor))
    made = Member(
        project_id=project.id,
        account_id=actor.id,
        role=MemberRole.REPRESENTATIVE if party else MemberRole.CONTRIBUTOR,
        party_id=party.id if party else None,
        title=title,
        asked_at=now,
        joined_at=now if entitled else None,
    )
    db.session.add(made)
    db.session.flush()
    told: dict[str, Any] = {"actor": actor, "project_id": project.id, "account_id": actor.id, "role": made.role}
    publish(MemberJoined(**told, party_id=party_id) if entitled else MembershipAsked(**told))
    return made


@atomic
def accept_member(actor: Actor, project_id: int, account_id: int) -> Member:
    """Let somebody in who has asked. Twice is once. Raises NotFound, Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    asked = db.session.get(Member, (project.id, account_id))
    if asked is None:
        raise NotFound(_l("Vi finner ikke denne personen i prosjektet."))
    if asked.joined_at is None:
        asked.joined_at = project.alive_at = clock.now()
        db.session.flush()
        told: dict[str, Any] = {"account_id": account_id, "role": asked.role, "party_id": asked.party_id}
        publish(MemberJoined(actor=actor, project_id=project.id, **told))
    return asked


def _words(draft: ProjectDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in (*TEXTS, "language")}


def _must_be_whole(draft: ProjectDraft) -> None:
    if not draft.title.strip():
        raise Invalid("title", _l("Gi prosjektet et navn."))
    if not draft.challenge.strip():
        raise Invalid("challenge", _l("Fortell hva dere vil gjøre noe med."))
    for name in TEXTS[1:]:
        if len(getattr(draft, name)) > LONGEST:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=LONGEST))


def _must_act_for(actor: Actor, party: PartyDraft) -> None:
    """Nobody starts a project for an organisation or a unit that isn't theirs to act for."""
    if party.organisation_id is not None and party.organisation_id not in _speaks_for(actor):
        raise Invalid("party", _l("Du kan bare starte for en organisasjon som du er godkjent talsperson for."))
    if party.kind is PartyKind.MUNICIPALITY and not actor.is_staff:
        raise Invalid("party", _l("Bare ansatte kan starte for kommunen."))


def _speaks_for(actor: Actor) -> frozenset[int]:
    return frozenset(voice.id for voice in spokesperson_organisations(actor.id or 0))


def _add(project: Project, draft: PartyDraft) -> Party:
    if not draft.name.strip():
        raise Invalid("name", _l("Skriv hvem parten er."))
    party = Party(project_id=project.id, joined_at=clock.now(), **vars(draft))
    db.session.add(party)
    db.session.flush()
    return party


def _party(project: Project, party_id: int) -> Party:
    party = db.session.get(Party, party_id)
    if party is None or party.project_id != project.id or party.left_at is not None:
        raise NotFound(_l("Vi finner ikke denne parten i prosjektet."))
    return party


def _put(actor: Actor, project: Project, draft: ProjectDraft) -> None:
    """Keep where it is and what it serves."""
    ref = Ref(PROJECT, project.id)
    locate(actor, ref, draft.place)
    goals.link(actor, ref, GOAL, draft.goals)
    goals.link(actor, ref, SUBGOAL, draft.subgoals)
    goals.link(actor, ref, INDICATOR, draft.indicators)

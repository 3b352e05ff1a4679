"""Starting a project, changing its words, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.cocreation import policy
from portal.cocreation.actions.parties import PartyDraft, enter
from portal.cocreation.events.projects import PROJECT, ProjectEdited, ProjectStarted, ProjectWithdrawn
from portal.cocreation.membership import lock, organisations_of
from portal.cocreation.models.projects import Member, MemberRole, PartyKind, Project, ProjectVersion
from portal.cocreation.phases import Phase
from portal.files import actions as files
from portal.goals import actions as goals
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor, Role
from portal.participation.models import Tally
from portal.places.actions import PlaceDraft, locate

INDICATOR = "indicator"
LONGEST = 5000
TEXTS = ("title", "summary", "challenge", "goal")


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
    goals: tuple[int, ...] = ()
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
    if origin is not None and not content().may(actor, origin, "read"):
        raise Forbidden(_l("Du kan bare starte fra noe du kan lese."))
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
    first = enter(actor, project, party)
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
def withdraw_project(actor: Actor, project_id: int) -> None:
    """Take back a project that one started, before others have joined: texts, files and place go.

    Raises Conflict when others are in it, Forbidden, NotFound.
    """
    project, member = lock(actor, project_id)
    policy.must(
        policy.may_withdraw(actor, project, member), actor, _l("Bare den som startet prosjektet, kan trekke det.")
    )
    others = sa.select(Member.account_id).where(
        Member.project_id == project.id, Member.account_id != actor.id, Member.joined_at.is_not(None)
    )
    if db.session.scalar(others.limit(1)) is not None:
        raise Conflict(_l("Andre er med i prosjektet nå. Du kan gå ut av det, eller dere kan avslutte det sammen."))
    ref = Ref(PROJECT, project.id)
    files.remove_all(SYSTEM, ref)
    _put(actor, project, ProjectDraft(title="", challenge=""))
    for name in (*TEXTS, "learning"):
        setattr(project, name, "")
    project.state = PublicationState.WITHDRAWN
    db.session.flush()
    delete_rows(sa.delete(ProjectVersion).where(ProjectVersion.project_id == project.id))
    publish(ProjectWithdrawn(actor=actor, project_id=project.id))


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
    if party.organisation_id is not None and party.organisation_id not in organisations_of(actor):
        raise Invalid("party", _l("Du kan bare starte for en organisasjon som du er godkjent talsperson for."))
    if party.kind is not PartyKind.MUNICIPALITY:
        return
    its_own = party.service_area_id is None or party.service_area_id in actor.service_areas
    if not actor.is_staff or not (its_own or actor.has(Role.IDEA_MANAGER)):
        raise Invalid("party", _l("Bare ansatte kan starte for kommunen, og bare for sin egen del av den."))


def _put(actor: Actor, project: Project, draft: ProjectDraft) -> None:
    """Keep where it is and what it serves."""
    ref = Ref(PROJECT, project.id)
    locate(actor, ref, draft.place)
    goals.link(actor, ref, GOAL, draft.goals)
    goals.link(actor, ref, SUBGOAL, draft.subgoals)
    goals.link(actor, ref, INDICATOR, draft.indicators)

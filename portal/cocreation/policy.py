"""Who may see a project and do what in it: by its state, and by what one is in it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.cocreation.models.posts import Post
from portal.cocreation.models.projects import Member, MemberRole, Party, PartyKind, Project
from portal.cocreation.phases import Phase
from portal.kernel.content import PublicationState
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role

LIMITED = _l("Kontoen din er begrenset for en tid. Du kan lese, men ikke delta.")
NOT_FOUND = _l("Vi finner ikke dette prosjektet. Det kan være trukket av dem som startet det.")
NOT_A_MEMBER = _l("Det kan bare de som er med i prosjektet, gjøre.")
NOT_A_VOICE = _l("Det kan bare de som eier prosjektet eller representerer en part, gjøre.")
NOT_THE_OWNER = _l("Det kan bare de som eier prosjektet, gjøre.")
OVER = _l("Prosjektet er avsluttet.")

ALIVE = frozenset({PublicationState.PUBLISHED, PublicationState.PENDING, PublicationState.CHANGES_REQUESTED})
WAITING = frozenset({PublicationState.PENDING, PublicationState.CHANGES_REQUESTED, PublicationState.HIDDEN})


@dataclass(frozen=True)
class Abilities:
    """What somebody may do in a project."""

    run: bool
    """Own it: change its words, parties and members, pass gates, close."""
    represent: bool
    """Answer, confirm and evaluate for a party."""
    agree: bool
    """Write on the agreement and answer at the gates: owners and representatives, while it isn't over."""
    contribute: bool
    """Write news, tasks and input from meetings: every member."""
    take_part: bool
    """Follow, discuss, sign up, give input."""
    join: bool
    follow_up: bool
    """Staff: the overview, and looking after what nobody owns."""
    see_risks: bool


def abilities(actor: Actor, project: Project, member: Member | None) -> Abilities:
    """Return what somebody who can read the project may do in it; `member`: what they are in it, if anything."""
    return Abilities(
        run=may_run(actor, project, member),
        represent=may_represent(actor, project, member),
        agree=may_agree(actor, project, member),
        contribute=may_contribute(actor, project, member),
        take_part=may_take_part(actor, project),
        join=member is None and may_take_part(actor, project),
        follow_up=may_follow_up(actor, project),
        see_risks=may_see_risks(actor, project, member),
    )


def visible() -> sa.ColumnElement[bool]:
    """Return the condition for the projects in lists; those one is in are on a page of their own."""
    return Project.state == PublicationState.PUBLISHED


def may_read(actor: Actor, project: Project, member: Member | None) -> bool:
    """Published: everybody. What waits for moderation: its members, and staff who look after projects or texts."""
    if project.state is PublicationState.PUBLISHED:
        return True
    if project.state is PublicationState.WITHDRAWN:
        return False
    return is_member(member) or (project.state in WAITING and actor.has(Role.IDEA_MANAGER, Role.MODERATOR))


def must_read(actor: Actor, project: Project | None, member: Member | None) -> Project:
    """Return the project to those who may read it; to others it isn't there. Raises NotFound."""
    if project is None or not may_read(actor, project, member):
        raise NotFound(NOT_FOUND)
    return project


def may_start(actor: Actor) -> bool:
    return actor.is_signed_in and not actor.is_limited


def must_start(actor: Actor) -> None:
    """Let nobody but those who may start a project go on; raises Forbidden."""
    if not may_start(actor):
        raise Forbidden(LIMITED if actor.is_limited else _l("Logg inn for å starte et prosjekt."))


def may_take_part(actor: Actor, project: Project) -> bool:
    """Follow, discuss, sign up, give input: whoever is signed in, while it is shown and not over."""
    return may_start(actor) and project.state is PublicationState.PUBLISHED and project.ended_at is None


def may_run(actor: Actor, project: Project, member: Member | None) -> bool:
    """Its owners run it, also while its words wait for moderation; what is over is over."""
    return is_owner(member) and not actor.is_limited and project.state in ALIVE and project.ended_at is None


def may_withdraw(actor: Actor, project: Project, member: Member | None) -> bool:
    """Whoever started it, also with a limited account; the action asks whether others have joined."""
    return is_owner(member) and project.author_id == actor.id and project.state is not PublicationState.WITHDRAWN


def may_represent(actor: Actor, project: Project, member: Member | None) -> bool:
    """Owners and representatives act for the party they belong to, also to evaluate what is over."""
    speaks = is_member(member) and member is not None and member.role is not MemberRole.CONTRIBUTOR
    return speaks and member is not None and member.party_id is not None and _acts(actor, project)


def may_agree(actor: Actor, project: Project, member: Member | None) -> bool:
    """Owners and representatives agree, answer at the gates, ask for help and call meetings, while it isn't over."""
    speaks = may_run(actor, project, member) or may_represent(actor, project, member)
    return speaks and project.ended_at is None


def may_contribute(actor: Actor, project: Project, member: Member | None) -> bool:
    """Every member, while it isn't over."""
    return is_member(member) and _acts(actor, project) and project.ended_at is None


def may_tell_hours(actor: Actor, project: Project, member: Member | None, *, has_signed_up: bool) -> bool:
    """Members, and those who have signed up for something it needs, while it isn't over."""
    return may_contribute(actor, project, member) or (has_signed_up and may_take_part(actor, project))


def may_follow_up(actor: Actor, project: Project) -> bool:
    """Innovation advisers follow up every project; employees those of their service area."""
    if actor.has(Role.IDEA_MANAGER):
        return True
    return actor.has(Role.EMPLOYEE) and project.service_area_id in actor.service_areas


def may_evaluate(actor: Actor, project: Project, member: Member | None) -> bool:
    """Representatives say how it went, from the closing phase on, also when the project is over."""
    has_come = project.phase in {Phase.CLOSE, Phase.REALISE} or project.ended_at is not None
    return has_come and may_represent(actor, project, member)


def may_see_risks(actor: Actor, project: Project, member: Member | None) -> bool:
    """Those who are in the project, and the staff who follow it up."""
    return is_member(member) or may_follow_up(actor, project)


def may_overview(actor: Actor) -> bool:
    """See the staff's overview of all projects."""
    return actor.has(Role.IDEA_MANAGER, Role.EMPLOYEE)


def visible_to_staff(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the projects in the staff's overview: who reads what waits, sees it there too."""
    waiting = WAITING if actor.has(Role.IDEA_MANAGER, Role.MODERATOR) else frozenset()
    return Project.state.in_({PublicationState.PUBLISHED, *waiting})


def may_manage_methods(actor: Actor) -> bool:
    return actor.has(Role.IDEA_MANAGER)


def speaks_for(actor: Actor, party: Party, organisations: frozenset[int]) -> bool:
    """Say whether somebody is entitled to represent a party without being let in by an owner.

    `organisations`: those they are verified spokespersons of.
    """
    if party.organisation_id is not None and party.organisation_id in organisations:
        return True
    is_unit = party.kind is PartyKind.MUNICIPALITY and party.service_area_id is not None
    return is_unit and actor.has(Role.EMPLOYEE) and party.service_area_id in actor.service_areas


def may_read_post(actor: Actor, post: Post, project: Project | None, member: Member | None) -> bool:
    """What is shown in a project one can read; what waits, its author, the project's members and moderators."""
    if post.state is PublicationState.WITHDRAWN or (project is not None and not may_read(actor, project, member)):
        return False
    if post.state is PublicationState.PUBLISHED or is_author(actor, post) or actor.has(Role.MODERATOR):
        return True
    return is_member(member)


def may_look_after(actor: Actor, post: Post, project: Project, member: Member | None) -> bool:
    """Close a need, thank those who came, cancel a meeting: the owners, and who wrote it while they arrange."""
    mine = is_author(actor, post) and may_agree(actor, project, member)
    return mine or may_run(actor, project, member)


def readable_posts(actor: Actor, model: type[Post], member: Member | None) -> sa.ColumnElement[bool]:
    """Return the condition for the texts that somebody who reads the project may read; see `may_read_post`."""
    stands = model.state != PublicationState.WITHDRAWN
    if is_member(member) or actor.has(Role.MODERATOR):
        return stands
    return sa.or_(model.state == PublicationState.PUBLISHED, sa.and_(stands, model.author_id == (actor.id or 0)))


def may_edit_post(actor: Actor, post: Post, project: Project | None, member: Member | None) -> bool:
    """Its author, and the owners of the project it is in; never what is hidden or taken back."""
    if actor.is_limited or post.state in {PublicationState.HIDDEN, PublicationState.WITHDRAWN}:
        return False
    return is_author(actor, post) or (project is not None and may_run(actor, project, member))


def may_withdraw_post(actor: Actor, post: Post, project: Project | None, member: Member | None) -> bool:
    """Its author at any time, also when the account is limited; the owners of the project it is in."""
    if post.state is PublicationState.WITHDRAWN:
        return False
    return is_author(actor, post) or (project is not None and may_run(actor, project, member))


def is_author(actor: Actor, post: Post) -> bool:
    return actor.is_signed_in and post.author_id == actor.id


def is_member(member: Member | None) -> bool:
    """Say whether somebody is in the project; who has only asked, isn't."""
    return member is not None and member.joined_at is not None


def is_owner(member: Member | None) -> bool:
    return is_member(member) and member is not None and member.role is MemberRole.OWNER


def may_offer(actor: Actor, organisation_id: int, organisations: frozenset[int]) -> bool:
    """Write for an organisation what it offers and seeks, and close it: its verified spokespersons.

    `organisations`: those they are verified spokespersons of.
    """
    return may_start(actor) and organisation_id in organisations


def must(may: bool, actor: Actor, otherwise: object) -> None:
    """Let nobody go on who may not; raises Forbidden with the reason."""
    if not may:
        raise Forbidden(LIMITED if actor.is_limited else otherwise)


def _acts(actor: Actor, project: Project) -> bool:
    return not actor.is_limited and project.state in ALIVE

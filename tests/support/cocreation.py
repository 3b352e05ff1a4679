"""Projects for tests, made the way people make them: by calling the actions."""

from __future__ import annotations

from typing import Any

from portal.cocreation import posts
from portal.cocreation.actions.joining import accept_member, join_project
from portal.cocreation.actions.parties import PartyDraft, add_party
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.kinds.posts import KINDS
from portal.cocreation.kinds.projects import restrict
from portal.cocreation.models.posts import Post
from portal.cocreation.models.projects import Member, PartyKind, Project
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic
from portal.kernel.identity import Actor

CHALLENGE = "Mange eldre i Heggedal spiser middag alene, og vil gjerne ha noen å spise sammen med."


def started(actor: Actor, title: str = "Middag sammen i Heggedal", *, party: str = "Naboene", **fields: Any) -> Project:
    """Return a project that everybody can see, owned by the actor for a group of residents."""
    draft = ProjectDraft(**{"title": title, "challenge": CHALLENGE, **fields})
    project = start_project(actor, draft, PartyDraft(kind=PartyKind.RESIDENTS, name=party), title="Kontakt")
    shown(Ref("project", project.id))
    return project


def joined(
    owner: Actor, project: Project, actor: Actor, name: str = "Frivilligsentralen", kind: PartyKind | None = None
) -> Member:
    """Return somebody who represents a new party in the project."""
    draft = PartyDraft(kind=kind or PartyKind.ORGANISATION, name=name, contact_title="Daglig leder")
    party = add_party(owner, project.id, draft)
    join_project(actor, project.id, party_id=party.id, title="Leder")
    return accept_member(owner, project.id, actor.id or 0)


def contributing(owner: Actor, project: Project, actor: Actor) -> Member:
    """Return somebody who is in the project without a party."""
    join_project(actor, project.id)
    return accept_member(owner, project.id, actor.id or 0)


def let_through(post: Post) -> None:
    """Show a text as a moderator would let it through, when it isn't shown yet."""
    shown(Ref(posts.KINDS[type(post)], post.id))


@atomic
def shown(ref: Ref) -> None:
    """Show a project, or a text of one, as a moderator would let it through."""
    kinds = {kind.name: kind.restrict for kind in KINDS} | {"project": restrict}
    put = kinds[ref.kind]
    assert put is not None
    put(ref, Restriction(state=PublicationState.PUBLISHED))

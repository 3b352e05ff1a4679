"""Finding a project together with what somebody is in it, for pages and actions alike."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.cocreation import policy
from portal.cocreation.models.posts import ProjectPost
from portal.cocreation.models.projects import Member, MemberRole, Party, Project
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import signals

P = TypeVar("P", bound=ProjectPost)

GONE = _l("Vi finner ikke dette. Det kan være trukket.")
KEPT = "cocreation_member"
"""Under which name the session keeps the last answer of `read`."""


def find(actor: Actor, project_id: int) -> tuple[Project, Member | None]:
    """Return a project the actor may read, and what they are in it. One statement. Raises NotFound."""
    mine = sa.and_(Member.project_id == Project.id, Member.account_id == actor.id)
    found = sa.select(Project, Member).outerjoin(Member, mine).where(Project.id == project_id)
    row = db.session.execute(found).one_or_none()
    project, member = (row[0], row[1]) if row else (None, None)
    keep(actor, project_id, project, member)
    return policy.must_read(actor, project, member), member


def read(actor: Actor, project_id: int) -> tuple[Project | None, Member | None]:
    """Return a project and what somebody is in it, to answer many questions of one page.

    While a page is read the answer holds, also that somebody is nothing in it: nobody writes in its transaction.
    """
    kept = db.session().info.get(KEPT)
    if kept is not None and kept[0] == _asked(actor, project_id) and not db.session().info.get("atomic"):
        return kept[1], kept[2]
    project = db.session.get(Project, project_id)
    # Nobody is in nothing; and anybody, whom participation asks for, has no number.
    member = db.session.get(Member, (project_id, actor.id)) if project and actor.id else None
    keep(actor, project_id, project, member)
    return project, member


def keep(actor: Actor, project_id: int, project: Project | None, member: Member | None) -> None:
    """Keep what a page has read, for those who ask the same of it while it is made."""
    db.session().info[KEPT] = _asked(actor, project_id), project, member


def _asked(actor: Actor, project_id: int) -> tuple[object, int, int]:
    return db.session().get_transaction(), project_id, actor.id or 0


def lock(actor: Actor, project_id: int) -> tuple[Project, Member | None]:
    """Return the same within a writing transaction, with the project locked against others' changes."""
    db.session.execute(sa.select(Project.id).where(Project.id == project_id).with_for_update())
    project, member = find(actor, project_id)
    db.session.refresh(project)
    return project, member


def alive(project: Project) -> None:
    """Note a sign of life. It is no new version: an owner who is changing the words didn't come second."""
    db.session.execute(sa.update(Project).where(Project.id == project.id).values(alive_at=clock.now()))


def party_of(actor: Actor, project: Project, member: Member | None) -> Party:
    """Return the party that somebody acts for; raises Forbidden for those who act for none, or for one that left."""
    policy.must(policy.may_represent(actor, project, member), actor, policy.NOT_A_VOICE)
    party = db.session.get(Party, member.party_id) if member is not None and member.party_id else None
    if party is None or party.left_at is not None:
        raise Forbidden(_l("Parten du representerer, er ikke lenger med i prosjektet."))
    return party


def byline(actor: Actor, member: Member | None) -> str:
    """Return what somebody is called in public in a project: title and party, or the name they go by here."""
    party = db.session.get(Party, member.party_id) if member is not None and member.party_id else None
    if member is None or party is None:
        return actor.name
    return f"{member.title}, {party.name}" if member.title else party.name


def owners(project_id: int) -> list[int]:
    """Return the accounts that own a project and can act."""
    found = (
        sa.select(Member.account_id)
        .join(Account, Account.id == Member.account_id)
        .where(
            Member.project_id == project_id,
            Member.role == MemberRole.OWNER,
            Member.joined_at.is_not(None),
            Account.deactivated_at.is_(None),
            Account.erased_at.is_(None),
        )
    )
    return list(db.session.scalars(found.order_by(Member.account_id)))


def in_project(project: Project, party_id: int) -> Party:
    """Return a party that is in the project now; raises NotFound."""
    party = db.session.get(Party, party_id)
    if party is None or party.project_id != project.id or party.left_at is not None:
        raise NotFound(_l("Vi finner ikke denne parten i prosjektet."))
    return party


def organisations_of(actor: Actor) -> frozenset[int]:
    """Return the organisations that somebody is a verified spokesperson of."""
    return frozenset(voice.id for voice in spokesperson_organisations(actor.id or 0))


def lock_post(actor: Actor, model: type[P], post_id: int) -> tuple[P, Project, Member | None]:
    """Return a text of a project to whoever may read it, locked with its project, in a writing transaction.

    Raises NotFound.
    """
    post = db.session.get(model, post_id, with_for_update=True, populate_existing=True)
    if post is None:
        raise NotFound(GONE)
    project, member = lock(actor, post.project_id)
    if not policy.may_read_post(actor, post, project, member):
        raise NotFound(GONE)
    return post, project, member


def must_point_at_nobody(field: str, text: str) -> None:
    """Refuse what may tell who somebody is, in words that are shown at once without a moderator; raises Invalid."""
    if any(found.signal in signals.PERSONAL for found in signals.find({field: text})):
        raise Invalid(field, _l("Ta bort telefonnumre, e-postadresser og andre numre som peker på en person."))

"""Finding a project together with what somebody is in it, for pages and actions alike."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.models.projects import Member, MemberRole, Party, Project
from portal.kernel.db import db
from portal.kernel.identity import Actor


def find(actor: Actor, project_id: int) -> tuple[Project, Member | None]:
    """Return a project the actor may read, and what they are in it. One statement. Raises NotFound."""
    mine = sa.and_(Member.project_id == Project.id, Member.account_id == actor.id)
    found = sa.select(Project, Member).outerjoin(Member, mine).where(Project.id == project_id)
    row = db.session.execute(found).one_or_none()
    project, member = (row[0], row[1]) if row else (None, None)
    return policy.must_read(actor, project, member), member


def lock(actor: Actor, project_id: int) -> tuple[Project, Member | None]:
    """Return the same within a writing transaction, with the project locked against others' changes."""
    db.session.execute(sa.select(Project.id).where(Project.id == project_id).with_for_update())
    project, member = find(actor, project_id)
    db.session.refresh(project)
    return project, member


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

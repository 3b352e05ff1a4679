"""Whom a notice is for: those who follow or support a thing, or are in a project."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from portal.accounts.models import Account, AccountServiceArea, Grant
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Member, MemberRole
from portal.cocreation.models.together import Attendance, SignUp
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.identity import Role
from portal.participation.models import Follow, Support
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution


def followers(refs: Collection[Ref]) -> list[int]:
    """Return the accounts that follow any of some things; who is in a project, follows it without saying so."""
    wanted = sa.tuple_(Follow.kind, Follow.target_id).in_([(ref.kind, ref.id) for ref in refs])
    following = set(db.session.scalars(sa.select(Follow.account_id).where(wanted).distinct()))
    for ref in refs:
        if ref.kind == PROJECT:
            following.update(members(ref.id))
    return sorted(following)


def supporters(ref: Ref) -> list[int]:
    """Return the accounts that support a thing."""
    wanted = sa.select(Support.account_id).where(Support.kind == ref.kind, Support.target_id == ref.id)
    return list(db.session.scalars(wanted.order_by(Support.account_id)))


def holding(role: Role) -> list[int]:
    """Return the accounts that have a role."""
    held = sa.select(Grant.account_id).where(Grant.role == role).distinct()
    return list(db.session.scalars(held.order_by(Grant.account_id)))


def employed_in(service_area_id: int) -> list[int]:
    """Return the employees of a service area."""
    works = sa.select(AccountServiceArea.account_id).where(AccountServiceArea.service_area_id == service_area_id)
    employed = sa.select(Grant.account_id).where(Grant.role == Role.EMPLOYEE, Grant.account_id.in_(works)).distinct()
    return list(db.session.scalars(employed.order_by(Grant.account_id)))


def members(project_id: int) -> list[int]:
    """Return the accounts that are in a project; who has only asked, isn't."""
    return _members(project_id)


def owners(project_id: int) -> list[int]:
    """Return the accounts that own a project."""
    return _members(project_id, Member.role == MemberRole.OWNER)


def voices(project_id: int) -> list[int]:
    """Return the accounts that may confirm and answer for a party of a project."""
    return _members(project_id, Member.role != MemberRole.CONTRIBUTOR, Member.party_id.is_not(None))


def helpers(need_id: int, *, thanked: bool = False) -> list[int]:
    """Return the accounts that have signed up for a need; `thanked`: those that got a thank-you."""
    signed_up = sa.select(SignUp.account_id).where(SignUp.need_id == need_id)
    signed_up = signed_up.where(SignUp.thanked_at.is_not(None)) if thanked else signed_up
    return list(db.session.scalars(signed_up.order_by(SignUp.account_id)))


def attending(meeting_id: int) -> list[int]:
    """Return the accounts that have said that they come to a meeting."""
    coming = sa.select(Attendance.account_id).where(Attendance.meeting_id == meeting_id)
    return list(db.session.scalars(coming.order_by(Attendance.account_id)))


def partners_in(number: str) -> list[int]:
    """Return the accounts of a partner municipality's staff."""
    staff = sa.select(Account.id).join(Grant, Grant.account_id == Account.id)
    staff = staff.where(Account.municipality_number == number, Grant.role == Role.PARTNER).distinct()
    return list(db.session.scalars(staff.order_by(Account.id)))


def keepers(solution_id: int) -> list[int]:
    """Return the accounts that look after a solution written here: its author, and all of a partner's staff.

    The home municipality's advisers take over from an author who is no longer there. What came from another portal is
    looked after there: nobody here.
    """
    solution = db.session.get_one(Solution, solution_id)
    if solution.source_uri is not None:
        return []
    partners = partners_in(solution.municipality_number)
    there = Account.id == solution.author_id, Account.deactivated_at.is_(None), Account.erased_at.is_(None)
    author = list(db.session.scalars(sa.select(Account.id).where(*there)))
    return sorted({*author, *partners}) or holding(Role.IDEA_MANAGER)


def adopting(solution_id: int) -> dict[int, list[int]]:
    """Return the accounts that tell of a solution for those who use it, by the adoption; portals tell theirs."""
    told = sa.select(Adoption).where(
        Adoption.solution_id == solution_id,
        Adoption.state != PublicationState.WITHDRAWN,
        Adoption.source_uri.is_(None),
    )
    found = db.session.scalars(told.order_by(Adoption.id)).all()
    of = {number: partners_in(number) for number in {each.municipality_number for each in found}}
    return {each.id: sorted({each.author_id, *of[each.municipality_number]}) for each in found}


def _members(project_id: int, *which: sa.ColumnElement[bool]) -> list[int]:
    joined = sa.select(Member.account_id).where(Member.project_id == project_id, Member.joined_at.is_not(None), *which)
    return list(db.session.scalars(joined.order_by(Member.account_id)))

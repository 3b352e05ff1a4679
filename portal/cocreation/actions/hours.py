"""Hours that people gave: each tells their own, and the project confirms them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.together import HoursConfirmed, HoursRefused, HoursReported
from portal.cocreation.membership import alive, lock
from portal.cocreation.models.projects import Member, Project
from portal.cocreation.models.together import HoursTold
from portal.cocreation.queries.hours import NOT_SIGNED_UP, has_signed_up
from portal.kernel import clock
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.ui.filters import number

IN_A_DAY = Decimal(24)
BACK = timedelta(days=366)
"""How long ago it may be."""
NOT_FOUND = _l("Vi finner ikke disse timene. De kan være fjernet.")


@dataclass(frozen=True, kw_only=True)
class HoursDraft:
    """What somebody gave on one day."""

    hours: Decimal
    what: str
    done_on: date


@atomic
def tell_hours(actor: Actor, project_id: int, draft: HoursDraft, *, key: str) -> HoursTold:
    """Tell of one's own hours: they count when the project has confirmed them. The same form twice is one.

    Raises Invalid at the field, Forbidden to those who neither are members nor have signed up for something.
    """
    project, member = lock(actor, project_id)
    helps = has_signed_up(actor, project_id)
    is_over = project.ended_at is not None
    may = policy.may_tell_hours(actor, project, member, has_signed_up=helps)
    policy.must(may, actor, policy.OVER if is_over else NOT_SIGNED_UP)
    found = sa.select(HoursTold).where(HoursTold.account_id == actor.id, HoursTold.key == key)
    told = db.session.scalars(found).one_or_none()
    if told is not None:
        return told
    _must_be_possible(actor, draft)
    row = {**vars(draft), "project_id": project_id, "account_id": actor.id, "key": key, "told_at": clock.now()}
    is_new = insert_once(HoursTold, row)
    told = db.session.scalars(found).one()
    if is_new:
        alive(project)
        publish(HoursReported(actor=actor, project_id=project_id, hours_id=told.id))
    return told


@atomic
def confirm_hours(actor: Actor, hours_id: int) -> int:
    """Confirm what somebody told; return the project. Twice is once. Raises NotFound, Forbidden."""
    told, project, member = _find(actor, hours_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    if told.confirmed_at is None:
        told.confirmed_at, told.confirmed_by_id = clock.now(), actor.id
        db.session.flush()
        alive(project)
        publish(HoursConfirmed(actor=actor, project_id=project.id, hours_id=told.id))
    return project.id


@atomic
def remove_hours(actor: Actor, hours_id: int) -> int:
    """Take hours away: one's own at any time, others' when one owns the project; return the project.

    Raises NotFound, Forbidden.
    """
    told, project, member = _find(actor, hours_id)
    is_own = told.account_id == actor.id
    policy.must(is_own or policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    db.session.delete(told)
    db.session.flush()
    publish(HoursRefused(actor=actor, project_id=project.id, hours_id=hours_id))
    return project.id


def _must_be_possible(actor: Actor, draft: HoursDraft) -> None:
    if not draft.what.strip():
        raise Invalid("what", _l("Skriv kort hva du gjorde."))
    if draft.done_on > clock.today():
        raise Invalid("done_on", _l("Fortell om timene når dagen har vært."))
    if draft.done_on < clock.today() - BACK:
        raise Invalid("done_on", _l("Skriv en dag i løpet av det siste året."))
    if not 0 < draft.hours <= IN_A_DAY:
        raise Invalid("hours", _l("Skriv mer enn 0 og høyst 24 timer."))
    same_day = sa.select(sa.func.sum(HoursTold.hours))
    same_day = same_day.where(HoursTold.account_id == actor.id, HoursTold.done_on == draft.done_on)
    before = db.session.scalar(same_day) or Decimal(0)
    if before + draft.hours > IN_A_DAY:
        hours = number(before)
        raise Invalid("hours", _("Du har alt fortalt om %(hours)s timer den dagen. Et døgn har 24.", hours=hours))


def _find(actor: Actor, hours_id: int) -> tuple[HoursTold, Project, Member | None]:
    """Return what was told, to whoever told it and to those who can read its project; raises NotFound."""
    told = db.session.get(HoursTold, hours_id, with_for_update=True, populate_existing=True)
    if told is None:
        raise NotFound(NOT_FOUND)
    project, member = lock(actor, told.project_id)
    return told, project, member

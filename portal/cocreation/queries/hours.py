"""Reading hours people gave: the sum for everybody, one's own, and what waits for the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.models.together import HoursTold, Need, SignUp
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

FEWEST = 3
"""Fewer people than this, and the sum would tell what each of them gave."""
SHOWN = 200
NOT_SIGNED_UP = _l("Meld deg til noe prosjektet trenger først. Da kan du fortelle om timene dine her.")


@dataclass(frozen=True)
class Given:
    """Confirmed hours, and of how many people."""

    hours: Decimal
    people: int

    @property
    def is_told(self) -> bool:
        return self.people >= FEWEST


@dataclass(frozen=True)
class Told:
    """What somebody told, with their name for the owners."""

    row: HoursTold
    name: str


@dataclass(frozen=True, kw_only=True)
class HoursPage:
    """One's own hours in a project; its owners see what all have told, newest first."""

    frame: Frame
    given: Given
    mine: Sequence[HoursTold]
    waiting: Sequence[Told]
    confirmed: Sequence[Told]
    may_tell: bool


def given(project_id: int) -> Given:
    """Return how many confirmed hours people gave a project: never by person."""
    counted = sa.select(
        sa.func.coalesce(sa.func.sum(HoursTold.hours), 0), sa.func.count(HoursTold.account_id.distinct())
    ).where(HoursTold.project_id == project_id, HoursTold.confirmed_at.is_not(None))
    hours, people = db.session.execute(counted).one()
    return Given(Decimal(hours), people)


def hours_page(actor: Actor, project_id: int) -> HoursPage:
    """Return one's own hours, and to the owners what all have told. Four statements. Raises NotFound, Forbidden."""
    top = frame(actor, project_id)
    may_confirm = policy.may_run(actor, top.project, top.member)
    told = _told(project_id, None if may_confirm else actor.id or 0)
    mine = [each.row for each in told if each.row.account_id == actor.id]
    may_tell = policy.may_tell_hours(actor, top.project, top.member, has_signed_up=has_signed_up(actor, project_id))
    if not may_tell and not told and not policy.is_member(top.member):
        raise Forbidden(NOT_SIGNED_UP)
    return HoursPage(
        frame=top,
        given=given(project_id),
        mine=mine,
        waiting=[each for each in told if may_confirm and each.row.confirmed_at is None],
        confirmed=[each for each in told if may_confirm and each.row.confirmed_at is not None],
        may_tell=may_tell,
    )


def has_signed_up(actor: Actor, project_id: int) -> bool:
    """Say whether somebody has signed up for something a project needs."""
    mine = sa.select(SignUp.need_id).join(Need, Need.id == SignUp.need_id)
    mine = mine.where(Need.project_id == project_id, SignUp.account_id == (actor.id or 0))
    return bool(db.session.scalar(sa.select(mine.exists())))


def _told(project_id: int, only: int | None) -> Sequence[Told]:
    found = sa.select(HoursTold, Account.name).join(Account, Account.id == HoursTold.account_id)
    found = found.where(HoursTold.project_id == project_id)
    if only is not None:
        found = found.where(HoursTold.account_id == only)
    newest = found.order_by(HoursTold.done_on.desc(), HoursTold.id.desc()).limit(SHOWN)
    return [Told(row, name) for row, name in db.session.execute(newest)]

"""Reading what projects need: the list, and one need with those who signed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.events.posts import NEED
from portal.cocreation.models.together import Need, SignUp
from portal.cocreation.queries.frame import Frame, frame
from portal.cocreation.queries.hours import Given, given
from portal.cocreation.queries.measures import NEED_KINDS, measured
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt
from portal.participation.queries.panels import Panel, panel

SHOWN = 200
"""Needs of one project on its page."""
NOT_YOURS = _l("Det kan bare de som eier prosjektet, eller den som skrev behovet, gjøre.")
NOT_ARRANGING = _l("Det kan bare de som eier prosjektet eller representerer en part, gjøre.")
NOT_FOUND = _l("Vi finner ikke dette behovet. Det kan være trukket.")


@dataclass(frozen=True)
class NeedRow:
    """A need as lists show it, with what the reader has signed up for."""

    need: Need
    mine: int

    @property
    def kind(self) -> Any:
        return NEED_KINDS[self.need.kind]

    @property
    def left(self) -> int:
        return self.need.capacity - self.need.taken

    @property
    def is_open(self) -> bool:
        return self.need.closed_at is None and self.left > 0

    @property
    def waits(self) -> bool:
        """Say whether a moderator hasn't let it through yet."""
        return self.need.state is not PublicationState.PUBLISHED

    @property
    def line(self) -> str:
        return excerpt(self.need.text, 160)

    def measured(self, amount: int) -> str:
        return measured(self.need.kind, amount)


@dataclass(frozen=True, kw_only=True)
class NeedsPage:
    """What a project needs, and what people gave."""

    frame: Frame
    open: Sequence[NeedRow]
    covered: Sequence[NeedRow]
    """Full or closed."""
    given: Given
    may_ask: bool
    may_tell_hours: bool


@dataclass(frozen=True)
class Helper:
    """Somebody who signed up, as the members see it."""

    sign_up: SignUp
    name: str


@dataclass(frozen=True, kw_only=True)
class NeedPage:
    """One need."""

    frame: Frame
    row: NeedRow
    mine: SignUp | None
    helpers: Sequence[Helper]
    """Members see who signed up; others how many."""
    sees_helpers: bool
    sees_notes: bool
    may_sign_up: bool
    may_look_after: bool
    may_withdraw: bool
    signed_in: bool
    panel: Panel

    @property
    def need(self) -> Need:
        return self.row.need

    @property
    def unthanked(self) -> int:
        return sum(each.sign_up.thanked_at is None for each in self.helpers)


def needs_page(actor: Actor, project_id: int) -> NeedsPage:
    """Return what a project needs, in three statements. Raises NotFound."""
    top = frame(actor, project_id)
    found = (
        sa.select(Need, sa.func.coalesce(SignUp.amount, 0))
        .outerjoin(SignUp, sa.and_(SignUp.need_id == Need.id, SignUp.account_id == (actor.id or 0)))
        .where(Need.project_id == project_id, policy.readable_posts(actor, Need, top.member))
        .order_by(Need.needed_on.is_(None), Need.needed_on, Need.id.desc())
        .limit(SHOWN)
    )
    rows = [NeedRow(need, mine) for need, mine in db.session.execute(found)]
    helps = any(row.mine for row in rows)
    return NeedsPage(
        frame=top,
        open=[row for row in rows if row.is_open],
        covered=[row for row in rows if not row.is_open],
        given=given(project_id),
        may_ask=policy.may_agree(actor, top.project, top.member),
        may_tell_hours=policy.may_tell_hours(actor, top.project, top.member, has_signed_up=helps),
    )


def need_page(actor: Actor, need_id: int) -> NeedPage:
    """Return one need; its members see who signed up. Raises NotFound."""
    need = db.session.get(Need, need_id)
    if need is None:
        raise NotFound(NOT_FOUND)
    top = frame(actor, need.project_id)
    if not policy.may_read_post(actor, need, top.project, top.member):
        raise NotFound(NOT_FOUND)
    sees_helpers = policy.is_member(top.member)
    helpers = _helpers(need, None if sees_helpers else actor.id or 0)
    mine = next((each.sign_up for each in helpers if each.sign_up.account_id == actor.id), None)
    row = NeedRow(need, mine.amount if mine else 0)
    is_shown = need.state is PublicationState.PUBLISHED and need.closed_at is None
    return NeedPage(
        frame=top,
        row=row,
        mine=mine,
        helpers=helpers if sees_helpers else [],
        sees_helpers=sees_helpers,
        sees_notes=policy.may_agree(actor, top.project, top.member),
        may_sign_up=is_shown and (row.left > 0 or mine is not None) and policy.may_take_part(actor, top.project),
        may_look_after=policy.may_look_after(actor, need, top.project, top.member),
        may_withdraw=need.taken == 0 and policy.may_withdraw_post(actor, need, top.project, top.member),
        signed_in=actor.is_signed_in,
        panel=panel(actor, Ref(NEED, need.id), forms=()),
    )


def arranging(actor: Actor, project_id: int) -> Frame:
    """Return the top of a project to those who ask for help and call meetings. Raises NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(policy.may_agree(actor, top.project, top.member), actor, NOT_ARRANGING)
    return top


def own_need(actor: Actor, need_id: int) -> NeedPage:
    """Return a need to those who may change it. Raises NotFound, Forbidden."""
    page = need_page(actor, need_id)
    policy.must(page.may_look_after, actor, NOT_YOURS)
    return page


def _helpers(need: Need, only: int | None) -> Sequence[Helper]:
    """Return who signed up, the first first; `only`: that account's own."""
    found = sa.select(SignUp, Account.name).join(Account, Account.id == SignUp.account_id)
    found = found.where(SignUp.need_id == need.id)
    if only is not None:
        found = found.where(SignUp.account_id == only)
    return [Helper(sign_up, name) for sign_up, name in db.session.execute(found.order_by(SignUp.at, SignUp.account_id))]

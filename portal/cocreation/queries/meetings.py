"""Reading meetings: those of a project, one meeting, and what calendars are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.events.posts import MEETING
from portal.cocreation.models.together import Attendance, Meeting
from portal.cocreation.queries.frame import Frame, frame
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import ANONYMOUS, Actor
from portal.kernel.richtext import excerpt, plain

SHOWN = 200
"""Meetings of one project on its page; its calendar has as many."""
NOT_YOURS = _l("Det kan bare de som eier prosjektet, eller den som kalte inn til møtet, gjøre.")
NOT_FOUND = _l("Vi finner ikke dette møtet. Det kan være trukket.")


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as lists show it."""

    meeting: Meeting
    comes: bool
    """The reader has said that they come."""

    @property
    def is_past(self) -> bool:
        return self.meeting.ends_at <= clock.now()

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.cancelled_at is not None

    @property
    def waits(self) -> bool:
        """Say whether a moderator hasn't let it through yet."""
        return self.meeting.state is not PublicationState.PUBLISHED

    @property
    def is_one_day(self) -> bool:
        return clock.local(self.meeting.starts_at).date() == clock.local(self.meeting.ends_at).date()

    @property
    def left(self) -> int | None:
        """Return how many places are free; None when there is no end to them."""
        return None if self.meeting.capacity is None else self.meeting.capacity - self.meeting.taken

    @property
    def is_on_the_net(self) -> bool:
        return self.meeting.link.startswith("https://")

    @property
    def place(self) -> str:
        return self.meeting.place or (self.meeting.link if self.is_on_the_net else "")

    @property
    def told(self) -> str:
        """Return the agenda as plain text, with the link, as a calendar shows it."""
        return "\n\n".join(filter(None, (plain(self.meeting.agenda), self.meeting.link)))

    @property
    def minutes(self) -> str:
        return excerpt(self.meeting.minutes, 160)


@dataclass(frozen=True, kw_only=True)
class MeetingsPage:
    """The meetings of a project: the next first, and those that were, the last first."""

    frame: Frame
    coming: Sequence[MeetingRow]
    past: Sequence[MeetingRow]
    may_call: bool


@dataclass(frozen=True, kw_only=True)
class MeetingPage:
    """One meeting."""

    frame: Frame
    row: MeetingRow
    names: Sequence[str]
    """Who come, for the members to see."""
    sees_names: bool
    may_join: bool
    may_look_after: bool
    may_withdraw: bool
    signed_in: bool

    @property
    def meeting(self) -> Meeting:
        return self.row.meeting

    @property
    def ref(self) -> Ref:
        return Ref(MEETING, self.meeting.id)

    @property
    def may_write_minutes(self) -> bool:
        begun = self.meeting.starts_at <= clock.now()
        return self.may_look_after and begun and not self.row.is_cancelled


def meetings_page(actor: Actor, project_id: int) -> MeetingsPage:
    """Return the meetings of a project, in two statements. Raises NotFound."""
    top = frame(actor, project_id)
    rows = _rows(actor, top)
    return MeetingsPage(
        frame=top,
        coming=[row for row in reversed(rows) if not row.is_past],
        past=[row for row in rows if row.is_past],
        may_call=policy.may_agree(actor, top.project, top.member),
    )


def meeting_page(actor: Actor, meeting_id: int) -> MeetingPage:
    """Return one meeting; its members see who come. Three statements. Raises NotFound."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound(NOT_FOUND)
    top = frame(actor, meeting.project_id)
    if not policy.may_read_post(actor, meeting, top.project, top.member):
        raise NotFound(NOT_FOUND)
    sees_names = policy.is_member(top.member)
    people = _people(meeting, None if sees_names else actor.id or 0)
    row = MeetingRow(meeting, actor.id in people)
    is_open = not (row.is_past or row.is_cancelled or row.waits or row.left == 0)
    return MeetingPage(
        frame=top,
        row=row,
        names=[*people.values()] if sees_names else [],
        sees_names=sees_names,
        may_join=is_open and not row.comes and policy.may_take_part(actor, top.project),
        may_look_after=policy.may_look_after(actor, meeting, top.project, top.member),
        may_withdraw=meeting.taken == 0 and policy.may_withdraw_post(actor, meeting, top.project, top.member),
        signed_in=actor.is_signed_in,
    )


def own_meeting(actor: Actor, meeting_id: int) -> MeetingPage:
    """Return a meeting to those who may change it. Raises NotFound, Forbidden."""
    page = meeting_page(actor, meeting_id)
    policy.must(page.may_look_after, actor, NOT_YOURS)
    return page


def public_meetings(project_id: int) -> tuple[Frame, Sequence[MeetingRow]]:
    """Return the meetings that everybody may see: a calendar has no account. Raises NotFound."""
    top = frame(ANONYMOUS, project_id)
    return top, _rows(ANONYMOUS, top)


def _rows(actor: Actor, top: Frame) -> list[MeetingRow]:
    mine = sa.and_(Attendance.meeting_id == Meeting.id, Attendance.account_id == (actor.id or 0))
    found = (
        sa.select(Meeting, Attendance.account_id)
        .outerjoin(Attendance, mine)
        .where(Meeting.project_id == top.project.id, policy.readable_posts(actor, Meeting, top.member))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(SHOWN)
    )
    return [MeetingRow(meeting, comes is not None) for meeting, comes in db.session.execute(found)]


def _people(meeting: Meeting, only: int | None) -> dict[int, str]:
    """Return who come, in the order they said so; `only`: that account alone."""
    found = sa.select(Attendance.account_id, Account.name).join(Account, Account.id == Attendance.account_id)
    found = found.where(Attendance.meeting_id == meeting.id)
    if only is not None:
        found = found.where(Attendance.account_id == only)
    rows = db.session.execute(found.order_by(Attendance.at, Attendance.account_id))
    return {account_id: name for account_id, name in rows}  # noqa: C416 - dict() of rows confuses the checker

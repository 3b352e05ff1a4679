"""Meetings: calling them, moving and cancelling them, coming to them, and what was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.actions.posting import edit_post, withdraw_post, write_post
from portal.cocreation.events.posts import MEETING
from portal.cocreation.events.together import MeetingCancelled, MeetingChanged, MeetingJoined, MeetingLeft
from portal.cocreation.membership import alive, lock, lock_post
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Attendance, Meeting
from portal.cocreation.queries.meetings import NOT_YOURS
from portal.cocreation.queries.needs import NOT_ARRANGING
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l, ngettext
from portal.kernel.identity import Actor

MOST = 100_000
LONGEST = timedelta(days=31)
LINK = re.compile(r"""https://[^\s/?#@\\:"'<>`]+(:[0-9]{1,5})?([/?#][^\s\\"'<>`]*)?""")
PLAN = ("starts_at", "ends_at", "place", "link")
"""What those who come, and their calendars, must know has changed."""

NOT_SHOWN_YET = _l("Møtet venter på en moderator. Prøv igjen når det er publisert.")
CANCELLED = _l("Møtet er avlyst.")


@dataclass(frozen=True, kw_only=True)
class MeetingDraft:
    """A meeting as it is called. Times are aware; `capacity` None: as many as come."""

    title: str
    starts_at: datetime
    ends_at: datetime
    agenda: str = ""
    place: str = ""
    link: str = ""
    capacity: int | None = None
    language: str = "nb"


@atomic
def call_meeting(actor: Actor, project_id: int, draft: MeetingDraft, *, key: str) -> Meeting:
    """Call people to a meeting: it waits for moderation. Raises Invalid at the field, Forbidden."""
    project, member = lock(actor, project_id)
    policy.must(policy.may_agree(actor, project, member), actor, NOT_ARRANGING)
    _must_be_whole(draft)
    return write_post(actor, Meeting, {**vars(draft), "project_id": project_id}, key=key)


@atomic
def edit_meeting(actor: Actor, meeting_id: int, draft: MeetingDraft, *, version: int) -> Meeting:
    """Change a meeting; another time or place counts up what calendars go by.

    Raises Conflict when it was changed since the writer opened it or is cancelled, Invalid at the field, Forbidden.
    """
    meeting = _looked_after(actor, meeting_id)[0]
    if meeting.cancelled_at is not None:
        raise Conflict(CANCELLED)
    _must_be_whole(draft)
    if draft.capacity is not None and draft.capacity < meeting.taken:
        raise Invalid("capacity", _l("%(taken)d har alt sagt at de kommer. Skriv minst det.", taken=meeting.taken))
    moved = any(getattr(meeting, name) != getattr(draft, name) for name in PLAN)
    resized = draft.capacity != meeting.capacity
    values = {**vars(draft), "sequence": meeting.sequence + moved}
    if moved:
        values["edited_at"] = clock.now()
    meeting = edit_post(actor, Meeting, meeting_id, values, version=version)
    if moved or resized:
        publish(MeetingChanged(actor=actor, **_subject(meeting), sequence=meeting.sequence, moved=moved))
    return meeting


@atomic
def write_minutes(actor: Actor, meeting_id: int, minutes: str, *, version: int) -> Meeting:
    """Tell what was said and agreed. Raises Invalid before the meeting has begun, Conflict, Forbidden."""
    meeting = _looked_after(actor, meeting_id)[0]
    if meeting.cancelled_at is not None:
        raise Conflict(CANCELLED)
    if meeting.starts_at > clock.now():
        raise Invalid("minutes", _l("Skriv referatet når møtet har begynt."))
    return edit_post(actor, Meeting, meeting_id, {"minutes": minutes}, version=version)


@atomic
def cancel_meeting(actor: Actor, meeting_id: int) -> None:
    """Cancel a meeting; calendars are told. Twice is once. Raises Conflict when it has been, Forbidden."""
    meeting, project = _looked_after(actor, meeting_id)
    if meeting.cancelled_at is not None:
        return
    if meeting.ends_at <= clock.now():
        raise Conflict(_l("Møtet har vært. Det kan ikke avlyses."))
    meeting.cancelled_at = meeting.edited_at = clock.now()
    meeting.sequence += 1
    _changed(project)
    publish(MeetingCancelled(actor=actor, **_subject(meeting)))


@atomic
def withdraw_meeting(actor: Actor, meeting_id: int) -> None:
    """Take a meeting back that nobody has said they come to. Raises Conflict, Forbidden, NotFound."""
    meeting = lock_post(actor, Meeting, meeting_id)[0]
    if meeting.taken:
        raise Conflict(_l("Noen har sagt at de kommer. Avlys møtet i stedet, så får de vite det."))
    withdraw_post(actor, Meeting, meeting_id)


@atomic
def join_meeting(actor: Actor, meeting_id: int) -> None:
    """Say that one comes. Twice is once. Raises Conflict when it is full, cancelled or over, Forbidden."""
    meeting, project, _member = lock_post(actor, Meeting, meeting_id)
    policy.must(policy.may_take_part(actor, project), actor, policy.OVER)
    if db.session.get(Attendance, (meeting.id, actor.id)) is not None:
        return
    _must_be_coming(meeting)
    _take_a_place(meeting)
    db.session.add(Attendance(meeting_id=meeting.id, account_id=actor.id, at=clock.now()))
    _changed(project)
    publish(MeetingJoined(actor=actor, **_subject(meeting)))


@atomic
def leave_meeting(actor: Actor, meeting_id: int) -> None:
    """Say that one doesn't come after all. Twice is once."""
    meeting = db.session.get(Meeting, meeting_id, with_for_update=True, populate_existing=True)
    place = db.session.get(Attendance, (meeting_id, actor.id)) if meeting is not None else None
    if meeting is None or place is None:
        return
    db.session.delete(place)
    db.session.execute(sa.update(Meeting).where(Meeting.id == meeting.id).values(taken=Meeting.taken - 1))
    _changed(db.session.get_one(Project, meeting.project_id))
    publish(MeetingLeft(actor=actor, **_subject(meeting)))


def _looked_after(actor: Actor, meeting_id: int) -> tuple[Meeting, Project]:
    meeting, project, member = lock_post(actor, Meeting, meeting_id)
    policy.must(policy.may_look_after(actor, meeting, project, member), actor, NOT_YOURS)
    return meeting, project


def _must_be_coming(meeting: Meeting) -> None:
    if meeting.state is not PublicationState.PUBLISHED:
        raise Conflict(NOT_SHOWN_YET)
    if meeting.cancelled_at is not None:
        raise Conflict(CANCELLED)
    if meeting.ends_at <= clock.now():
        raise Conflict(_l("Møtet har vært."))


def _take_a_place(meeting: Meeting) -> None:
    """Take one place in one statement that can't take more than there are: of two who want the last, one gets it."""
    there_is_room = sa.or_(Meeting.capacity.is_(None), Meeting.taken < Meeting.capacity)
    taking = sa.update(Meeting).where(Meeting.id == meeting.id, there_is_room).values(taken=Meeting.taken + 1)
    if cast("sa.CursorResult[Any]", db.session.execute(taking)).rowcount != 1:
        raise Conflict(
            ngettext(
                "Møtet er fullt: den ene plassen er tatt.",
                "Møtet er fullt: alle %(num)d plassene er tatt.",
                meeting.taken,
            )
        )


def _changed(project: Project) -> None:
    db.session.flush()
    alive(project)


def _subject(meeting: Meeting) -> Mapping[str, Any]:
    return {"kind": MEETING, "post_id": meeting.id, "project_id": meeting.project_id}


def _must_be_whole(draft: MeetingDraft) -> None:
    if not draft.title.strip():
        raise Invalid("title", _l("Skriv hva møtet handler om."))
    if draft.ends_at <= draft.starts_at:
        raise Invalid("ends", _l("Møtet må slutte etter at det begynner."))
    if draft.ends_at - draft.starts_at > LONGEST:
        raise Invalid("ends_on", _l("Et møte kan vare høyst %(days)d dager.", days=LONGEST.days))
    if not draft.place.strip() and not draft.link:
        raise Invalid("place", _l("Skriv hvor møtet er, eller legg inn en lenke."))
    if draft.link and LINK.fullmatch(draft.link) is None:
        raise Invalid("link", _l("Skriv hele adressen. Den må begynne med https://"))
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST:
        raise Invalid("capacity", _l("Skriv minst 1, eller la feltet stå tomt."))

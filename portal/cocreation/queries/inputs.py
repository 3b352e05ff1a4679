"""Reading input to a project: from the page and from meetings side by side, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.posts import INPUT
from portal.cocreation.models.together import Input, Meeting, Use, Way
from portal.cocreation.queries.frame import Frame, frame
from portal.cocreation.queries.news import in_project
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate

PAGE_SIZE = 20
USES: Mapping[Use, Any] = {
    Use.USED: _l("Brukt"),
    Use.PARTLY: _l("Delvis brukt"),
    Use.NOT_USED: _l("Ikke brukt"),
}


@dataclass(frozen=True, kw_only=True)
class InputRow:
    """One input as its reader sees it."""

    post: Input
    meeting: Meeting | None
    may_answer: bool
    may_edit: bool
    may_withdraw: bool

    @property
    def ref(self) -> Ref:
        return Ref(INPUT, self.post.id)

    @property
    def waits(self) -> bool:
        return self.post.state is not PublicationState.PUBLISHED


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What everybody can see, counted."""

    all: int
    answered: int
    from_meetings: int
    participants: int
    """Persons at the meetings; who was at several counts each time, and several inputs of one meeting count it once."""


@dataclass(frozen=True, kw_only=True)
class InputsPage:
    """Input, the newest first."""

    frame: Frame
    rows: Sequence[InputRow]
    counts: Counts
    next: str | None
    answered: bool | None
    """What the list is narrowed to; None: all of it."""


@dataclass(frozen=True, kw_only=True)
class InputWriting:
    """What the forms for giving, changing and answering start from."""

    frame: Frame
    post: Input | None
    meetings: Sequence[Meeting] = ()


def inputs_page(actor: Actor, project_id: int, cursor: str | None, answered: bool | None = None) -> InputsPage:
    """Return one page of input, in three statements."""
    top = frame(actor, project_id)
    listed = (
        sa.select(Input, Meeting)
        .outerjoin(Meeting, sa.and_(Meeting.id == Input.meeting_id, Meeting.state == PublicationState.PUBLISHED))
        .where(Input.project_id == project_id, policy.readable_posts(actor, Input, top.member))
    )
    if answered is not None:
        listed = listed.where(Input.use.is_not(None) if answered else Input.use.is_(None))
    page = paginate(listed, Input.id.desc(), cursor=cursor, limit=PAGE_SIZE)
    return InputsPage(
        frame=top,
        rows=[_row(actor, top, post, meeting) for post, meeting in page.items],
        counts=counts(project_id),
        next=page.next,
        answered=answered,
    )


def counts(project_id: int) -> Counts:
    """Count the input to a project that everybody can see. One statement."""
    public = Input.project_id == project_id, Input.state == PublicationState.PUBLISHED
    met = (
        sa.select(sa.func.max(Input.participants).label("persons"))
        .where(*public, Input.way == Way.PHYSICAL)
        .group_by(sa.func.coalesce(Input.meeting_id, -Input.id))
        .subquery()
    )
    persons = sa.select(sa.func.coalesce(sa.func.sum(met.c.persons), 0)).scalar_subquery()
    found = sa.select(
        sa.func.count(),
        sa.func.count(Input.use),
        sa.func.count().filter(Input.way == Way.PHYSICAL),
        persons,
    ).where(*public)
    every, answered, physical, participants = db.session.execute(found.select_from(Input)).one()
    return Counts(all=every, answered=answered, from_meetings=physical, participants=int(participants))


def giving(actor: Actor, project_id: int, way: Way) -> InputWriting:
    """Return what a form for new input starts from. Raises Forbidden."""
    top = frame(actor, project_id)
    is_met = way is Way.PHYSICAL
    may, otherwise = (top.may.contribute, policy.NOT_A_MEMBER) if is_met else (top.may.take_part, policy.OVER)
    policy.must(may, actor, policy.OVER if top.project.ended_at else otherwise)
    return InputWriting(frame=top, post=None, meetings=_meetings(project_id) if is_met else ())


def changing(actor: Actor, project_id: int, input_id: int) -> InputWriting:
    """Return what the form for changing or taking back one's own starts from. Raises Forbidden, NotFound."""
    top = frame(actor, project_id)
    post = in_project(actor, top, Input, input_id)
    if not policy.is_author(actor, post):
        raise Forbidden
    return InputWriting(frame=top, post=post, meetings=_meetings(project_id) if post.way is Way.PHYSICAL else ())


def answering(actor: Actor, project_id: int, input_id: int) -> InputWriting:
    """Return what the form for answering starts from. Raises Forbidden, NotFound."""
    top = frame(actor, project_id)
    post = in_project(actor, top, Input, input_id)
    policy.must(_may_answer(top), actor, policy.NOT_A_VOICE)
    return InputWriting(frame=top, post=post)


def _row(actor: Actor, top: Frame, post: Input, meeting: Meeting | None) -> InputRow:
    is_mine = policy.is_author(actor, post)
    may_edit = is_mine and post.use is None and policy.may_edit_post(actor, post, top.project, top.member)
    return InputRow(
        post=post,
        meeting=meeting,
        may_answer=_may_answer(top) and post.state is PublicationState.PUBLISHED,
        may_edit=may_edit,
        may_withdraw=is_mine and policy.may_withdraw_post(actor, post, top.project, top.member),
    )


def _may_answer(top: Frame) -> bool:
    return top.may.agree or top.may.represent


def _meetings(project_id: int) -> Sequence[Meeting]:
    """Return the meetings that input can come from: those that have begun."""
    held = sa.select(Meeting).where(
        Meeting.project_id == project_id,
        Meeting.state == PublicationState.PUBLISHED,
        Meeting.cancelled_at.is_(None),
        Meeting.starts_at <= clock.now(),
    )
    return db.session.scalars(held.order_by(Meeting.starts_at.desc()).limit(50)).all()

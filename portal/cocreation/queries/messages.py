"""Messages between people and those who run a project or speak for an organisation: who is on which side, and threads.

Who reads is decided as it is read: a new owner or spokesperson sees what came before, one who left sees no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, Organisation, Spokesperson
from portal.accounts.queries.organisations import speaks_for
from portal.cocreation import membership, policy
from portal.cocreation.events.finding import ORGANISATION
from portal.cocreation.events.posts import NEED, OFFER
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.finding import Message, Offer
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.models.together import Need
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.kernel.richtext import excerpt

NOT_FOUND = _l("Vi finner ikke denne samtalen.")
THREADS = 20
SHOWN = 50
"""Messages of a thread on a page, the newest."""
LINE = 140


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a message is about, and who is written to: those of a project, or of an organisation."""

    about: Ref
    title: str
    """Of the thing."""
    side: Ref
    """A project or an organisation."""
    name: str
    """What that is called."""
    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class WritePage:
    """A new message: about what, to whom, and how many will read it."""

    target: Target
    readers: int
    is_own: bool
    """Whoever asks is one of those who would read it."""


@dataclass(frozen=True, kw_only=True)
class ThreadRow:
    """A thread in the list."""

    id: int
    title: str
    """Of what it is about."""
    name: str
    """Whom one writes with: the project or organisation, or the one who wrote."""
    is_sender: bool
    line: str
    """How the last message begins."""
    last_at: datetime
    last_is_mine: bool
    is_ended: bool


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a thread, as one of its readers sees it."""

    id: int
    name: str
    """Empty for one's own."""
    is_mine: bool
    text: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A thread, and on which side of it somebody is."""

    first: Message
    target: Target
    sender: str
    is_sender: bool


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """One thread with its newest messages, or older ones."""

    conversation: Conversation
    messages: Sequence[Said]
    older: str | None
    may_answer: bool


def target(actor: Actor, about: Ref) -> Target:
    """Return what a message can be about, to somebody who may read it. Raises NotFound."""
    if about.kind == PROJECT:
        project, _member = membership.find(actor, about.id)
        return _to_project(about, project.title, project.id, project.title)
    if about.kind == NEED:
        need = db.session.get(Need, about.id)
        if need is None:
            raise NotFound
        project, member = membership.find(actor, need.project_id)
        if not policy.may_read_post(actor, need, project, member):
            raise NotFound
        return _to_project(about, need.title, project.id, project.title)
    organisation_id, title = _of_organisation(actor, about)
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or organisation.verified_at is None or organisation.closed_at is not None:
        raise NotFound
    return _to_organisation(about, title or organisation.name, organisation.id, organisation.name)


def write_page(actor: Actor, about: Ref) -> WritePage:
    """Return what is shown to somebody who is about to write. Raises NotFound."""
    found = target(actor, about)
    readers = recipients_of(found.side)
    return WritePage(target=found, readers=len(readers), is_own=actor.id in readers)


def recipients_of(side: Ref) -> list[int]:
    """Return the accounts that answer for a project or an organisation, and can act."""
    who = _project_voices() if side.kind == PROJECT else _organisation_voices()
    here = Member.project_id == side.id if side.kind == PROJECT else Spokesperson.organisation_id == side.id
    acts = (Account.deactivated_at.is_(None), Account.erased_at.is_(None))
    found = sa.select(Account.id).where(Account.id.in_(who.where(here)), *acts).order_by(Account.id)
    return list(db.session.scalars(found))


def recipients(message_id: int) -> list[int]:
    """Return whom a message is to, for notices: the other side of its thread, as it is now."""
    message = db.session.get(Message, message_id)
    if message is None:
        return []
    row = db.session.execute(_threads().where(Message.id == (message.answers_id or message.id))).one()
    if message.sender_id != row.Message.sender_id:
        return [row.Message.sender_id]
    return [each for each in recipients_of(_target(row).side) if each != message.sender_id]


def has_ended(actor: Actor, side: Ref) -> bool:
    """Say whether a project or an organisation has had enough of somebody's messages."""
    column = Project.id if side.kind == PROJECT else Organisation.id
    ended = _threads().where(Message.sender_id == actor.id, Message.ended_at.is_not(None), column == side.id)
    return db.session.execute(ended.limit(1)).first() is not None


def threads(actor: Actor, cursor: str | None) -> Page[ThreadRow]:
    """Return the threads somebody is in, on either side, the last written in first: two statements."""
    page = paginate(_threads().where(_is_in(actor)), LAST.desc(), Message.id.desc(), cursor=cursor, limit=THREADS)
    newest = {each.id: each for each in _messages([row.last for row in page.items])}
    return Page([_row(actor, row, newest[row.last]) for row in page.items], page.next)


def conversation(actor: Actor, thread_id: int) -> Conversation:
    """Return a thread to those who are in it: one statement. Raises NotFound."""
    row = db.session.execute(_threads().where(Message.id == thread_id, _is_in(actor))).one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    first: Message = row.Message
    return Conversation(first=first, target=_target(row), sender=row.sender, is_sender=first.sender_id == actor.id)


def thread(actor: Actor, thread_id: int, cursor: str | None) -> ThreadPage:
    """Return a thread with its newest messages, in the order they came: two statements. Raises NotFound."""
    found = conversation(actor, thread_id)
    first = found.first
    page = paginate(
        sa.select(Message, Account.name)
        .join(Account, Account.id == Message.sender_id)
        .where(sa.or_(Message.id == first.id, Message.answers_id == first.id)),
        Message.id.desc(),
        cursor=cursor,
        limit=SHOWN,
    )
    return ThreadPage(
        conversation=found,
        messages=[_said(actor, found, message, name) for message, name in reversed(page.items)],
        older=page.next,
        may_answer=policy.may_start(actor) and first.ended_at is None,
    )


def threads_of(ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Return the thread that each message is in, and what that is about: two statements."""
    found = _messages(ids)
    rows = _threads().where(Message.id.in_({each.answers_id or each.id for each in found}))
    about = {row.Message.id: _target(row).title for row in db.session.execute(rows)}
    return {each.id: (each.answers_id or each.id, about[each.answers_id or each.id]) for each in found}


_answer = sa.orm.aliased(Message)
LAST = sa.func.coalesce(
    sa.select(sa.func.max(_answer.id)).where(_answer.answers_id == Message.id).correlate(Message).scalar_subquery(),
    Message.id,
)
"""The number of the last message of a thread."""


def _threads() -> Any:
    """Select the first message of each thread, who wrote it, and what it is about."""
    kind, number = Message.kind, Message.target_id
    of = sa.case((kind == ORGANISATION, number), else_=Offer.organisation_id)
    return (
        sa.select(
            Message,
            Account.name.label("sender"),
            LAST.label("last"),
            sa.func.coalesce(Need.title, Offer.title, Project.title, Organisation.name).label("title"),
            Project.id.label("project_id"),
            Project.title.label("project"),
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
        )
        .join(Account, Account.id == Message.sender_id)
        .outerjoin(Need, sa.and_(kind == NEED, Need.id == number))
        .outerjoin(Offer, sa.and_(kind == OFFER, Offer.id == number))
        .outerjoin(Project, Project.id == sa.case((kind == PROJECT, number), else_=Need.project_id))
        .outerjoin(Organisation, Organisation.id == of)
        .where(Message.answers_id.is_(None))
    )


def _is_in(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the threads somebody wrote first in, or answers in."""
    answers_for = _project_voices().with_only_columns(Member.project_id).where(Member.account_id == actor.id)
    speaks = speaks_for(actor.id or 0).with_only_columns(Organisation.id).correlate(None)
    return sa.or_(Message.sender_id == actor.id, Project.id.in_(answers_for), Organisation.id.in_(speaks))


def _project_voices() -> sa.Select[int]:
    return sa.select(Member.account_id).where(
        Member.joined_at.is_not(None), Member.role.in_((MemberRole.OWNER, MemberRole.REPRESENTATIVE))
    )


def _organisation_voices() -> sa.Select[int]:
    return (
        sa.select(Spokesperson.account_id)
        .join(Organisation, Organisation.id == Spokesperson.organisation_id)
        .where(
            Spokesperson.verified_at.is_not(None),
            Organisation.verified_at.is_not(None),
            Organisation.closed_at.is_(None),
        )
    )


def _messages(ids: Sequence[int]) -> Sequence[Message]:
    return db.session.scalars(sa.select(Message).where(Message.id.in_(ids))).all() if ids else []


def _of_organisation(actor: Actor, about: Ref) -> tuple[int, str]:
    """Return the organisation that something is of, and what that is called; the organisation itself has no title."""
    if about.kind == ORGANISATION:
        return about.id, ""
    offer = db.session.get(Offer, about.id) if about.kind == OFFER else None
    if offer is None or not policy.may_read_post(actor, offer, None, None):
        raise NotFound
    return offer.organisation_id, offer.title


def _target(row: Any) -> Target:
    """Return what a thread is about; whoever is in it knows of that, though it be hidden now."""
    about = Ref(row.Message.kind, row.Message.target_id)
    if row.project_id is not None:
        return _to_project(about, row.title, row.project_id, row.project)
    return _to_organisation(about, row.title, row.organisation_id, row.organisation)


def _to_project(about: Ref, title: str, project_id: int, name: str) -> Target:
    name = name or str(_l("Prosjekt uten tittel"))
    if about.kind == NEED:
        endpoint, values = "cocreation_together.need", {"need_id": about.id}
    else:
        endpoint, values = "cocreation.permanent", {"project_id": project_id}
    side = Ref(PROJECT, project_id)
    return Target(about=about, title=title or name, side=side, name=name, endpoint=endpoint, values=values)


def _to_organisation(about: Ref, title: str, organisation_id: int, name: str) -> Target:
    if about.kind == OFFER:
        endpoint, values = "cocreation_finding.offer", {"offer_id": about.id}
    else:
        endpoint, values = "cocreation_finding.actor", {"organisation_id": organisation_id}
    side = Ref(ORGANISATION, organisation_id)
    return Target(about=about, title=title or name, side=side, name=name, endpoint=endpoint, values=values)


def _row(actor: Actor, row: Any, newest: Message) -> ThreadRow:
    target_ = _target(row)
    is_sender = row.Message.sender_id == actor.id
    return ThreadRow(
        id=row.Message.id,
        title=target_.title,
        name=target_.name if is_sender else row.sender,
        is_sender=is_sender,
        line=excerpt(newest.text, LINE),
        last_at=newest.sent_at,
        last_is_mine=newest.sender_id == actor.id,
        is_ended=row.Message.ended_at is not None,
    )


def _said(actor: Actor, found: Conversation, message: Message, name: str) -> Said:
    """Who wrote first sees a project or an organisation answer; those who answer see which of them did."""
    is_answer = message.sender_id != found.first.sender_id
    return Said(
        id=message.id,
        name=found.target.name if is_answer and found.is_sender else name,
        is_mine=message.sender_id == actor.id,
        text=message.text,
        sent_at=message.sent_at,
    )

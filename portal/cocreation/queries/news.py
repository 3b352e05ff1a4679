"""Reading the news of a project and its log of decisions, and what its feed says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.posts import DECISION, UPDATE
from portal.cocreation.models.posts import Post, ProjectPost
from portal.cocreation.models.together import ProjectDecision, Update
from portal.cocreation.queries.frame import Frame, frame
from portal.files.queries import Attachments, attachments_of
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import ANONYMOUS, Actor
from portal.kernel.paging import paginate

PAGE_SIZE = 20
IN_FEED = 30
GONE = _l("Vi finner ikke dette. Det kan være trukket.")

P = TypeVar("P", bound=ProjectPost)


@dataclass(frozen=True, kw_only=True)
class Row(Generic[P]):
    """A text of a project as its reader sees it."""

    post: P
    ref: Ref
    may_edit: bool
    may_withdraw: bool
    files: Attachments | None = None

    @property
    def waits(self) -> bool:
        return self.post.state is not PublicationState.PUBLISHED


@dataclass(frozen=True, kw_only=True)
class NewsPage:
    """News, the newest first."""

    frame: Frame
    rows: Sequence[Row[Update]]
    next: str | None
    may_write: bool


@dataclass(frozen=True, kw_only=True)
class DecisionsPage:
    """What was decided, the newest first."""

    frame: Frame
    rows: Sequence[Row[ProjectDecision]]
    next: str | None
    may_write: bool


@dataclass(frozen=True, kw_only=True)
class Writing(Generic[P]):
    """What the page for writing or changing one shows."""

    frame: Frame
    post: P | None
    """None when it is new."""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """What is public of a project's news."""

    frame: Frame
    posts: Sequence[Update]


def news_page(actor: Actor, project_id: int, cursor: str | None) -> NewsPage:
    """Return one page of news with its pictures, in three statements."""
    top = frame(actor, project_id)
    readable = _readable(actor, Update, top)
    page = paginate(sa.select(Update).where(readable), Update.id.desc(), cursor=cursor, limit=PAGE_SIZE)
    files = attachments_of(actor, [Ref(UPDATE, each.id) for each in page.items])
    return NewsPage(
        frame=top,
        rows=[row(actor, top, UPDATE, each, files[Ref(UPDATE, each.id)]) for each in page.items],
        next=page.next,
        may_write=top.may.contribute,
    )


def decisions_page(actor: Actor, project_id: int, cursor: str | None) -> DecisionsPage:
    """Return one page of decisions, in two statements."""
    top = frame(actor, project_id)
    log = sa.select(ProjectDecision).where(_readable(actor, ProjectDecision, top))
    order = ProjectDecision.decided_on.desc(), ProjectDecision.id.desc()
    page = paginate(log, *order, cursor=cursor, limit=PAGE_SIZE)
    return DecisionsPage(
        frame=top,
        rows=[row(actor, top, DECISION, each) for each in page.items],
        next=page.next,
        may_write=top.may.agree,
    )


def feed(project_id: int) -> Feed:
    """Return what everybody may read of a project's news, whoever asks. Raises NotFound."""
    top = frame(ANONYMOUS, project_id)
    public = sa.select(Update).where(_readable(ANONYMOUS, Update, top))
    return Feed(frame=top, posts=db.session.scalars(public.order_by(Update.id.desc()).limit(IN_FEED)).all())


def latest(actor: Actor, top: Frame, limit: int = 3) -> Sequence[Update]:
    """Return the newest of a project's news, for its own page. One statement."""
    newest = sa.select(Update).where(_readable(actor, Update, top)).order_by(Update.id.desc()).limit(limit)
    return db.session.scalars(newest).all()


def writing(actor: Actor, project_id: int, model: type[P], post_id: int | None) -> Writing[P]:
    """Return what the form for a text starts from. Raises Forbidden, NotFound."""
    top = frame(actor, project_id)
    if post_id is None:
        may = top.may.contribute if model is Update else top.may.agree
        otherwise = policy.NOT_A_MEMBER if model is Update else policy.NOT_A_VOICE
        policy.must(may, actor, policy.OVER if top.project.ended_at else otherwise)
        return Writing(frame=top, post=None)
    post = in_project(actor, top, model, post_id)
    if not policy.may_edit_post(actor, post, top.project, top.member):
        raise Forbidden
    return Writing(frame=top, post=post)


def withdrawing(actor: Actor, project_id: int, model: type[P], post_id: int) -> Writing[P]:
    """Return what the page that asks before a text is taken back shows. Raises Forbidden, NotFound."""
    top = frame(actor, project_id)
    post = in_project(actor, top, model, post_id)
    if not policy.may_withdraw_post(actor, post, top.project, top.member):
        raise Forbidden
    return Writing(frame=top, post=post)


def version_of(post: Post) -> int:
    """Return which version of a text stands now."""
    db.session.refresh(post)
    return post.version


def in_project(actor: Actor, top: Frame, model: type[P], post_id: int) -> P:
    """Return a text of a project that the actor may read; raises NotFound."""
    post = db.session.get(model, post_id)
    is_here = post is not None and post.project_id == top.project.id
    if post is None or not is_here or not policy.may_read_post(actor, post, top.project, top.member):
        raise NotFound(GONE)
    return post


def row(actor: Actor, top: Frame, kind: str, post: P, files: Attachments | None = None) -> Row[P]:
    """Return a text with what its reader may do with it."""
    return Row(
        post=post,
        ref=Ref(kind, post.id),
        may_edit=policy.may_edit_post(actor, post, top.project, top.member),
        may_withdraw=policy.may_withdraw_post(actor, post, top.project, top.member),
        files=files,
    )


def _readable(actor: Actor, model: type[P], top: Frame) -> sa.ColumnElement[bool]:
    here: sa.ColumnElement[bool] = model.project_id == top.project.id
    return sa.and_(here, policy.readable_posts(actor, model, top.member))

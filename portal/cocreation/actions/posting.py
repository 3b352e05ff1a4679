"""Writing, changing and taking back the texts of projects, and offers: the same for every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.posts import PostEdited, PostWithdrawn, PostWritten
from portal.cocreation.membership import alive, byline, lock
from portal.cocreation.models.posts import Post
from portal.cocreation.posts import KINDS, TEXTS
from portal.files import actions as files
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import Base, atomic, db, insert_once
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor

P = TypeVar("P", bound=Post)

NOT_YOURS = _l("Det kan bare den som skrev det, eller de som eier prosjektet, gjøre.")


@atomic
def write_post(actor: Actor, model: type[P], values: Mapping[str, Any], *, key: str) -> P:
    """Write one: it waits for moderation. The same form twice is one. Who may is for the calling action to decide."""
    project_id = values.get("project_id")
    name = actor.name
    if project_id is not None:
        project, member = lock(actor, project_id)
        name = byline(actor, member)
        alive(project)
    row = {
        **_defaults(model),
        "byline": name,
        **values,
        "author_id": actor.id,
        "state": PublicationState.PENDING,
        "key": key,
        "written_at": clock.now(),
        "version": 1,
    }
    is_new = insert_once(cast("type[Base]", model), row)
    post = db.session.scalars(sa.select(model).where(model.author_id == actor.id, model.key == key)).one()
    if is_new:
        publish(PostWritten(actor=actor, kind=KINDS[model], post_id=post.id, project_id=project_id))
    return post


@atomic
def edit_post(actor: Actor, model: type[P], post_id: int, values: Mapping[str, Any], *, version: int) -> P:
    """Change one. New words wait for moderation; other changes hold at once.

    Raises Conflict when it was changed since the writer opened that version, Forbidden, NotFound.
    """
    post, project_id = _mine(actor, model, post_id, withdraw=False)
    if post.version != version:
        raise Conflict(_l("Noen har endret dette siden du åpnet det. Se over det som står der nå, og lagre på nytt."))
    reworded = any(name in values and values[name] != getattr(post, name) for name in TEXTS[KINDS[model]])
    for name, value in values.items():
        setattr(post, name, value)
    if reworded:
        post.edited_at = clock.now()
        post.state = PublicationState.PENDING
    db.session.flush()
    if reworded:
        publish(PostEdited(actor=actor, kind=KINDS[model], post_id=post.id, project_id=project_id))
    return post


@atomic
def withdraw_post(actor: Actor, model: type[Post], post_id: int) -> None:
    """Take one back: its texts and files are gone."""
    post, project_id = _mine(actor, model, post_id, withdraw=True)
    files.remove_all(SYSTEM, Ref(KINDS[model], post.id))
    for name in TEXTS[KINDS[model]]:
        setattr(post, name, "")
    post.state = PublicationState.WITHDRAWN
    db.session.flush()
    publish(PostWithdrawn(actor=actor, kind=KINDS[model], post_id=post.id, project_id=project_id))


def _mine(actor: Actor, model: type[P], post_id: int, *, withdraw: bool) -> tuple[P, int | None]:
    post = db.session.get(model, post_id, with_for_update=True, populate_existing=True)
    if post is None or post.state is PublicationState.WITHDRAWN:
        raise NotFound(_l("Dette er trukket."))
    project_id: int | None = getattr(post, "project_id", None)
    project, member = lock(actor, project_id) if project_id is not None else (None, None)
    ask = policy.may_withdraw_post if withdraw else policy.may_edit_post
    policy.must(ask(actor, post, project, member), actor, NOT_YOURS)
    if project is not None:
        alive(project)
    return post, project_id


def _defaults(model: type[Post]) -> dict[str, Any]:
    """Return the plain defaults of a model's columns: an INSERT that is made by hand must say them itself."""
    columns = sa.inspect(model).columns
    found = {column.key: column.default for column in columns if column.default is not None}
    return {key: default.arg(None) if default.is_callable else default.arg for key, default in found.items()}

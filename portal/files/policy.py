"""Who may send, put, see and remove files."""

from __future__ import annotations

import sqlalchemy as sa

from portal.files.models import File
from portal.kernel.content import PublicationState, Ref
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS, SYSTEM, Actor, Role


def may_upload(actor: Actor) -> bool:
    """Say whether somebody may send files at all."""
    return actor.is_signed_in and not actor.is_limited


def may_attach(actor: Actor, ref: Ref) -> bool:
    """Say whether somebody may put files on a thing: its kind decides."""
    return may_upload(actor) and content().may(actor, ref, "attach")


def may_read(actor: Actor, file: File) -> bool:
    """Say whether somebody may open a file: what isn't published, its uploader and moderators only."""
    if file.uploader_id == actor.id:
        return True
    target = file.target
    if target is None or file.state is PublicationState.DRAFT:
        return False
    return actor.has(Role.MODERATOR) or (
        file.state is PublicationState.PUBLISHED and content().may(actor, target, "read")
    )


def is_public(file: File) -> bool:
    """Say whether everybody may open a file."""
    return file.state is PublicationState.PUBLISHED and may_read(ANONYMOUS, file)


def may_change(actor: Actor, file: File) -> bool:
    """Say whether somebody may change what is said of a file, or put it elsewhere."""
    return (
        may_upload(actor)
        and file.uploader_id == actor.id
        and file.state is not PublicationState.HIDDEN
        and not is_held(file)
    )


def may_remove(actor: Actor, file: File) -> bool:
    """Say whether somebody may remove a file: one's own, also with a limited account, but not from under a decision."""
    return actor.is_system or (
        actor.is_signed_in
        and file.uploader_id == actor.id
        and file.state is not PublicationState.HIDDEN
        and not is_held(file)
    )


def is_held(file: File) -> bool:
    """Say whether the thing that a file is on must keep it, as evidence that has been published."""
    return file.target is not None and content().may(SYSTEM, file.target, "hold")


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the files that are shown to somebody on a thing they may read."""
    if actor.has(Role.MODERATOR):
        return sa.or_(File.state != PublicationState.DRAFT, File.uploader_id == actor.id)
    shown = File.state == PublicationState.PUBLISHED
    return sa.or_(shown, File.uploader_id == actor.id) if actor.is_signed_in else shown

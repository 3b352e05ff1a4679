"""Sending files, putting them on things, and taking them away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from portal.files import policy, queries
from portal.files.events import FileAttached, FileDetached, FileEdited, FileRemoved, FileSent, FileUploaded
from portal.files.intake import FileDraft, Received, to_be_said
from portal.files.models import File
from portal.kernel import clock, outbox
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

REMOVE = "files.remove"
"""The topic of the outbox by which a file goes from the store, when the transaction is over."""
LOOSE = timedelta(days=1)
"""How long a file may be on nothing."""
GONE = _l("Vi finner ikke denne fila. Den kan være fjernet.")


@atomic
def upload(actor: Actor, received: Received, to: Ref | None = None) -> File:
    """Keep a file that has come in by `intake.receive`; put it on a thing at once when one is named.

    Forbidden; Conflict when there is no room.
    """
    if not policy.may_upload(actor):
        raise Forbidden(_l("Du kan ikke sende filer akkurat nå."))
    if to is None and queries.count_loose(actor.id or 0) >= queries.MOST_LOOSE:
        raise Conflict(_l("Du har sendt mange filer som ikke er lagt ved noe. Bruk eller fjern noen av dem først."))
    moment = clock.now()
    file = File(
        uploader_id=actor.id,
        name=received.name,
        media_type=received.media_type,
        size=received.size,
        sha256=received.sha256,
        address=received.address,
        width=received.width,
        height=received.height,
        state=PublicationState.DRAFT,
        created_at=moment,
        changed_at=moment,
        unattached_since=moment,
        **asdict(received.said),
    )
    db.session.add(file)
    db.session.flush()
    publish(
        FileUploaded(
            actor=actor,
            file_id=file.id,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            file_name=file.name,
        )
    )
    if to is not None:
        attach(actor, to, [file.id])
    return file


@atomic
def attach(actor: Actor, to: Ref, file_ids: Sequence[int]) -> None:
    """Put one's own loose files on a thing, where they wait for moderation. Forbidden, NotFound, Conflict.

    On what is a draft they wait with it: `release` sends them in.
    """
    if not policy.may_attach(actor, to):
        raise Forbidden(_l("Du kan ikke legge ved filer her."))
    if queries.count_on(to) + len(file_ids) > queries.MOST_ON_A_THING:
        raise Conflict(_l("Her er det plass til %(max)d filer, og det er fullt.", max=queries.MOST_ON_A_THING))
    state = PublicationState.DRAFT if _is_draft(to) else PublicationState.PENDING
    for file_id in file_ids:
        file = _own(actor, file_id)
        if file.target == to:
            continue
        if file.target is not None:
            raise Conflict(_l("Fila er allerede lagt ved noe annet."))
        file.kind, file.target_id, file.unattached_since = to.kind, to.id, None
        file.state, file.changed_at = state, clock.now()
        db.session.flush()
        official = content().may(actor, to, "official")
        publish(FileAttached(actor=actor, file_id=file.id, kind=to.kind, target_id=to.id, is_official=official))


@atomic
def release(actor: Actor, ref: Ref) -> None:
    """Send in the files that waited on a draft with it; they wait for moderation now."""
    waited = sa.select(File).where(
        File.kind == ref.kind, File.target_id == ref.id, File.state == PublicationState.DRAFT
    )
    for file in db.session.scalars(waited.order_by(File.id).with_for_update()).all():
        file.state, file.changed_at = PublicationState.PENDING, clock.now()
        db.session.flush()
        publish(FileSent(actor=actor, file_id=file.id, kind=ref.kind, target_id=ref.id))


@atomic
def detach(actor: Actor, file_id: int) -> None:
    """Take one's own file off the thing it is on; it is gone in a day unless it is put on something else."""
    file = _own(actor, file_id)
    target = file.target
    if target is None:
        return
    file.kind = file.target_id = None
    file.unattached_since = file.changed_at = clock.now()
    file.state = PublicationState.DRAFT
    db.session.flush()
    publish(FileDetached(actor=actor, file_id=file.id, kind=target.kind, target_id=target.id))


@atomic
def edit(actor: Actor, file_id: int, draft: FileDraft) -> None:
    """Change what is said of one's own picture; it waits for moderation again."""
    file = _own(actor, file_id)
    said = asdict(to_be_said(draft, is_picture=file.is_picture))
    if all(getattr(file, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(file, name, value)
    file.changed_at = clock.now()
    if file.target is not None and file.state is not PublicationState.DRAFT:
        file.state = PublicationState.PENDING
    db.session.flush()
    publish(FileEdited(actor=actor, file_id=file.id))


@atomic
def remove(actor: Actor, file_id: int) -> None:
    """Remove one's own file for good. Conflict while moderation has hidden it, or what it is on must keep it."""
    file = _locked(file_id)
    if file is None or not (actor.is_system or file.uploader_id == actor.id):
        raise NotFound(GONE)
    if policy.is_held(file):
        raise Conflict(_l("Fila er belegg i et resultat som er publisert. Den kan ikke fjernes."))
    if not policy.may_remove(actor, file):
        raise Conflict(_l("En moderator har skjult fila. Den kan ikke fjernes før fristen for å klage er over."))
    _remove(actor, file, "asked")


@atomic
def remove_all(actor: Actor, ref: Ref) -> int:
    """Remove every file on a thing that goes; for the package that holds it. Returns how many."""
    if not (actor.is_system or policy.may_attach(actor, ref)):
        raise Forbidden
    return _remove_each(actor, (File.kind == ref.kind, File.target_id == ref.id), "thing_removed")


@atomic
def forget_loose(actor: Actor) -> int:
    """Remove the files that have been on nothing for a day; the worker does it. Returns how many."""
    if not actor.is_system:
        raise Forbidden
    return _remove_each(actor, (File.unattached_since < clock.now() - LOOSE,), "never_used")


@atomic
def erase_files(actor: Actor, file_ids: Sequence[int]) -> None:
    """Remove files of a person who is erased, whatever their state."""
    if not actor.is_system:
        raise Forbidden
    _remove_each(actor, (File.id.in_(file_ids),), "person_erased")


def _remove_each(actor: Actor, conditions: Sequence[sa.ColumnElement[bool]], reason: str) -> int:
    files = db.session.scalars(sa.select(File).where(*conditions).order_by(File.id).with_for_update()).all()
    for file in files:
        _remove(actor, file, reason)
    return len(files)


def _remove(actor: Actor, file: File, reason: str) -> None:
    outbox.enqueue(REMOVE, {"address": file.address})
    db.session.delete(file)
    db.session.flush()
    publish(FileRemoved(actor=actor, file_id=file.id, reason=reason))


def _own(actor: Actor, file_id: int) -> File:
    file = _locked(file_id)
    if file is None or file.uploader_id != actor.id:
        raise NotFound(GONE)
    if not policy.may_change(actor, file):
        raise Forbidden(_l("Denne fila kan ikke endres nå."))
    return file


def _is_draft(ref: Ref) -> bool:
    written = content().written([ref]).get(ref)
    return written is not None and written.state is PublicationState.DRAFT


def _locked(file_id: int) -> File | None:
    return db.session.get(File, file_id, with_for_update=True, populate_existing=True)

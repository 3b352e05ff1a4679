"""Reading files: one to send, those on a thing, and those of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from portal.files import policy
from portal.files.models import File
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

MOST_ON_A_THING = 20
"""Files on one thing: what a reader can look through, and what one page can show."""
MOST_LOOSE = 20
"""Files of one person that are on nothing."""


@dataclass(frozen=True, kw_only=True)
class Attachments:
    """The files of one thing that somebody may see: pictures first shown, documents in a list."""

    pictures: Sequence[File]
    documents: Sequence[File]
    upload_on: Ref | None = None
    """The thing, when this person may put more on it."""

    def __bool__(self) -> bool:
        return bool(self.pictures or self.documents or self.upload_on)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file to be sent to somebody."""

    file: File
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class UploadPage:
    """What the page for sending files to a thing shows."""

    card: Card
    mine: Sequence[File]
    room: int
    """How many more files there is room for."""


def sent(actor: Actor, file_id: int, name: str) -> Sent:
    """Return a file that somebody opens. NotFound when it isn't there for them, or isn't called so."""
    file = db.session.get(File, file_id)
    if file is None or file.name != name or not policy.may_read(actor, file):
        raise NotFound(_l("Vi finner ikke denne fila. Den kan være fjernet."))
    return Sent(file=file, is_public=policy.is_public(file))


def own_file(actor: Actor, file_id: int) -> File:
    """Return one of somebody's own files, to change or remove. NotFound."""
    file = db.session.get(File, file_id)
    if file is None or file.uploader_id != actor.id:
        raise NotFound(_l("Vi finner ikke denne fila. Den kan være fjernet."))
    return file


def attachments(actor: Actor, ref: Ref) -> Attachments:
    """Return the files on a thing that somebody reads, in one statement beside what its kind asks about `attach`."""
    found = attachments_of(actor, [ref])[ref]
    return replace(found, upload_on=ref) if policy.may_attach(actor, ref) else found


def attached(actor: Actor, ref: Ref) -> sa.Select[File]:
    """Select the files on a thing that somebody reads, for a page that reads them with its own: see `sorted_files`."""
    return sa.select(File).where(File.kind == ref.kind, File.target_id == ref.id, policy.visible(actor))


def sorted_files(actor: Actor, ref: Ref, files: Sequence[File]) -> Attachments:
    """Return what a page shows of the files that `attached` selects."""
    return Attachments(
        pictures=[file for file in files if file.is_picture],
        documents=[file for file in files if not file.is_picture],
        upload_on=ref if policy.may_attach(actor, ref) else None,
    )


def attachments_of(actor: Actor, refs: Sequence[Ref]) -> Mapping[Ref, Attachments]:
    """Return the files on many things that somebody reads, for a list: in one statement for each kind."""
    found: dict[Ref, list[File]] = {ref: [] for ref in refs}
    for kind in {ref.kind for ref in refs}:
        ids = [ref.id for ref in refs if ref.kind == kind]
        here = sa.select(File).where(File.kind == kind, File.target_id.in_(ids), policy.visible(actor))
        for file in db.session.scalars(here.order_by(File.id)):
            found[Ref(kind, file.target_id or 0)].append(file)
    return {
        ref: Attachments(
            pictures=[file for file in files if file.is_picture],
            documents=[file for file in files if not file.is_picture],
        )
        for ref, files in found.items()
    }


def upload_page(actor: Actor, ref: Ref) -> UploadPage:
    """Return what the page for sending files to a thing shows. NotFound, Forbidden."""
    card = content().cards([ref]).get(ref)
    if card is None or not content().may(actor, ref, "read"):
        raise NotFound
    if not policy.may_attach(actor, ref):
        raise Forbidden(_l("Du kan ikke legge ved filer her."))
    on_it = sa.select(File).where(File.kind == ref.kind, File.target_id == ref.id)
    mine = db.session.scalars(on_it.where(File.uploader_id == actor.id).order_by(File.id)).all()
    return UploadPage(card=card, mine=mine, room=MOST_ON_A_THING - count_on(ref))


def count_on(ref: Ref) -> int:
    """Return how many files are on a thing, shown or not."""
    return _count(File.kind == ref.kind, File.target_id == ref.id)


def count_loose(account_id: int) -> int:
    """Return how many files of a person are on nothing."""
    return _count(File.uploader_id == account_id, File.unattached_since.is_not(None))


def _count(*conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(File).where(*conditions)) or 0

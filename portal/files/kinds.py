"""What the files tell the kernel: themselves as a kind of content, and what they keep about people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.files import policy
from portal.files.actions import LOOSE, erase_files
from portal.files.checking import EXTENSIONS
from portal.files.events import FILE
from portal.files.models import File
from portal.files.names import safe_name
from portal.files.store import pieces, store
from portal.kernel.content import Card, ContentKind, PublicationState, Ref, Restriction, Written
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.personal import PersonalData, Terms

SHOWN = PublicationState.PUBLISHED


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how files are shown as links, by their ids."""
    return {
        file.id: Card(
            ref=Ref(FILE, file.id),
            title=file.name,
            endpoint="files.show",
            values={"file_id": file.id, "name": file.name},
            excerpt=file.alt_text,
            language=file.language,
        )
        for file in _files(ids)
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a file by itself: read it. Taking part is done with the thing it is on."""
    file = db.session.get(File, ref.id)
    return verb == "read" and file is not None and policy.may_read(actor, file)


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what is said of files, and where they are: without a name, for they are shown without one."""
    return {
        file.id: Written(
            author_id=file.uploader_id,
            byline="",
            language=file.language,
            state=file.state,
            fields={"name": file.name, "alt_text": file.alt_text},
            written_at=file.changed_at,
            on=file.target,
        )
        for file in _files(ids)
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided of a file into effect: from now on it is sent to whom the state allows."""
    file = db.session.get_one(File, ref.id, with_for_update=True, populate_existing=True)
    file.state = restriction.state
    if "name" in restriction.fields:
        file.name = safe_name(restriction.fields["name"], f".{EXTENSIONS[file.media_type]}")
    if "alt_text" in restriction.fields and not file.is_decoration:
        file.alt_text = restriction.fields["alt_text"]
    db.session.flush()


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of files, in order."""
    return db.session.scalars(sa.select(File.id).where(File.id > after).order_by(File.id).limit(limit)).all()


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what is kept of the files a person has sent; the files themselves come by `own_files`."""
    return {
        "files": [
            {
                "file": _place(file),
                "media_type": file.media_type,
                "size": file.size,
                "alt_text": file.alt_text,
                "language": file.language,
                "on": str(file.target or ""),
                "state": file.state,
                "created_at": file.created_at,
            }
            for file in _of(account_id)
        ]
    }


def own_files(account_id: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Return the files a person has sent, each by its place in the archive and its content piece by piece."""
    for file in _of(account_id):
        try:
            opened = store().open(file.address)
        except FileNotFoundError:  # lost: the rest is theirs all the same
            continue
        with opened:
            yield _place(file), pieces(opened)


def erase(account_id: int, terms: Terms) -> None:
    """Remove a person's files, but for those that are shown on what somebody else has written or holds.

    These are part of what others build on, and nothing in them says whose they were: the account is an empty row.
    """
    files = [file for file in _of(account_id) if not terms.held & {file.target, Ref(FILE, file.id)}]
    others = _held_by_others(account_id, [file.target for file in files if file.target])
    erase_files(SYSTEM, [file.id for file in files if not (file.target in others and file.state is SHOWN)])


def _held_by_others(account_id: int, targets: Sequence[Ref]) -> set[Ref]:
    there, texts = content().cards(targets), content().written(targets)
    return {ref for ref in there if ref not in texts or texts[ref].author_id != account_id}


def _files(ids: Sequence[int]) -> Sequence[File]:
    return db.session.scalars(sa.select(File).where(File.id.in_(ids))).all()


def _of(account_id: int) -> Sequence[File]:
    return db.session.scalars(sa.select(File).where(File.uploader_id == account_id).order_by(File.id)).all()


def _place(file: File) -> str:
    return f"filer/{file.id}/{file.name}"


FILES = ContentKind(
    name=FILE, label=_l("fil"), cards=cards, may=may, written=written, restrict=restrict, all_ids=all_ids
)

PERSONAL = PersonalData(
    name="files",
    tables=frozenset({"files"}),
    export=export,
    erase=erase,
    files=own_files,
    kept=((_l("Filer som ikke er lagt ved noe"), LOOSE),),
)

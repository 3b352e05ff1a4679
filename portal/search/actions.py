"""Putting things into the index and taking them out: always what their kind says is public now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Card, ContentKind, Entry
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import in_language
from portal.kernel.identity import Actor
from portal.search import likeness, words
from portal.search.events import IndexRebuilt
from portal.search.fts import full_text
from portal.search.models import Document, Facet, TrigramCount

LONGEST = 100_000
"""Letters of a text that are kept."""
FACET_VALUE = 200


@atomic
def index(actor: Actor, kind: str, ids: Sequence[int]) -> None:
    """Let the index hold what is public of some things now: they are put in, changed or taken out."""
    found = content().find(kind)
    searched = found is not None and found.entries is not None
    _replace(kind, ids, _entries(found, ids) if found and searched else {})


@atomic
def index_range(actor: Actor, kind: str, after: int, limit: int) -> int | None:
    """Index the next things of a kind anew; return the last one's number, or None when there are no more.

    What the index holds between them, and isn't there any more, goes.
    """
    found = content().find(kind)
    ids = list(found.all_ids(after, limit)) if found and found.entries and found.all_ids else []
    last = ids[-1] if len(ids) == limit else None
    kept = sa.select(Document.target_id).where(Document.kind == kind, Document.target_id > after)
    if last is not None:
        kept = kept.where(Document.target_id <= last)
    ids += [each for each in db.session.scalars(kept.distinct()) if each not in set(ids)]
    _replace(kind, ids, _entries(found, ids) if found and ids else {})
    return last


@atomic
def forget_author(actor: Actor, account_id: int) -> None:
    """Index anew what somebody wrote who was erased just now, and let no trace of the words stay behind."""
    theirs = db.session.execute(
        sa.select(Document.kind, Document.target_id).where(Document.author_id == account_id).distinct()
    ).all()
    for kind in {kind for kind, _id in theirs}:
        index(actor, kind, [target for of, target in theirs if of == kind])
    if theirs:
        db.session.execute(sa.update(Document).where(Document.author_id == account_id).values(author_id=None))
        full_text().tidy()


@atomic
def count_trigrams(actor: Actor) -> None:
    """Count anew in how many documents each trigram stands."""
    delete_rows(sa.delete(TrigramCount))
    counted = full_text().trigram_counts()
    db.session.execute(sa.insert(TrigramCount).from_select(["trigram", "documents"], counted))


@atomic
def finish_rebuilding(actor: Actor) -> int:
    """Let what is of no kind any more go, and tell that the index is new; return how many documents it holds."""
    kinds = [kind.name for kind in content() if kind.entries]
    for name in db.session.scalars(sa.select(Document.kind).where(Document.kind.not_in(kinds)).distinct()).all():
        ids = db.session.scalars(sa.select(Document.target_id).where(Document.kind == name)).all()
        _replace(name, ids, {})
    full_text().tidy()
    count_trigrams(actor)
    documents = db.session.scalar(sa.select(sa.func.count()).select_from(Document)) or 0
    publish(IndexRebuilt(actor=actor, documents=documents))
    return documents


def _entries(kind: ContentKind, ids: Sequence[int]) -> dict[tuple[int, str], dict[str, Any]]:
    """Return what the index is to hold: by number and language, the values of a document and its facets."""
    if kind.entries is None:
        return {}
    with in_language("nb"):  # whoever happens to ask for it
        public = kind.entries(ids)
        cards = kind.cards(list(public))
        written = kind.written(list(public)) if kind.written else {}
    return {
        (number, entry.language): _values(entry, cards[number])
        | {"author_id": written[number].author_id if number in written else None}
        for number, entries in public.items()
        if number in cards
        for entry in entries
    }


def _values(entry: Entry, card: Card) -> dict[str, Any]:
    title, body = _storable(entry.title), _storable(entry.body)
    return {
        "title": title,
        "body": body,
        "updated_at": entry.updated_at,
        "endpoint": card.endpoint,
        "values": dict(card.values),
        "title_words": words.stream(title, entry.language),
        "body_words": words.stream(body, entry.language),
        "trigrams": " ".join(likeness.trigrams(f"{title}\n{body}", entry.language)),
        "facets": entry.facets,
    }


def _storable(text: str) -> str:
    return text.replace("\x00", " ")[:LONGEST]


def _replace(kind: str, ids: Sequence[int], new: Mapping[tuple[int, str], dict[str, Any]]) -> None:
    old = {
        (document.target_id, document.language): document
        for document in db.session.scalars(
            sa.select(Document).where(Document.kind == kind, Document.target_id.in_(ids)).with_for_update()
        )
    }
    for key, document in old.items():
        full_text().take_out(document)
        if key not in new:
            db.session.delete(document)
    delete_rows(sa.delete(Facet).where(Facet.document_id.in_([document.id for document in old.values()])))
    for key, values in new.items():
        _put(old.get(key) or Document(kind=kind, target_id=key[0], language=key[1]), values)
    db.session.flush()


def _put(document: Document, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name != "facets":
            setattr(document, name, value)
    db.session.add(document)
    db.session.flush()
    full_text().put(document)
    pairs = {(name, value[:FACET_VALUE]) for name, many in values["facets"].items() for value in many}
    db.session.add_all(Facet(document_id=document.id, name=name, value=value) for name, value in sorted(pairs))

"""Reading the index: the page of hits, and texts that resemble each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.i18n import language
from portal.kernel.paging import Page, paginate
from portal.kernel.richtext import excerpt
from portal.search import asking, highlight, likeness
from portal.search.asking import Width
from portal.search.fts import full_text
from portal.search.models import Document, Facet, TrigramCount

ON_A_PAGE = 20
LINE = 140
"""Letters of the one line that is told of what is new."""
READ = 600
"""Letters that are read of a text to make the line of."""
WALKED = 60
"""How many of the newest documents are looked at for what is new."""
CANDIDATES = 100
"""How many texts that share rare trigrams are compared in full."""
LEAST_ALIKE = 0.1
NEARLY = 0.7
"""What is far less alike than the most alike is left out. Both figures come from benchmarks/similar.py."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing that was found, in the language it was found in."""

    ref: Ref
    title: Markup
    excerpt: Markup
    language: str
    updated_at: datetime
    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of hits, and how many there are of each kind."""

    hits: Sequence[Hit] = ()
    next: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """By kind, before it was narrowed to one."""
    width: Width = Width.EXACT
    """How much was taken for an answer."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class New:
    """Something that is new or has changed."""

    ref: Ref
    title: str
    line: str
    """The beginning of its text."""
    language: str
    updated_at: datetime
    endpoint: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A text that resembles another."""

    ref: Ref
    score: float
    """0 to 1."""


def search(
    text: str, *, kind: str | None = None, facets: Mapping[str, str] | None = None, cursor: str | None = None
) -> Found:
    """Find public things by their words: titles before texts, then the newest.

    When nothing holds all the words, beginnings and synonyms count too, and when that finds nothing, any of the words.
    """
    for width in Width:
        question = asking.read(text, width)
        if question is None:
            return Found()
        one_each = _one_each(question, facets or {})
        counted = sa.select(one_each.c.kind, sa.func.count()).group_by(one_each.c.kind)
        counts = _counts(counted)
        if counts:
            page = _page(one_each, question, kind, cursor)
            return Found(hits=page.items, next=page.next, counts=counts, width=width)
    return Found()


def matching(text: str, kind: str) -> sa.Select[int] | None:
    """Select the numbers of the public things of a kind that `search` would find, for a list that sorts them itself.

    One statement, to see how wide it must look. None when there is no word in the text.
    """
    questions = [question for width in Width if (question := asking.read(text, width)) is not None]
    if not questions:
        return None
    found = [_targets(question, kind) for question in questions]
    has_any = db.session.execute(sa.select(*(sa.exists(each.correlate(None)) for each in found))).one()
    return next((each for each, has in zip(found, has_any, strict=True) if has), found[-1])


def similar(text: str, kind: str, *, exclude: Sequence[int] = (), limit: int = 5, language: str = "nb") -> list[Alike]:
    """Find the things of a kind whose texts resemble this one most, the most alike first. A suggestion, never a rule.

    Looks up the rarest trigrams of the text and its synonyms, 12 at most, and compares what shares them in full.
    """
    asked = likeness.wanted(text, language)
    counts = _trigram_counts(kind, list(asked))
    weighed = likeness.weights(asked, counts)
    rare = {each: weighed[each] for each in likeness.rarest(asked, weighed, counts)}
    if not rare:
        return []
    best: dict[int, float] = {}
    for number, trigrams in full_text().sharing(rare, kind, CANDIDATES + len(exclude)):
        best[number] = max(best.get(number, 0.0), likeness.score(weighed, set(trigrams.split())))
    for number in exclude:
        best.pop(number, None)
    least = max(LEAST_ALIKE, NEARLY * max(best.values(), default=0.0))
    alike = sorted((-score, number) for number, score in best.items() if score >= least)
    return [Alike(ref=Ref(kind, number), score=-score) for score, number in alike[:limit]]


def newest(kinds: Sequence[str], *, limit: int, of_each: int) -> list[New]:
    """Return the public things of some kinds that are new or changed last, at most so many of each kind.

    One statement along the index of times: it costs the same however much there is. What is there in several languages
    is told in the reader's.
    """
    walk = (
        sa.select(
            Document.kind,
            Document.target_id,
            Document.language,
            Document.title,
            sa.func.substr(Document.body, 1, READ).label("beginning"),
            Document.updated_at,
            Document.endpoint,
            Document.values.label("address"),
        )
        .where(Document.kind.in_(kinds))
        .order_by(Document.updated_at.desc(), Document.id.desc())
        .limit(WALKED)
    )
    found: dict[Ref, sa.Row[Any]] = {}
    for row in db.session.execute(walk):
        ref = Ref(row.kind, row.target_id)
        if ref not in found or row.language == language():
            found[ref] = row
    chosen: list[New] = []
    for ref, row in found.items():
        if len(chosen) < limit and sum(each.ref.kind == ref.kind for each in chosen) < of_each:
            chosen.append(_new(ref, row))
    return chosen


def facet_counts(text: str, name: str) -> Mapping[str, int]:
    """Return how many hits have each value of a facet."""
    question = asking.read(text)
    if question is None:
        return {}
    one_each = _one_each(question, {})
    counted = (
        sa.select(Facet.value, sa.func.count())
        .join(one_each, one_each.c.id == Facet.document_id)
        .where(Facet.name == name)
        .group_by(Facet.value)
    )
    return _counts(counted)


def _targets(question: asking.Question, kind: str) -> sa.Select[int]:
    hits = full_text().hits(question)
    return sa.select(Document.target_id).join(hits, hits.c.document_id == Document.id).where(Document.kind == kind)


def _trigram_counts(kind: str, trigrams: Sequence[str]) -> dict[str, int]:
    mark = likeness.mark(kind)
    stored = sa.select(TrigramCount.trigram, TrigramCount.documents).where(
        TrigramCount.trigram.in_([mark + each for each in trigrams])
    )
    return {marked.removeprefix(mark): count for marked, count in db.session.execute(stored)}


def _counts(statement: sa.Select[str, int]) -> dict[str, int]:
    return {name: count for name, count in db.session.execute(statement)}  # noqa: C416 - a row is no pair to the checker


def _one_each(question: asking.Question, facets: Mapping[str, str]) -> sa.CTE:
    """Select `id`, `kind` and `place` of what answers: one document a thing, the reader's language first."""
    hits = full_text().hits(question)
    order = (sa.case((Document.language == language(), 0), else_=1), hits.c.place, Document.id)
    number = sa.func.row_number().over(partition_by=(Document.kind, Document.target_id), order_by=order)
    ranked = sa.select(Document.id, Document.kind, hits.c.place, number.label("number")).join(
        hits, hits.c.document_id == Document.id
    )
    for name, value in facets.items():
        has = sa.exists().where(Facet.document_id == Document.id, Facet.name == name, Facet.value == value)
        ranked = ranked.where(has)
    each = ranked.subquery("ranked")
    return sa.select(each.c.id, each.c.kind, each.c.place).where(each.c.number == 1).cte().prefix_with("MATERIALIZED")


def _page(one_each: sa.CTE, question: asking.Question, kind: str | None, cursor: str | None) -> Page[Hit]:
    place = sa.type_coerce(one_each.c.place, sa.Integer)
    statement = sa.select(Document).join(one_each, one_each.c.id == Document.id)
    if kind:
        statement = statement.where(Document.kind == kind)
    found = paginate(statement, place, Document.updated_at.desc(), Document.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    looked_for = tuple(dict.fromkeys(asking.leaves(question)))
    return Page([_hit(document, looked_for) for document in found.items], found.next)


def _new(ref: Ref, row: sa.Row[Any]) -> New:
    return New(
        ref=ref,
        title=row.title,
        line=excerpt(row.beginning, LINE),
        language=row.language,
        updated_at=row.updated_at,
        endpoint=row.endpoint,
        values=row.address,
    )


def _hit(document: Document, looked_for: Sequence[asking.Word]) -> Hit:
    return Hit(
        ref=Ref(document.kind, document.target_id),
        title=highlight.mark(document.title, looked_for, document.language),
        excerpt=highlight.excerpt(document.body, looked_for, document.language),
        language=document.language,
        updated_at=document.updated_at,
        endpoint=document.endpoint,
        values=document.values,
    )

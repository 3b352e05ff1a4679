"""The full-text index on PostgreSQL: a tsvector of the stemmed words and an array of the trigrams, each with a GIN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.search import likeness
from portal.search.asking import Phrase, Question, Word
from portal.search.models import Document

FURTHEST = 16_383
"""The last place in a text that a tsvector can tell."""


class PostgreSql:
    """The vector is written here and not by `to_tsvector`, whose parser would part words in its own way."""

    def put(self, document: Document) -> None:
        db.session.execute(
            sa.text(
                "INSERT INTO search_fts (document_id, words, trigrams) "
                "VALUES (:id, CAST(:words AS tsvector), string_to_array(:trigrams, ' '))"
            ),
            {
                "id": document.id,
                "words": " ".join(_vector(document)),
                "trigrams": likeness.marked(document.kind, document.trigrams),
            },
        )

    def take_out(self, document: Document) -> None:
        db.session.execute(sa.text("DELETE FROM search_fts WHERE document_id = :id"), {"id": document.id})

    def hits(self, question: Question) -> sa.CTE:
        statement = sa.text(
            "SELECT document_id, CASE WHEN words @@ CAST(:in_title AS tsquery) THEN 0 ELSE 1 END AS place "
            "FROM search_fts WHERE words @@ CAST(:anywhere AS tsquery)"
        )
        bound = statement.bindparams(  # unique, so that one statement can ask two questions
            sa.bindparam("anywhere", _written(question, ""), unique=True),
            sa.bindparam("in_title", _written(question, "A"), unique=True),
        )
        return bound.columns(document_id=sa.Integer, place=sa.Integer).cte().prefix_with("MATERIALIZED")

    def sharing(self, weights: Mapping[str, float], kind: str, limit: int) -> Sequence[tuple[int, str]]:
        found = db.session.execute(
            sa.text(
                "SELECT d.target_id, d.trigrams "
                "FROM search_fts AS f JOIN search_documents AS d ON d.id = f.document_id "
                "CROSS JOIN LATERAL (SELECT sum(w.weight) AS weight "
                "FROM unnest(CAST(:trigrams AS text[]), CAST(:weights AS float8[])) AS w(trigram, weight) "
                "WHERE w.trigram = ANY (f.trigrams)) AS shared "
                "WHERE f.trigrams && CAST(:trigrams AS text[]) AND d.kind = :kind "
                "ORDER BY shared.weight DESC, d.id DESC LIMIT :limit"
            ),
            {
                "trigrams": [likeness.mark(kind) + each for each in weights],
                "weights": list(weights.values()),
                "kind": kind,
                "limit": limit,
            },
        )
        return [(row[0], row[1]) for row in found]

    def trigram_counts(self) -> sa.Select[Any]:
        index = sa.table("search_fts", sa.column("trigrams"))
        each = sa.select(sa.func.unnest(index.c.trigrams).label("trigram")).subquery()
        return sa.select(each.c.trigram, sa.func.count().label("documents")).group_by(each.c.trigram)

    def tidy(self) -> None:
        """Nothing is left: a row that was deleted is gone when its transaction and the next vacuum are."""


def _vector(document: Document) -> Iterator[str]:
    """Write each word with its place: those of the title have weight A, and the body follows after a gap."""
    place = 0
    for text, weight in ((document.title_words, "A"), (document.body_words, "")):
        for word in text.split():
            place += 1
            yield f"'{word}':{min(place, FURTHEST)}{weight}"
        place += 10


def _written(question: Question, weight: str) -> str:
    """Write the question in tsquery's language. A word holds letters and digits only, and stands in quotes."""
    if isinstance(question, Word):
        marks = ("*" if question.begins else "") + weight
        return f"'{question.text}'" + (f":{marks}" if marks else "")
    if isinstance(question, Phrase):
        return "(" + " <-> ".join(_written(Word(word), weight) for word in question.words) + ")"
    return "(" + (" & " if question.all else " | ").join(_written(part, weight) for part in question.parts) + ")"

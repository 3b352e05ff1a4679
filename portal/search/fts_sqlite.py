"""The full-text index on SQLite: FTS5 over the stemmed words, and over the trigrams, of the table of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db
from portal.search import likeness
from portal.search.asking import Phrase, Question, Word
from portal.search.models import Document


class Sqlite:
    """FTS5 with the documents as content; the words come ready, so the plainest tokenizer only parts them at spaces."""

    def put(self, document: Document) -> None:
        db.session.execute(
            sa.text("INSERT INTO search_fts (rowid, title_words, body_words) VALUES (:id, :title, :body)"),
            {"id": document.id, "title": document.title_words, "body": document.body_words},
        )
        db.session.execute(
            sa.text("INSERT INTO search_fts_trigrams (rowid, trigrams) VALUES (:id, :trigrams)"),
            {"id": document.id, "trigrams": likeness.marked(document.kind, document.trigrams)},
        )

    def take_out(self, document: Document) -> None:
        db.session.execute(
            sa.text(
                "INSERT INTO search_fts (search_fts, rowid, title_words, body_words) "
                "VALUES ('delete', :id, :title, :body)"
            ),
            {"id": document.id, "title": document.title_words, "body": document.body_words},
        )
        db.session.execute(
            sa.text(
                "INSERT INTO search_fts_trigrams (search_fts_trigrams, rowid, trigrams) "
                "VALUES ('delete', :id, :trigrams)"
            ),
            {"id": document.id, "trigrams": likeness.marked(document.kind, document.trigrams)},
        )

    def hits(self, question: Question) -> sa.CTE:
        asked = _written(question)
        statement = sa.text(
            "SELECT rowid AS document_id, "
            "rowid NOT IN (SELECT rowid FROM search_fts WHERE search_fts MATCH :in_title) AS place "
            "FROM search_fts WHERE search_fts MATCH :anywhere"
        )
        bound = statement.bindparams(  # unique, so that one statement can ask two questions
            sa.bindparam("anywhere", asked, unique=True),
            sa.bindparam("in_title", f"{{title_words}} : ({asked})", unique=True),
        )
        return bound.columns(document_id=sa.Integer, place=sa.Integer).cte().prefix_with("MATERIALIZED")

    def sharing(self, weights: Mapping[str, float], kind: str, limit: int) -> Sequence[tuple[int, str]]:
        each = " UNION ALL ".join(
            f"SELECT rowid AS id, :w{number} AS weight FROM search_fts_trigrams "  # noqa: S608 - only numbers are written in
            f"WHERE search_fts_trigrams MATCH :t{number}"
            for number in range(len(weights))
        )
        values: dict[str, Any] = {f"t{at}": f'"{likeness.mark(kind)}{each}"' for at, each in enumerate(weights)}
        values |= {f"w{number}": weight for number, weight in enumerate(weights.values())}
        found = db.session.execute(
            sa.text(
                "SELECT d.target_id, d.trigrams FROM ("  # noqa: S608 - only numbers are written in
                f"SELECT id, sum(weight) AS weight FROM ({each}) GROUP BY id ORDER BY weight DESC LIMIT :limit"
                ") AS shared JOIN search_documents AS d ON d.id = shared.id WHERE d.kind = :kind"
            ),
            {**values, "kind": kind, "limit": limit},
        )
        return [(row[0], row[1]) for row in found]

    def trigram_counts(self) -> sa.Select[Any]:
        counted = sa.table("search_fts_counts", sa.column("term"), sa.column("doc"))
        return sa.select(counted.c.term.label("trigram"), counted.c.doc.label("documents"))

    def tidy(self) -> None:
        for name in ("search_fts", "search_fts_trigrams"):
            db.session.execute(sa.text(f"INSERT INTO {name} ({name}) VALUES ('optimize')"))  # noqa: S608 - our own names


def _written(question: Question) -> str:
    """Write the question in FTS5's language. A word holds letters and digits only, and stands in quotes."""
    if isinstance(question, Word):
        return f'"{question.text}"' + (" *" if question.begins else "")
    if isinstance(question, Phrase):
        return f'"{" ".join(question.words)}"'
    joined = (" AND " if question.all else " OR ").join(map(_written, question.parts))
    return f"({joined})"

"""The database's own full-text index, behind one interface: what it finds is the same on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from portal.kernel.db import db
from portal.search.asking import Question
from portal.search.fts_postgresql import PostgreSql
from portal.search.fts_sqlite import Sqlite
from portal.search.models import Document


class FullText(Protocol):
    """What search needs of a database."""

    def put(self, document: Document) -> None:
        """Index a document that has its number, and isn't indexed."""

    def take_out(self, document: Document) -> None:
        """Take a document out of the index; its words are still those it was indexed with."""

    def hits(self, question: Question) -> sa.CTE:
        """Select `document_id` and `place` of what answers: place 0 when its title does, 1 otherwise.

        Materialised: a planner that knows an old state of the tables must not ask the index once for each document.
        """

    def sharing(self, weights: Mapping[str, float], kind: str, limit: int) -> Sequence[tuple[int, str]]:
        """Return thing and trigrams of the documents of a kind that share the most weight of some trigrams."""

    def trigram_counts(self) -> sa.Select[Any]:
        """Select `trigram` and `documents`, over the whole index."""

    def tidy(self) -> None:
        """Let go of every trace of what was taken out."""


def full_text() -> FullText:
    """Return the index of the database in use."""
    return Sqlite() if db.session.get_bind().dialect.name == "sqlite" else PostgreSql()

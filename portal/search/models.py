"""The index: one document for each public thing and language, and how common each trigram is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, Pk


class Document(Base):
    """What the index keeps of one public thing in one language: what is shown of a hit, and the words it is found by.

    The database's own full-text table, which no model tells of, stands beside it under the same number.
    """

    __tablename__ = "search_documents"

    id: Mapped[Pk]
    kind: Mapped[str] = mapped_column(sa.String(40))
    target_id: Mapped[int]
    language: Mapped[str] = mapped_column(sa.String(2))
    title: Mapped[str]
    body: Mapped[str]
    """Plain text."""
    updated_at: Mapped[datetime]
    endpoint: Mapped[str] = mapped_column(sa.String(200))
    values: Mapped[dict[str, Any]]
    """With the endpoint: its address."""
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    """Whose text it is, so that it goes when they are erased; never shown, and no reason of a hit."""
    title_words: Mapped[str]
    body_words: Mapped[str]
    """Stems in their order, and then the parts of compounds."""
    trigrams: Mapped[str]
    """Groups of three letters of the words that say something, a space between them."""

    __table_args__ = (
        sa.UniqueConstraint("kind", "target_id", "language"),
        sa.Index("ix_search_documents_updated_at_id", "updated_at", "id"),
    )


class Facet(Base):
    """One property of a document that hits can be narrowed to."""

    __tablename__ = "search_facets"

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("search_documents.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(200), primary_key=True)

    __table_args__ = (sa.Index("ix_search_facets_name_value", "name", "value"),)


class TrigramCount(Base):
    """In how many documents of a kind a trigram stands, as it was counted last: the rare ones tell texts apart."""

    __tablename__ = "search_trigram_counts"

    trigram: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    """The mark of the kind, and the three letters."""
    documents: Mapped[int]

"""The search index: documents, their facets, and each database's own full-text tables beside them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e1f0a7c2b31"
down_revision = "62ef1d53d5c9"
branch_labels = None
depends_on = None

# The words come ready, parted by spaces: this tokenizer leaves every letter beyond ASCII as it is.
WORDS = """
CREATE VIRTUAL TABLE search_fts USING fts5(
    title_words, body_words, content='search_documents', content_rowid='id', tokenize='ascii', columnsize=0
)"""
TRIGRAMS = """
CREATE VIRTUAL TABLE search_fts_trigrams USING fts5(
    trigrams, content='', tokenize='ascii', detail='none', columnsize=0
)"""
SQLITE = (
    WORDS,
    TRIGRAMS,
    "CREATE VIRTUAL TABLE search_fts_counts USING fts5vocab('search_fts_trigrams', 'row')",
)
BOTH = """
CREATE TABLE search_fts (
    document_id integer PRIMARY KEY REFERENCES search_documents (id) ON DELETE CASCADE,
    words tsvector NOT NULL,
    trigrams text[] NOT NULL
)"""
POSTGRESQL = (
    BOTH,
    "CREATE INDEX ix_search_fts_words ON search_fts USING gin (words)",
    "CREATE INDEX ix_search_fts_trigrams ON search_fts USING gin (trigrams)",
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint", sa.String(length=200), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("body_words", sa.Text(), nullable=False),
        sa.Column("trigrams", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_search_documents_author_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "target_id", "language", name=op.f("uq_search_documents_kind_target_id_language")),
    )
    op.create_index(op.f("ix_search_documents_author_id"), "search_documents", ["author_id"])
    op.create_index("ix_search_documents_updated_at_id", "search_documents", ["updated_at", "id"])
    op.create_table(
        "search_facets",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_documents.id"],
            name=op.f("fk_search_facets_document_id_search_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "name", "value", name=op.f("pk_search_facets")),
    )
    op.create_index("ix_search_facets_name_value", "search_facets", ["name", "value"])
    op.create_table(
        "search_trigram_counts",
        sa.Column("trigram", sa.String(length=5), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trigram", name=op.f("pk_search_trigram_counts")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts_counts")
        op.execute("DROP TABLE search_fts_trigrams")
    op.execute("DROP TABLE search_fts")
    op.drop_table("search_trigram_counts")
    op.drop_table("search_facets")
    op.drop_table("search_documents")

"""Figures over time, beside the colours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000003"
down_revision = "a71f00000002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "figure_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=2000), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed", sa.String(length=40), nullable=False),
        sa.Column("failed_detail", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_series")),
    )
    op.create_index(op.f("ix_figure_series_indicator"), "figure_series", ["indicator"])
    op.create_table(
        "figure_points",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("previous", sa.String(length=40), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["figure_series.id"],
            name=op.f("fk_figure_points_series_id_figure_series"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "period", name=op.f("pk_figure_points")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("figure_points")
    op.drop_table("figure_series")

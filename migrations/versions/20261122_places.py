"""Lokalsamfunn, and where things are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c2b1f3a5d702"
down_revision = "c1a0e2f4b601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "neighbourhoods",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("outline", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhoods")),
        sa.UniqueConstraint("name", name=op.f("uq_neighbourhoods_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_neighbourhoods_slug")),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_locations_whole_point")),
        sa.CheckConstraint(
            "latitude IS NOT NULL OR neighbourhood_id IS NOT NULL", name=op.f("ck_locations_is_somewhere")
        ),
        sa.CheckConstraint(
            "x >= 0 AND x < 1073741824 AND y >= 0 AND y < 1073741824", name=op.f("ck_locations_in_the_square")
        ),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhoods.id"], name=op.f("fk_locations_neighbourhood_id_neighbourhoods")
        ),
        sa.ForeignKeyConstraint(["placed_by_id"], ["accounts.id"], name=op.f("fk_locations_placed_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("kind", "target_id", name=op.f("uq_locations_kind_target_id")),
    )
    op.create_index(op.f("ix_locations_neighbourhood_id"), "locations", ["neighbourhood_id"])
    op.create_index(op.f("ix_locations_placed_by_id"), "locations", ["placed_by_id"])
    op.create_index("ix_locations_map", "locations", ["is_public", "x", "y", "kind", "target_id"])
    op.create_index("ix_locations_kind_map", "locations", ["kind", "is_public", "x", "y", "target_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("locations")
    op.drop_table("neighbourhoods")

"""files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7c93d2e4a815"
down_revision = "5e1f0a7c2b31"
branch_labels = None
depends_on = None

STATES = ("draft", "internal", "pending", "changes_requested", "published", "hidden", "merged", "withdrawn")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("uploader_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("is_decoration", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unattached_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind IS NULL) = (target_id IS NULL)", name=op.f("ck_files_whole_target")),
        sa.CheckConstraint("(kind IS NULL) = (unattached_since IS NOT NULL)", name=op.f("ck_files_attached_or_not")),
        sa.CheckConstraint("NOT is_decoration OR alt_text = ''", name=op.f("ck_files_decoration_says_nothing")),
        sa.ForeignKeyConstraint(["uploader_id"], ["accounts.id"], name=op.f("fk_files_uploader_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("address", name=op.f("uq_files_address")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index("ix_files_target", ["kind", "target_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_unattached_since"), ["unattached_since"], unique=False)
        batch_op.create_index(batch_op.f("ix_files_uploader_id"), ["uploader_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("files")

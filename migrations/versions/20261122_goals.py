"""Goals and delmål, and what serves them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c1a0e2f4b601"
down_revision = "b4f0c61d7e28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "goal_links",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("to_kind", sa.String(length=40), nullable=False),
        sa.Column("to_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.CheckConstraint("to_kind <> kind OR to_id <> target_id", name=op.f("ck_goal_links_serves_another")),
        sa.PrimaryKeyConstraint("kind", "target_id", "to_kind", "to_id", name=op.f("pk_goal_links")),
    )
    with op.batch_alter_table("goal_links", schema=None) as batch_op:
        batch_op.create_index("ix_goal_links_to", ["to_kind", "to_id", "kind", "is_public", "target_id"], unique=False)

    op.create_table(
        "subgoals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("text_nb", sa.Text(), nullable=False),
        sa.Column("text_nn", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("goal BETWEEN 1 AND 17", name=op.f("ck_subgoals_one_of_the_17")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subgoals")),
        sa.UniqueConstraint("code", name=op.f("uq_subgoals_code")),
    )
    with op.batch_alter_table("subgoals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subgoals_goal"), ["goal"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("subgoals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subgoals_goal"))

    op.drop_table("subgoals")
    with op.batch_alter_table("goal_links", schema=None) as batch_op:
        batch_op.drop_index("ix_goal_links_to")

    op.drop_table("goal_links")

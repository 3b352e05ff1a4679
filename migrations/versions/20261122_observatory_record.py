"""What a revision keeps beside the figures (the three views and replies), and how far publishing is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000007"
down_revision = "a71f00000006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("revision_results", sa.Column("record", sa.JSON(), nullable=True))
    op.add_column("rounds", sa.Column("publishing_step", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("rounds", "publishing_step")
    op.drop_column("revision_results", "record")

"""What privacy needs: erasures that are finished later, notice to inactive accounts, and words about accessibility."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b4f0c61d7e28"
down_revision = "9d47b6f1c052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keep_answers", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("is_finished", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.alter_column("keep_answers", server_default=None)
        batch_op.alter_column("is_finished", server_default=None)
    op.add_column("accounts", sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("inactive_told_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE accounts SET last_sign_in_at = "
        "(SELECT max(created_at) FROM sign_in_sessions WHERE sign_in_sessions.account_id = accounts.id)"
    )
    op.create_table(
        "accessibility_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_reports")),
        sa.UniqueConstraint("key", name=op.f("uq_accessibility_reports_key")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("accessibility_reports")
    op.drop_column("accounts", "inactive_told_at")
    op.drop_column("accounts", "last_sign_in_at")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_column("is_finished")
        batch_op.drop_column("keep_answers")

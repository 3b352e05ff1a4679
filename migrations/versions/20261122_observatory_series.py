"""Figures over time, beside the colours."""

from __future__ import annotations

revision = "a71f00000003"
down_revision = "a71f00000002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

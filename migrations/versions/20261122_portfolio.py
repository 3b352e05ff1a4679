"""Gevinster, and innovation funds."""

from __future__ import annotations

revision = "c3d2a4b6e803"
down_revision = "c2b1f3a5d702"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

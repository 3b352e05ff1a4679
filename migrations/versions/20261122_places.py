"""Lokalsamfunn, and where things are."""

from __future__ import annotations

revision = "c2b1f3a5d702"
down_revision = "c1a0e2f4b601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

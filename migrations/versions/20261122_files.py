"""files."""

from __future__ import annotations

revision = "7c93d2e4a815"
down_revision = "5e1f0a7c2b31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

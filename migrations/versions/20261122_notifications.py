"""notifications."""

from __future__ import annotations

revision = "9d47b6f1c052"
down_revision = "7c93d2e4a815"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

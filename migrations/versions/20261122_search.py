"""search."""

from __future__ import annotations

revision = "5e1f0a7c2b31"
down_revision = "62ef1d53d5c9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

"""Self-assessment per sub-indicator, its evidence, and who owes it."""

from __future__ import annotations

revision = "a71f00000001"
down_revision = "49a326d007b9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

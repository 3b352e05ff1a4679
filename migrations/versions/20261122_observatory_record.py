"""What a revision keeps beside the figures: own assessment, evidence, verification and replies."""

from __future__ import annotations

revision = "a71f00000007"
down_revision = "a71f00000006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

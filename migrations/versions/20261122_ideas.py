"""Ideas, tidstyver and campaigns."""

from __future__ import annotations

revision = "c4e3b5c7f904"
down_revision = "c3d2a4b6e803"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

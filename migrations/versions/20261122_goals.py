"""Goals and delmål, and what serves them."""

from __future__ import annotations

revision = "c1a0e2f4b601"
down_revision = "b4f0c61d7e28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take the change back."""

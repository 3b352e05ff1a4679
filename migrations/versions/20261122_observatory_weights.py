"""The population table, what people tell of themselves, signals and exclusions."""

from __future__ import annotations

revision = "a71f00000004"
down_revision = "a71f00000003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

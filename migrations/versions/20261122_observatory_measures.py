"""Measures (tiltak) that answer red indicators, with their log and links."""

from __future__ import annotations

revision = "a71f00000006"
down_revision = "a71f00000005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

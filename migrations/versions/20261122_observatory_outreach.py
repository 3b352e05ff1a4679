"""Invitations, reminders and paper forms."""

from __future__ import annotations

revision = "a71f00000005"
down_revision = "a71f00000004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

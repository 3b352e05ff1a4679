"""Verifiers, what they say of the evidence, and the municipality's replies."""

from __future__ import annotations

revision = "a71f00000002"
down_revision = "a71f00000001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""


def downgrade() -> None:
    """Take it back."""

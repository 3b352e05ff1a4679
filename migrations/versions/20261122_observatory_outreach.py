"""Invitations, reminders and paper forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000005"
down_revision = "a71f00000004"
branch_labels = None
depends_on = None

GROUPS = ("resident", "voluntary_sector", "business", "knowledge")
TIES = ("lives", "works", "studies", "organisation", "holiday_home")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "observatory_invitations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id"), nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("stakeholder_group", _enum("stakeholder_group", *GROUPS)),
        sa.Column("token", sa.String(40), nullable=False, unique=True),
        sa.Column("made_by_id", sa.Integer(), sa.ForeignKey("accounts.id"), index=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("arrivals", sa.Integer()),
    )
    op.create_table(
        "round_reminders",
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id"), primary_key=True),
        sa.Column("account_id", sa.Integer(), sa.ForeignKey("accounts.id"), primary_key=True, index=True),
    )
    op.create_table(
        "paper_batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), sa.ForeignKey("rounds.id"), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("stakeholder_group", _enum("stakeholder_group", *GROUPS), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisations.id"), index=True),
        sa.Column("state", _enum("state", "draft", "waiting", "rejected", "approved"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), sa.ForeignKey("accounts.id"), index=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), sa.ForeignKey("accounts.id"), index=True),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("round_id", "label"),
        sa.CheckConstraint("decided_by_id <> entered_by_id", name="two_people"),
        sa.CheckConstraint(
            "(stakeholder_group = 'resident') = (organisation_id IS NULL)", name="organisation_unless_resident"
        ),
    )
    op.create_table(
        "paper_forms",
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("paper_batches.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("tie", _enum("tie", *TIES), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
    )
    # Written out, since Alembic adds the constraint by itself afterwards, which SQLite can't.
    op.execute(
        "ALTER TABLE ballots ADD COLUMN invitation_id INTEGER "
        "CONSTRAINT fk_ballots_invitation_id_observatory_invitations REFERENCES observatory_invitations (id)"
    )
    op.create_index("ix_ballots_invitation_id", "ballots", ["invitation_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_ballots_invitation_id", "ballots")
    op.drop_column("ballots", "invitation_id")
    op.drop_table("paper_forms")
    op.drop_table("paper_batches")
    op.drop_table("round_reminders")
    op.drop_table("observatory_invitations")

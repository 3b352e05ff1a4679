"""Verifiers, what they say of the evidence, and the municipality's replies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000002"
down_revision = "a71f00000001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "observatory_verification_dates",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("verify_by", sa.Date(), nullable=True),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "reply_by >= verify_by", name=op.f("ck_observatory_verification_dates_replies_after_verifying")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_observatory_verification_dates_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_observatory_verification_dates")),
    )
    op.create_table(
        "observatory_appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("appointed_by_id", sa.Integer(), nullable=True),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(has_conflict IS NULL) = (stated_at IS NULL)", name=op.f("ck_observatory_appointments_stated_with_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_observatory_appointments_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["appointed_by_id"], ["accounts.id"], name=op.f("fk_observatory_appointments_appointed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_observatory_appointments_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory_appointments")),
        sa.UniqueConstraint(
            "round_id",
            "indicator",
            "account_id",
            name=op.f("uq_observatory_appointments_round_id_indicator_account_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_observatory_appointments_account_id"), "observatory_appointments", ["account_id"])
    op.create_index(
        op.f("ix_observatory_appointments_appointed_by_id"), "observatory_appointments", ["appointed_by_id"]
    )
    op.create_table(
        "observatory_evidence_verdicts",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "contested", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict = 'accepted' OR reason <> ''",
            name=op.f("ck_observatory_evidence_verdicts_contested_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["observatory_appointments.id"],
            name=op.f("fk_observatory_evidence_verdicts_appointment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["observatory_evidence.id"],
            name=op.f("fk_observatory_evidence_verdicts_evidence"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("appointment_id", "evidence_id", name=op.f("pk_observatory_evidence_verdicts")),
    )
    op.create_index(
        op.f("ix_observatory_evidence_verdicts_evidence_id"), "observatory_evidence_verdicts", ["evidence_id"]
    )
    op.create_table(
        "observatory_verifier_colours",
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("red", "yellow", "green", name="level", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["observatory_appointments.id"],
            name=op.f("fk_observatory_verifier_colours_appointment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_observatory_verifier_colours")),
    )
    op.create_table(
        "observatory_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_observatory_replies_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory_replies")),
        sa.UniqueConstraint("round_id", "indicator", name=op.f("uq_observatory_replies_round_id_indicator")),
    )


def downgrade() -> None:
    """Take it back."""
    for name in ("replies", "verifier_colours", "evidence_verdicts", "appointments", "verification_dates"):
        op.drop_table(f"observatory_{name}")

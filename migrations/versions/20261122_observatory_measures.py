"""Measures (tiltak) that answer red indicators, with their log and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000006"
down_revision = "a71f00000005"
branch_labels = None
depends_on = None

STATUS = ("planned", "under_way", "done", "stopped")


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "observatory_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUS, name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_observatory_measures_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["service_area_id"],
            ["service_areas.id"],
            name=op.f("fk_observatory_measures_service_area_id_service_areas"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory_measures")),
        sa.UniqueConstraint("key", name=op.f("uq_observatory_measures_key")),
        sqlite_autoincrement=True,
    )
    for column in ("round_id", "indicator", "service_area_id", "status"):
        op.create_index(op.f(f"ix_observatory_measures_{column}"), "observatory_measures", [column])
    op.create_table(
        "observatory_measure_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUS, name="status", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["observatory_measures.id"],
            name=op.f("fk_observatory_measure_entries_measure_id_observatory_measures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory_measure_entries")),
        sa.UniqueConstraint("measure_id", "key", name=op.f("uq_observatory_measure_entries_measure_id_key")),
    )
    op.create_index(op.f("ix_observatory_measure_entries_measure_id"), "observatory_measure_entries", ["measure_id"])
    op.create_table(
        "observatory_measure_links",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"],
            ["observatory_measures.id"],
            name=op.f("fk_observatory_measure_links_measure_id_observatory_measures"),
        ),
        sa.PrimaryKeyConstraint("measure_id", "kind", "target_id", name=op.f("pk_observatory_measure_links")),
    )
    op.create_index("ix_observatory_measure_links_target", "observatory_measure_links", ["kind", "target_id"])
    op.create_table(
        "observatory_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_observatory_answers_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observatory_answers")),
        sa.UniqueConstraint("round_id", "indicator", name=op.f("uq_observatory_answers_round_id_indicator")),
    )
    op.create_index(op.f("ix_observatory_answers_round_id"), "observatory_answers", ["round_id"])


def downgrade() -> None:
    """Take it back."""
    for table in (
        "observatory_answers",
        "observatory_measure_links",
        "observatory_measure_entries",
        "observatory_measures",
    ):
        op.drop_table(table)

"""Self-assessment per sub-indicator, its evidence, and who owes it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000001"
down_revision = "49a326d007b9"
branch_labels = None
depends_on = None


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Apply the change."""
    op.add_column("own_assessments", sa.Column("signed_by_title", sa.String(length=200), nullable=True))
    op.add_column("own_assessments", sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "observatory_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=10), nullable=False),
        sa.Column("name_nb", sa.String(length=200), nullable=False),
        sa.Column("name_nn", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("origin", _one_of("origin", "standard", "added"), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_observatory_parts_round_id_rounds"),
        sa.PrimaryKeyConstraint("id", name="pk_observatory_parts"),
        sa.UniqueConstraint("round_id", "key", name="uq_observatory_parts_round_id_key"),
    )
    op.create_table(
        "part_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=10), nullable=False),
        sa.Column("level", _one_of("level", "red", "yellow", "green", "not_assessed", "not_relevant"), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_part_assessments_round_id_rounds"),
        sa.ForeignKeyConstraint(["copied_from_id"], ["rounds.id"], name="fk_part_assessments_copied_from_id_rounds"),
        sa.PrimaryKeyConstraint("id", name="pk_part_assessments"),
        sa.UniqueConstraint("round_id", "key", name="uq_part_assessments_round_id_key"),
    )
    op.create_index("ix_part_assessments_copied_from_id", "part_assessments", ["copied_from_id"])
    op.create_table(
        "observatory_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("key", sa.String(length=10), nullable=False),
        sa.Column("kind", _one_of("kind", "link", "file", "figure"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("figure_value", sa.Double(), nullable=True),
        sa.Column("figure_unit", sa.String(length=200), nullable=False),
        sa.Column("figure_source", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_observatory_evidence_valid_in_order")),
        sa.CheckConstraint(
            "(kind = 'figure') = (figure_value IS NOT NULL)", name=op.f("ck_observatory_evidence_figure_has_value")
        ),
        sa.CheckConstraint("(kind = 'link') = (url IS NOT NULL)", name=op.f("ck_observatory_evidence_link_has_url")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_observatory_evidence_round_id_rounds"),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name="fk_observatory_evidence_file_id_files", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["accounts.id"], name="fk_observatory_evidence_created_by_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_observatory_evidence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_observatory_evidence_round_id_indicator", "observatory_evidence", ["round_id", "indicator"])
    op.create_index("ix_observatory_evidence_file_id", "observatory_evidence", ["file_id"])
    op.create_index("ix_observatory_evidence_created_by_id", "observatory_evidence", ["created_by_id"])
    op.create_table(
        "observatory_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_observatory_assignments_round_id_rounds"),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name="fk_observatory_assignments_service_area_id_service_areas"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_observatory_assignments"),
        sa.UniqueConstraint(
            "round_id",
            "indicator",
            "service_area_id",
            name="uq_observatory_assignments_round_id_indicator_service_area_id",
        ),
    )
    op.create_index("ix_observatory_assignments_service_area_id", "observatory_assignments", ["service_area_id"])


def downgrade() -> None:
    """Take it back."""
    for table in ("observatory_assignments", "observatory_evidence", "part_assessments", "observatory_parts"):
        op.drop_table(table)
    op.drop_column("own_assessments", "signed_at")
    op.drop_column("own_assessments", "signed_by_title")

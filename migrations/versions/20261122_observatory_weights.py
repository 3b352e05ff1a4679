"""The population table, what people tell of themselves, signals and exclusions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a71f00000004"
down_revision = "a71f00000003"
branch_labels = None
depends_on = None

BALLOTS = (
    (
        "age_band",
        "VARCHAR(40) CONSTRAINT ck_ballots_age_band CHECK (age_band IN ('0-17', '18-29', '30-44', '45-66', '67+'))",
    ),
    ("gender", "VARCHAR(40) CONSTRAINT ck_ballots_gender CHECK (gender IN ('woman', 'man'))"),
    (
        "neighbourhood_id",
        "INTEGER CONSTRAINT fk_ballots_neighbourhood_id_neighbourhoods REFERENCES neighbourhoods (id)",
    ),
    ("network", "BYTEA"),
    ("network_until", "DATE"),
    ("exclusion_id", "INTEGER CONSTRAINT fk_ballots_exclusion_id_exclusions REFERENCES exclusions (id)"),
)
"""Written out: alembic leaves the checks of a new column out on SQLite, and the table can't be made anew there."""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "population_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("total > 0", name=op.f("ck_population_tables_somebody_lives_here")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_population_tables_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["accounts.id"], name=op.f("fk_population_tables_uploaded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_tables")),
    )
    op.create_index(op.f("ix_population_tables_round_id"), "population_tables", ["round_id"])
    op.create_index(op.f("ix_population_tables_uploaded_by_id"), "population_tables", ["uploaded_by_id"])
    op.create_table(
        "round_joins",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_round_joins_somebody_joined")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_joins_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "hour", name=op.f("pk_round_joins")),
    )
    op.create_table(
        "exclusions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "network",
                "identical",
                "straight",
                name=op.f("ck_exclusions_kind"),
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("excluded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("count > 0", name=op.f("ck_exclusions_somebody_is_excluded")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_exclusions_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["excluded_by_id"], ["accounts.id"], name=op.f("fk_exclusions_excluded_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusions")),
    )
    op.create_index(op.f("ix_exclusions_round_id"), "exclusions", ["round_id"])
    op.create_index(op.f("ix_exclusions_excluded_by_id"), "exclusions", ["excluded_by_id"])
    bytes_are = "BYTEA" if op.get_bind().dialect.name == "postgresql" else "BLOB"
    for name, kind in BALLOTS:
        op.execute(f"ALTER TABLE ballots ADD COLUMN {name} {kind.replace('BYTEA', bytes_are)}")
    op.create_index(op.f("ix_ballots_neighbourhood_id"), "ballots", ["neighbourhood_id"])
    op.create_index(op.f("ix_ballots_exclusion_id"), "ballots", ["exclusion_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_ballots_exclusion_id"), table_name="ballots")
    op.drop_index(op.f("ix_ballots_neighbourhood_id"), table_name="ballots")
    for name, _kind in reversed(BALLOTS):
        op.drop_column("ballots", name)
    op.drop_table("exclusions")
    op.drop_table("round_joins")
    op.drop_table("population_tables")

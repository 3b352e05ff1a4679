"""Gevinster, and innovation funds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3d2a4b6e803"
down_revision = "c2b1f3a5d702"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "benefits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "efficiency", "quality", "others", name="type", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "link",
            sa.Enum(
                "inputs",
                "activities",
                "outputs",
                "user_effects",
                "society_effects",
                name="link",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("for_whom", sa.String(length=200), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("indicator", sa.String(length=200), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("kroner", "hours", "other", name="unit", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("unit_word", sa.String(length=200), nullable=False),
        sa.Column("baseline_value", sa.BigInteger(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("baseline_source", sa.String(length=200), nullable=False),
        sa.Column("target_value", sa.BigInteger(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("expected_year", sa.Integer(), nullable=False),
        sa.Column("assumptions", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "measuring",
                "realised",
                "partly",
                "not_realised",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("latest_value", sa.BigInteger(), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("gain", sa.BigInteger(), nullable=True),
        sa.Column("planned_gain", sa.BigInteger(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(unit = 'other') = (unit_word <> '')", name=op.f("ck_benefits_whole_unit")),
        sa.CheckConstraint("status <> 'not_realised' OR learning <> ''", name=op.f("ck_benefits_learns")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["accounts.id"], name=op.f("fk_benefits_entered_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_benefits_service_area_id_service_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefits")),
        sa.UniqueConstraint("entered_by_id", "key", name=op.f("uq_benefits_entered_by_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("benefits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benefits_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index("ix_benefits_is_public", ["is_public", "expected_year"], unique=False)
        batch_op.create_index(batch_op.f("ix_benefits_service_area_id"), ["service_area_id"], unique=False)
        batch_op.create_index("ix_benefits_status_expected_on", ["status", "expected_on"], unique=False)
        batch_op.create_index("ix_benefits_target", ["kind", "target_id", "id"], unique=False)

    op.create_table(
        "benefit_measurements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("benefit_id", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["benefit_id"], ["benefits.id"], name=op.f("fk_benefit_measurements_benefit_id_benefits")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_benefit_measurements_entered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit_measurements")),
        sa.UniqueConstraint("benefit_id", "measured_on", name=op.f("uq_benefit_measurements_benefit_id_measured_on")),
    )
    with op.batch_alter_table("benefit_measurements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benefit_measurements_entered_by_id"), ["entered_by_id"], unique=False)

    op.create_table(
        "funds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("frame_ore", sa.BigInteger(), nullable=False),
        sa.Column("granted_ore", sa.BigInteger(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.CheckConstraint("granted_ore BETWEEN 0 AND frame_ore", name=op.f("ck_funds_within_frame")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_funds_opens_first")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funds")),
        sa.UniqueConstraint("year", name=op.f("uq_funds_year")),
    )
    op.create_table(
        "fund_plans",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "seed",
                "own_share",
                "cooperation",
                "competence",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ore >= 0", name=op.f("ck_fund_plans_not_negative")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_plans_fund_id_funds")),
        sa.PrimaryKeyConstraint("fund_id", "purpose", name=op.f("pk_fund_plans")),
    )
    op.create_table(
        "fund_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "seed",
                "own_share",
                "cooperation",
                "competence",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_ore", sa.BigInteger(), nullable=False),
        sa.Column("what_for", sa.Text(), nullable=False),
        sa.Column("other_financing", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "granted",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted_ore", sa.BigInteger(), nullable=False),
        sa.Column("paid_ore", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_title", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "byline",
            sa.Enum(
                "name", "organisation", "pseudonym", name="byline", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("pseudonym", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(state = 'granted') = (granted_ore > 0)", name=op.f("ck_fund_applications_granted_a_sum")),
        sa.CheckConstraint(
            "state <> 'declined' OR reason <> ''", name=op.f("ck_fund_applications_declined_with_reason")
        ),
        sa.CheckConstraint("asked_ore > 0", name=op.f("ck_fund_applications_asks_for_something")),
        sa.CheckConstraint("paid_ore BETWEEN 0 AND granted_ore", name=op.f("ck_fund_applications_within_grant")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_fund_applications_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["accounts.id"], name=op.f("fk_fund_applications_decided_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_applications_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_fund_applications_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_applications")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_fund_applications_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fund_applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_applications_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_applications_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index("ix_fund_applications_fund_id", ["fund_id", "state", "purpose"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_applications_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_fund_applications_target", ["kind", "target_id", "id"], unique=False)

    op.create_table(
        "fund_payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("ore", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ore > 0", name=op.f("ck_fund_payments_pays_something")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["fund_applications.id"], name=op.f("fk_fund_payments_application_id_fund_applications")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_fund_payments_entered_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_payments")),
        sa.UniqueConstraint("application_id", "key", name=op.f("uq_fund_payments_application_id_key")),
    )
    with op.batch_alter_table("fund_payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_payments_entered_by_id"), ["entered_by_id"], unique=False)

    op.create_table(
        "fund_reports",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "as_planned", "partly", "failed", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("learnt", sa.Text(), nullable=False),
        sa.Column("spent_ore", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("spent_ore >= 0", name=op.f("ck_fund_reports_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["fund_applications.id"], name=op.f("fk_fund_reports_application_id_fund_applications")
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_fund_reports")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("fund_reports")
    op.drop_table("fund_payments")
    op.drop_table("fund_applications")
    op.drop_table("fund_plans")
    op.drop_table("funds")
    op.drop_table("benefit_measurements")
    op.drop_table("benefits")

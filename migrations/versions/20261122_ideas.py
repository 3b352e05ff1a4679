"""Ideas, tidstyver and campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c4e3b5c7f904"
down_revision = "c3d2a4b6e803"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column("supports", sa.Column("moved_from", sa.Integer(), nullable=True))
    op.add_column("follows", sa.Column("moved_from", sa.Integer(), nullable=True))
    stored = op.get_bind().dialect.name == "postgresql"  # SQLite adds none but virtual ones, and can index those
    said = sa.Computed("arguments_for + arguments_against + questions + comments", persisted=stored)
    op.add_column("tallies", sa.Column("discussed", sa.Integer(), said, nullable=False))
    op.drop_index("ix_tallies_kind_supports", "tallies")
    op.create_index("ix_tallies_kind_supports", "tallies", ["kind", "supports", "target_id"])
    op.create_index("ix_tallies_kind_discussed", "tallies", ["kind", "discussed", "target_id"])
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "innovation", "time_thief", name="campaign_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("lead", sa.JSON(), nullable=False),
        sa.Column("introduction", sa.JSON(), nullable=False),
        sa.Column("goal", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "everybody", "staff", "invited", name="audience", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("benefit_types", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_campaigns_opens_first")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_campaigns_created_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("key", name=op.f("uq_campaigns_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaigns_slug")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_created_by_id"), ["created_by_id"], unique=False)

    op.create_table(
        "time_thief_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("hours_freed", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("freed_for", sa.Text(), nullable=False),
        sa.Column("used_for", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_time_thief_measures_service_area_id_service_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_thief_measures")),
        sa.UniqueConstraint("key", name=op.f("uq_time_thief_measures_key")),
    )
    with op.batch_alter_table("time_thief_measures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_thief_measures_service_area_id"), ["service_area_id"], unique=False)

    op.create_table(
        "campaign_members",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_campaign_members_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_members_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "account_id", name=op.f("pk_campaign_members")),
    )
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_members_account_id"), ["account_id"], unique=False)

    op.create_table(
        "ideas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("innovation", "time_thief", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("usefulness", sa.Text(), nullable=False),
        sa.Column("benefit_type", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "lineage",
            sa.Enum("inspired", "also_wanted", name="lineage", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "internal",
                "pending",
                "changes_requested",
                "published",
                "hidden",
                "merged",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "received",
                "assessing",
                "decided",
                "under_way",
                "realised",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "in_the_line",
                "project",
                "cocreation",
                "sent_on",
                "rejected",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("journal_number", sa.String(length=200), nullable=True),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.CheckConstraint("(parent_id IS NULL) = (lineage IS NULL)", name=op.f("ck_ideas_lineage_has_parent")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_ideas_not_its_own_parent")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_ideas_author_id_accounts")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_ideas_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_ideas_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["ideas.id"], name=op.f("fk_ideas_parent_id_ideas")),
        sa.ForeignKeyConstraint(["responsible_id"], ["accounts.id"], name=op.f("fk_ideas_responsible_id_accounts")),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_ideas_service_area_id_service_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_ideas_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ideas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ideas_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ideas_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ideas_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ideas_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ideas_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ideas_service_area_id"), ["service_area_id"], unique=False)
        batch_op.create_index(
            "ix_ideas_state_answer_due_at",
            ["state", "answer_due_at", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
        )
        batch_op.create_index("ix_ideas_state_kind_shown_at", ["state", "kind", "shown_at", "id"], unique=False)
        batch_op.create_index("ix_ideas_state_shown_at", ["state", "shown_at", "id"], unique=False)
        batch_op.create_index("ix_ideas_state_stage_shown_at", ["state", "stage", "shown_at", "id"], unique=False)

    op.create_table(
        "idea_assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=True),
        sa.Column("consequence", sa.Integer(), nullable=True),
        sa.Column("is_required_by_law", sa.Boolean(), nullable=False),
        sa.Column("has_several_actors", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("consequence BETWEEN 1 AND 5", name=op.f("ck_idea_assessments_consequence_1_to_5")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_idea_assessments_likelihood_1_to_5")),
        sa.ForeignKeyConstraint(
            ["assessor_id"], ["accounts.id"], name=op.f("fk_idea_assessments_assessor_id_accounts")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_assessments_idea_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_assessments")),
        sa.UniqueConstraint("idea_id", "assessor_id", name=op.f("uq_idea_assessments_idea_id_assessor_id")),
    )
    with op.batch_alter_table("idea_assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_assessments_assessor_id"), ["assessor_id"], unique=False)

    op.create_table(
        "idea_case_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "received",
                "assigned",
                "answered",
                "assessing",
                "decided",
                "under_way",
                "realised",
                "closed",
                "reopened",
                "sent",
                "progress",
                "transferred",
                "merged",
                "separated",
                "granted",
                "note",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_idea_case_steps_actor_id_accounts")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_case_steps_idea_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_case_steps")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("idea_case_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_case_steps_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_case_steps_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "idea_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_idea_merges_two_ideas")),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_idea_merges_by_id_accounts")),
        sa.ForeignKeyConstraint(["kept_id"], ["ideas.id"], name=op.f("fk_idea_merges_kept_id_ideas")),
        sa.ForeignKeyConstraint(["merged_id"], ["ideas.id"], name=op.f("fk_idea_merges_merged_id_ideas")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["accounts.id"], name=op.f("fk_idea_merges_undone_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_merges")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("idea_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_merges_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_merges_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_merges_merged_id"), ["merged_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_idea_merges_undone_by_id"), ["undone_by_id"], unique=False)
        batch_op.create_index(
            "uq_idea_merges_standing",
            ["merged_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "idea_origins",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("origin_id", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_origins_idea_id_ideas")),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_origins")),
        sa.UniqueConstraint("source", "origin_id", name=op.f("uq_idea_origins_source_origin_id")),
    )
    op.create_table(
        "idea_reminders",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_reminders_idea_id_ideas")),
        sa.PrimaryKeyConstraint("idea_id", "cause", name=op.f("pk_idea_reminders")),
    )
    op.create_table(
        "idea_verdicts",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "helped",
            sa.Enum("yes", "partly", "no", name="helped", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_idea_verdicts_account_id_accounts")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_verdicts_idea_id_ideas")),
        sa.PrimaryKeyConstraint("idea_id", "account_id", name=op.f("pk_idea_verdicts")),
    )
    with op.batch_alter_table("idea_verdicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_verdicts_account_id"), ["account_id"], unique=False)

    op.create_table(
        "idea_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=False),
        sa.Column("usefulness", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_versions_idea_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_versions")),
    )
    with op.batch_alter_table("idea_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idea_versions_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "similarity_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("same", "adds", "different", name="answer", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_similarity_labels_idea_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similarity_labels")),
    )
    with op.batch_alter_table("similarity_labels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_similarity_labels_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_similarity_labels_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "time_thief_confirmations",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_time_thief_confirmations_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_time_thief_confirmations_idea_id_ideas")),
        sa.PrimaryKeyConstraint("idea_id", "account_id", name=op.f("pk_time_thief_confirmations")),
    )
    with op.batch_alter_table("time_thief_confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_thief_confirmations_account_id"), ["account_id"], unique=False)

    op.create_table(
        "time_thief_transfers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "from_owner",
            sa.Enum(
                "own_unit",
                "other_unit",
                "other_municipality",
                "state",
                "supplier",
                name="from_owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column(
            "to_owner",
            sa.Enum(
                "own_unit",
                "other_unit",
                "other_municipality",
                "state",
                "supplier",
                name="to_owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_time_thief_transfers_by_id_accounts")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_time_thief_transfers_idea_id_ideas")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_thief_transfers")),
        sa.UniqueConstraint("key", name=op.f("uq_time_thief_transfers_key")),
    )
    with op.batch_alter_table("time_thief_transfers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_thief_transfers_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_thief_transfers_idea_id"), ["idea_id"], unique=False)

    op.create_table(
        "time_thieves",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("hit", sa.JSON(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "reporting",
                "regulation",
                "routine",
                "double_work",
                "it_system",
                "forms_and_language",
                "no_digital_solution",
                "skills",
                "meetings",
                "other",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("within_control", sa.Boolean(), nullable=True),
        sa.Column("minutes", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column(
            "owner",
            sa.Enum(
                "own_unit",
                "other_unit",
                "other_municipality",
                "state",
                "supplier",
                name="owner",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("is_known", sa.Boolean(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column(
            "degree",
            sa.Enum("reduced", "removed", name="degree", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("minutes_after", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("times_after", sa.Integer(), nullable=True),
        sa.Column("persons_after", sa.Integer(), nullable=True),
        sa.Column("hours_after", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.Column("freed_for", sa.Text(), nullable=False),
        sa.Column("used_for", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(hours IS NULL) = (minutes IS NULL OR times IS NULL OR persons IS NULL)",
            name=op.f("ck_time_thieves_hours_are_known"),
        ),
        sa.CheckConstraint(
            "minutes >= 0 AND times >= 0 AND persons >= 0 "
            "AND minutes_after >= 0 AND times_after >= 0 AND persons_after >= 0",
            name=op.f("ck_time_thieves_none_negative"),
        ),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_time_thieves_idea_id_ideas")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["time_thief_measures.id"], name=op.f("fk_time_thieves_measure_id_time_thief_measures")
        ),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_time_thieves")),
    )
    with op.batch_alter_table("time_thieves", schema=None) as batch_op:
        batch_op.create_index("ix_time_thieves_hours", ["hours", "idea_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_time_thieves_measure_id"), ["measure_id"], unique=False)

    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.alter_column("latitude", existing_type=sa.FLOAT(), type_=sa.Double(), existing_nullable=True)
        batch_op.alter_column("longitude", existing_type=sa.FLOAT(), type_=sa.Double(), existing_nullable=True)

    with op.batch_alter_table("neighbourhoods", schema=None) as batch_op:
        batch_op.alter_column("latitude", existing_type=sa.FLOAT(), type_=sa.Double(), existing_nullable=False)
        batch_op.alter_column("longitude", existing_type=sa.FLOAT(), type_=sa.Double(), existing_nullable=False)
    op.create_table(
        "archived_cases",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("journal_number", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_archived_cases_asked_by_id_accounts")),
        sa.PrimaryKeyConstraint("kind", "target_id", name=op.f("pk_archived_cases")),
    )
    with op.batch_alter_table("archived_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archived_cases_asked_by_id"), ["asked_by_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("archived_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_archived_cases_asked_by_id"))

    op.drop_table("archived_cases")
    with op.batch_alter_table("neighbourhoods", schema=None) as batch_op:
        batch_op.alter_column("longitude", existing_type=sa.Double(), type_=sa.FLOAT(), existing_nullable=False)
        batch_op.alter_column("latitude", existing_type=sa.Double(), type_=sa.FLOAT(), existing_nullable=False)

    with op.batch_alter_table("locations", schema=None) as batch_op:
        batch_op.alter_column("longitude", existing_type=sa.Double(), type_=sa.FLOAT(), existing_nullable=True)
        batch_op.alter_column("latitude", existing_type=sa.Double(), type_=sa.FLOAT(), existing_nullable=True)

    with op.batch_alter_table("time_thieves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_thieves_measure_id"))
        batch_op.drop_index("ix_time_thieves_hours")

    op.drop_table("time_thieves")
    with op.batch_alter_table("time_thief_transfers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_thief_transfers_idea_id"))
        batch_op.drop_index(batch_op.f("ix_time_thief_transfers_by_id"))

    op.drop_table("time_thief_transfers")
    with op.batch_alter_table("time_thief_confirmations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_thief_confirmations_account_id"))

    op.drop_table("time_thief_confirmations")
    with op.batch_alter_table("similarity_labels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_similarity_labels_idea_id"))
        batch_op.drop_index(batch_op.f("ix_similarity_labels_at"))

    op.drop_table("similarity_labels")
    with op.batch_alter_table("idea_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_versions_idea_id"))

    op.drop_table("idea_versions")
    with op.batch_alter_table("idea_verdicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_verdicts_account_id"))

    op.drop_table("idea_verdicts")
    op.drop_table("idea_reminders")
    op.drop_table("idea_origins")
    with op.batch_alter_table("idea_merges", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_idea_merges_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_idea_merges_undone_by_id"))
        batch_op.drop_index(batch_op.f("ix_idea_merges_merged_id"))
        batch_op.drop_index(batch_op.f("ix_idea_merges_kept_id"))
        batch_op.drop_index(batch_op.f("ix_idea_merges_by_id"))

    op.drop_table("idea_merges")
    with op.batch_alter_table("idea_case_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_case_steps_idea_id"))
        batch_op.drop_index(batch_op.f("ix_idea_case_steps_actor_id"))

    op.drop_table("idea_case_steps")
    with op.batch_alter_table("idea_assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idea_assessments_assessor_id"))

    op.drop_table("idea_assessments")
    with op.batch_alter_table("ideas", schema=None) as batch_op:
        batch_op.drop_index("ix_ideas_state_stage_shown_at")
        batch_op.drop_index("ix_ideas_state_shown_at")
        batch_op.drop_index("ix_ideas_state_kind_shown_at")
        batch_op.drop_index(
            "ix_ideas_state_answer_due_at",
            sqlite_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND sent_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_ideas_service_area_id"))
        batch_op.drop_index(batch_op.f("ix_ideas_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_ideas_parent_id"))
        batch_op.drop_index(batch_op.f("ix_ideas_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_ideas_campaign_id"))
        batch_op.drop_index(batch_op.f("ix_ideas_author_id"))

    op.drop_table("ideas")
    with op.batch_alter_table("campaign_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_members_account_id"))

    op.drop_table("campaign_members")
    with op.batch_alter_table("time_thief_measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_thief_measures_service_area_id"))

    op.drop_table("time_thief_measures")
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaigns_created_by_id"))

    op.drop_table("campaigns")
    op.drop_index("ix_tallies_kind_discussed", "tallies")
    op.drop_index("ix_tallies_kind_supports", "tallies")
    op.drop_column("tallies", "discussed")
    op.create_index("ix_tallies_kind_supports", "tallies", ["kind", "supports"])
    op.drop_column("follows", "moved_from")
    op.drop_column("supports", "moved_from")

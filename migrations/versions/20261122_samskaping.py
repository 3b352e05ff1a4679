"""Samskaping: projects, parties, agreements, needs, meetings, input, offers and methods."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "65cd448a4851"
down_revision = "c4e3b5c7f904"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "actor_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["actor_messages.id"], name=op.f("fk_actor_messages_answers_id_actor_messages")
        ),
        sa.ForeignKeyConstraint(["sender_id"], ["accounts.id"], name=op.f("fk_actor_messages_sender_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_messages")),
        sa.UniqueConstraint("sender_id", "key", name=op.f("uq_actor_messages_sender_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("actor_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actor_messages_answers_id"), ["answers_id"], unique=False)
        batch_op.create_index("ix_actor_messages_kind_target_id", ["kind", "target_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_actor_messages_sender_id"), ["sender_id"], unique=False)

    op.create_table(
        "method_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_method_cards_made_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_cards")),
        sa.UniqueConstraint("key", name=op.f("uq_method_cards_key")),
    )
    with op.batch_alter_table("method_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_method_cards_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "actor_offers",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("offers", "seeks", name="direction", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "hours",
                "skills",
                "rooms",
                "equipment",
                "money",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_actor_offers_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_actor_offers_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_offers")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_actor_offers_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("actor_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actor_offers_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_actor_offers_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("origin_kind", sa.String(length=40), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
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
            "phase",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("phase_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "steered",
                "responsible",
                "equal",
                "facilitating",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("central_actor", sa.Double(), nullable=True),
        sa.Column("predictability", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "succeeded",
                "partly",
                "failed",
                "stopped",
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("benefits_responsible", sa.String(length=200), nullable=False),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_projects_ended_somehow")),
        sa.CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name=op.f("ck_projects_whole_origin")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_projects_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_projects_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_projects_service_area_id_service_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_projects_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_projects_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_projects_origin", ["origin_kind", "origin_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_projects_service_area_id"), ["service_area_id"], unique=False)
        batch_op.create_index("ix_projects_state_alive_at", ["state", "alive_at", "id"], unique=False)
        batch_op.create_index("ix_projects_state_phase_shown_at", ["state", "phase", "shown_at", "id"], unique=False)
        batch_op.create_index("ix_projects_state_shown_at", ["state", "shown_at", "id"], unique=False)
        batch_op.create_index("ix_projects_state_type_shown_at", ["state", "type", "shown_at", "id"], unique=False)

    op.create_table(
        "project_agreements",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_agreements_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_agreements_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_agreements")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_agreements_author_id_key")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_project_agreements_project_id_number")),
    )
    with op.batch_alter_table("project_agreements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_agreements_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_agreements_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_decisions",
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_decisions_author_id_accounts")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_decisions_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_decisions")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_decisions_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_decisions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_decisions_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_gate_answers",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_project_gate_answers_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_gate_answers_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", "phase", "question", name=op.f("pk_project_gate_answers")),
    )
    with op.batch_alter_table("project_gate_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_gate_answers_answered_by_id"), ["answered_by_id"], unique=False)

    op.create_table(
        "project_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("hours > 0 AND hours <= 24", name=op.f("ck_project_hours_within_a_day")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_project_hours_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["accounts.id"], name=op.f("fk_project_hours_confirmed_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_hours_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_hours")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_project_hours_account_id_key")),
    )
    with op.batch_alter_table("project_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_hours_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_hours_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_hours_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_meetings",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_project_meetings_starts_first")),
        sa.CheckConstraint(
            "taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name=op.f("ck_project_meetings_not_overbooked")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_meetings_author_id_accounts")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_meetings_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_meetings")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_meetings_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_meetings_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_meetings_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_needs",
        sa.Column(
            "kind",
            sa.Enum(
                "hours",
                "skills",
                "rooms",
                "equipment",
                "money",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("needed_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_project_needs_has_room")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_project_needs_not_overbooked")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_needs_author_id_accounts")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_needs_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_needs")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_needs_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_needs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_needs_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_needs_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_parties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipality",
                "organisation",
                "business",
                "knowledge",
                "residents",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column("contact_title", sa.String(length=200), nullable=False),
        sa.Column(
            "problem",
            sa.Enum(
                "leads",
                "together",
                "input",
                "none",
                name="problem",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "goals",
            sa.Enum(
                "leads", "together", "input", "none", name="goals", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "design",
            sa.Enum(
                "leads",
                "together",
                "input",
                "none",
                name="design",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "carry_out",
            sa.Enum(
                "leads",
                "together",
                "input",
                "none",
                name="carry_out",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_project_parties_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_parties_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_project_parties_service_area_id_service_areas")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_parties")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_project_parties_project_id_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_parties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_parties_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_parties_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_parties_service_area_id"), ["service_area_id"], unique=False)

    op.create_table(
        "project_phase_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "came_from",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="came_from",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "came_to",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="came_to",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_project_phase_moves_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_phase_moves_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_phase_moves")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_project_phase_moves_project_id_number")),
    )
    with op.batch_alter_table("project_phase_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_phase_moves_by_id"), ["by_id"], unique=False)

    op.create_table(
        "project_risks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("consequence", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("consequence BETWEEN 1 AND 5", name=op.f("ck_project_risks_consequence_1_to_5")),
        sa.CheckConstraint("likelihood BETWEEN 1 AND 5", name=op.f("ck_project_risks_likelihood_1_to_5")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_project_risks_entered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_risks_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_risks")),
    )
    with op.batch_alter_table("project_risks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_risks_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_risks_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("to_do", "doing", "done", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["accounts.id"], name=op.f("fk_project_tasks_entered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_tasks_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["accounts.id"], name=op.f("fk_project_tasks_responsible_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_tasks")),
        sa.UniqueConstraint("project_id", "key", name=op.f("uq_project_tasks_project_id_key")),
    )
    with op.batch_alter_table("project_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_tasks_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_tasks_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_tasks_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "project_type_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "type",
            sa.Enum(
                "steered",
                "responsible",
                "equal",
                "facilitating",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_project_type_choices_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_type_choices_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_type_choices")),
    )
    with op.batch_alter_table("project_type_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_type_choices_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_type_choices_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_updates",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_updates_author_id_accounts")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_updates_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_updates")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_updates_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_updates_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_updates_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_versions_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_versions")),
    )
    with op.batch_alter_table("project_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_versions_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_agreement_confirmations",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_title", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["project_agreements.id"],
            name=op.f("fk_project_agreement_confirmations_agreement_id_project_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["accounts.id"], name=op.f("fk_project_agreement_confirmations_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["project_parties.id"],
            name=op.f("fk_project_agreement_confirmations_party_id_project_parties"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "party_id", name=op.f("pk_project_agreement_confirmations")),
    )
    with op.batch_alter_table("project_agreement_confirmations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_agreement_confirmations_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_agreement_confirmations_party_id"), ["party_id"], unique=False)

    op.create_table(
        "project_attendances",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_project_attendances_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["project_meetings.id"], name=op.f("fk_project_attendances_meeting_id_project_meetings")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "account_id", name=op.f("pk_project_attendances")),
    )
    with op.batch_alter_table("project_attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_attendances_account_id"), ["account_id"], unique=False)

    op.create_table(
        "project_classifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "need",
                "concept",
                "plan",
                "carry_out",
                "close",
                "realise",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.Integer(), nullable=False),
        sa.Column("goals", sa.Integer(), nullable=False),
        sa.Column("design", sa.Integer(), nullable=False),
        sa.Column("carry_out", sa.Integer(), nullable=False),
        sa.Column("goal_locked", sa.Boolean(), nullable=False),
        sa.Column("frame_locked", sa.Boolean(), nullable=False),
        sa.Column("could_end_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("carry_out BETWEEN 0 AND 4", name=op.f("ck_project_classifications_carry_out_0_to_4")),
        sa.CheckConstraint("design BETWEEN 0 AND 4", name=op.f("ck_project_classifications_design_0_to_4")),
        sa.CheckConstraint("goals BETWEEN 0 AND 4", name=op.f("ck_project_classifications_goals_0_to_4")),
        sa.CheckConstraint("problem BETWEEN 0 AND 4", name=op.f("ck_project_classifications_problem_0_to_4")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name=op.f("fk_project_classifications_answered_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["project_parties.id"], name=op.f("fk_project_classifications_party_id_project_parties")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_classifications_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_classifications")),
    )
    with op.batch_alter_table("project_classifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_classifications_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_classifications_party_id"), ["party_id"], unique=False)
        batch_op.create_index(
            "ix_project_classifications_project_id_phase", ["project_id", "phase", "id"], unique=False
        )

    op.create_table(
        "project_evaluations",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name=op.f("fk_project_evaluations_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["project_parties.id"], name=op.f("fk_project_evaluations_party_id_project_parties")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_evaluations_project_id_projects")
        ),
        sa.PrimaryKeyConstraint("project_id", "party_id", name=op.f("pk_project_evaluations")),
    )
    with op.batch_alter_table("project_evaluations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_evaluations_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_evaluations_party_id"), ["party_id"], unique=False)

    op.create_table(
        "project_inputs",
        sa.Column(
            "way",
            sa.Enum("digital", "physical", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column(
            "use",
            sa.Enum("used", "partly", "not_used", name="use", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_title", sa.String(length=200), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
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
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(use IS NULL) = (answered_at IS NULL)", name=op.f("ck_project_inputs_answered_somehow")),
        sa.CheckConstraint("participants > 0", name=op.f("ck_project_inputs_somebody_was_there")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_project_inputs_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["project_meetings.id"], name=op.f("fk_project_inputs_meeting_id_project_meetings")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_inputs_project_id_projects")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_inputs")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_project_inputs_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("project_inputs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_inputs_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_inputs_meeting_id"), ["meeting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_inputs_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_members",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "representative",
                "contributor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role <> 'representative' OR party_id IS NOT NULL", name=op.f("ck_project_members_represents_one")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_project_members_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["party_id"], ["project_parties.id"], name=op.f("fk_project_members_party_id_project_parties")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_project_members_project_id_projects")),
        sa.PrimaryKeyConstraint("project_id", "account_id", name=op.f("pk_project_members")),
    )
    with op.batch_alter_table("project_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_members_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_members_party_id"), ["party_id"], unique=False)

    op.create_table(
        "project_sign_ups",
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_project_sign_ups_takes_some")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_project_sign_ups_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["need_id"], ["project_needs.id"], name=op.f("fk_project_sign_ups_need_id_project_needs")
        ),
        sa.PrimaryKeyConstraint("need_id", "account_id", name=op.f("pk_project_sign_ups")),
    )
    with op.batch_alter_table("project_sign_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_sign_ups_account_id"), ["account_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("project_sign_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_sign_ups_account_id"))

    op.drop_table("project_sign_ups")
    with op.batch_alter_table("project_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_members_party_id"))
        batch_op.drop_index(batch_op.f("ix_project_members_account_id"))

    op.drop_table("project_members")
    with op.batch_alter_table("project_inputs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_inputs_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_inputs_meeting_id"))
        batch_op.drop_index(batch_op.f("ix_project_inputs_author_id"))

    op.drop_table("project_inputs")
    with op.batch_alter_table("project_evaluations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_evaluations_party_id"))
        batch_op.drop_index(batch_op.f("ix_project_evaluations_by_id"))

    op.drop_table("project_evaluations")
    with op.batch_alter_table("project_classifications", schema=None) as batch_op:
        batch_op.drop_index("ix_project_classifications_project_id_phase")
        batch_op.drop_index(batch_op.f("ix_project_classifications_party_id"))
        batch_op.drop_index(batch_op.f("ix_project_classifications_answered_by_id"))

    op.drop_table("project_classifications")
    with op.batch_alter_table("project_attendances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_attendances_account_id"))

    op.drop_table("project_attendances")
    with op.batch_alter_table("project_agreement_confirmations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_agreement_confirmations_party_id"))
        batch_op.drop_index(batch_op.f("ix_project_agreement_confirmations_by_id"))

    op.drop_table("project_agreement_confirmations")
    with op.batch_alter_table("project_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_versions_project_id"))

    op.drop_table("project_versions")
    with op.batch_alter_table("project_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_updates_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_updates_author_id"))

    op.drop_table("project_updates")
    with op.batch_alter_table("project_type_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_type_choices_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_type_choices_by_id"))

    op.drop_table("project_type_choices")
    with op.batch_alter_table("project_tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_tasks_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_project_tasks_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_tasks_entered_by_id"))

    op.drop_table("project_tasks")
    with op.batch_alter_table("project_risks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_risks_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_risks_entered_by_id"))

    op.drop_table("project_risks")
    with op.batch_alter_table("project_phase_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_phase_moves_by_id"))

    op.drop_table("project_phase_moves")
    with op.batch_alter_table("project_parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_parties_service_area_id"))
        batch_op.drop_index(batch_op.f("ix_project_parties_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_parties_organisation_id"))

    op.drop_table("project_parties")
    with op.batch_alter_table("project_needs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_needs_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_needs_author_id"))

    op.drop_table("project_needs")
    with op.batch_alter_table("project_meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_meetings_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_meetings_author_id"))

    op.drop_table("project_meetings")
    with op.batch_alter_table("project_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_hours_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_hours_confirmed_by_id"))
        batch_op.drop_index(batch_op.f("ix_project_hours_account_id"))

    op.drop_table("project_hours")
    with op.batch_alter_table("project_gate_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_gate_answers_answered_by_id"))

    op.drop_table("project_gate_answers")
    with op.batch_alter_table("project_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_decisions_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_decisions_author_id"))

    op.drop_table("project_decisions")
    with op.batch_alter_table("project_agreements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_agreements_project_id"))
        batch_op.drop_index(batch_op.f("ix_project_agreements_author_id"))

    op.drop_table("project_agreements")
    with op.batch_alter_table("projects", schema=None) as batch_op:
        batch_op.drop_index("ix_projects_state_type_shown_at")
        batch_op.drop_index("ix_projects_state_shown_at")
        batch_op.drop_index("ix_projects_state_phase_shown_at")
        batch_op.drop_index("ix_projects_state_alive_at")
        batch_op.drop_index(batch_op.f("ix_projects_service_area_id"))
        batch_op.drop_index("ix_projects_origin")
        batch_op.drop_index(batch_op.f("ix_projects_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_projects_author_id"))

    op.drop_table("projects")
    with op.batch_alter_table("actor_offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_actor_offers_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_actor_offers_author_id"))

    op.drop_table("actor_offers")
    with op.batch_alter_table("method_cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_method_cards_made_by_id"))

    op.drop_table("method_cards")
    with op.batch_alter_table("actor_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_actor_messages_sender_id"))
        batch_op.drop_index("ix_actor_messages_kind_target_id")
        batch_op.drop_index(batch_op.f("ix_actor_messages_answers_id"))

    op.drop_table("actor_messages")

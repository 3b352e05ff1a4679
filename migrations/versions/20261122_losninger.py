"""Løsninger: solutions, their translations and versions, and who takes them in use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "95b7c505804c"
down_revision = "65cd448a4851"
branch_labels = None
depends_on = None

KINDS = ("answer", "reply", "followed", "decision", "own", "work", "project")
"""What notices were of before there were solutions."""


def upgrade() -> None:
    """Apply the change."""
    let_notices_be_of((*KINDS, "solution"))
    op.create_table(
        "solutions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_number", sa.String(length=4), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "education",
                "health",
                "social",
                "culture",
                "transport",
                "technical",
                "planning",
                "business",
                "emergency",
                "administration",
                "democracy",
                name="theme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "cost_class",
            sa.Enum(
                "none", "low", "middle", "high", name="cost_class", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "evidence",
            sa.Enum(
                "told",
                "measured",
                "compared",
                "evaluated",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "size",
            sa.Enum("small", "middle", "large", name="size", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "licence",
            sa.Enum(
                "CC-BY-4.0",
                "CC-BY-SA-4.0",
                "CC0-1.0",
                "NLOD-2.0",
                name="licence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact_title", sa.String(length=200), nullable=False),
        sa.Column("used_since", sa.Date(), nullable=True),
        sa.Column("origin_kind", sa.String(length=40), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("source_uri", sa.String(length=400), nullable=True),
        sa.Column("source_version", sa.Integer(), nullable=True),
        sa.Column("local_note", sa.Text(), nullable=False),
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
        sa.Column("in_use", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("core", sa.Text(), nullable=False),
        sa.Column("adaptable", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("prerequisites", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("procedures", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.CheckConstraint("(origin_kind IS NULL) = (origin_id IS NULL)", name=op.f("ck_solutions_whole_origin")),
        sa.CheckConstraint("(source_uri IS NULL) = (source_version IS NULL)", name=op.f("ck_solutions_whole_source")),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_solutions_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_solutions_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solutions")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_solutions_author_id_key")),
        sa.UniqueConstraint("source_uri", name=op.f("uq_solutions_source_uri")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("solutions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solutions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_solutions_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_solutions_origin", ["origin_kind", "origin_id"], unique=False)
        batch_op.create_index("ix_solutions_state_in_use", ["state", "in_use", "shown_at", "id"], unique=False)
        batch_op.create_index(
            "ix_solutions_state_municipality_number", ["state", "municipality_number", "shown_at", "id"], unique=False
        )
        batch_op.create_index("ix_solutions_state_shown_at", ["state", "shown_at", "id"], unique=False)
        batch_op.create_index("ix_solutions_state_theme_shown_at", ["state", "theme", "shown_at", "id"], unique=False)

    op.create_table(
        "adoptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("adopter", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "municipality",
                "organisation",
                "unit",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_number", sa.String(length=4), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("service_area_id", sa.Integer(), nullable=True),
        sa.Column(
            "step",
            sa.Enum(
                "interested",
                "piloting",
                "in_use",
                "stopped",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way",
            sa.Enum("copied", "adapted", "inspired", name="way", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("in_use_since", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("adapted", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("learning", sa.Text(), nullable=False),
        sa.Column("contact_title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("of_edition", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("byline", sa.String(length=200), nullable=False),
        sa.Column("source_uri", sa.String(length=400), nullable=True),
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
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step <> 'in_use' OR in_use_since IS NOT NULL", name=op.f("ck_adoptions_in_use_since_a_day")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_adoptions_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_adoptions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["service_area_id"], ["service_areas.id"], name=op.f("fk_adoptions_service_area_id_service_areas")
        ),
        sa.ForeignKeyConstraint(["solution_id"], ["solutions.id"], name=op.f("fk_adoptions_solution_id_solutions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoptions")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_adoptions_author_id_key")),
        sa.UniqueConstraint("solution_id", "adopter", name=op.f("uq_adoptions_solution_id_adopter")),
        sa.UniqueConstraint("source_uri", name=op.f("uq_adoptions_source_uri")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.create_index("ix_adoptions_adopter", ["adopter", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoptions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoptions_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoptions_service_area_id"), ["service_area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoptions_solution_id"), ["solution_id"], unique=False)

    op.create_table(
        "solution_translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("of_edition", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
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
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("core", sa.Text(), nullable=False),
        sa.Column("adaptable", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("prerequisites", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("procedures", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["accounts.id"], name=op.f("fk_solution_translations_author_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["solution_id"], ["solutions.id"], name=op.f("fk_solution_translations_solution_id_solutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solution_translations")),
        sa.UniqueConstraint("solution_id", "language", name=op.f("uq_solution_translations_solution_id_language")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("solution_translations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solution_translations_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_solution_translations_solution_id"), ["solution_id"], unique=False)

    op.create_table(
        "solution_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("core", sa.Text(), nullable=False),
        sa.Column("adaptable", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("cost", sa.Text(), nullable=False),
        sa.Column("prerequisites", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("procedures", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["solution_id"], ["solutions.id"], name=op.f("fk_solution_versions_solution_id_solutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solution_versions")),
    )
    with op.batch_alter_table("solution_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solution_versions_solution_id"), ["solution_id"], unique=False)

    op.create_table(
        "adoption_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "interested",
                "piloting",
                "in_use",
                "stopped",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoptions.id"], name=op.f("fk_adoption_steps_adoption_id_adoptions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_steps")),
    )
    with op.batch_alter_table("adoption_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_steps_adoption_id"), ["adoption_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    for table in ("notices", "notice_settings"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE notice_kind = 'solution'"))  # noqa: S608 - the names above
    let_notices_be_of(KINDS)
    with op.batch_alter_table("adoption_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_steps_adoption_id"))

    op.drop_table("adoption_steps")
    with op.batch_alter_table("solution_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_solution_versions_solution_id"))

    op.drop_table("solution_versions")
    with op.batch_alter_table("solution_translations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_solution_translations_solution_id"))
        batch_op.drop_index(batch_op.f("ix_solution_translations_author_id"))

    op.drop_table("solution_translations")
    with op.batch_alter_table("adoptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoptions_solution_id"))
        batch_op.drop_index(batch_op.f("ix_adoptions_service_area_id"))
        batch_op.drop_index(batch_op.f("ix_adoptions_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_adoptions_author_id"))
        batch_op.drop_index("ix_adoptions_adopter")

    op.drop_table("adoptions")
    with op.batch_alter_table("solutions", schema=None) as batch_op:
        batch_op.drop_index("ix_solutions_state_theme_shown_at")
        batch_op.drop_index("ix_solutions_state_shown_at")
        batch_op.drop_index("ix_solutions_state_municipality_number")
        batch_op.drop_index("ix_solutions_state_in_use")
        batch_op.drop_index("ix_solutions_origin")
        batch_op.drop_index(batch_op.f("ix_solutions_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_solutions_author_id"))

    op.drop_table("solutions")


def let_notices_be_of(kinds: tuple[str, ...]) -> None:
    """Let notices, and what people choose for them, be of these kinds."""
    allowed = "notice_kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"
    for table in (notices(allowed), notice_settings(allowed)):
        if op.get_bind().dialect.name == "sqlite":
            with op.batch_alter_table(table.name, copy_from=table, recreate="always"):
                pass  # the table is copied into one with the new rule
        else:
            rule = op.f(f"ck_{table.name}_notice_kind")
            op.drop_constraint(rule, table.name, type_="check")
            op.create_check_constraint(rule, table.name, allowed)


def notices(allowed: str) -> sa.Table:
    return sa.Table(
        "notices",
        sa.MetaData(),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("notice_kind", sa.String(length=40), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(allowed, name=op.f("ck_notices_notice_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("account_id", "cause", name=op.f("uq_notices_account_id_cause")),
        sa.Index("ix_notices_account_id_id", "account_id", "id"),
        sa.Index("ix_notices_not_mailed", "account_id", sqlite_where=sa.text("mailed_at IS NULL")),
        sqlite_autoincrement=True,
    )


def notice_settings(allowed: str) -> sa.Table:
    return sa.Table(
        "notice_settings",
        sa.MetaData(),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("notice_kind", sa.String(length=40), nullable=False),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.CheckConstraint(allowed, name=op.f("ck_notice_settings_notice_kind")),
        sa.CheckConstraint(
            "frequency IN ('now', 'daily', 'weekly', 'never')", name=op.f("ck_notice_settings_frequency")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notice_settings_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", "notice_kind", name=op.f("pk_notice_settings")),
    )

"""Make room for what people add to a thing: support, follow, arguments, questions and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d2a2a5b2a0f"
down_revision = "a689c0f83a4c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "tallies",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("followers", sa.Integer(), nullable=False),
        sa.Column("arguments_for", sa.Integer(), nullable=False),
        sa.Column("arguments_against", sa.Integer(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "supports >= 0 AND followers >= 0 AND arguments_for >= 0 AND arguments_against >= 0 "
            "AND questions >= 0 AND comments >= 0",
            name=op.f("ck_tallies_none_negative"),
        ),
        sa.PrimaryKeyConstraint("kind", "target_id", name=op.f("pk_tallies")),
    )
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.create_index("ix_tallies_kind_supports", ["kind", "supports"], unique=False)

    op.create_table(
        "follows",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_follows_account_id_accounts")),
        sa.PrimaryKeyConstraint("kind", "target_id", "account_id", name=op.f("pk_follows")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_account_id"), ["account_id"], unique=False)

    op.create_table(
        "pseudonyms",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_pseudonyms_account_id_accounts")),
        sa.PrimaryKeyConstraint("kind", "target_id", "account_id", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("kind", "target_id", "name", name=op.f("uq_pseudonyms_kind_target_id_name")),
    )
    with op.batch_alter_table("pseudonyms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pseudonyms_account_id"), ["account_id"], unique=False)

    op.create_table(
        "supports",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_supports_account_id_accounts")),
        sa.PrimaryKeyConstraint("kind", "target_id", "account_id", name=op.f("pk_supports")),
    )
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supports_account_id"), ["account_id"], unique=False)

    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "for",
                "against",
                "question",
                "comment",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("is_official", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_contributions_author_id_accounts")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_contributions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contributions.id"], name=op.f("fk_contributions_parent_id_contributions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sa.UniqueConstraint("author_id", "key", name=op.f("uq_contributions_author_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contributions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contributions_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contributions_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_contributions_target", ["kind", "target_id", "form", "parent_id", "id"], unique=False)

    op.create_table(
        "contribution_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_versions_contribution_id_contributions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_versions")),
    )
    with op.batch_alter_table("contribution_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_versions_contribution_id"), ["contribution_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("contribution_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_versions_contribution_id"))

    op.drop_table("contribution_versions")
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.drop_index("ix_contributions_target")
        batch_op.drop_index(batch_op.f("ix_contributions_parent_id"))
        batch_op.drop_index(batch_op.f("ix_contributions_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_contributions_author_id"))

    op.drop_table("contributions")
    with op.batch_alter_table("supports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supports_account_id"))

    op.drop_table("supports")
    with op.batch_alter_table("pseudonyms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pseudonyms_account_id"))

    op.drop_table("pseudonyms")
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follows_account_id"))

    op.drop_table("follows")
    with op.batch_alter_table("tallies", schema=None) as batch_op:
        batch_op.drop_index("ix_tallies_kind_supports")

    op.drop_table("tallies")

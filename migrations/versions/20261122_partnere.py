"""Partners: who they are, their keys and log, our own keys and feed, and what came from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "49a326d007b9"
down_revision = "95b7c505804c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "feed_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "own_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsed_by", sa.String(length=300), nullable=True),
        sa.Column("endorsement", sa.String(length=88), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_own_keys_name")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("municipality_number", sa.String(length=4), nullable=False),
        sa.Column("organisation_number", sa.String(length=9), nullable=False),
        sa.Column("base_url", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "suspended", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("suspended_reason", sa.Text(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.String(length=200), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'suspended') = (suspended_at IS NOT NULL)", name=op.f("ck_partners_suspended_with_a_time")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["accounts.id"], name=op.f("fk_partners_keeper_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("base_url", name=op.f("uq_partners_base_url")),
        sa.UniqueConstraint("municipality_number", name=op.f("uq_partners_municipality_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partners_keeper_id"), ["keeper_id"], unique=False)

    op.create_table(
        "partner_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=300), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "trust",
            sa.Enum(
                "first",
                "endorsed",
                "confirmed",
                "waiting",
                "revoked",
                name="trust",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("learnt_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_keys_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_keys")),
        sa.UniqueConstraint("key_id", name=op.f("uq_partner_keys_key_id")),
    )
    with op.batch_alter_table("partner_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_keys_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "partner_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "added",
                "synced",
                "failed",
                "refused",
                "received",
                "told",
                "not_told",
                "compared",
                "keys",
                "suspended",
                "resumed",
                name="what",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("solution_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_log_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_log")),
    )
    with op.batch_alter_table("partner_log", schema=None) as batch_op:
        batch_op.create_index("ix_partner_log_partner_id_at", ["partner_id", "at", "id"], unique=False)

    op.create_table(
        "heard_adoptions",
        sa.Column("uri", sa.String(length=400), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_heard_adoptions_partner_id_partners")),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_heard_adoptions")),
    )
    with op.batch_alter_table("heard_adoptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heard_adoptions_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "partner_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("catalogue_version", sa.String(length=200), nullable=False),
        sa.Column("method_version", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_rounds_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_rounds")),
        sa.UniqueConstraint("partner_id", "slug", name=op.f("uq_partner_rounds_partner_id_slug")),
    )
    with op.batch_alter_table("partner_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_rounds_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "partner_set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_partner_set_aside_partner_id_partners")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_set_aside")),
        sa.UniqueConstraint("partner_id", "uri", name=op.f("uq_partner_set_aside_partner_id_uri")),
    )
    with op.batch_alter_table("partner_set_aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_set_aside_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "seen_nonces",
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_seen_nonces_partner_id_partners")),
        sa.PrimaryKeyConstraint("partner_id", "nonce", name=op.f("pk_seen_nonces")),
    )
    with op.batch_alter_table("seen_nonces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_nonces_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "feed_changes",
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["solution_id"], ["solutions.id"], name=op.f("fk_feed_changes_solution_id_solutions")),
        sa.PrimaryKeyConstraint("solution_id", name=op.f("pk_feed_changes")),
        sa.UniqueConstraint("position", name=op.f("uq_feed_changes_position")),
    )
    op.create_table(
        "imported_solutions",
        sa.Column("solution_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=400), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("attribution", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_imported_solutions_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["solution_id"], ["solutions.id"], name=op.f("fk_imported_solutions_solution_id_solutions")
        ),
        sa.PrimaryKeyConstraint("solution_id", name=op.f("pk_imported_solutions")),
        sa.UniqueConstraint("uri", name=op.f("uq_imported_solutions_uri")),
    )
    with op.batch_alter_table("imported_solutions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_solutions_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "partner_results",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=5), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["partner_rounds.id"], name=op.f("fk_partner_results_round_id_partner_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", "indicator", name=op.f("pk_partner_results")),
    )
    with op.batch_alter_table("partner_results", schema=None) as batch_op:
        batch_op.create_index("ix_partner_results_indicator", ["indicator", "round_id"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("partner_results", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_results_indicator")

    op.drop_table("partner_results")
    with op.batch_alter_table("imported_solutions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_solutions_partner_id"))

    op.drop_table("imported_solutions")
    op.drop_table("feed_changes")
    with op.batch_alter_table("seen_nonces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_nonces_expires_at"))

    op.drop_table("seen_nonces")
    with op.batch_alter_table("partner_set_aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_set_aside_partner_id"))

    op.drop_table("partner_set_aside")
    with op.batch_alter_table("partner_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_rounds_partner_id"))

    op.drop_table("partner_rounds")
    with op.batch_alter_table("heard_adoptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heard_adoptions_partner_id"))

    op.drop_table("heard_adoptions")
    with op.batch_alter_table("partner_log", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_log_partner_id_at")

    op.drop_table("partner_log")
    with op.batch_alter_table("partner_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_keys_partner_id"))

    op.drop_table("partner_keys")
    with op.batch_alter_table("partners", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partners_keeper_id"))

    op.drop_table("partners")
    op.drop_table("own_keys")
    op.drop_table("feed_head")

"""Remember what was read of each file with which mapping, and the codes that no mapping knew."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "read_documents",
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("mapping", sa.String(length=200), nullable=False),
        sa.Column("spec_hash", sa.String(length=64), nullable=False),
        sa.Column("today", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.String(length=40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("hold", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name=op.f("fk_read_documents_receipt")),
        sa.PrimaryKeyConstraint("receipt", "key", name=op.f("pk_read_documents")),
    )
    op.create_index(op.f("ix_read_documents_mapping_read_at"), "read_documents", ["mapping", "read_at"], unique=False)
    op.create_index(op.f("ix_read_documents_hold"), "read_documents", ["hold"], unique=False)
    op.create_table(
        "unknown_values",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("mapping", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=400), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.String(length=40), nullable=False),
        sa.Column("last_seen", sa.String(length=40), nullable=False),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_unknown_values")),
    )
    op.create_index(
        op.f("ix_unknown_values_partner_mapping_field_source_code_kind"), "unknown_values",
        ["partner", "mapping", "field", "source", "code", "kind"], unique=True,
    )  # fmt: skip
    op.create_index(op.f("ix_unknown_values_status"), "unknown_values", ["status"], unique=False)

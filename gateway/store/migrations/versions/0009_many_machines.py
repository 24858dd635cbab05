"""What many machines and large volumes need, each topic in a function of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Each topic by itself."""
    _bundles()


def _bundles() -> None:
    """Documents that leave together, and which of them an answer is about."""
    op.create_table(
        "owed_documents",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(80), nullable=False),
        sa.Column("bundle", sa.String(64), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("joining", sa.String(10), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(400), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("extension", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("receipt", sa.String(40), nullable=True),
        sa.Column("order_number", sa.String(40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("dispatch", sa.String(40), nullable=True),
        sa.Column("set_number", sa.String(9), nullable=False),
        sa.ForeignKeyConstraint(["dispatch"], ["dispatches.id"], name=op.f("fk_owed_documents_dispatch")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_owed_documents")),
    )
    for columns in (["dispatch", "bundle"], ["order_number"], ["receipt"], ["partner", "number"]):
        op.create_index(op.f(f"ix_owed_documents_{'_'.join(columns)}"), "owed_documents", columns, unique=False)
    op.add_column("dispatches", sa.Column("documents", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("dispatch_answers", sa.Column("set_number", sa.String(9), nullable=False, server_default=""))

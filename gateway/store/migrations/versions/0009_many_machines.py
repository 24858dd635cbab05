"""Many processes on one site: what they work on together."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One function for each topic."""
    _batches()
    _slices()


def _slices() -> None:
    """Large files that are judged whole and taken in slices."""
    op.create_table(
        "sliced_files",
        sa.Column("receipt", sa.String(40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], name="fk_sliced_files_receipt"),
        sa.PrimaryKeyConstraint("receipt", name="pk_sliced_files"),
    )
    op.create_table(
        "slices",
        sa.Column("receipt", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["sliced_files.receipt"], name="fk_slices_receipt"),
        sa.PrimaryKeyConstraint("receipt", "number", name="pk_slices"),
    )
    op.create_index("ix_slices_waits", "slices", ["waits"])


def _batches() -> None:
    """Files that are interpreted together, and files that leave together; what is there stands alone."""
    for table in ("receipts", "dispatches"):
        op.add_column(table, sa.Column("batch", sa.String(40), nullable=False, server_default=""))
        op.execute(sa.text(f"UPDATE {table} SET batch = id"))  # noqa: S608 - the names are ours
        op.create_index(f"ix_{table}_batch", table, ["batch"])

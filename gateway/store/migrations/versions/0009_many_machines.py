"""Many processes on one site: what they work on together."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One function for each topic."""
    _batches()


def _batches() -> None:
    """Files that are interpreted together, and files that leave together; what is there stands alone."""
    for table in ("receipts", "dispatches"):
        op.add_column(table, sa.Column("batch", sa.String(40), nullable=False, server_default=""))
        op.execute(sa.text(f"UPDATE {table} SET batch = id"))  # noqa: S608 - the names are ours
        op.create_index(f"ix_{table}_batch", table, ["batch"])

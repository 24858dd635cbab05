"""The day on which goods came or left, which may be another one than that on which it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Of what was noted before, only the moment is known."""
    op.add_column("stock_moves", sa.Column("day", sa.String(10), nullable=False, server_default=""))

"""Remember how many documents in a row the second opinion passed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "second_opinions",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("mapping", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "mapping", name=op.f("pk_second_opinions")),
    )

"""What had to be changed in the data of a dispatch before it could leave."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the notes."""
    op.add_column("dispatches", sa.Column("notes", sa.Text(), nullable=True))

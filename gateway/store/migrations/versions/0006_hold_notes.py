"""Why a hold of a file was ended."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the note."""
    op.add_column("file_holds", sa.Column("note", sa.Text(), nullable=True))

"""What partners answered to what we sent, and control numbers of dispatches found by number."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of answers and the index that matches them."""
    op.create_table(
        "dispatch_answers",
        sa.Column("dispatch", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=1), nullable=False),
        sa.Column("codes", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("receipt", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["dispatch"], ["dispatches.id"], name=op.f("fk_dispatch_answers_dispatch")),
        sa.PrimaryKeyConstraint("dispatch", "sequence", name=op.f("pk_dispatch_answers")),
    )
    op.create_index(op.f("ix_dispatch_answers_receipt"), "dispatch_answers", ["receipt"], unique=False)
    op.create_index(
        op.f("ix_dispatches_partner_control_number"), "dispatches", ["partner", "control_number"], unique=False
    )

"""Indexes of what is kept for so long only, so that a night in which nothing is old costs nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A file is found by its bytes alone, whoever brought it; old things by their time."""
    op.drop_index("ix_receipts_partner_sha256", "receipts")
    op.create_index("ix_receipts_sha256_partner", "receipts", ["sha256", "partner"])
    op.create_index("ix_attempts_at_dispatch_number", "attempts", ["at", "dispatch", "number"])
    for name, table, columns, condition in KEPT:
        on_sqlite = condition.replace("IS true", "IS 1")
        op.create_index(name, table, columns, sqlite_where=sa.text(on_sqlite), postgresql_where=sa.text(condition))


KEPT = (
    ("ix_receipts_kept", "receipts", ["received_at", "id"], "content_removed_at IS NULL"),
    ("ix_dispatches_kept", "dispatches", ["created_at", "id"],
     "content_removed_at IS NULL AND state IN ('delivered', 'cancelled')"),
    ("ix_file_holds_of_receipt", "file_holds", ["receipt"], "open IS true"),
    ("ix_alert_notices_done", "alert_notices", ["due_at", "id"], "state != 'waiting'"),
    ("ix_alerts_closed", "alerts", ["closed_at", "id"], "closed_at IS NOT NULL"),
)  # fmt: skip

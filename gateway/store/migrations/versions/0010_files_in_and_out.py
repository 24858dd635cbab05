"""Channels and what is known of them, attempts, alerts, clocks, the audit trail; what comes of it for files in and out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Each topic by itself."""
    _channels()
    _attempts()
    _alerts()
    _clocks()
    _audit()
    _site()
    _columns()
    _indexes()


def _text(length: int) -> sa.types.TypeEngine[str]:
    """Text that has no length on PostgreSQL, where it sorts by code."""
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


def _long() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _number() -> sa.types.TypeEngine[int]:
    """A number that is long on PostgreSQL."""
    return sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def _channels() -> None:
    """How each channel is, and what lay on the servers of partners."""
    op.create_table(
        "channel_states",
        sa.Column("key", _text(400), nullable=False),
        sa.Column("partner", _text(80), nullable=False),
        sa.Column("direction", _text(3), nullable=False),
        sa.Column("kind", _text(20), nullable=False),
        sa.Column("state", _text(20), nullable=False),
        sa.Column("failures", _number(), nullable=False),
        sa.Column("since", _text(40), nullable=True),
        sa.Column("retry_at", _text(40), nullable=True),
        sa.Column("next_poll", _text(40), nullable=True),
        sa.Column("last_ok", _text(40), nullable=True),
        sa.Column("code", _text(40), nullable=False),
        sa.Column("reason", _long(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_channel_states"),
    )
    op.create_table(
        "remote_files",
        sa.Column("channel", _text(400), nullable=False),
        sa.Column("name", _text(400), nullable=False),
        sa.Column("signature", _text(200), nullable=False),
        sa.Column("raw_name", _long(), nullable=True),
        sa.Column("claim", _text(40), nullable=True),
        sa.Column("receipt", _text(40), nullable=True),
        sa.Column("state", _text(20), nullable=False),
        sa.Column("size", _number(), nullable=False),
        sa.Column("at", _text(40), nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", "signature", name="pk_remote_files"),
        sa.UniqueConstraint("claim", name="uq_remote_files_claim"),
    )
    op.create_table(
        "bans",
        sa.Column("address", _text(64), nullable=False),
        sa.Column("failures", _number(), nullable=False),
        sa.Column("last_at", _text(40), nullable=False),
        sa.Column("banned_until", _text(40), nullable=True),
        sa.PrimaryKeyConstraint("address", name="pk_bans"),
    )


def _attempts() -> None:
    """Each try to hand over what leaves."""
    op.create_table(
        "attempts",
        sa.Column("dispatch", _text(40), nullable=False),
        sa.Column("number", _number(), nullable=False),
        sa.Column("at", _text(40), nullable=False),
        sa.Column("milliseconds", _number(), nullable=False),
        sa.Column("outcome", _text(20), nullable=False),
        sa.Column("error", _long(), nullable=False),
        sa.ForeignKeyConstraint(["dispatch"], ["dispatches.id"], name="fk_attempts_dispatch"),
        sa.PrimaryKeyConstraint("dispatch", "number", name="pk_attempts"),
    )


def _alerts() -> None:
    """What somebody must be told, and whether somebody was."""
    op.create_table(
        "alerts",
        sa.Column("id", _text(40), nullable=False),
        sa.Column("key", _text(500), nullable=False),
        sa.Column("kind", _text(40), nullable=False),
        sa.Column("code", _text(40), nullable=False),
        sa.Column("severity", _text(10), nullable=False),
        sa.Column("partner", _text(80), nullable=False),
        sa.Column("document", _text(40), nullable=False),
        sa.Column("reference", _text(200), nullable=False),
        sa.Column("cause", _text(200), nullable=False),
        sa.Column("reason", _long(), nullable=False),
        sa.Column("risk", _text(40), nullable=True),
        sa.Column("currency", _text(3), nullable=False),
        sa.Column("opened_at", _text(40), nullable=False),
        sa.Column("closed_at", _text(40), nullable=True),
        sa.Column("times", _number(), nullable=False),
        sa.Column("note", _long(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_table(
        "alert_notices",
        sa.Column("id", _text(40), nullable=False),
        sa.Column("alert", _text(40), nullable=True),
        sa.Column("route", _text(80), nullable=False),
        sa.Column("change", _text(20), nullable=False),
        sa.Column("body", _long(), nullable=False),
        sa.Column("due_at", _text(40), nullable=False),
        sa.Column("state", _text(20), nullable=False),
        sa.Column("attempts", _number(), nullable=False),
        sa.Column("last_error", _long(), nullable=True),
        sa.Column("sent_at", _text(40), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_alert_notices_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_notices"),
        sa.UniqueConstraint("alert", "route", "change", name="uq_alert_notices_alert_route_change"),
    )


def _clocks() -> None:
    """What must be done by when, and files that must have come."""
    op.create_table(
        "clocks",
        sa.Column("key", _text(300), nullable=False),
        sa.Column("measure", _text(40), nullable=False),
        sa.Column("partner", _text(80), nullable=False),
        sa.Column("subject", _text(80), nullable=False),
        sa.Column("started_at", _text(40), nullable=False),
        sa.Column("due_at", _text(40), nullable=False),
        sa.Column("stopped_at", _text(40), nullable=True),
        sa.Column("state", _text(10), nullable=False),
        sa.Column("risk", _text(40), nullable=True),
        sa.Column("currency", _text(3), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_clocks"),
    )
    op.create_table(
        "expected_files",
        sa.Column("key", _text(300), nullable=False),
        sa.Column("day", _text(10), nullable=False),
        sa.Column("state", _text(10), nullable=False),
        sa.Column("receipt", _text(40), nullable=True),
        sa.Column("at", _text(40), nullable=False),
        sa.PrimaryKeyConstraint("key", "day", name="pk_expected_files"),
    )


def _audit() -> None:
    """Who did what; a row is never changed and never removed."""
    op.create_table(
        "audit",
        sa.Column("sequence", _number(), nullable=False, autoincrement=False),
        sa.Column("at", _text(40), nullable=False),
        sa.Column("who", _text(200), nullable=False),
        sa.Column("action", _text(60), nullable=False),
        sa.Column("partner", _text(80), nullable=False),
        sa.Column("subject", _text(400), nullable=False),
        sa.Column("detail", _long(), nullable=False),
        sa.Column("previous", _text(64), nullable=False),
        sa.Column("hash", _text(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit"
            " FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{verb.lower()} BEFORE {verb} ON audit"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


REFUSAL = "rows of the audit trail are only ever added"


def _site() -> None:
    """What the site knows of itself."""
    op.create_table(
        "site",
        sa.Column("name", _text(80), nullable=False),
        sa.Column("value", _long(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_site"),
    )


def _columns() -> None:
    """Until when an answer is awaited, what was given up, what is kept no longer, through which channel a file came."""
    for name in ("answer_due", "given_up_at", "resends", "content_removed_at"):
        op.add_column("dispatches", sa.Column(name, _text(40), nullable=True))
    for table in ("dispatches", "owed_documents"):
        op.add_column(table, sa.Column("answer_state", _text(20), nullable=False, server_default=""))
    for name in ("channel", "documents"):
        op.add_column("receipts", sa.Column(name, _text(400), nullable=False, server_default=""))
    op.add_column("receipts", sa.Column("content_removed_at", _text(40), nullable=True))
    op.add_column("file_holds", sa.Column("figures", _long(), nullable=True))
    op.add_column("observations", sa.Column("observed_at", _text(40), nullable=True))


def _indexes() -> None:
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for name, table, column, condition in OPEN_THINGS:
        op.create_index(name, table, [column], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


INDEXES = (
    ("channel_states", ["partner"]), ("remote_files", ["channel", "state"]), ("remote_files", ["at"]),
    ("alerts", ["key"]), ("alerts", ["cause"]), ("clocks", ["partner", "state"]), ("audit", ["subject"]),
)  # fmt: skip
OPEN_THINGS = (
    ("ix_alerts_open", "alerts", "opened_at", "closed_at IS NULL"),
    ("ix_alert_notices_waiting", "alert_notices", "due_at", "state = 'waiting'"),
    ("ix_clocks_running", "clocks", "due_at", "stopped_at IS NULL"),
    ("ix_dispatches_awaited", "dispatches", "answer_due", "answer_due IS NOT NULL"),
)

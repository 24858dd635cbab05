"""One machine without services, many machines on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Each topic by itself."""
    _batches()
    _slices()
    _bundles()
    _workers()
    _sequences()
    _indexes()
    _bills_of_lading()
    _kinds_of_columns()
    _partitions()


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


def _workers() -> None:
    """The processes that work on the site."""
    op.create_table(
        "workers",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("started_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )


def _sequences() -> None:
    """Rows that are numbered across all workers are numbered by the database, where it can."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in (("orders", "sequence"), ("dispatches", "sequence"), ("unknown_values", "number")):
        name = f"{table}_{column}"
        op.execute(f'CREATE SEQUENCE IF NOT EXISTS "{name}_seq" OWNED BY "{table}"."{column}"')
        op.execute(f'SELECT setval(\'"{name}_seq"\', COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)')  # noqa: S608 - names of ours


def _indexes() -> None:
    """What is open is found by indexes of what is open only; whether an order is settled is a column."""
    op.add_column("orders", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false()))
    still = (
        "SELECT 1 FROM invoice_orders JOIN invoices ON invoices.number = invoice_orders.invoice_number"
        " WHERE invoice_orders.order_number = orders.number AND invoices.kind = 'invoice' AND invoices.open"
    )
    op.execute(
        sa.text(f"UPDATE orders SET settled = true WHERE status = 'invoiced' AND NOT test AND NOT EXISTS ({still})")  # noqa: S608 - ours
    )
    for name, table in REPLACED:
        op.drop_index(name, table_name=table)
    op.create_index("ix_stock_moves_sku_warehouse_at", "stock_moves", ["sku", "warehouse", "at"])
    for name, table, column, condition in OPEN_THINGS:
        # SQLite reads an index only where its condition is written as the query writes it
        on_sqlite = condition.replace("IS true", "IS 1")
        op.create_index(name, table, column, sqlite_where=sa.text(on_sqlite), postgresql_where=sa.text(condition))


REPLACED = (
    ("ix_orders_waits_for_release_sequence", "orders"), ("ix_orders_waits_for_invoice_sequence", "orders"),
    ("ix_orders_answer_due", "orders"), ("ix_orders_cancel_after", "orders"),
    ("ix_order_events_type_reference", "order_events"), ("ix_invoices_credited_invoice", "invoices"),
    ("ix_dispatches_state", "dispatches"), ("ix_file_holds_open", "file_holds"),
    ("ix_stock_moves_sku_warehouse", "stock_moves"), ("ix_receipts_state", "receipts"),
)  # fmt: skip
OPEN_THINGS = (
    ("ix_orders_to_release", "orders", ["sequence"], "waits_for_release IS true"),
    ("ix_orders_to_invoice", "orders", ["sequence"], "waits_for_invoice IS true"),
    ("ix_orders_settled", "orders", ["sequence"], "settled IS true"),
    ("ix_orders_unanswered", "orders", ["sequence"], "answer_due IS NOT NULL"),
    ("ix_orders_cancellable", "orders", ["cancel_after"], "cancel_after IS NOT NULL"),
    ("ix_orders_owed", "orders", ["partner"], "open_amount != '0' OR shipped_amount != '0'"),
    ("ix_order_events_named", "order_events", ["reference", "type"], "reference != ''"),
    ("ix_invoices_open_credits", "invoices", ["number"], "open IS true AND kind = 'credit'"),
    ("ix_invoices_corrects", "invoices", ["credited_invoice"], "credited_invoice != ''"),
    ("ix_receipts_unread", "receipts", ["received_at"], "state = 'received'"),
    ("ix_dispatches_undelivered", "dispatches", ["sequence"], "state IN ('ready', 'staged')"),
    ("ix_file_holds_waiting", "file_holds", ["reference"], "open IS true"),
)


def _bills_of_lading() -> None:
    """A delivery may name its bill of lading only."""
    op.create_index("ix_shipments_bol", "shipments", ["bol"])


def _kinds_of_columns() -> None:
    """PostgreSQL: text without length that sorts by code, numbers that never overflow; after everything that adds columns."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    looked = sa.inspect(bind)
    for table in looked.get_table_names():
        changes = [
            f'ALTER "{each["name"]}" TYPE {kind}'
            for each in looked.get_columns(table)
            if (kind := _kind(each["type"])) and table != "alembic_version"
        ]
        if changes:
            op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
    numbered = (
        "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() AND data_type = 'integer'::regtype"
    )
    for (name,) in bind.execute(sa.text(numbered)).all():
        op.execute(f'ALTER SEQUENCE "{name}" AS bigint')


def _kind(found: sa.types.TypeEngine[object]) -> str:
    if isinstance(found, sa.String):
        return 'text COLLATE "C"'
    return "bigint" if isinstance(found, sa.Integer) and not isinstance(found, sa.BigInteger) else ""


_OF_ORDERS = "ADD CONSTRAINT fk_order_events_order_number FOREIGN KEY (order_number) REFERENCES orders (number)"
BY_MONTH = {
    "order_events": ("order_number, sequence, at", f"ALTER TABLE order_events {_OF_ORDERS}"),
    "stock_moves": ("sequence, at", "ALTER SEQUENCE stock_moves_sequence_seq OWNED BY stock_moves.sequence"),
}
"""What only grows, with its key, which must hold the moment, and what else belongs to the table."""


_INDEXES = sa.text(
    "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :name AND indexname <> :key"
)
"""The statements that made the indexes of a table, which make those of the table that takes its place."""


def _partitions() -> None:
    """PostgreSQL: events and moves by month; what has no month of its own stands in the rest. The last of all topics."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE SCHEMA gateway_months")
    for table, (key, more) in BY_MONTH.items():
        indexes = list(op.get_bind().execute(_INDEXES, {"name": table, "key": f"pk_{table}"}).scalars())
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
        op.execute(f"CREATE TABLE {table} (LIKE {table}_before INCLUDING DEFAULTS) PARTITION BY RANGE (at)")
        op.execute(f"CREATE TABLE gateway_months.{table}_rest PARTITION OF {table} DEFAULT")
        op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 - names of ours
        if "SEQUENCE" in more:
            op.execute(more)
        op.execute(f"DROP TABLE {table}_before")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})")
        if "SEQUENCE" not in more:
            op.execute(more)
        for each in indexes:
            op.execute(each)

"""One machine without services, many machines on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Each topic by itself."""
    _sequences()
    _kinds_of_columns()
    _partitions()


def _sequences() -> None:
    """Rows that are numbered across all workers are numbered by the database, where it can."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in (("orders", "sequence"), ("dispatches", "sequence"), ("unknown_values", "number")):
        name = f"{table}_{column}"
        op.execute(f'CREATE SEQUENCE IF NOT EXISTS "{name}_seq" OWNED BY "{table}"."{column}"')
        op.execute(f'SELECT setval(\'"{name}_seq"\', COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)')  # noqa: S608 - names of ours


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


def _partitions() -> None:
    """PostgreSQL: events and moves by month; what has no month of its own stands in the rest. The last of all topics."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE SCHEMA gateway_months")
    for table, (key, more) in BY_MONTH.items():
        indexes = sa.inspect(op.get_bind()).get_indexes(table)
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
            columns = [str(name) for name in each["column_names"]]
            op.create_index(each["name"], table, columns, unique=bool(each["unique"]))

"""One machine without services, many machines on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Each topic by itself."""
    _sequences()
    _kinds_of_columns()


def _sequences() -> None:
    """Rows that are numbered across all workers are numbered by the database, where it can."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in (("orders", "sequence"), ("dispatches", "sequence"), ("unknown_values", "number")):
        name = f"{table}_{column}"
        op.execute(f'CREATE SEQUENCE IF NOT EXISTS "{name}_seq" OWNED BY "{table}"."{column}"')
        op.execute(f'SELECT setval(\'"{name}_seq"\', COALESCE((SELECT max("{column}") FROM "{table}"), 0) + 1, false)')  # noqa: S608 - names of ours


def _kinds_of_columns() -> None:
    """PostgreSQL: text without length that sorts by code, numbers that never overflow; the last of all topics."""
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

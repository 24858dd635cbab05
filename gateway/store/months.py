"""PostgreSQL keeps what only grows by month: months are made ahead, found when they are missing, and detached when old.

A row whose month has no table of its own is taken all the same: it stands in the rest until its month is made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from gateway.kernel.errors import RefusedError, UsageError

BY_MONTH = ("order_events", "stock_moves")
"""The tables that are only added to and are not looked up by a key that must be unique over all months."""
SCHEMA = "gateway_months"
AHEAD = 3
"""How many months are made ahead."""
_LOCK = 0x4D4F4E54
_LIVING = "('closed', 'paid', 'cancelled', 'rejected')"
_KNOWN = text(
    "SELECT parent.relname, part.relname, part.reltuples::bigint, pg_total_relation_size(part.oid)"
    " FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class part ON part.oid = inhrelid"
    " JOIN pg_namespace space ON space.oid = part.relnamespace"
    " WHERE space.nspname = :space AND parent.relname = ANY(:tables) ORDER BY parent.relname, part.relname"
)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one table; ``month`` is empty for the rest."""

    table: str
    month: str
    rows: int
    size: int

    @property
    def name(self) -> str:
        """The table that holds it."""
        return f"{self.table}_{self.month.replace('-', '_') or 'rest'}"


def known(connection: Connection) -> list[Month]:
    """Every month that has a table of its own, and the rest; rows are those that the server counted last."""
    rows = connection.execute(_KNOWN, {"space": SCHEMA, "tables": list(BY_MONTH)})
    return [Month(table, _month_of(table, part), max(rows, 0), size) for table, part, rows, size in rows]


def make_ahead(connection: Connection) -> int:
    """Make this month and the next ones where they are missing; how many tables were made."""
    today = connection.execute(text("SELECT current_date")).scalar_one()
    wanted = {(table, month) for table in BY_MONTH for month in _following(today, AHEAD)}
    wanted -= {(each.table, each.month) for each in known(connection)}
    if wanted:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        wanted -= {(each.table, each.month) for each in known(connection)}
    for table, month in sorted(wanted):
        make(connection, table, month)
    return len(wanted)


def make(connection: Connection, table: str, month: str) -> None:
    """Give a month a table of its own; what stands in the rest of it goes there."""
    part, bounds = _quoted(table, month), _bounds(month)
    of_month = f"at >= '{bounds[0]}' AND at < '{bounds[1]}'"
    rest = f'{SCHEMA}."{table}_rest"'
    for statement in (
        f'CREATE TABLE {part} (LIKE "{table}" INCLUDING DEFAULTS)',
        f"WITH gone AS (DELETE FROM {rest} WHERE {of_month} RETURNING *) INSERT INTO {part} SELECT * FROM gone",  # noqa: S608 - names and days of ours
        f"ALTER TABLE {part} ADD CONSTRAINT of_month CHECK ({of_month})",
        f"ALTER TABLE \"{table}\" ATTACH PARTITION {part} FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')",
    ):
        connection.execute(text(statement))


def detach(connection: Connection, before: str) -> list[Month]:
    """Take the months before one out of their tables, whole: they can be dumped and dropped then.

    Raises RefusedError when an order that lives on has events there.
    """
    _bounds(before)
    old = [each for each in known(connection) if each.month and each.month < before]
    for each in old:
        part = _quoted(each.table, each.month)
        if each.table == "order_events":
            living = connection.execute(text(
                f"SELECT o.number FROM orders o WHERE o.status NOT IN {_LIVING}"  # noqa: S608 - names of ours
                f" AND EXISTS (SELECT 1 FROM {part} e WHERE e.order_number = o.number) ORDER BY o.sequence LIMIT 1"
            )).scalar()  # fmt: skip
            if living is not None:
                raise RefusedError(
                    f"{each.month} cannot be detached: {living} began then and is not at its end.",
                    next_step="Name an earlier month.",
                )
        connection.execute(text(f'ALTER TABLE "{each.table}" DETACH PARTITION {part}'))
    return old


def _following(today: date, count: int) -> Iterator[str]:
    for at in range(count + 1):
        year, month = divmod(today.year * 12 + today.month - 1 + at, 12)
        yield f"{year:04d}-{month + 1:02d}"


def _bounds(month: str) -> tuple[str, str]:
    """From when to when a month lasts, as moments are written."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise UsageError(f"'{month}' is not a month.", next_step="Write it like 2026-11.")
    year, number = int(month[:4]), int(month[5:])
    return month, f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def _quoted(table: str, month: str) -> str:
    return f'{SCHEMA}."{table}_{month.replace("-", "_")}"'


def _month_of(table: str, part: str) -> str:
    told = part.removeprefix(f"{table}_")
    return "" if told == "rest" else told.replace("_", "-")

"""Copy a whole database into an empty one: every table, proven by counts and checksums, counters and sequences going on."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Row, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from gateway.exchange.receipt import ReceiptState
from gateway.kernel.errors import RefusedError, StoreError
from gateway.store.failures import address, explained
from gateway.store.migrate import current, upgrade
from gateway.store.schema import UNDELIVERED, VERSION, metadata, owed_documents, receipts, slices
from gateway.store.unit_of_work import engine_for

_AT_A_TIME = 2_000
UNFINISHED: Mapping[str, Any] = {
    "files that are not read yet": receipts.c.state == ReceiptState.RECEIVED.value,
    "slices of large files that are not taken yet": slices.c.waits,
    "documents that wait for others to leave with": owed_documents.c.dispatch.is_(None),
    "documents that have not left yet": UNDELIVERED,
}
"""What must be none before a database is copied, in words."""


@dataclass(frozen=True, slots=True)
class Copied:
    """One table that was copied."""

    table: str
    rows: int
    checksum: str


def copy(source: str, target: str) -> tuple[Copied, ...]:
    """Copy everything in one transaction, so that a copy that breaks off leaves the target empty and is begun again.

    Raises RefusedError when the source has something unfinished or the target is not empty, StoreError when what
    arrived is not what was there.
    """
    if address(source) == address(target):
        raise RefusedError("The target is the database of the site itself.", next_step="Name another database.")
    if current(source) != VERSION:
        raise StoreError("The database has not this version's schema.", next_step="Say: gateway db upgrade")
    old, new = engine_for(source), engine_for(target)
    try:
        with old.connect() as giver:
            _refuse_unfinished(giver)
            _prepare(target)
            with new.connect() as taker:
                taker.execute(text("SET LOCAL statement_timeout = 0"))
                _refuse_filled(taker, target)
                found = tuple(_copy(giver, taker, table) for table in metadata.sorted_tables)
                _go_on(taker)
                _prove(found, taker)
                taker.commit()
    except DBAPIError as error:
        raise explained(error, target) from error
    finally:
        old.dispose()
        new.dispose()
    return found


def _prepare(target: str) -> None:
    """Make the tables of the target, or see that they are ours."""
    if current(target) not in (None, VERSION):
        raise RefusedError(
            f"The database {address(target)} has tables of another version.", next_step="Name an empty database."
        )
    upgrade(target)


def _refuse_unfinished(giver: Connection) -> None:
    """Raise RefusedError with everything that still has to be done."""
    found = {
        what: giver.execute(select(func.count()).where(condition)).scalar() or 0
        for what, condition in UNFINISHED.items()
    }
    waiting = [f"{what} ({count})" for what, count in found.items() if count]
    if waiting:
        raise RefusedError(
            f"The site has something unfinished: {', '.join(waiting)}.",
            next_step="Say: gateway run --once, see that it ends with 0, and copy again.",
        )


def _refuse_filled(taker: Connection, target: str) -> None:
    filled = [table.name for table in metadata.sorted_tables if taker.execute(select(table).limit(1)).first()]
    if filled:
        raise RefusedError(
            f"The database {address(target)} is not empty: there are rows in {', '.join(filled)}.",
            next_step="Name an empty database; nothing was copied.",
        )


def _copy(giver: Connection, taker: Connection, table: Table) -> Copied:
    """One table, row by row in the order of its key."""
    told = hashlib.sha256()
    rows = 0
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    with taker.connection.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as stream:  # type: ignore[attr-defined]
        for row in _rows(giver, table):
            stream.write_row(tuple(row))
            told.update(_line(row))
            rows += 1
    return Copied(table.name, rows, told.hexdigest())


def _rows(connection: Connection, table: Table) -> Iterator[Row[Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    yield from connection.execution_options(yield_per=_AT_A_TIME).execute(query)


def _line(row: Sequence[Any]) -> bytes:
    """A row as both databases give it: text, whole numbers, yes or no, bytes."""
    return repr(tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)).encode() + b"\n"


def _go_on(taker: Connection) -> None:
    """Let the sequences of the database go on after the rows that came."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Integer):
                continue
            asked = {"table": f'"{table.name}"', "column": column.name}
            name = taker.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), asked).scalar()
            if name is not None:
                last = taker.execute(select(func.max(column))).scalar() or 0
                taker.execute(
                    text("SELECT setval(CAST(:name AS regclass), :next, false)"), {"name": name, "next": last + 1}
                )


def _prove(found: tuple[Copied, ...], taker: Connection) -> None:
    """Read everything again where it is now; raises StoreError for a table that differs."""
    for each in found:
        told, rows = hashlib.sha256(), 0
        for row in _rows(taker, metadata.tables[each.table]):
            told.update(_line(row))
            rows += 1
        if (rows, told.hexdigest()) != (each.rows, each.checksum):
            raise StoreError(
                f"The table {each.table} arrived with other content than it has; nothing was kept.",
                next_step="Please report it; the site goes on where it is.",
            )

"""Numbers that are given once: counters of the site and of partners, and the age of rows.

On SQLite a transaction is alone, so that a number belongs to it and a rolled back one is given again. On PostgreSQL
workers must not wait for each other's transactions: numbers are reserved in blocks beside the transaction, and what of a
block is not used is given back when nobody reserved more in the meantime. Invoices, credit memos and the interchanges
towards one partner have no gaps there either: their numbers are drawn in the transaction, as late as can be, so that a
partner sees them in the order in which they were committed.
"""

from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Column, Connection, bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from gateway.store.at_once import is_shared
from gateway.store.schema import counters, dispatches, orders, unknown_values

WITHOUT_GAPS = ("invoice", "credit", "isa13:")
"""How the names of counters begin that are drawn in the transaction on every database."""
_LARGEST_BLOCK = 256
_CURRENT = select(counters.c.value).where(counters.c.name == bindparam("wanted")).with_for_update()
_UPDATE = update(counters).where(counters.c.name == bindparam("known_name")).values(value=bindparam("value"))
_RESERVE = text(
    "INSERT INTO counters (name, value) SELECT CAST(:name AS text), CAST(:more AS bigint)"
    " FROM set_config('synchronous_commit', 'off', true) AS set WHERE set IS NOT NULL"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
)
"""Not waiting for the disk is safe: the transaction that uses the numbers waits, and what was written before it is there too."""
_GIVE_BACK = text("UPDATE counters SET value = :used WHERE name = :name AND value = :last")
_NEXT = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :more)")


@dataclass(slots=True)
class _Block:
    """Numbers of a counter that were reserved: the last one used, the last one there is, and where they began."""

    used: int
    last: int
    before: int
    size: int


class Numbers:
    """The numbers of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._shared = is_shared(connection)
        self._drawn: dict[str, int] = {}
        self._blocks: dict[str, _Block] = {}
        self._rows: dict[str, int] = {}
        self._ready: dict[str, deque[int]] = {}

    def next(self, counter: str) -> int:
        """The next number of a counter."""
        if self._shared and not counter.startswith(WITHOUT_GAPS):
            return self._of_block(counter)
        if counter not in self._drawn:
            self._drawn[counter] = self._current(counter)
        self._drawn[counter] += 1
        return self._drawn[counter]

    def next_row(self, column: Column[int]) -> int:
        """The next number of a column that says how old rows are, ``orders.sequence``: gaps mean nothing there."""
        name = f"{column.table.name}_{column.name}"
        if not self._shared:
            last = self._rows.get(name) or self._connection.execute(select(func.max(column))).scalar() or 0
            self._rows[name] = last + 1
            return last + 1
        ready = self._ready.setdefault(name, deque())
        if not ready:
            self._rows[name] = min(2 * self._rows.get(name, 0), _LARGEST_BLOCK) or 1
            asked = {"sequence": f"{name}_seq", "more": self._rows[name]}
            ready.extend(self._connection.execute(_NEXT, asked).scalars())
        return ready.popleft()

    def flush(self) -> None:
        """Write the counters that are drawn in the transaction as they stand."""
        rows = [{"known_name": name, "value": value} for name, value in sorted(self._drawn.items())]
        if rows:
            self._connection.execute(_UPDATE, rows)

    def used(self) -> dict[str, int]:
        """The last number of each counter that this transaction used so far."""
        return {**self._drawn, **{name: block.used for name, block in self._blocks.items()}}

    def give_back(self, *, committed: bool) -> None:
        """The transaction is over: what of the blocks was not used is anybody's again, where nobody reserved more since."""
        rest = [(name, each) for name, each in sorted(self._blocks.items()) if not committed or each.used < each.last]
        if rest:
            with suppress(DBAPIError), self._beside() as connection:  # what is not given back is a gap
                for name, each in rest:
                    used = each.used if committed else each.before
                    connection.execute(_GIVE_BACK, {"name": name, "used": used, "last": each.last})
        self._blocks.clear()
        self._drawn.clear()
        if not self._shared:
            self._rows.clear()

    def _of_block(self, counter: str) -> int:
        block = self._blocks.get(counter)
        if block is None or block.used == block.last:
            more = min(2 * block.size, _LARGEST_BLOCK) if block is not None else 1
            with self._beside() as connection:
                last = int(connection.execute(_RESERVE, {"name": counter, "more": more}).scalar_one())
            before = block.before if block is not None and block.last == last - more else last - more
            block = self._blocks[counter] = _Block(last - more, last, before, more)
        block.used += 1
        return block.used

    def _current(self, counter: str) -> int:
        """Where a counter stands; its row is ours until the end of the transaction."""
        value = self._connection.execute(_CURRENT, {"wanted": counter}).scalar()
        if value is None:
            try:
                with self._connection.begin_nested():
                    self._connection.execute(insert(counters).values(name=counter, value=0))
            except IntegrityError:  # another transaction began the counter at the same moment
                value = self._connection.execute(_CURRENT, {"wanted": counter}).scalar()
        return int(value or 0)

    def _beside(self) -> Connection:
        """A connection that commits each statement by itself."""
        return self._connection.engine.execution_options(isolation_level="AUTOCOMMIT").connect()


ROWS = (orders.c.sequence, dispatches.c.sequence, unknown_values.c.number)
"""The columns that say how old rows are: on PostgreSQL each has a sequence of the database."""

"""What one unit of work asks and writes: straight on the driver, and rows of one kind together."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.exc import DBAPIError

from gateway.store.at_once import alone_with
from gateway.store.numbers import Numbers
from gateway.store.statements import Parameters, Prepared

MOST_ROWS = 2_500
"""How many rows may wait in memory before they are written: those of some hundred and thirty orders."""


class Session:
    """One transaction. What is added waits until the commit, or until something is asked that it may answer.

    ``execute`` writes first what waits and so never misses it. ``rows``, ``first`` and ``run`` do not: a repository
    that uses them knows what of its own waits. Rows that everybody wants are written ``last``, by the commit or by who
    asks for them, so that others wait for them as short as can be. ``told`` is noted beside the database by the commit.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self._errors: Any = connection.dialect.dbapi.Error  # type: ignore[union-attr]
        self._waiting: dict[Prepared, list[Parameters]] = {}
        self._count, self._writing = 0, False
        self._writers: list[Callable[[], None]] = []
        self._last: list[Callable[[], None]] = []
        self._readers: list[Callable[[], None]] = []
        self.numbers = Numbers(connection)
        self.told: list[Mapping[str, object]] = []
        self.keeps(write=self.numbers.flush)

    def keeps(
        self, *, write: Callable[[], None] | None = None, last: Callable[[], None] | None = None,
        forget: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """A repository keeps things by itself: ``write`` adds what is to be written, ``forget`` drops what was read.

        ``last`` adds what is to be written after everything else; ``execute`` does not see it.
        """
        if write is not None:
            self._writers.append(write)
        if last is not None:
            self._last.append(last)
        if forget is not None:
            self._readers.append(forget)

    def add(self, statement: Prepared, row: Parameters, *, amid: bool = False) -> None:
        """One row to be written with others of its kind; ``amid`` a change that is not whole, so that nothing is written yet."""
        self._waiting.setdefault(statement, []).append(row)
        if amid:
            self._count += 1
        else:
            self.kept(1)

    def kept(self, rows: int) -> None:
        """So many rows more wait in memory; when there are too many they are written."""
        self._count += rows
        if self._count > MOST_ROWS and not self._writing:
            self.write()

    def flush(self) -> None:
        """Write all that waits, each table after those that it points to."""
        self.write()
        self._write(self._last)

    def write(self) -> None:
        """Write what waits but for what is to be written last."""
        self._write(self._writers)

    def _write(self, writers: Sequence[Callable[[], None]]) -> None:
        self._writing = True
        for write in writers:
            write()
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            for statement in sorted(waiting, key=lambda each: each.place):
                self.run(statement, waiting[statement])
        self._writing, self._count = False, 0

    def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
        """Ask or change anything, after what waits."""
        self.write()
        return self.connection.execute(statement, parameters)

    def rows(self, statement: Prepared, parameters: Parameters) -> list[Any]:
        """What is in the database, its columns by name."""
        sql, fixed = statement.sql(self.dialect)
        try:
            found = self._driver().execute(sql, {**fixed, **parameters}).fetchall()
        except self._errors as error:
            raise self._wrapped(sql, error) from error
        return [statement.row._make(each) for each in found]

    def first(self, statement: Prepared, parameters: Parameters) -> Any:
        """The first row that is in the database, or None."""
        sql, fixed = statement.sql(self.dialect)
        try:
            found = self._driver().execute(sql, {**fixed, **parameters}).fetchone()
        except self._errors as error:
            raise self._wrapped(sql, error) from error
        return statement.row._make(found) if found is not None else None

    def run(self, statement: Prepared, rows: Sequence[Parameters]) -> int:
        """Change the database with each of these parameters; returns how many rows it changed."""
        sql, fixed = statement.sql(self.dialect)
        given = [{**fixed, **each} for each in rows] if fixed.keys() - rows[0].keys() else rows
        cursor = self._driver().cursor()
        try:
            cursor.executemany(sql, given)
        except self._errors as error:
            raise self._wrapped(sql, error) from error
        return int(cursor.rowcount)

    def listed(self, values: Iterable[str]) -> Any:
        """A list as one parameter, each value once and in an order that is always the same."""
        found = sorted(set(values))
        return json.dumps(found) if self.dialect.name == "sqlite" else found

    def listed_rows(self, rows: Iterable[Sequence[str]]) -> str:
        """Several keys as one parameter."""
        return json.dumps([list(row) for row in rows])

    def alone_with(self, *names: str) -> None:
        """Wait until nobody else is at things of these names, and have them until the transaction ends."""
        alone_with(self.connection, names)

    def commit(self) -> None:
        """Write what waits and make it so; what was read is anybody's again."""
        self.flush()
        self.connection.commit()
        self.numbers.give_back(committed=True)
        for forget in self._readers:
            forget()

    def _driver(self) -> Any:
        """The driver's own connection, inside the transaction."""
        if not self.connection.in_transaction():
            self.connection.begin()
        return self.connection.connection.driver_connection

    def _wrapped(self, sql: str, error: Exception) -> BaseException:
        """The error as SQLAlchemy tells it, without the data."""
        return DBAPIError.instance(sql, None, error, self._errors, hide_parameters=True, dialect=self.dialect)
